package op

import (
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// comparisons are the relations of two numbers. Their circuit is the sign of a
// difference: minuend is the operand from which the other one is subtracted.
var comparisons = []struct {
	name    string
	since   []int
	holds   func(x, y float64) bool
	minuend int
	orZero  bool
	both    bool // holds where the difference is zero: not negative either way about
}{
	{
		name: "Equal", since: []int{7, 11, 13, 19}, orZero: true, both: true,
		holds: func(x, y float64) bool { return x == y },
	},
	{name: "Greater", since: []int{7, 9, 13}, holds: func(x, y float64) bool { return x > y }},
	{
		name: "GreaterOrEqual", since: []int{12, 16}, orZero: true,
		holds: func(x, y float64) bool { return x >= y },
	},
	{name: "Less", since: []int{7, 9, 13}, minuend: 1, holds: func(x, y float64) bool { return x < y }},
	{
		name: "LessOrEqual", since: []int{12, 16}, minuend: 1, orZero: true,
		holds: func(x, y float64) bool { return x <= y },
	},
}

func init() {
	for _, c := range comparisons {
		r := relation{name: c.name, since: c.since, truth: true, f: where(c.holds), count: 2}
		register(Spec{
			Name: c.name, Since: c.since, Note: "constants and variables, with broadcasting",
			New: takes(2, 2, func(*graph.Node) (Op, error) {
				return &comparison{related{relation: r}, c.minuend, c.orZero, c.both}, nil
			}),
		})
	}
}

// comparison is one of comparisons bound to a node.
type comparison struct {
	related
	minuend int
	orZero  bool
	both    bool
}

// Infer implements Op.
func (c *comparison) Infer(in []Arg) ([]Out, error) {
	if err := oneType(in, 0); err != nil {
		return nil, err
	}
	return c.infer(in)
}

// Lower implements Op.
func (c *comparison) Lower(l *Lowering) ([]ir.ID, error) {
	if !c.both {
		return c.side(l, c.minuend)
	}
	x, err := c.side(l, 0)
	if err != nil {
		return nil, err
	}
	y, err := c.side(l, 1)
	if err != nil {
		return nil, err
	}
	return []ir.ID{l.product(x[0], y[0])}, nil
}

// side compares an operand less the other one with zero.
func (c *comparison) side(l *Lowering, minuend int) ([]ir.ID, error) {
	ids, number := l.variables()
	a := newAffine(tensor.Size(c.shape), ids...)
	a.plus(l.In[minuend], number[minuend], c.shape, 1)
	a.plus(l.In[1-minuend], number[1-minuend], c.shape, -1)
	a.Fixed = len(ids) == 2
	difference, err := a.emit(l)
	if err != nil {
		return nil, err
	}
	return []ir.ID{l.Step(&ir.Compare{OrZero: c.orZero}, difference...)}, nil
}
