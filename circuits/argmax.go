package circuits

import (
	"math/big"

	"github.com/zkml-go/zkml/gate"
)

// ArgMaxWindow is the window in which a value in [lo, hi] must be open to be bound as
// a maximum less a difference less a bit, for a group whose values are in all. If that
// is too wide, it is the interval's window, and ArgMax closes the value first.
func ArgMaxWindow(lo, hi int64, all Window) Window {
	return argMaxWindow(lo, all).orCover(lo, hi)
}

func argMaxWindow(lo int64, all Window) Window {
	return below(all, gapBits(lo, all), 0)
}

// ArgMax returns the position of the largest value; of equal ones the first, or
// the last where last is set. all must hold every value of the group.
//
// Soundness: the maximum m and a one-hot selector are hinted. The selectors are
// bits and sum to one. beaten_j is one for the positions that must not tie with the
// winner (those before it; with last, those after it). It is a sum of selectors, so a
// bit. m is range-checked to be in all; v_j = m − e_j − beaten_j with e_j
// range-checked to be ≥ 0, and sel_j·e_j = 0: the selected value equals m,
// no value exceeds it, and none at a beaten position equals it. So only one position
// fits. Range: values in all; the result in [0, len(vs)).
func (b *Builder) ArgMax(vs []*Value, last bool, all Window) *Value {
	n := len(vs)
	if n == 1 {
		b.CloseAll(vs)
		return Known(b.wire(expression{constant: new(big.Int)}), 0, 0)
	}
	b.fit(vs, func(v *Value) Window { return argMaxWindow(v.Lo, all) })
	ties := int64(0)
	if last {
		ties = 1
	}
	hinted := b.g.Hint(Winner, 1+n, append([]gate.Wire{big.NewInt(ties)}, b.peek(vs)...)...)
	m, sel := hinted[0], hinted[1:]
	if anyOpen(vs) { // else m = v + e for a known v at e = 0
		b.Bound([]gate.Wire{m}, all)
	}
	for _, s := range sel {
		b.check(s, 0, 1)
	}
	beaten, class := b.ranks(sel, last)
	for j, v := range vs {
		e := b.gap(v, m, beaten[j], gapBits(v.Lo, all))
		b.g.Assert(sel[j], e, e, gate.Q{M: 1})
	}
	return Known(class, 0, int64(n-1))
}

// ranks asserts that the selectors sum to one, and returns the bits beaten_j (nil
// where it is always zero) and the winner's position: the number of positions before
// it.
func (b *Builder) ranks(sel []gate.Wire, last bool) (beaten []gate.Term, class gate.Wire) {
	n := len(sel)
	before := make([]gate.Wire, n-1) // before[j]: the winner comes after j
	before[0] = b.g.Quad(sel[0], b.one, gate.Q{L: -1, K: 1})
	for j := 1; j < n-1; j++ {
		before[j] = b.g.Quad(before[j-1], sel[j], gate.Q{L: 1, R: -1})
	}
	b.g.Assert(before[n-2], sel[n-1], sel[n-1], gate.Q{L: 1, R: -1})
	sum := make([]gate.Term, n-1)
	for j, w := range before {
		sum[j] = gate.T(w, 1)
	}
	beaten = make([]gate.Term, n)
	for j := range n - 1 {
		if last { // the winner came before j+1
			after := b.g.Quad(before[j], b.one, gate.Q{L: -1, K: 1})
			beaten[j+1] = gate.T(after, 1)
		} else {
			beaten[j] = gate.T(before[j], 1)
		}
	}
	return beaten, gate.Sum(b.g, sum)
}

func anyOpen(vs []*Value) bool {
	for _, v := range vs {
		if v.open {
			return true
		}
	}
	return false
}
