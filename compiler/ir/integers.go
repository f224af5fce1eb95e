package ir

import (
	"math"
	"slices"
)

// GivesIntegers tells whether a step makes integers, whatever its inputs are or because
// those are integers.
func (p *Program) GivesIntegers(s *Step) bool {
	c, ok := s.Kind.(Counter)
	real := func(id ID) bool { return !p.Whole(id) }
	return ok && c.GivesIntegers(!slices.ContainsFunc(s.In, real))
}

// GivesIntegers implements Counter: weights and biases of integers are integers too.
func (a *Affine) GivesIntegers(ofIntegers bool) bool {
	if !ofIntegers || slices.ContainsFunc(a.Bias, fraction) {
		return false
	}
	whole := true
	a.Rows.EachWeight(func(int) int { return 0 }, func(_ int, _ int32, w float64) { whole = whole && !fraction(w) })
	return whole
}

// GivesIntegers implements Counter.
func (c *Clamp) GivesIntegers(ofIntegers bool) bool {
	return ofIntegers && !fraction(c.Lo) && !fraction(c.Hi)
}

// GivesIntegers implements Counter.
func (*Max) GivesIntegers(ofIntegers bool) bool { return ofIntegers }

// GivesIntegers implements Counter.
func (*Move) GivesIntegers(ofIntegers bool) bool { return ofIntegers }

// GivesIntegers implements Counter.
func (*Product) GivesIntegers(ofIntegers bool) bool { return ofIntegers }

// GivesIntegers implements Counter.
func (*Dot) GivesIntegers(ofIntegers bool) bool { return ofIntegers }

// GivesIntegers implements Counter: positions.
func (*ArgMax) GivesIntegers(bool) bool { return true }

// GivesIntegers implements Counter: 0 and 1.
func (*Compare) GivesIntegers(bool) bool { return true }

// fraction tells numbers that are not whole; infinite ones are.
func fraction(x float64) bool { return x != math.Trunc(x) }
