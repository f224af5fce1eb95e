package compiler

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/sparse"
)

// isInput tells whether a value of the graph is an input of it.
func (m *Model) isInput(name string) bool {
	return slices.Contains(graph.Names(m.Graph.Inputs), name)
}

// checkConstants refuses, of a model that has no input, what is about inputs.
func (o Options) checkConstants(m *Model) error {
	e := &problem.Error{Code: problem.Conflict, Got: "no input changes the outputs, which are constants"}
	switch {
	case len(m.Inputs) > 0:
		return nil
	case o.Batch > 0:
		e.Option, e.Remedy = "${Batch}", "prove it without a batch"
	case o.Private.Hidden():
		e.Option, e.Remedy = "${Private} input", "leave it out"
	default:
		return nil
	}
	return e
}

// orOfNone are samples, or the only one that there is of a model without inputs.
func (r *Result) orOfNone(samples []Sample) []Sample {
	if len(samples) == 0 && len(r.IR.Inputs) == 0 {
		return []Sample{{}}
	}
	return samples
}

// constantOutput makes an output that no input changes: sums of nothing but their biases.
// They are the model's, and those of a private one are secret.
func (m *Model) constantOutput(p *ir.Program, out Port) ir.ID {
	t := m.known[out.Name]
	rows := sparse.NewBuilder[float64]()
	for range t.Data {
		rows.Add()
	}
	a := &ir.Affine{Rows: rows.Matrix(), Bias: slices.Clone(t.Data), Group: make([]int, len(t.Data))}
	node := program.PlainName(fmt.Sprintf("%s (constant)", out.Name))
	id := p.Emit(node, out.Name, out.Shape, a)
	r := op.IntegersOf(out.DType)
	if r == nil {
		return id
	}
	p.SetIntegers(id, *r)
	if p.Secret && r.Declared() { // secret sums are declared to lie as far below zero as above
		id = p.Emit(node, out.Name, out.Shape, &ir.Clamp{Lo: float64(r.Lo), Hi: float64(r.Hi)}, id)
		p.SetIntegers(id, *r)
	}
	return id
}

// notFinite tells of NaN and the infinities.
func notFinite(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }

// constantScale is that of an output of constants, which costs nothing: a power of two at which
// the largest has 24 bits, as many as a number of 32 bits tells.
func constantScale(a *ir.Affine) float64 {
	largest := largestOf(a.Bias)
	if largest == 0 {
		return 1
	}
	_, exponent := math.Frexp(largest)
	return math.Ldexp(1, exponent-24)
}
