package op

import (
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

// relation is a function of two numbers, as on shapes, where everything is known at compile
// time.
type relation struct {
	name  string
	since []int
	// truth tells that the output's type is bool, else the first input's.
	truth bool
	f     func(x, y float64) float64 // y is x where there is one input
	count int
}

// where turns a predicate into a function to 0 and 1.
func where(holds func(x, y float64) bool) func(x, y float64) float64 {
	return func(x, y float64) float64 {
		if holds(x, y) {
			return 1
		}
		return 0
	}
}

// related is a relation bound to a node.
type related struct {
	relation
	shape []int
}

// infer gives the one output that the operands broadcast to.
func (r *related) infer(in []Arg) ([]Out, error) {
	out := Out{DType: in[0].DType}
	if r.truth {
		out.DType = graph.Bool
	}
	shape, err := tensor.Broadcast(in[0].Shape, in[len(in)-1].Shape)
	if err != nil {
		return nil, err
	}
	r.shape, out.Shape = shape, shape
	return []Out{out}, checkSize(shape)
}

// Float implements Op.
func (r *related) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	x, y := in[0], in[len(in)-1]
	xs, ys := tensor.BroadcastIndex(x.Shape, r.shape), tensor.BroadcastIndex(y.Shape, r.shape)
	out := tensor.New[float64](r.shape...)
	for i := range out.Data {
		out.Data[i] = r.f(x.Data[xs[i]], y.Data[ys[i]])
	}
	return []*tensor.Float{out}, nil
}
