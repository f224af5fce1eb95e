package circuits

import "math/bits"

// compareBits is the width of the distances on either side of from, for values in
// [lo, hi]: v is at least from − 2^width, and below from + 2^width. A last digit that
// would need a table of its own is widened to a whole one.
func compareBits(lo, hi, from int64, digit int) int {
	width := bits.Len64(uint64(max(hi-from, from-1-lo, 0)))
	if rest := width % digit; rest > polynomialBits && width+digit-rest < windowBits {
		width += digit - rest
	}
	return width
}

// compareWindow is [from − 2^width, from + 2^width): from in the middle, so that the
// highest bit of a distance from its start tells the side.
func compareWindow(from int64, width int) Window {
	return Window{Base: from - 1<<width, Bits: width + 1}
}

// CompareWindow is the window in which a value in [lo, hi] must be open for Compare. If
// that is too wide, it is the interval's window, and Compare closes the value first.
func (b *Builder) CompareWindow(lo, hi, from int64) Window {
	return compareWindow(from, compareBits(lo, hi, from, b.digit)).orCover(lo, hi)
}

// Compare returns for each value the bit [v ≥ from]. Two values are compared by their
// difference: [x > y] is [x − y ≥ 1].
//
// Soundness: with 2^w at least the distance of v from from on either side,
//
//	v − (from − 2^w) = r + 2^w·bit
//
// is asserted, where r's digits are range-checked to cover [0, 2^w) and bit is 0 or
// 1. The right side takes every integer of [0, 2^(w+1)) once, so that each v has one such
// pair, and bit is 1 where v ≥ from and 0 where v < from, whatever the hint says.
// Range: v open in its CompareWindow, or known in [Lo, Hi]; out in {0, 1}, and one of
// the two where [Lo, Hi] is on one side of from.
func (b *Builder) Compare(vs []*Value, from int64) []*Value {
	out := make([]*Value, len(vs))
	index := make([]int, len(vs))
	for i := range index {
		index[i] = i
	}
	width := func(i int) int { return compareBits(vs[i].Lo, vs[i].Hi, from, b.digit) }
	batches(index, width, func(width int, batch []int) {
		values := make([]*Value, len(batch))
		for k, i := range batch {
			values[k] = vs[i]
		}
		window := compareWindow(from, width)
		b.fit(values, func(*Value) Window { return window })
		widths := append(b.widths(width), 1)
		for k, d := range b.digits(b.peek(values), window.Base, widths) {
			b.bind(values[k], d.expression(window.Base))
			v := values[k]
			out[batch[k]] = Known(d.wires[len(widths)-1], bit(v.Lo >= from), bit(v.Hi >= from))
		}
	})
	return out
}

// bit is 1 for true, else 0.
func bit(holds bool) int64 {
	if holds {
		return 1
	}
	return 0
}
