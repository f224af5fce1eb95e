package circuits

import (
	"github.com/zkml-go/zkml/gate"
)

// productRange is the interval of x·y.
func productRange(x, y *Value) (lo, hi int64) {
	ps := []int64{x.Lo * y.Lo, x.Lo * y.Hi, x.Hi * y.Lo, x.Hi * y.Hi}
	return min(ps[0], ps[1], ps[2], ps[3]), max(ps[0], ps[1], ps[2], ps[3])
}

// Multiply returns x·y: one gate.
//
// Soundness: one gate determines it. Range: the product of the intervals, which
// the caller has found to stay below 2^MaxBits.
func (b *Builder) Multiply(x, y *Value) *Value {
	ws := b.CloseAll([]*Value{x, y})
	lo, hi := productRange(x, y)
	return Known(b.g.Quad(ws[0], ws[1], gate.Q{M: 1}), lo, hi)
}

// Dot returns Σ x_k·y_k: two gates per term, less one.
//
// Soundness: gates determine it. Range: the sum of the products' intervals,
// below 2^MaxBits by the caller's analysis.
func (b *Builder) Dot(xs, ys []*Value) *Value {
	terms := make([]gate.Term, len(xs))
	out := &Value{}
	for k := range xs {
		p := b.Multiply(xs[k], ys[k])
		terms[k] = gate.T(p.wire, 1)
		out.Lo, out.Hi = out.Lo+p.Lo, out.Hi+p.Hi
	}
	out.wire = gate.Sum(b.g, terms)
	return out
}

// Divide returns floor(n/d + 1/2) for 0 ≤ n and d > 0, where the quotient is in
// [0, 2^bits).
//
// Soundness: that of floorQuotient, with 2n + d and 2d: q·D < 2^(bits+MaxBits) is far below r.
// Range: n, d known, d.Lo > 0.
func (b *Builder) Divide(n, d *Value, bits int) *Value {
	ws := b.CloseAll([]*Value{n, d})
	numerator := b.g.Quad(ws[0], ws[1], gate.Q{L: 2, R: 1})
	divisor := b.g.Quad(ws[1], ws[1], gate.Q{L: 2})
	q, _ := b.floorQuotient(numerator, divisor, Window{Bits: bits}, Cover(0, 2*d.Hi-1))
	return Known(q, 0, min(1<<bits-1, (2*n.Hi+d.Hi)/(2*d.Lo)))
}

// floorQuotient returns floor(N/D) and what it leaves, for D > 0, where the quotient is in a window,
// and all remainders are in another, which starts at 0.
//
// Soundness: N = q·D + ρ is asserted. q is range-checked, and so are ρ ≥ 0 and D − 1 − ρ ≥ 0.
// So 0 ≤ ρ < D, and only one pair (q, ρ) is left: two would differ by |Δq|·D = |Δρ| < D.
// Nothing wraps: |q·D| < 2^(windowBits+1+MaxBits) is far below r.
func (b *Builder) floorQuotient(numerator, divisor gate.Wire, window, rests Window) (whole, left gate.Wire) {
	qr := b.g.Hint(Divide, 2, numerator, divisor)
	q := b.Bound(qr[:1], window)[0]
	b.Bound(qr[1:], rests)
	rest := b.g.Quad(divisor, qr[1], gate.Q{L: 1, R: -1, K: -1})
	b.Bound([]gate.Wire{rest}, rests)
	product := b.g.Quad(q.wire, divisor, gate.Q{M: 1})
	gate.AssertZero(b.g, []gate.Term{gate.T(numerator, 1), gate.T(product, -1), gate.T(qr[1], -1)})
	return q.wire, qr[1]
}
