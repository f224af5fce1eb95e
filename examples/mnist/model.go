package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/examples/measure"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/visibility"
)

// The models, and the integer formats that were chosen for each on MNIST's
// training images: what --calibrate writes.
//
//go:embed models/*.onnx formats/*.json
var shipped embed.FS

//go:embed samples/*.png
var samples embed.FS

// defaultSample is the digit that is shown where none is named.
const defaultSample = "samples/digit-7-3625.png"

// grey tells how a pixel becomes the models' input.
const grey = "x/255"

// model is a shipped model.
type model struct {
	name  string
	onnx  []byte
	zkml  *zkml.Model
	shape []int
	// formats are those of the public and of the private model: the latter
	// declare how far its sums may reach.
	formats map[bool]*compiler.Formats
}

// modelNames lists the shipped models.
func modelNames() []string {
	var names []string
	entries, _ := shipped.ReadDir("models") // it is embedded
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".onnx"))
	}
	return names
}

// loadModel reads a shipped model with its formats.
func loadModel(name string) (*model, error) {
	m, err := loadNetwork(name)
	if err != nil {
		return nil, err
	}
	m.formats = map[bool]*compiler.Formats{}
	for _, hidden := range []bool{false, true} {
		text, err := shipped.ReadFile(m.formatsFile(hidden))
		if err != nil {
			return nil, fmt.Errorf("model %s has no integer formats: make them with --calibrate", name)
		}
		m.formats[hidden] = new(compiler.Formats)
		if err := json.Unmarshal(text, m.formats[hidden]); err != nil {
			return nil, fmt.Errorf("formats of %s: %w: make them anew with --calibrate", name, err)
		}
	}
	return m, nil
}

// formatsFile is where the formats of the public or the private model are.
func (m *model) formatsFile(hidden bool) string {
	if hidden {
		return path.Join("formats", m.name+"-private.json")
	}
	return path.Join("formats", m.name+".json")
}

// loadNetwork reads a shipped model without its formats.
func loadNetwork(name string) (*model, error) {
	if !slices.Contains(modelNames(), name) {
		return nil, fmt.Errorf("--model %q: the models are %s", name, strings.Join(modelNames(), ", "))
	}
	data, err := shipped.ReadFile(path.Join("models", name+".onnx"))
	if err != nil {
		return nil, err
	}
	m, err := zkml.DecodeModel(name, data)
	if err != nil {
		return nil, err
	}
	specs, err := m.InputSpecs(zkml.CompileOptions{})
	if err != nil {
		return nil, err
	}
	return &model{name: name, onnx: data, zkml: m, shape: specs[0].Shape}, nil
}

// read reads the picture at path, or the default sample.
func (m *model) read(path string, p input.Picture) ([]float64, error) {
	if path != "" {
		return measure.Digit(path, nil, m.shape, p, true)
	}
	f, err := samples.Open(defaultSample)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return measure.Digit("-", f, m.shape, p, false)
}

// sampleInputs reads all embedded digits.
func (m *model) sampleInputs() ([][]float64, error) {
	entries, err := samples.ReadDir("samples")
	if err != nil {
		return nil, err
	}
	p, err := input.ParsePicture(grey, false)
	if err != nil {
		return nil, err
	}
	var out [][]float64
	for _, e := range entries {
		data, err := samples.ReadFile(path.Join("samples", e.Name()))
		if err != nil {
			return nil, err
		}
		x, err := measure.Digit("-", io.Reader(bytes.NewReader(data)), m.shape, p, false)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// cases are the four scenarios, each revealing the class.
func (m *model) cases(x []float64) []*measure.Case {
	var out []*measure.Case
	for _, private := range visibility.Scenarios {
		out = append(out, &measure.Case{
			Name: m.name + " " + scenario(private), Model: m.zkml, Input: zkml.Sample{x},
			Options: zkml.CompileOptions{
				Private: private, Reveal: visibility.Class, Formats: m.formats[private.Model],
				Samples: []zkml.Sample{{x}},
			},
		})
	}
	return out
}
