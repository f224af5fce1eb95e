package op

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// relation is an operator without a circuit: exporters use it on shapes, where
// everything is known at compile time.
type relation struct {
	name  string
	since []int
	// truth tells that the output's type is bool, else the first input's.
	truth bool
	f     func(x, y float64) float64 // y is x where there is one input
	count int
}

var relations = []relation{
	{"Ceil", []int{6, 13}, false, func(x, _ float64) float64 { return math.Ceil(x) }, 1},
	{"Floor", []int{6, 13}, false, func(x, _ float64) float64 { return math.Floor(x) }, 1},
	{"Round", []int{11, 22}, false, func(x, _ float64) float64 { return math.RoundToEven(x) }, 1},
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

func init() {
	for _, r := range relations {
		register(Spec{
			Name: r.name, Since: r.since, Note: "constants only",
			New: takes(r.count, r.count, func(*graph.Node) (Op, error) { return &related{relation: r}, nil }),
		})
	}
}

// related is a relation bound to a node.
type related struct {
	relation
	shape []int
}

// Infer implements Op.
func (r *related) Infer(in []Arg) ([]Out, error) {
	for i, a := range in {
		if a.Const == nil {
			return nil, fmt.Errorf("input %d depends on the model's input; only constants are supported", i)
		}
	}
	return r.infer(in)
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

// Lower implements Op.
func (r *related) Lower(*Lowering) ([]ir.ID, error) { return nil, errNotStatic }
