package op

import (
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// rounding is a function of real numbers to whole ones, with the counts that make it up.
type rounding struct {
	op     string
	since  []int
	f      func(x float64) float64
	counts []ir.Count
}

var roundings = []rounding{
	{"Ceil", []int{6, 13}, math.Ceil, []ir.Count{{Every: 1}}},
	{"Floor", []int{6, 13}, math.Floor, []ir.Count{{At: 1, Every: 1, OrAt: true}}},
	// Halves go to the even neighbour: every other one belongs to the number above it.
	{"Round", []int{11, 22}, math.RoundToEven, []ir.Count{{At: 0.5, Every: 2}, {At: 1.5, Every: 2, OrAt: true}}},
}

// truncation is the rounding of a cast to an integer type, which saturates.
func truncation(to graph.DType) rounding {
	return rounding{
		op: "truncate to " + string(to), f: integerTypes[to].truncate,
		counts: []ir.Count{{At: 1, Every: 1, OrAt: true, Side: 1}, {Every: 1, Side: -1}},
	}
}

func init() {
	for _, r := range roundings {
		register(Spec{
			Name: r.op, Since: r.since, Note: "exact on the value as the integers have it; no table",
			New: takes(1, 1, func(*graph.Node) (Op, error) { return &rounder{rounding: r}, nil }),
		})
	}
}

// rounder is one of roundings bound to a node.
type rounder struct {
	rounding
	single bool
}

// Infer implements Op.
func (r *rounder) Infer(in []Arg) ([]Out, error) {
	if _, err := realType(in); err != nil {
		return nil, err
	}
	r.single = in[0].DType != graph.Float64
	return sameShape(in)
}

// of is the function on numbers of the operator's type.
func (r rounding) of(single bool) func(float64) float64 {
	if !single {
		return r.f
	}
	return func(x float64) float64 { return r.f(float64(float32(x))) }
}

// Float implements Op.
func (r *rounder) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	return []*tensor.Float{tensor.Map(in[0], r.of(r.single))}, nil
}

// Lower implements Op.
func (r *rounder) Lower(l *Lowering) ([]ir.ID, error) { return l.asReal(r.step(l, r.single)) }

// step emits the rounding of input 0 to integers.
func (r rounding) step(l *Lowering, single bool) ir.ID {
	f := &ir.Func{Name: r.op, F: r.of(single), Monotone: true, Counts: r.counts}
	return l.named(l.Name, l.In[0].Shape...).Step(f, l.ID[0])
}

// asReal moves integers, which count as real numbers then, so that a cast finds them.
func (l *Lowering) asReal(whole ir.ID) ([]ir.ID, error) {
	moved := *l
	moved.ID = []ir.ID{whole}
	return (&movement{parts: reshaped(l.In, l.In[0].Shape)}).Lower(&moved)
}
