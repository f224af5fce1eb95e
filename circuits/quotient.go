package circuits

import (
	"errors"

	"github.com/zkml-go/zkml/gate"
)

// Rounding tells which integer a quotient becomes.
type Rounding int

// Nearest is the nearest integer, halves up; Down is the largest that is not above; ToZero
// drops the fraction.
const (
	Nearest Rounding = iota
	Down
	ToZero
)

// Division divides n·Num by d·Den, for positive Num and Den. A divisor of zero counts as
// the least positive one. With Rest the result is what the quotient leaves, n − quotient·d, where
// both factors are 1: of the sign of d for Down, and of n for ToZero.
type Division struct {
	Num, Den int64
	Rounding Rounding
	Rest     bool
}

// ratioBits bounds n·Num and d·Den, so that twice one and the other together fit MaxBits.
const ratioBits = MaxBits - 2

var errWideQuotient = errors.New("a quotient's parts are too wide: use fewer bits for activations")

// Eval is the quotient as specified, or what it leaves.
func (q Division) Eval(n, d int64) int64 {
	if d == 0 {
		d = 1
	}
	whole := q.quotient(n, d)
	if q.Rest {
		return n - whole*d
	}
	return whole
}

func (q Division) quotient(n, d int64) int64 {
	if d < 0 {
		n, d = -n, -d
	}
	n, d = n*q.Num, d*q.Den
	switch q.Rounding {
	case Nearest:
		return floorOf(2*n+d, 2*d)
	case Down:
		return floorOf(n, d)
	}
	return n / d
}

// floorOf is the largest integer not above n/d, for d > 0.
func floorOf(n, d int64) int64 {
	q := n / d
	if n%d < 0 {
		q--
	}
	return q
}

// Check fails where the factors are none, or the parts of a quotient of n in [nLo, nHi] and d
// in [dLo, dHi] too wide.
func (q Division) Check(nLo, nHi, dLo, dHi int64) error {
	if q.Num < 1 || q.Den < 1 || q.Rounding < Nearest || q.Rounding > ToZero {
		return errors.New("a quotient's factors are not positive, or its rounding is unknown")
	}
	if q.Rest && (q.Num != 1 || q.Den != 1 || q.Rounding == Nearest) {
		return errors.New("what a rounded quotient leaves is not supported")
	}
	if max(nHi, -nLo) > 1<<ratioBits/q.Num || max(dHi, -dLo, 1) > 1<<ratioBits/q.Den {
		return errWideQuotient
	}
	return nil
}

// Range is an interval of the results for n in [nLo, nHi] and d in [dLo, dHi]: of quotients
// the smallest.
func (q Division) Range(nLo, nHi, dLo, dHi int64) (lo, hi int64) {
	if q.Rest {
		return q.rests(nLo, nHi, dLo, dHi)
	}
	var ends []int64
	for _, d := range []int64{dLo, dHi, -1, 1} {
		if d >= dLo && d <= dHi || d == 1 && dLo <= 0 && dHi >= 0 {
			ends = append(ends, q.Eval(nLo, d), q.Eval(nHi, d))
		}
	}
	lo, hi = ends[0], ends[0]
	for _, e := range ends {
		lo, hi = min(lo, e), max(hi, e)
	}
	return lo, hi
}

// rests is the interval of what quotients leave.
func (q Division) rests(nLo, nHi, dLo, dHi int64) (lo, hi int64) {
	most := max(dHi, -dLo, 1) - 1
	if q.Rounding == ToZero {
		return -min(most, max(-nLo, 0)), min(most, max(nHi, 0))
	}
	return min(0, max(dLo, -most)), max(0, min(dHi-1, most))
}

// Quotient divides n by d.
//
// Soundness: the signs of d, and of n where ToZero asks for it, are bits of Compare. By gates
// alone they turn d into D > 0 and n into the numerator of D; where the interval of d has a
// zero, a second bit adds 1 to it. What floorQuotient asserts then leaves one quotient and one
// remainder, to which gates give the sign. Range: n and d as Check allows; out in Range of their
// intervals.
func (b *Builder) Quotient(n, d *Value, by Division) *Value {
	if err := by.Check(n.Lo, n.Hi, d.Lo, d.Hi); err != nil {
		panic("circuits: " + err.Error())
	}
	lo, hi := by.Range(n.Lo, n.Hi, d.Lo, d.Hi)
	b.CloseAll([]*Value{n, d})
	d, turned := b.aboveZero(d)
	var sign *Value // of the result: 1 where it stays as it is
	if turned != nil && !(by.Rest && by.Rounding == ToZero) {
		n = b.withSign(n, turned)
		if by.Rest {
			sign = turned
		}
	}
	if by.Rounding == ToZero && n.Lo < 0 {
		sign = b.Compare([]*Value{n}, 0)[0]
		n = b.withSign(n, sign)
	}
	floor := Division{Num: by.Num, Den: by.Den, Rounding: min(by.Rounding, Down)}
	numerator, divisor, most := b.parts(n, d, floor)
	least, top := floor.Range(n.Lo, n.Hi, d.Lo, d.Hi)
	out, rest := b.floorQuotient(numerator, divisor, b.wholeDigits(Cover(least, top)), b.wholeDigits(Cover(0, most-1)))
	if by.Rest {
		out, least, top = rest, 0, most-1
	}
	if sign != nil {
		out = b.withSign(Known(out, least, top), sign).wire
	}
	return Known(out, lo, hi)
}

// aboveZero is |d|, or 1 where d is zero. turned is nil where d is never negative, and else
// tells where it is not.
func (b *Builder) aboveZero(d *Value) (size, turned *Value) {
	if d.Lo > 0 {
		return d, nil
	}
	most := max(d.Hi, -d.Lo, 1)
	positive := b.Compare([]*Value{d}, 1)[0]
	if d.Lo == 0 {
		return Known(b.g.Quad(d.wire, positive.wire, gate.Q{L: 1, R: -1, K: 1}), 1, most), nil
	}
	turned = b.Compare([]*Value{d}, 0)[0]
	one := b.g.Quad(b.withSign(d, turned).wire, turned.wire, gate.Q{L: 1, R: 1})
	return Known(b.g.Quad(one, positive.wire, gate.Q{L: 1, R: -1}), 1, most), turned
}

// withSign is v where sign is 1, and −v where it is 0: one gate.
func (b *Builder) withSign(v, sign *Value) *Value {
	w := b.g.Quad(sign.wire, v.wire, gate.Q{M: 2, R: -1})
	switch most := max(v.Hi, -v.Lo); {
	case sign.Lo == 1:
		return Known(w, v.Lo, v.Hi)
	case sign.Hi == 0:
		return Known(w, -v.Hi, -v.Lo)
	default:
		return Known(w, -most, most)
	}
}

// parts are the numerator and the divisor, at most most, whose quotient is rounded down.
func (b *Builder) parts(n, d *Value, by Division) (numerator, divisor gate.Wire, most int64) {
	if by.Rounding == Nearest {
		numerator = b.g.Quad(n.wire, d.wire, gate.Q{L: int(2 * by.Num), R: int(by.Den)})
		return numerator, b.g.Quad(d.wire, d.wire, gate.Q{L: int(2 * by.Den)}), 2 * by.Den * d.Hi
	}
	return b.Scaled(n, by.Num).wire, b.Scaled(d, by.Den).wire, by.Den * d.Hi
}

// wholeDigits widens a window whose last digit would need a table of its own.
func (b *Builder) wholeDigits(w Window) Window {
	if rest := w.Bits % b.digit; rest > polynomialBits {
		if wide := (Window{Base: w.Base, Bits: w.Bits + b.digit - rest}); wide.bounded() {
			return wide
		}
	}
	return w
}
