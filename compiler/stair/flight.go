package stair

import "math/bits"

// widest bounds what a flight computes before it shifts, as a power of two: all of it is exact as a
// float64 too, by which models are calibrated.
const widest = 51

// mostCuts bounds the search for a flight. Each cut takes a range of slopes away.
const mostCuts = 400

// ratio is a positive rational number.
type ratio struct{ over, under int64 }

// slopes is an open interval of slopes: from is nothing where its under is 0, to nothing where
// its over is 1 and its under 0.
type slopes struct{ from, to ratio }

// simplest is the slope of the least shift in the interval, as multiple / 2^shift.
func (s slopes) simplest() (multiple int64, shift int, ok bool) {
	for shift = range 45 {
		over, under := bits.Mul64(uint64(s.from.over), 1<<shift)
		if over >= uint64(s.from.under) {
			return 0, 0, false
		}
		below, _ := bits.Div64(over, under, uint64(s.from.under))
		if below >= 1<<widest {
			return 0, 0, false
		}
		multiple = int64(below) + 1
		if s.to.under == 0 || less(multiple, s.to.under, s.to.over, 1<<shift) {
			return multiple, shift, true
		}
	}
	return 0, 0, false
}

// less tells whether a·b < c·d, of numbers that are not negative.
func less(a, b, c, d int64) bool {
	high, low := bits.Mul64(uint64(a), uint64(b))
	high2, low2 := bits.Mul64(uint64(c), uint64(d))
	return high < high2 || high == high2 && low < low2
}

// corner is an integer, and how many codes are reached there.
type corner struct{ v, codes int64 }

// corners are what a flight must meet: at least so many codes at each of reached, fewer at each
// of before.
func (s Stair) corners(c Codes) (reached, before []corner) {
	for n := range c.Count {
		at := s.At[c.First-s.Least-1+int64(n*c.Every)]
		if at <= s.Hi {
			reached = append(reached, corner{at, int64(n + 1)})
		}
		if at > s.Lo {
			before = append(before, corner{at - 1, int64(n + 1)})
		}
	}
	return reached, before
}

// Flight finds the flight of the least shift that counts codes exactly on all of [Lo, Hi]; ok is
// false where there is none.
func (s Stair) Flight(c Codes) (f Flight, ok bool) {
	reached, before := s.corners(c)
	if len(reached) == 0 || len(before) == 0 { // constant
		n := int64(0)
		if len(before) == 0 {
			n = int64(c.Count)
		}
		return Flight{Constant: n}, true
	}
	within := slopes{from: ratio{0, 1}, to: ratio{1, 0}}
	for range mostCuts {
		if f.Multiple, f.Shift, ok = within.simplest(); !ok {
			return f, false
		}
		if s.wide(f) {
			return f, false
		}
		low, high := extremes(f, reached, before)
		if low.need <= high.need {
			f.Constant = low.need + (high.need-low.need)/2
			return f, !s.wide(f)
		}
		if !within.cut(low.corner, high.corner) {
			return f, false
		}
	}
	return f, false
}

// wide tells whether a flight computes numbers that are too large.
func (s Stair) wide(f Flight) bool {
	most := max(s.Hi, -s.Lo, 1)
	high, low := bits.Mul64(uint64(most), uint64(f.Multiple))
	return high > 0 || low >= 1<<widest || max(f.Constant, -f.Constant) >= 1<<widest
}

// bound is what a corner asks of the constant.
type bound struct {
	need int64
	corner
}

// extremes are the corners that ask most: for the largest constant, and for the least.
func extremes(f Flight, reached, before []corner) (low, high bound) {
	for i, c := range reached {
		if need := c.codes<<f.Shift - f.Multiple*c.v; i == 0 || need > low.need {
			low = bound{need, c}
		}
	}
	for i, c := range before {
		if need := c.codes<<f.Shift - 1 - f.Multiple*c.v; i == 0 || need < high.need {
			high = bound{need, c}
		}
	}
	return low, high
}

// cut takes away the slopes with which no constant suits both corners: one that is reached,
// and one before the next code.
func (s *slopes) cut(reached, before corner) bool {
	run, rise := before.v-reached.v, before.codes-reached.codes
	switch {
	case run > 0 && rise > 0: // less steep than this
		s.to = ratio{rise, run}
	case run < 0 && rise < 0: // steeper than this
		s.from = ratio{-rise, -run}
	default:
		return false
	}
	return true
}
