package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/examples/measure"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/visibility"
)

// digits are pictures with what they show.
type digits struct {
	pictures [][]float64
	labels   []int
}

// shape is the model's input.
var shape = []int{1, inputs}

// read reads the sample digits, or MNIST's first test images.
func (o *options) read() (*digits, error) {
	p, err := input.ParsePicture("x/255", false)
	if err != nil {
		return nil, err
	}
	if o.data == "" {
		return samples(filepath.Join(o.mnist, "samples"), p)
	}
	s := new(digits)
	if s.pictures, err = measure.Digits(filepath.Join(o.data, "t10k-images-idx3-ubyte.gz"), shape, p,
		o.images); err != nil {
		return nil, err
	}
	s.labels, err = input.ReadLabels(filepath.Join(o.data, "t10k-labels-idx1-ubyte.gz"), nil, o.images)
	if err == nil && len(s.labels) != len(s.pictures) {
		err = fmt.Errorf("%s: %d pictures and %d labels", o.data, len(s.pictures), len(s.labels))
	}
	return s, err
}

// samples reads files named digit-LABEL-NUMBER.png.
func samples(dir string, p input.Picture) (*digits, error) {
	names, err := filepath.Glob(filepath.Join(dir, "digit-?-*.png"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no sample digits; run in the repository's root", dir)
	}
	s := new(digits)
	for _, name := range names {
		x, err := measure.Digit(name, nil, shape, p, false)
		if err != nil {
			return nil, err
		}
		s.pictures = append(s.pictures, x)
		s.labels = append(s.labels, int(strings.TrimPrefix(filepath.Base(name), "digit-")[0]-'0'))
	}
	return s, nil
}

// model is mlp400 with its integer program.
type model struct {
	onnx    []byte
	options compiler.Options
	program *program.Program
	format  compiler.InputFormat
}

// load compiles the public model in its shipped formats.
func (o *options) load(pictures [][]float64) (*model, error) {
	m := &model{options: compiler.Options{Reveal: visibility.Class, Formats: new(compiler.Formats),
		Samples: compiler.Samples(pictures[:1])}}
	var err error
	if m.onnx, err = os.ReadFile(filepath.Join(o.mnist, "models", "mlp400.onnx")); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(o.mnist, "formats", "mlp400.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, m.options.Formats); err != nil {
		return nil, err
	}
	g, err := onnx.Decode(m.onnx)
	if err != nil {
		return nil, err
	}
	r, err := compiler.Compile(g, m.options)
	if err != nil {
		return nil, err
	}
	m.program, m.format = r.Program, *r.Formats.Input
	return m, nil
}

// bytes gives a picture as the contract takes it, and as the program does.
func (m *model) bytes(picture []float64) ([]byte, []int64) {
	x := m.format.Encode(picture)
	raw := make([]byte, len(x))
	for i, v := range x {
		raw[i] = byte(v)
	}
	return raw, x
}

// prove proves one prediction and has a contract check it.
func (m *model) prove(ctx context.Context, picture []float64) (*measure.Result, error) {
	dir, err := os.MkdirTemp("", "zkml-onchain-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	store, err := srs.Open("")
	if err != nil {
		return nil, err
	}
	session := &measure.Session{Dir: dir, Store: store}
	network, err := zkml.DecodeModel("mlp400", m.onnx)
	if err != nil {
		return nil, err
	}
	o := zkml.CompileOptions{Reveal: m.options.Reveal, Formats: m.options.Formats, Samples: m.options.Samples}
	r, err := session.Run(ctx, &measure.Case{Name: "mlp400", Model: network, Input: zkml.Sample{picture}, Options: o})
	if err != nil {
		return nil, err
	}
	return r, session.OnChain([]*measure.Result{r})
}
