package compiler

import (
	"encoding/json"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/visibility"
)

// FuzzFormats follows formats that a user gives with --formats: an error, or an
// integer program whose intervals, outputs and cost can be computed.
func FuzzFormats(f *testing.F) {
	rng := rand.New(rand.NewSource(1))
	m, err := NewModel(perceptron(rng, 4, 3, 2), ModelOptions{})
	if err != nil {
		f.Fatal(err)
	}
	p, err := m.Lower()
	if err != nil {
		f.Fatal(err)
	}
	appendArgMax(p, 0)
	if err := Optimise(p); err != nil {
		f.Fatal(err)
	}
	cal := Calibrate(p, []Sample{{{1, 2, 3, 4}}, {{0, -1, 1, 0}}}, func(int) {})
	for weights := range HashedWeights + 1 {
		q, err := Choose(p, cal, Knobs{Input: 4, Weight: 4, Activation: 5, Table: 5}, weights)
		if err != nil {
			f.Fatal(err)
		}
		text, err := json.Marshal(q.Formats)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, uint8(weights))
	}
	f.Fuzz(func(_ *testing.T, text []byte, weights uint8) {
		formats := new(Formats)
		if json.Unmarshal(text, formats) != nil {
			return
		}
		q, err := Quantise(p, formats, Weights(weights%3))
		if err != nil {
			return
		}
		if _, err := q.Program.Ranges(); err != nil {
			return
		}
		q.Program.Eval(formats.Input.Encode([]float64{1, -1, 1e300, 0}))
		if Weights(weights%3) == HashedWeights {
			return // its statement has a commitment besides
		}
		l, err := visibility.Plan{
			Reveal: visibility.Class,
			Inputs: []visibility.Tensor{{Name: "x", Shape: []int{4}, Bits: formats.Input.Bits,
				Zero: formats.Input.Zero, Scale: 1}},
			Outputs: []visibility.Tensor{{Name: "y", Shape: []int{1}, Bits: 2, Scale: 1, Classes: true}},
		}.Layout()
		if err != nil {
			return
		}
		_, _ = (&circuits.Statement{Model: q.Program, Digit: 4, Layout: l}).Count()
	})
}
