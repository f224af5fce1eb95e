package compiler

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// mergeClamps makes one limit of two, and a constant of limits that leave one
// value (the upper one wins where they are crossed).
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
	a := &ir.Affine{Rows: make([][]ir.Term, n), Bias: make([]float64, n), Group: make([]int, n), Fixed: true}
	for i := range a.Bias {
		a.Bias[i] = v
	}
	return a
}

// monotone tells whether an elementwise step never decreases.
func monotone(k ir.Kind) bool {
	switch k := k.(type) {
	case *ir.Clamp:
		return true
	case *ir.Func:
		return k.Monotone
	}
	return false
}

// commuteMax exchanges a maximum with the monotone step before it.
func commuteMax(x *rewriter, s *ir.Step) (bool, error) {
	if _, ok := s.Kind.(*ir.Max); !ok {
		return false, nil
	}
	m := x.Producer(s.In[0])
	if m == nil || !monotone(m.Kind) || x.Uses(m.Out) != 1 {
		return false, nil
	}
	return true, x.exchange(m, s, x.program.Shapes[s.Out])
}

// bareArgMax skips strictly increasing steps before an argmax: a softmax over
// the argmax's own group, and functions that increase everywhere. A clamp may
// make unequal values equal, and with them another winner: it stays.
func bareArgMax(x *rewriter, s *ir.Step) (bool, error) {
	a, ok := s.Kind.(*ir.ArgMax)
	if !ok {
		return false, nil
	}
	m := x.Producer(s.In[0])
	if m == nil {
		return false, nil
	}
	switch k := m.Kind.(type) {
	case *ir.Softmax:
		if !covered(a.Groups, k.Groups) {
			return false, nil
		}
	case *ir.Func:
		if !k.Strict {
			return false, nil
		}
	default:
		return false, nil
	}
	return true, x.replace(s, a, slices.Clone(m.In))
}

// covered tells whether every group of the argmax lies inside one group of the
// softmax.
func covered(argmax, softmax [][]int32) bool {
	group := map[int32]int{}
	for i, g := range softmax {
		for _, j := range g {
			group[j] = i + 1
		}
	}
	for _, g := range argmax {
		for _, j := range g {
			if group[j] == 0 || group[j] != group[g[0]] {
				return false
			}
		}
	}
	return true
}
