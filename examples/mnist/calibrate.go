package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/examples/measure"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/visibility"
)

// trainingImages is the file of MNIST's training images.
const trainingImages = "train-images-idx3-ubyte.gz"

// calibrationTarget is stricter than the 99.9 % that is required on unseen images:
// a network is surer about the images with which it was trained.
var calibrationTarget = compiler.Target{Top1: 0.9992}

// calibrate chooses the formats of the named models, or of all, and writes them
// beside the models. It runs from the repository's root.
func calibrate(folder string, images int, names []string) error {
	if len(names) == 0 {
		names = modelNames()
	}
	for _, name := range names {
		m, err := loadNetwork(name)
		if err != nil {
			return err
		}
		if err := m.calibrate(folder, images); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (m *model) calibrate(folder string, limit int) error {
	p, err := input.ParsePicture(grey, false)
	if err != nil {
		return err
	}
	images, err := measure.Digits(filepath.Join(folder, trainingImages), m.shape, p, limit)
	if err != nil {
		return err
	}
	for _, hidden := range []bool{false, true} {
		if err := m.choose(images, hidden); err != nil {
			return err
		}
	}
	return nil
}

// choose searches for the formats of the model as a public or a private one, and
// writes them.
func (m *model) choose(images [][]float64, hidden bool) error {
	r, formats, err := m.chosen(images, hidden)
	if err != nil {
		return err
	}
	file := m.formatsFile(hidden)
	fmt.Printf("%s: %d rows, %.2f%% of %d images agree with the float model\n", file, r.Rows, 100**r.Agreement.Top1,
		r.Agreement.Samples)
	text, err := json.MarshalIndent(formats, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join("examples", "mnist", filepath.FromSlash(file)), append(text, '\n'), 0o644)
}

// chosen searches for the formats. Those of a private model serve it bound by its key or
// by its hash: the weights are public here.
func (m *model) chosen(images [][]float64, hidden bool) (*zkml.EstimateResult, *compiler.Formats, error) {
	r, err := zkml.Estimate(context.Background(), m.zkml, zkml.EstimateOptions{Compile: zkml.CompileOptions{
		Private: visibility.Private{Model: hidden}, Reveal: visibility.Class, Target: calibrationTarget,
		Samples: zkml.Samples(images),
	}})
	if err != nil {
		return nil, nil, err
	}
	if !hidden {
		return r, r.Formats, nil
	}
	for _, b := range r.Bindings {
		if b.BindModel == visibility.BindHash.String() {
			return r, b.Formats, nil
		}
	}
	return nil, nil, fmt.Errorf("model %s cannot be bound by its hash", m.name)
}
