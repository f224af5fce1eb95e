package circuits

import (
	"math/big"
	"math/bits"

	"github.com/zkml-go/zkml/gate"
)

// gapBits is the width of m − v for a maximum m in top and a v of at least lo.
func gapBits(lo int64, top Window) int { return bits.Len64(uint64(max(top.Last()-lo, 0))) }

// MaxWindow is the window in which a value in [lo, hi] must be open to be bound as a
// maximum less a difference, where maxima are open in top. If that is too wide, it is
// the interval's window, and Max closes the value first.
func MaxWindow(lo, hi int64, top Window) Window {
	return maxWindow(lo, top).orCover(lo, hi)
}

func maxWindow(lo int64, top Window) Window {
	return below(top, gapBits(lo, top), -1)
}

// below is the window of values at most 2^width + more below top. It is not bounded if
// top or the distance is too wide to compute it.
func below(top Window, width int, more int64) Window {
	if !top.bounded() || width > windowBits {
		return Window{Bits: windowBits + 1}
	}
	return Cover(top.Base-(1<<width+more), top.Last())
}

// Max returns the largest value of each window; that of window i is open in
// top[i], which must hold it.
//
// Soundness: the maximum m is hinted. For each element, e = m − v is asserted
// and range-checked to be ≥ 0, so m is no less than any; the product of a
// window's e is zero, so m equals one. An open element is bound as m − e, which
// its window holds because m is in top: closing m asserts that. Range:
// elements in [Lo, Hi], the maximum in [max Lo, max Hi].
func (b *Builder) Max(vs []*Value, windows [][]int32, top []Window) []*Value {
	b.closeShared(vs, windows)
	out := make([]*Value, len(windows))
	for i, w := range windows {
		members := make([]*Value, len(w))
		for k, j := range w {
			members[k] = vs[j]
		}
		out[i] = b.max(members, top[i])
	}
	return out
}

// closeShared closes the values that occur in several windows: a slot can be bound
// only once.
func (b *Builder) closeShared(vs []*Value, windows [][]int32) {
	count := map[*Value]int{}
	var shared []*Value
	for _, w := range windows {
		for _, j := range w {
			if count[vs[j]]++; count[vs[j]] == 2 {
				shared = append(shared, vs[j])
			}
		}
	}
	b.CloseAll(shared)
}

func (b *Builder) max(vs []*Value, top Window) *Value {
	if len(vs) == 1 {
		return vs[0]
	}
	b.fit(vs, func(v *Value) Window { return maxWindow(v.Lo, top) })
	m := &Value{Lo: vs[0].Lo, Hi: vs[0].Hi, Window: top}
	for _, v := range vs[1:] {
		m.Lo, m.Hi = max(m.Lo, v.Lo), max(m.Hi, v.Hi)
	}
	b.open(m).wire = b.g.Hint(Largest, 1, b.peek(vs)...)[0]
	gaps := make([]gate.Wire, len(vs))
	for i, v := range vs {
		gaps[i] = b.gap(v, m.wire, gate.Term{}, gapBits(v.Lo, top))
	}
	b.productZero(gaps)
	return m
}

// gap asserts v = m − e − less for an e in [0, 2^width), and returns e. less is
// left out if it has no wire; otherwise it is a range-checked bit.
//
// Soundness: e is range-checked; a known v gives it by a gate, an open one is
// bound to it.
func (b *Builder) gap(v *Value, m gate.Wire, less gate.Term, width int) gate.Wire {
	if !v.open {
		e := b.g.Quad(m, b.wireOf(v), gate.Q{L: 1, R: -1})
		if less.Wire != nil {
			e = b.g.Linear(gate.T(e, 1), gate.Term{Wire: less.Wire, Coef: new(big.Int).Neg(less.Coef)})
		}
		return b.Bound([]gate.Wire{e}, Window{Bits: width})[0].wire
	}
	inputs := []gate.Wire{m, b.peek([]*Value{v})[0]}
	if less.Wire != nil {
		inputs = append(inputs, less.Wire)
	}
	e := b.wire(b.digits(b.g.Hint(Difference, 1, inputs...), 0, b.widths(width))[0].expression(0))
	x := expression{terms: []gate.Term{gate.T(m, 1), gate.T(e, -1)}, constant: new(big.Int)}
	if less.Wire != nil {
		x.terms = append(x.terms, gate.Term{Wire: less.Wire, Coef: new(big.Int).Neg(less.Coef)})
	}
	b.bind(v, x)
	return e
}

// productZero asserts that one of the wires is zero. One gate less than wires.
func (b *Builder) productZero(ws []gate.Wire) {
	acc := ws[0]
	for _, w := range ws[1 : len(ws)-1] {
		acc = b.g.Quad(acc, w, gate.Q{M: 1})
	}
	last := ws[len(ws)-1]
	b.g.Assert(acc, last, last, gate.Q{M: 1})
}
