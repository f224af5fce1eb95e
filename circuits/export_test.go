package circuits

import (
	"github.com/zkml-go/zkml/argument"
	"github.com/zkml-go/zkml/gate"
)

// FinishUnclosed is Finish without closing what was left open: the mistake that
// closeLeft is there for.
func (b *Builder) FinishUnclosed() { argument.Finish(b.g, b.arguments) }

// Argue exports argue.
func (b *Builder) Argue(a argument.Argument) { b.argue(a) }

// Check exports check.
func (b *Builder) Check(w gate.Wire, shift int64, bits int) { b.check(w, shift, bits) }

// Commitment exports commitment.
func (b *Builder) Commitment(d Domain, salt gate.Wire, words []gate.Wire) gate.Wire {
	return b.commitment(d, salt, words)
}

// Hash exports hash.
func (b *Builder) Hash(d Domain, in []gate.Wire) gate.Wire { return b.hash(d, in) }

// Signed exports signed.
func (b *Builder) Signed(key, r [2]gate.Wire, s, message gate.Wire) { b.signed(key, r, s, message) }

// LowBits exports lowBits.
func (b *Builder) LowBits(v gate.Wire) []gate.Wire { return b.lowBits(v) }

// Scalar exports scalar.
func (b *Builder) Scalar(s gate.Wire) []gate.Wire { return b.scalar(s) }

// Equal exports equal.
func (b *Builder) Equal(x, y gate.Wire) { b.equal(x, y) }

// Plan tells how a saturation of values in [lo, hi] is decomposed: whether a
// value may be below or above the output's window, in how many bits the side is
// told, and which of these is inside.
func (s Saturation) Plan(lo, hi int64) (below, above bool, top int, normal int64) {
	p := s.plan(lo, hi)
	return p.below, p.above, p.top, p.normal
}

// AddAndDouble gives the sum of two points, and twice the first.
func (b *Builder) AddAndDouble(p, q [2]gate.Wire) (x, y, dx, dy gate.Wire) {
	at := b.onCurve(p[0], p[1])
	sum, twice := b.add(at, b.onCurve(q[0], q[1])), b.double(at)
	return sum.x, sum.y, twice.x, twice.y
}

// Multiple gives the bits' number times a point.
func (b *Builder) Multiple(bits []gate.Wire, p [2]gate.Wire) (x, y gate.Wire) {
	out := b.multiple(bits, b.onCurve(p[0], p[1]))
	return out.x, out.y
}

// BaseMultiple gives the bits' number times the base point.
func (b *Builder) BaseMultiple(bits []gate.Wire) (x, y gate.Wire) {
	out := b.baseMultiple(bits)
	return out.x, out.y
}
