package ir

import "math"

// Count is a function to integers that jumps by one at every place At + n·Every: it counts
// the places from At on that lie below x, or at x with OrAt, less those before At that do
// not. From 0 on, or up to 0, it is constant where Side is −1 or 1.
type Count struct {
	At, Every float64
	OrAt      bool
	Side      int
}

// Of is the count at x.
func (c Count) Of(x float64) float64 {
	x = (x - c.At) / c.Every
	if c.OrAt {
		x = math.Floor(x) + 1
	} else {
		x = math.Ceil(x)
	}
	switch {
	case c.Side > 0:
		return max(x, 0)
	case c.Side < 0:
		return min(x, 0)
	}
	return x
}

// GivesIntegers implements Counter.
func (f *Func) GivesIntegers(bool) bool { return len(f.Counts) > 0 || f.Whole != nil }
