package compiler

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/sparse"
)

// composeAffine substitutes an affine step into its reader, which is affine too, if
// nothing else reads it and the sums are no longer than those of the two together.
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
		if x.program.Whole(s.Out) && !exactly(outer, inner) {
			// Not to join them would show something of a private model's weights.
			return false, &problem.Error{
				Code: problem.Node, Place: s.Node,
				Got:    fmt.Sprintf("its integer constants and those of %s are together beyond 2^52", m.Node),
				Remedy: "use smaller constants, or real numbers: integers are computed exactly",
			}
		}
		if !inner.Fixed || outer.Fixed {
			s.Node = m.Node + " + " + s.Node
		}
		kind, in := outer.Compose(s.In, k, inner, m.In)
		return true, x.replace(s, kind, in)
	}
	return false, nil
}

// composable reports whether the composition's sums are no longer than those of the two
// together, not counting that elements which both read can be merged.
func composable(outer *ir.Affine, k int, inner *ir.Affine) bool {
	most := outer.Terms() + inner.Terms()
	return sparse.Reach(outer.Rows, int32(k), inner.Rows, most) <= most
}

// exactly reports whether the weights and biases of a composition of integers, and all
// intermediate sums, are exact as floats.
func exactly(outer, inner *ir.Affine) bool {
	w, b := largest(outer)
	v, c := largest(inner)
	return float64(float64(w*max(v, c))*float64(longest(outer)))+b <= maxInteger
}

// longest is the number of terms of a step's longest row.
func longest(a *ir.Affine) int {
	most := 0
	for i := range a.Bias {
		most = max(most, a.Rows.RowTerms(i))
	}
	return most
}

// largest returns the largest magnitudes of a step's weights and biases.
func largest(a *ir.Affine) (weight, bias float64) {
	a.Rows.EachWeight(oneGroup, func(_ int, _ int32, w float64) { weight = max(weight, math.Abs(w)) })
	for _, b := range a.Bias {
		bias = max(bias, math.Abs(b))
	}
	return weight, bias
}
