package zkml

import (
	"encoding/json"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// RunResult is the result of both models for a sample. It is for whoever has the model
// and the inputs, so nothing is hidden in it.
type RunResult struct {
	// Output and Float are set if the model has one output.
	Output *verifier.Output `json:"output,omitempty"`
	// Float is nil if the float model cannot be run; FloatProblem says why.
	Float        *FloatOutput `json:"float"`
	FloatProblem error        `json:"-"`
	// Outputs are all outputs, in the layout's order.
	Outputs []RunOutput `json:"outputs"`
}

// RunOutput is the result of both models for one output. Reveal says what a proof would
// show of it; here its scores, integers or class are always set.
type RunOutput struct {
	Name     string                `json:"name"`
	Reveal   visibility.Visibility `json:"reveal"`
	Scores   []float64             `json:"scores,omitempty"`
	Integers []int64               `json:"integers,omitempty"`
	Class    verifier.Classes      `json:"class,omitempty"`
	Label    verifier.Labels       `json:"label,omitempty"`
	// Float is the float model's output; nil if that cannot be run.
	Float *FloatOutput `json:"float"`
}

// FloatOutput is an output of the float model: its scores, the classes, or both.
type FloatOutput struct {
	Scores Reals            `json:"scores,omitempty"`
	Class  verifier.Classes `json:"class,omitempty"`
	// Label is what the class is called, if the model has labels.
	Label verifier.Labels `json:"label,omitempty"`
}

// Reals are numbers of a float model. JSON has those of Real.
type Reals []float64

// MarshalJSON writes an array.
func (r Reals) MarshalJSON() ([]byte, error) {
	out := make([]Real, len(r))
	for i, v := range r {
		out[i] = Real(v)
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
			Name: shown.Name, Reveal: shown.Reveal, Scores: shown.Scores, Integers: shown.Integers,
			Class: shown.Class, Label: shown.Label,
		})
	}
	if err := r.runFloat(b, x); err != nil {
		return nil, err
	}
	if len(r.Outputs) == 1 {
		one := r.Outputs[0]
		r.Output = &verifier.Output{Scores: one.Scores, Integers: one.Integers, Class: one.Class}
		r.Float = one.Float
	}
	return r, nil
}

// runFloat adds the results of the float model.
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
	outputs := b.Manifest.Layout.Outputs()
	for k, y := range want {
		f := floatOutput(y, len(r.Outputs[k].Class), decisionOf(outputs[k], float.Outputs[k]))
		f.Label = verifier.LabelsOf(outputs[k].Tensor, f.Class)
		r.Outputs[k].Float = f
	}
	return nil
}

// floatOutput makes the output of a float model; groups is the number of classes that the
// integer model's output has, or 0, and decision what makes the only one of a score.
func floatOutput(y []float64, groups int, decision *compiler.Decision) *FloatOutput {
	if groups == 0 {
		return &FloatOutput{Scores: y}
	}
	if decision != nil {
		return &FloatOutput{Scores: y, Class: verifier.Classes{decision.Class(y[0])}}
	}
	if classes, ok := asClasses(y, groups); ok {
		return &FloatOutput{Class: classes}
	}
	return &FloatOutput{Scores: y, Class: classesOf(y, groups)}
}
