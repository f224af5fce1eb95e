package compiler

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// mergeClamps makes one limit of two, and a constant of limits that leave one
// value (the upper one wins where they are crossed).
func mergeClamps(p *ir.Program) bool {
	for _, s := range p.Steps {
		outer, ok := s.Kind.(*ir.Clamp)
		if !ok {
			continue
		}
		if outer.Lo >= outer.Hi {
			s.Kind = constant(outer.Hi, p.Size(s.Out))
			return true
		}
		m := maker(p, s.In[0])
		if m == nil {
			continue
		}
		inner, ok := m.Kind.(*ir.Clamp)
		if !ok {
			continue
		}
		limit := func(x float64) float64 { return math.Min(math.Max(x, outer.Lo), outer.Hi) }
		s.Kind = &ir.Clamp{Lo: limit(inner.Lo), Hi: limit(inner.Hi)}
		s.In = slices.Clone(m.In)
		return true
	}
	return false
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
func commuteMax(p *ir.Program) bool {
	for _, s := range p.Steps {
		if _, ok := s.Kind.(*ir.Max); !ok {
			continue
		}
		m := maker(p, s.In[0])
		if m == nil || !monotone(m.Kind) || readers(p, m.Out) != 1 {
			continue
		}
		p.Shapes[m.Out] = p.Shapes[s.Out]
		s.Kind, m.Kind = m.Kind, s.Kind
		s.Node, m.Node = m.Node, s.Node
		return true
	}
	return false
}

// bareArgMax skips strictly increasing steps before an argmax: a softmax over
// the argmax's own group, and functions that increase everywhere. A clamp may
// make unequal values equal, and with them another winner: it stays.
func bareArgMax(p *ir.Program) bool {
	for _, s := range p.Steps {
		a, ok := s.Kind.(*ir.ArgMax)
		if !ok {
			continue
		}
		m := maker(p, s.In[0])
		if m == nil {
			continue
		}
		switch k := m.Kind.(type) {
		case *ir.Softmax:
			if !covered(a.Groups, k.Groups) {
				continue
			}
		case *ir.Func:
			if !k.Strict {
				continue
			}
		default:
			continue
		}
		s.In = slices.Clone(m.In)
		return true
	}
	return false
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
