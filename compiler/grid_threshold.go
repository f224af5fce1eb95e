package compiler

import (
	"cmp"
	"math"

	"github.com/zkml-go/zkml/compiler/ir"
)

// threshold is one of a step's, and the place where what lies beyond it begins.
type threshold struct {
	step  *ir.Splits
	i     int
	place float64
}

func (t threshold) beyond(x float64) bool { return t.step.Beyond(t.i, x) }

// searched is how far from zero an element is looked for that a function takes beyond a
// threshold.
const searched = 1e12

// placeOf is where threshold i lies among the elements that are compared, or false where
// none in reach lies on one of its sides.
func placeOf(s *ir.Splits, i int) (place float64, ok bool) {
	if s.Of == nil || s.Of[i] == nil {
		return s.At[i], math.Abs(s.At[i]) < math.MaxFloat32
	}
	below, beyond := -searched, float64(searched)
	if s.Beyond(i, below) || !s.Beyond(i, beyond) {
		return 0, false
	}
	for {
		middle := below + float64((beyond-below)/2)
		switch {
		case middle <= below || middle >= beyond:
			return beyond, true
		case s.Beyond(i, middle):
			beyond = middle
		default:
			below = middle
		}
	}
}

// compare orders thresholds of one element: by where they lie, those that hold at their
// own place before others.
func (t threshold) compare(o threshold) int {
	if c := cmp.Compare(t.place, o.place); c != 0 || t.beyond(t.place) == o.beyond(o.place) {
		return c
	}
	if t.beyond(t.place) {
		return -1
	}
	return 1
}
