package circuits

import (
	"fmt"
	"math/big"
	"math/bits"

	"github.com/zkml-go/zkml/gate"
)

// TopBits is the width in which n values of [lo, hi] are put in order with their positions. It
// may exceed what Top takes.
func TopBits(lo, hi int64, n int) int { return bits.Len64(uint64(hi-lo)) + bits.Len(uint(n-1)) }

// Top returns, for each of the k largest values, a bit for each value: bit k·n + j is one where
// the k-th largest is value j. Of equal values the first counts as larger.
//
// They cost three gates each. The values also take two gates and a range check each where
// k < n, and each place a range check.
//
// Soundness: with n values, let y_j = n·v_j + (n − 1 − j), less a constant that puts all of
// them in [B, 2B) for a power of two B. They are different, and their order is the wanted
// one. The hinted e_mj are asserted to be bits, and o_m = Σ_j e_mj·y_j, so that o_m is at
// least twice B where a place m has two ones or more, and zero where it has none. Range checks
// assert o_1 < 2B, o_m − o_{m+1} − 1 ≥ 0 and o_k ≥ B: so each place has a single one, and no two
// places have the same. Where k < n, s_j = Σ_m e_mj then is a bit, one for k of the values, and
// 2·s_j·u_j + s_j − u_j − 1 with u_j = y_j − o_k is range-checked to be ≥ 0: it is u_j where s_j
// is one, and −u_j − 1 where it is zero. So the values of the places are those that are no less
// than the last of them, and the others are less. Nothing wraps: sums are below 2n·B < 2^64.
// Range: values known in [Lo, Hi] or open, of TopBits up to MaxBits; the outputs are bits.
func (b *Builder) Top(vs []*Value, k int) []*Value {
	n := len(vs)
	if k < 1 || k > n {
		panic(fmt.Sprintf("circuits: the %d largest of %d values", k, n))
	}
	ws := b.CloseAll(vs)
	if n == 1 {
		return []*Value{b.sure(1)}
	}
	y, all := b.ordered(ws, vs)
	sel := b.g.Hint(Order, k*n, append([]gate.Wire{big.NewInt(int64(k))}, y...)...)
	out := make([]*Value, k*n)
	for i, e := range sel {
		b.check(e, 0, 1)
		out[i] = Known(e, 0, 1)
	}
	places := make([]gate.Wire, k)
	for m := range places {
		terms := make([]gate.Term, n)
		for j, e := range sel[m*n : (m+1)*n] {
			terms[j] = gate.T(b.g.Quad(e, y[j], gate.Q{M: 1}), 1)
		}
		places[m] = gate.Sum(b.g, terms)
	}
	b.falling(places, all)
	if k < n {
		b.beaten(y, sel, places[k-1], all.Bits)
	}
	return out
}

// ordered gives for each value an integer of a window, [B, 2B): all different, and in the order
// of the values.
func (b *Builder) ordered(ws []gate.Wire, vs []*Value) ([]gate.Wire, Window) {
	n, lo, hi := len(vs), vs[0].Lo, vs[0].Hi
	for _, v := range vs {
		lo, hi = min(lo, v.Lo), max(hi, v.Hi)
	}
	width := TopBits(lo, hi, n)
	if width > MaxBits {
		panic(fmt.Sprintf("circuits: %d values in [%d, %d] have no order of %d bits", n, lo, hi, MaxBits))
	}
	start := int64(1) << width
	y := make([]gate.Wire, n)
	least := new(big.Int).Mul(big.NewInt(lo), big.NewInt(int64(n)))
	for j, w := range ws {
		c := big.NewInt(start + int64(n-1-j))
		c.Sub(c, least)
		if c.IsInt64() {
			y[j] = b.g.Quad(w, b.one, gate.Q{L: n, K: int(c.Int64())})
			continue
		}
		y[j] = b.g.Linear(gate.T(w, int64(n)), gate.Term{Wire: b.one, Coef: c})
	}
	return y, Window{Base: start, Bits: width}
}

// falling asserts that wires are in a window, each below the one before it.
func (b *Builder) falling(ws []gate.Wire, all Window) {
	b.Bound(ws[:1], all)
	steps := make([]gate.Wire, len(ws)-1)
	for m := range steps {
		steps[m] = b.g.Quad(ws[m], ws[m+1], gate.Q{L: 1, R: -1, K: -1})
	}
	b.Bound(steps, Window{Bits: all.Bits})
	if len(ws) > 1 {
		b.Bound(ws[len(ws)-1:], all)
	}
}

// beaten asserts that the elements that have no place are below the last place, and that the
// others are not.
func (b *Builder) beaten(y, sel []gate.Wire, last gate.Wire, width int) {
	n := len(y)
	sides := make([]gate.Wire, n)
	for j := range y {
		terms := []gate.Term{}
		for at := j; at < len(sel); at += n {
			terms = append(terms, gate.T(sel[at], 1))
		}
		u := b.g.Quad(y[j], last, gate.Q{L: 1, R: -1})
		sides[j] = b.g.Quad(gate.Sum(b.g, terms), u, gate.Q{L: 1, R: -1, M: 2, K: -1})
	}
	b.Bound(sides, Window{Bits: width})
}
