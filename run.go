package zkml

import (
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/verifier"
)

// RunResult is what both models make of an input. It is for whoever holds the model
// and the input, so that nothing is hidden.
type RunResult struct {
	Output verifier.Output `json:"output"`
	// Float is nil where the float model cannot be run, for the reason FloatProblem.
	Float        *verifier.Output `json:"float"`
	FloatProblem error            `json:"-"`
}

// Run runs the integer model of a bundle and the float model on one input, flattened
// row-major, without a proof.
func Run(b *artifact.Bundle, x []float64) (*RunResult, error) {
	program, err := b.Program()
	if err != nil {
		return nil, err
	}
	layout := b.Manifest.Layout.Item()
	in, err := encode(layout, x)
	if err != nil {
		return nil, err
	}
	r := &RunResult{Output: *verifier.Decode(layout.Outputs()[0].Tensor, program.Eval(in)[0])}
	float, err := floatModel(b)
	if err != nil {
		r.FloatProblem = err
		return r, nil
	}
	y, err := float.Run(x)
	if err != nil {
		return nil, err
	}
	r.Float = &verifier.Output{Scores: y}
	groups := len(r.Output.Class)
	if groups == 0 {
		return r, nil
	}
	if classes, ok := asClasses(y, groups); ok {
		r.Float = &verifier.Output{Class: classes}
	} else {
		r.Float.Class = classesOf(y, groups)
	}
	return r, nil
}
