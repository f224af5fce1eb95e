package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// fusedGelus are the Gelus that onnxruntime's optimiser writes, of a sum where there are two
// inputs.
var fusedGelus = []struct {
	function
	least, most int
}{
	{gelus["none"].as("BiasGelu"), 2, 2},
	{gelus["tanh"].as("FastGelu"), 1, 2},
	{gelus["none"].as("Gelu"), 1, 1},
	{function{
		op: "QuickGelu", name: "quickgelu", attrs: []parameter{{"alpha", 1.702}},
		f: func(x float64, p []float64) float64 { return float64(x * sigmoid(float64(p[0]*x))) },
	}, 1, 1},
}

func (f function) as(op string) function {
	f.op = op
	return f
}

func init() {
	for _, g := range fusedGelus {
		note := "a table over the input's format"
		if g.most > 1 {
			note = "a table over the format of the sum of both inputs"
		}
		register(Spec{
			Name: g.op, Domain: contribDomain, Since: []int{1}, Tolerance: 2, Note: note,
			New: takes(g.least, g.most, func(n *graph.Node) (Op, error) {
				u, err := newUnary(g.function, n)
				if err != nil {
					return nil, err
				}
				return &biased{linear{real: true, weight: func(int, int) float64 { return 1 }}, u.(*unary)}, nil
			}),
		})
	}
}

// biased is a function of the sum of its inputs.
type biased struct {
	linear
	of *unary
}

// addends are the inputs that are there.
func addends(in []Arg) []Arg {
	if len(in) > 1 && !in[1].Present {
		return in[:1]
	}
	return in
}

// Infer implements Op.
func (b *biased) Infer(in []Arg) ([]Out, error) {
	out, err := b.linear.Infer(addends(in))
	if err == nil && !slices.Equal(b.shape, in[0].Shape) {
		err = fmt.Errorf("the bias, of shape %v, does not broadcast to the input's, %v", in[1].Shape, in[0].Shape)
	}
	return out, err
}

// Float implements Op.
func (b *biased) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	if len(in) > 1 && in[1] == nil {
		in = in[:1]
	}
	sum, err := b.linear.Float(in)
	if err != nil {
		return nil, err
	}
	return []*tensor.Float{tensor.Map(sum[0], b.of.at)}, nil
}

// Lower implements Op.
func (b *biased) Lower(l *Lowering) ([]ir.ID, error) {
	x := l.ID[0]
	if in := addends(l.In); len(in) > 1 {
		sum := l.named(l.Name, b.shape...)
		sum.In = in
		var err error
		if x, err = only(b.linear.Lower(sum)); err != nil {
			return nil, err
		}
	}
	alone := *l
	alone.ID = []ir.ID{x}
	return b.of.Lower(&alone)
}
