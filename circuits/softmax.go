package circuits

import (
	"github.com/zkml-go/zkml/gate"
)

// Distances returns how far each value lies below the largest of them.
//
// Soundness: as Max, on closed values: each distance is range-checked to be ≥ 0,
// and their product is zero. Range: the values' intervals; out in
// [0, max Hi − Lo].
func (b *Builder) Distances(vs []*Value) []*Value {
	b.CloseAll(vs)
	hi := vs[0].Hi
	for _, v := range vs {
		hi = max(hi, v.Hi)
	}
	m := b.g.Hint(Largest, 1, b.peek(vs)...)[0]
	out := make([]*Value, len(vs))
	gaps := make([]gate.Wire, len(vs))
	for i, v := range vs {
		gaps[i] = b.gap(v, m, gate.Term{}, Cover(0, hi-v.Lo).Bits)
		out[i] = Known(gaps[i], 0, hi-v.Lo)
	}
	if len(gaps) == 1 {
		b.g.Assert(gaps[0], gaps[0], gaps[0], gate.Q{L: 1})
	} else {
		b.productZero(gaps)
	}
	return out
}

// Total returns the sum of values, which the caller knows to be in [lo, hi].
//
// Soundness: gates alone. Range: the caller's.
func (b *Builder) Total(vs []*Value, lo, hi int64) *Value {
	terms := make([]gate.Term, len(vs))
	for i, w := range b.CloseAll(vs) {
		terms[i] = gate.T(w, 1)
	}
	return Known(gate.Sum(b.g, terms), lo, hi)
}

// Scaled returns v·factor: one gate.
func (b *Builder) Scaled(v *Value, factor int64) *Value {
	w := b.g.Quad(b.CloseAll([]*Value{v})[0], b.one, gate.Q{L: int(factor)})
	return Known(w, v.Lo*factor, v.Hi*factor)
}

// Below returns −x − y: one gate.
func (b *Builder) Below(x, y *Value) *Value {
	ws := b.CloseAll([]*Value{x, y})
	return Known(b.g.Quad(ws[0], ws[1], gate.Q{L: -1, R: -1}), -x.Hi-y.Hi, -x.Lo-y.Lo)
}

// Floor returns v >> shift for v ≥ 0.
//
// Soundness: v equals range-checked digits; those from bit shift on form the
// result. Range: [Lo >> shift, Hi >> shift].
func (b *Builder) Floor(v *Value, shift int) *Value {
	if shift == 0 {
		return v
	}
	low, high := b.widths(shift), b.widths(Cover(0, v.Hi>>shift).Bits)
	d := b.digits(b.CloseAll([]*Value{v}), 0, append(append([]int{}, low...), high...))[0]
	b.bind(v, d.expression(0))
	top := digits{d.wires[len(low):], high}
	return Known(b.wire(top.expression(0)), v.Lo>>shift, v.Hi>>shift)
}
