package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/examples/measure"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/visibility"
)

// reference is a model that is measured.
type reference struct {
	path string
	// image tells how a grey value becomes the model's input.
	image string
}

const (
	shipped = "examples/mnist/models/*.onnx"
	formats = "examples/mnist/formats"
	samples = "examples/mnist/samples"
	// digit is the sample that is proved.
	digit = samples + "/digit-7-3625.png"
)

// sharedModels are those of others, below the folder of shared data.
var sharedModels = []reference{
	{"models/mnist-8/model.onnx", "x"},
	{"models/tribuo/pytorch_cnn_mnist.onnx", "x/255"},
}

// calibration is how many of MNIST's training images formats are chosen with
// for models that ship none.
const calibration = 500

func sharedFolder() string {
	if dir := os.Getenv("ZKML_SHARED"); dir != "" {
		return dir
	}
	return "../shared/data"
}

// references lists the models at paths, or all where there are none.
func references(paths []string) ([]reference, error) {
	all, err := filepath.Glob(shipped)
	if err != nil {
		return nil, err
	}
	var known []reference
	for _, p := range all {
		known = append(known, reference{p, "x/255"})
	}
	for _, m := range sharedModels {
		m.path = filepath.Join(sharedFolder(), filepath.FromSlash(m.path))
		if _, err := os.Stat(m.path); err == nil {
			known = append(known, m)
		}
	}
	if len(paths) == 0 {
		return known, nil
	}
	var out []reference
	for _, p := range paths {
		m := reference{p, "x/255"}
		for _, k := range known {
			if filepath.Clean(p) == filepath.Clean(k.path) {
				m = k
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// name is the model's file name, or its folder's where that says nothing.
func (m reference) name() string {
	name := strings.TrimSuffix(filepath.Base(m.path), ".onnx")
	if name == "model" {
		name = filepath.Base(filepath.Dir(m.path))
	}
	return name
}

// load reads the model, its formats or samples to choose them with, and the
// digit.
func (m reference) load(private visibility.Private) (*measure.Case, error) {
	model, err := zkml.OpenModel(m.path)
	if err != nil {
		return nil, err
	}
	c := &measure.Case{
		Name: m.name(), Model: model, Options: zkml.CompileOptions{Private: private, Reveal: visibility.Class},
	}
	if c.Options.Picture, err = input.ParsePicture(m.image, false); err != nil {
		return nil, err
	}
	specs, err := model.InputSpecs(c.Options)
	if err != nil {
		return nil, err
	}
	spec := specs[0]
	if words := private.String(); words != "" {
		c.Name += " " + words
	}
	x, err := measure.Digit(digit, nil, spec.Shape, spec.Picture, false)
	if err != nil {
		return nil, err
	}
	c.Input = zkml.Sample{x}
	return c, m.choose(&c.Options, spec.Shape, spec.Picture)
}

// choose follows the formats that are shipped for the model, or else asks for
// agreement on samples.
func (m reference) choose(o *zkml.CompileOptions, shape []int, p input.Picture) error {
	file := m.name()
	if o.Private.Model {
		file += "-private"
	}
	text, err := os.ReadFile(filepath.Join(formats, file+".json"))
	if err == nil {
		o.Formats = new(compiler.Formats)
		pictures, err := measure.Digits(samples, shape, p, 0)
		o.Samples = zkml.Samples(pictures)
		return errors.Join(err, json.Unmarshal(text, o.Formats))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	o.Target = compiler.Target{Top1: 0.999}
	images := filepath.Join(sharedFolder(), "mnist", "train-images-idx3-ubyte.gz")
	if _, err := os.Stat(images); err != nil {
		images = samples
	}
	pictures, err := measure.Digits(images, shape, p, calibration)
	if err != nil {
		return fmt.Errorf("samples: %w", err)
	}
	o.Samples = zkml.Samples(pictures)
	return nil
}
