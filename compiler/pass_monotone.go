package compiler

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// mergeClamps merges two clamps into one, and replaces clamps that leave a single value
// with a constant (if the limits are crossed, the upper one wins).
func mergeClamps(x *rewriter, s *ir.Step) (bool, error) {
	outer, ok := s.Kind.(*ir.Clamp)
	if !ok {
		return false, nil
	}
	if outer.Lo >= outer.Hi {
		return true, x.replace(s, constant(outer.Hi, x.program.Size(s.Out)), s.In)
	}
	m := x.Producer(s.In[0])
	if m == nil {
		return false, nil
	}
	inner, ok := m.Kind.(*ir.Clamp)
	if !ok {
		return false, nil
	}
	limit := func(v float64) float64 { return math.Min(math.Max(v, outer.Lo), outer.Hi) }
	return true, x.replace(s, &ir.Clamp{Lo: limit(inner.Lo), Hi: limit(inner.Hi)}, slices.Clone(m.In))
}

// constant is an affine step that reads nothing.
func constant(v float64, n int) *ir.Affine {
	rows := sparse.Rows(make([][]ir.Term, n))
	a := &ir.Affine{Rows: rows, Bias: make([]float64, n), Group: make([]int, n), Fixed: true}
	for i := range a.Bias {
		a.Bias[i] = v
	}
	return a
}

// commuteMax exchanges a maximum with the monotone step before it.
func commuteMax(x *rewriter, s *ir.Step) (bool, error) {
	if _, ok := s.Kind.(ir.Largest); !ok {
		return false, nil
	}
	m := x.Producer(s.In[0])
	if m == nil || x.Uses(m.Out) != 1 {
		return false, nil
	}
	if r, ok := m.Kind.(ir.Rising); !ok || !r.NeverDecreases() {
		return false, nil
	}
	return true, x.exchange(m, s, x.program.Shapes[s.Out])
}

// bareArgMax skips strictly increasing steps before an argmax: a softmax over
// the argmax's own group, and functions that increase everywhere. A clamp stays: it can
// make unequal values equal, and so change the winner.
func bareArgMax(x *rewriter, s *ir.Step) (bool, error) {
	ranker, ok := s.Kind.(ir.Ranker)
	if !ok {
		return false, nil
	}
	m := x.Producer(s.In[0])
	if m == nil {
		return false, nil
	}
	if a, ok := m.Kind.(*ir.Affine); ok && len(m.In) == 1 && !x.program.Secret && scales(a) && x.hasTrees() {
		return true, x.replace(s, s.Kind, slices.Clone(m.In))
	}
	if k, ok := m.Kind.(ir.OrderKeeper); !ok || !k.KeepsOrder(ranker.Ranks()) {
		return false, nil
	}
	return true, x.replace(s, s.Kind, slices.Clone(m.In))
}

// scales tells whether a step multiplies each element of its input by the same positive
// number, and does no more.
func scales(a *ir.Affine) bool {
	by := 0.0
	for i, bias := range a.Bias {
		row := a.Rows.Row(i, nil)
		if bias != 0 || len(row) != 1 || row[0].Index != int32(i) || row[0].In != 0 {
			return false
		}
		if by == 0 {
			by = row[0].W
		}
		if by <= 0 || row[0].W != by {
			return false
		}
	}
	return true
}

// hasTrees tells whether the model has trees.
func (x *rewriter) hasTrees() bool {
	return slices.ContainsFunc(x.Steps(), func(s *ir.Step) bool {
		_, ok := s.Kind.(*ir.Trees)
		return ok
	})
}
