package compiler

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// Sums of trees are exact integers of a scale of their own. What follows says which steps take them
// and give them as they are.

// sums tells whether a step makes sums of trees, or picks some of them.
func (q *quantiser) sums(s *ir.Step) bool {
	switch a := s.Kind.(type) {
	case *ir.Trees:
		return true
	case *ir.Move, *ir.Max:
		return q.readsSums(s)
	case *ir.Affine:
		return q.takesSums(s) && q.keepsSums(s, a)
	}
	return false
}

// keepsSums tells whether a linear step of sums gives integers of their scale, and rounds nothing.
func (q *quantiser) keepsSums(s *ir.Step, a *ir.Affine) bool {
	v, scale := q.values[s.Out], q.values[s.In[0]].scale[0]
	return v.uniform() && v.scale[0] == scale && !slices.ContainsFunc(a.Bias, func(b float64) bool {
		return math.Abs(b/scale-math.Round(b/scale)) > math.Abs(b/scale)/(1<<23)
	})
}

// readsSums tells whether all that a step reads are sums of trees of one scale.
func (q *quantiser) readsSums(s *ir.Step) bool {
	if len(s.In) == 0 { // constants
		return false
	}
	first := q.values[s.In[0]]
	return !slices.ContainsFunc(s.In, func(id ir.ID) bool {
		v := q.values[id]
		return !v.sums || v.scale[0] != first.scale[0]
	})
}

// takesSums tells whether a step takes sums of trees as they are, with all their bits: it
// costs no more to copy them, or to add them up with the factors 1 and −1. Labels are
// decided by them, where samples may show one side alone. Factors that are secret do not tell.
func (q *quantiser) takesSums(s *ir.Step) bool {
	if _, ok := s.Kind.(*ir.Move); ok {
		return !slices.ContainsFunc(s.In, func(id ir.ID) bool { return !q.values[id].sums })
	}
	a, ok := s.Kind.(*ir.Affine)
	if !ok || !q.readsSums(s) {
		return false
	}
	if q.weights != PublicWeights && !a.Fixed {
		return false
	}
	ones := true
	a.Rows.EachWeight(oneGroup, func(_ int, _ int32, w float64) { ones = ones && math.Abs(w) == 1 })
	return ones
}

// commonScale is the scale to which inputs of a step are brought: the coarsest of those that were
// rounded, since integers and sums of trees are exact at whatever scale they have, and a coarse one
// says nothing of how fine the others must be. Of these alone it is one that keeps them exact, where
// they share a denominator, so that equal ones stay equal, or else the finest.
func (q *quantiser) commonScale(s *ir.Step, in []int, scales []float64) float64 {
	rounded, shared := 0.0, int64(1)
	for k, id := range s.In {
		if v := q.values[id]; in[k] != v.id || !v.sums && !q.p.Whole(id) {
			rounded = math.Max(rounded, scales[k])
		}
		shared = multiple(shared, scales[k])
	}
	switch {
	case rounded > 0:
		return rounded
	case shared > 0:
		return 1 / float64(shared)
	}
	return slices.Min(scales)
}

// widestDenominator is the largest denominator that sums of trees are brought to together.
const widestDenominator = 1 << 24

// multiple is the least common multiple of a number and the denominator of a scale; 0 where there is
// none, or too large a one.
func multiple(n int64, scale float64) int64 {
	d := int64(math.Round(1 / scale))
	if n == 0 || d < 1 || d > widestDenominator || 1/float64(d) != scale {
		return 0
	}
	a, b := n, d
	for b > 0 {
		a, b = b, a%b
	}
	if d /= a; n > widestDenominator/d {
		return 0
	}
	return n * d
}
