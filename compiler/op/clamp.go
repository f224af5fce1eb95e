package op

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{Name: "Relu", Since: []int{6, 13, 14}, Tolerance: 1, Note: "all", New: takes(1, 1, newRelu)},
		Spec{Name: "Clip", Since: []int{6, 11, 12, 13}, Tolerance: 1,
			Note: "constant or absent bounds, by attribute or input", New: takes(1, 3, newClip)},
	)
}

// clamp limits every element to [lo, hi]. Bounds that are inputs replace the
// attributes'.
type clamp struct{ lo, hi float64 }

func newRelu(*graph.Node) (Op, error) { return &clamp{0, math.Inf(1)}, nil }

func newClip(n *graph.Node) (Op, error) {
	c := &clamp{n.Float("min", math.Inf(-1)), n.Float("max", math.Inf(1))}
	if c.lo <= -math.MaxFloat32 {
		c.lo = math.Inf(-1)
	}
	if c.hi >= math.MaxFloat32 {
		c.hi = math.Inf(1)
	}
	return c, nil
}

// Infer implements Op.
func (c *clamp) Infer(in []Arg) ([]Out, error) {
	bounds := []*float64{&c.lo, &c.hi}
	for i := 1; i < len(in); i++ {
		if !given(in, i) {
			continue
		}
		v, err := scalar(in, i, []string{"the lower bound", "the upper bound"}[i-1])
		if err != nil {
			return nil, err
		}
		if math.IsNaN(v) {
			return nil, fmt.Errorf("input %d is not a number; give a finite bound or none", i)
		}
		*bounds[i-1] = v
	}
	return sameShape(in)
}

// Float implements Op.
func (c *clamp) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	return []*tensor.Float{tensor.Map(in[0], func(x float64) float64 {
		if x < c.lo {
			x = c.lo
		}
		if x > c.hi {
			x = c.hi
		}
		return x
	})}, nil
}

// Lower implements Op. Bounds that cross leave only the upper one, as in Float.
func (c *clamp) Lower(l *Lowering) ([]ir.ID, error) {
	return []ir.ID{l.Step(&ir.Clamp{Lo: min(c.lo, c.hi), Hi: c.hi}, l.ID[0])}, nil
}
