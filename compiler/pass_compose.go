package compiler

import (
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// composeAffine substitutes an affine step into an affine reader, where nobody
// else reads it and the sums do not get longer than the two together.
func composeAffine(x *rewriter, s *ir.Step) (bool, error) {
	outer, ok := s.Kind.(*ir.Affine)
	if !ok {
		return false, nil
	}
	for k, id := range s.In {
		m := x.Producer(id)
		if m == nil || x.Uses(id) != 1 {
			continue
		}
		inner, ok := m.Kind.(*ir.Affine)
		if !ok || !composable(outer, k, inner) {
			continue
		}
		if !inner.Fixed || outer.Fixed {
			s.Node = m.Node + " + " + s.Node
		}
		kind, in := outer.Compose(s.In, k, inner, m.In)
		return true, x.replace(s, kind, in)
	}
	return false, nil
}

// composable tells whether the composition's sums are no longer than those of the two
// together, before elements that both read merge.
func composable(outer *ir.Affine, k int, inner *ir.Affine) bool {
	most := outer.Terms() + inner.Terms()
	return sparse.Reach(outer.Rows, int32(k), inner.Rows, most) <= most
}
