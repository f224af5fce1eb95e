package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/problem"
)

// absorbMoves makes steps that address elements one by one read through a Move.
func absorbMoves(x *rewriter, s *ir.Step) (bool, error) {
	for k := range s.In {
		m := x.Producer(s.In[k])
		if m == nil {
			continue
		}
		move, ok := m.Kind.(*ir.Move)
		if !ok {
			continue
		}
		if changed, err := absorb(x, s, k, m, move); changed || err != nil {
			return changed, err
		}
	}
	return false, nil
}

// absorb rewrites step s to read the inputs of the move m in place of its k-th input.
func absorb(x *rewriter, s *ir.Step, k int, m *ir.Step, move *ir.Move) (bool, error) {
	if _, ok := s.Kind.(ir.Elementwise); ok {
		return hoist(x, s, m, move)
	}
	addresser, ok := s.Kind.(ir.Addresser)
	if !ok {
		return false, nil
	}
	kind, in := addresser.Through(s.In, k, m.In, move)
	if kind == nil || slices.Equal(in, s.In) { // a constant reads nothing of what it is computed from
		return false, nil
	}
	if err := x.mergesExactly(s, kind); err != nil {
		return false, err
	}
	return true, x.replace(s, kind, in)
}

// mergesExactly refuses weights of integers that are added up, as a move gives one element
// several times, and are rounded by that. As in composeAffine, to leave the move where it is
// would show something of a private model's weights.
func (x *rewriter) mergesExactly(s *ir.Step, through ir.Kind) error {
	a, ok := s.Kind.(*ir.Affine)
	if !ok || !x.program.Whole(s.Out) || through.(*ir.Affine).Terms() == a.Terms() {
		return nil
	}
	if w, _ := largest(a); float64(w*float64(longest(a))) <= maxInteger {
		return nil
	}
	return &problem.Error{
		Code: problem.Node, Place: s.Node, Got: "its integer constants for one element are together beyond 2^52",
		Remedy: "use smaller constants, or real numbers: integers are computed exactly",
	}
}

// hoist exchanges an elementwise step with the move before it, if the move keeps
// every element exactly once and has no other reader. Classes stay with what makes them.
func hoist(x *rewriter, s, m *ir.Step, move *ir.Move) (bool, error) {
	if gives[classifier](s) || len(m.In) > 1 || x.Uses(m.Out) != 1 || len(move.Index) != x.program.Size(m.In[0]) ||
		!permutation(move.Index) {
		return false, nil
	}
	return true, x.exchange(m, s, x.program.Shapes[m.In[0]])
}

func permutation(index []int32) bool {
	seen := make([]bool, len(index))
	for _, i := range index {
		if int(i) >= len(seen) || seen[i] {
			return false
		}
		seen[i] = true
	}
	return true
}
