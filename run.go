package zkml

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// RunResult is what both models make of a sample. It is for whoever holds the model
// and the inputs, so that nothing is hidden.
type RunResult struct {
	// Output and Float are there where the model has one output.
	Output *verifier.Output `json:"output,omitempty"`
	// Float is nil where the float model cannot be run, for the reason FloatProblem.
	Float        *FloatOutput `json:"float"`
	FloatProblem error        `json:"-"`
	// Outputs are all outputs, in the layout's order.
	Outputs []RunOutput `json:"outputs"`
}

// RunOutput is what both models make of one output. Reveal says what a proof would
// show of it; here its scores or its class are always there.
type RunOutput struct {
	Name   string                `json:"name"`
	Reveal visibility.Visibility `json:"reveal"`
	Scores []float64             `json:"scores,omitempty"`
	Class  verifier.Classes      `json:"class,omitempty"`
	Label  verifier.Labels       `json:"label,omitempty"`
	// Float is the float model's, nil where that cannot be run.
	Float *FloatOutput `json:"float"`
}

// FloatOutput is an output of the float model: its scores, the classes, or both.
type FloatOutput struct {
	Scores Reals            `json:"scores,omitempty"`
	Class  verifier.Classes `json:"class,omitempty"`
}

// Reals are numbers of a float model, such as the inverse of zero. JSON has no number
// for an infinity, and none for what is no number: they are the texts "Inf", "-Inf" and
// "NaN".
type Reals []float64

// MarshalJSON writes an array of numbers and of such texts.
func (r Reals) MarshalJSON() ([]byte, error) {
	out := make([]any, len(r))
	for i, v := range r {
		out[i] = v
		if math.IsInf(v, 0) || math.IsNaN(v) {
			out[i] = strings.TrimPrefix(fmt.Sprint(v), "+")
		}
	}
	return json.Marshal(out)
}

// Run runs the integer model of a bundle and the float model on one sample, without a
// proof.
func Run(b *artifact.Bundle, x Sample) (*RunResult, error) {
	program, err := b.Program()
	if err != nil {
		return nil, err
	}
	layout := b.Manifest.Layout.Item()
	in, err := encode(layout, x)
	if err != nil {
		return nil, err
	}
	r := &RunResult{}
	got := program.Eval(in...)
	for k, out := range layout.Outputs() {
		shown := verifier.Decoded(out, got[k])
		r.Outputs = append(r.Outputs, RunOutput{
			Name: shown.Name, Reveal: shown.Reveal, Scores: shown.Scores, Class: shown.Class, Label: shown.Label,
		})
	}
	if err := r.runFloat(b, x); err != nil {
		return nil, err
	}
	if len(r.Outputs) == 1 {
		one := r.Outputs[0]
		r.Output, r.Float = &verifier.Output{Scores: one.Scores, Class: one.Class}, one.Float
	}
	return r, nil
}

// runFloat adds what the float model says.
func (r *RunResult) runFloat(b *artifact.Bundle, x Sample) error {
	float, err := floatModel(b)
	if err != nil {
		r.FloatProblem = err
		return nil
	}
	want, err := float.Run(x)
	if err != nil {
		return err
	}
	for k, y := range want {
		r.Outputs[k].Float = floatOutput(y, len(r.Outputs[k].Class))
	}
	return nil
}

// floatOutput is a float model's output beside an integer model's with so many classes.
func floatOutput(y []float64, groups int) *FloatOutput {
	if groups == 0 {
		return &FloatOutput{Scores: y}
	}
	if classes, ok := asClasses(y, groups); ok {
		return &FloatOutput{Class: classes}
	}
	return &FloatOutput{Scores: y, Class: classesOf(y, groups)}
}
