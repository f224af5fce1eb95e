package circuits

import "github.com/zkml-go/zkml/circuits/gate"

// FinishUnclosed is Finish without closing what was left open: the mistake that
// closeLeft is there for.
func (b *Builder) FinishUnclosed() {
	pending := b.tables.Collect()
	if len(pending.Wires) > 0 {
		pending.Finish(b.g.Commit(pending.Wires))
	}
}

// Check exports check.
func (b *Builder) Check(w gate.Wire, shift int64, bits int) { b.check(w, shift, bits) }

// Commitment exports commitment.
func (b *Builder) Commitment(d Domain, salt gate.Wire, words []gate.Wire) gate.Wire {
	return b.commitment(d, salt, words)
}

// Equal exports equal.
func (b *Builder) Equal(x, y gate.Wire) { b.equal(x, y) }

// Plan tells how a saturation of values in [lo, hi] is decomposed: whether a
// value may be below or above the output's window, in how many bits the side is
// told, and which of these is inside.
func (s Saturation) Plan(lo, hi int64) (below, above bool, top int, normal int64) {
	p := s.plan(lo, hi)
	return p.below, p.above, p.top, p.normal
}
