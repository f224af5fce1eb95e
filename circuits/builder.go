// Package circuits owns the gadgets: packed linear layers, saturating rescale,
// table functions, maximum, argmax, products, division, comparisons, splits, decision trees,
// places in an order, commitments, and the one frontend.Circuit that they form. It must not
// know ONNX or graphs. program composes gadgets; prover compiles the circuit.
//
// Integers. A field element stands for the integer of least magnitude in its
// class. Every Value has an interval [Lo, Hi] in which it provably lies.
//
// Open values. The sums of a packed linear layer are not wires: they are slots of
// one field element. A slot, or a wire that nothing bounds yet, is open: its
// consumer closes it by asserting that it equals an expression whose parts are
// range-checked to stay inside the value's Window.
package circuits

import (
	"fmt"
	"math/big"
	"math/bits"
	"slices"

	"github.com/zkml-go/zkml/argument"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/lookup"
)

// MaxBits bounds every integer of the model: |v| ≤ 2^MaxBits. Differences of two
// integers, with what a window adds to them, then fit 64 bits.
const MaxBits = 60

// windowBits bounds the windows of open values, so that values computed from two
// windows fit 64 bits.
const windowBits = 62

// Builder makes one circuit.
type Builder struct {
	g         gate.API
	arguments []argument.Argument // behind the one commitment
	tables    *lookup.Argument    // one of them
	digit     int
	one       gate.Wire
	count     bool
	opened    []*Value // the open values, and some that were closed since
	hashed    *hashed  // nil but for a model whose weights are witnesses
}

// NewBuilder starts a circuit whose range checks use digits of digitBits bits.
// anchor is any wire of the circuit.
func NewBuilder(g gate.API, digitBits int, anchor gate.Wire) *Builder {
	_, count := g.(*gate.Counter)
	b := &Builder{
		g: g, tables: lookup.New(g), digit: digitBits, count: count,
		one: g.Quad(anchor, anchor, gate.Q{K: 1}),
	}
	b.argue(b.tables)
	return b
}

// Window is a range of integers: v − Base is in [0, 2^Bits).
type Window struct {
	Base int64
	Bits int
}

// Last is the largest integer of the window.
func (w Window) Last() int64 { return w.Base + 1<<w.Bits - 1 }

func (w Window) holds(o Window) bool { return w.Base <= o.Base && o.Last() <= w.Last() }

// bounded tells whether the window is inside [−2^windowBits, 2^windowBits).
func (w Window) bounded() bool {
	const most = int64(1) << windowBits
	return w.Bits >= 0 && w.Bits <= windowBits && -most <= w.Base && w.Base <= most-1<<w.Bits
}

// Cover is the window that starts at lo and holds [lo, hi] in the fewest bits.
func Cover(lo, hi int64) Window { return Window{Base: lo, Bits: bits.Len64(uint64(hi - lo))} }

// orCover is the window if it is bounded, else the smallest one around the interval.
func (w Window) orCover(lo, hi int64) Window {
	if w.bounded() {
		return w
	}
	return Cover(lo, hi)
}

// Value is an integer of the circuit, shared by pointer: closing it closes it for
// all its consumers.
type Value struct {
	Lo, Hi int64
	Window Window // of an open value
	wire   gate.Wire
	slot   *slot
	open   bool
	bound  expression // of a slot that is closed
}

// Known wraps a wire that constraints already keep in [lo, hi].
func Known(w gate.Wire, lo, hi int64) *Value { return &Value{Lo: lo, Hi: hi, wire: w} }

// expression is Σ terms + constant.
type expression struct {
	terms    []gate.Term
	constant *big.Int
}

// bind asserts that v equals e, and closes v if it is open.
//
// Soundness: for an open value, the caller has range-checked e's wires so that e
// is in v.Window whatever the prover puts there. A wire then equals e; a slot
// equals e because the windows of one pack do not overlap (see pack).
func (b *Builder) bind(v *Value, e expression) {
	if v.open && v.slot != nil {
		v.open, v.bound = false, e
		v.slot.bind(b, e)
		return
	}
	v.open = false
	terms := append(negated(e.terms, 0), gate.T(b.wireOf(v), 1))
	if e.constant.Sign() != 0 {
		terms = append(terms, gate.Term{Wire: b.one, Coef: new(big.Int).Neg(e.constant)})
	}
	gate.AssertZero(b.g, terms)
}

// wireOf gives the wire of a value that is closed or already a wire.
func (b *Builder) wireOf(v *Value) gate.Wire {
	if v.wire == nil {
		if v.open {
			panic("circuits: an open slot has no wire")
		}
		v.wire = b.wire(v.bound)
	}
	return v.wire
}

// negated gives −2^shift times each term.
func negated(terms []gate.Term, shift uint) []gate.Term {
	out := make([]gate.Term, len(terms), len(terms)+2)
	for i, t := range terms {
		c := new(big.Int).Lsh(t.Coef, shift)
		out[i] = gate.Term{Wire: t.Wire, Coef: c.Neg(c)}
	}
	return out
}

// peek gives wires with the values' integers for use in hints only: nothing binds them.
func (b *Builder) peek(vs []*Value) []gate.Wire {
	out := make([]gate.Wire, len(vs))
	for i, v := range vs {
		if v.open && v.slot != nil {
			out[i] = v.slot.peek(b)
		} else {
			out[i] = b.wireOf(v)
		}
	}
	return out
}

// CloseAll closes the values that are still open, by range checks over their windows,
// and returns a wire for each.
func (b *Builder) CloseAll(vs []*Value) []gate.Wire {
	var open []*Value
	seen := map[*Value]bool{}
	for _, v := range vs {
		if v.open && !seen[v] {
			open = append(open, v)
			seen[v] = true
		}
	}
	b.close(open)
	out := make([]gate.Wire, len(vs))
	for i, v := range vs {
		out[i] = b.wireOf(v)
	}
	return out
}

// close binds each value to digits over its window.
//
// Soundness: digits are range-checked, and together they cover exactly the window.
func (b *Builder) close(vs []*Value) {
	batches(vs, func(v *Value) Window { return v.Window }, func(w Window, batch []*Value) {
		for i, d := range b.digits(b.peek(batch), w.Base, b.widths(w.Bits)) {
			b.bind(batch[i], d.expression(w.Base))
		}
	})
}

// fit closes the values whose windows are too narrow to be bound inside the given
// ones, and all values if one of the given windows is not bounded.
func (b *Builder) fit(vs []*Value, want func(*Value) Window) {
	var narrow []*Value
	for _, v := range vs {
		if v.open && !(want(v).bounded() && v.Window.holds(want(v))) {
			narrow = append(narrow, v)
		}
	}
	b.CloseAll(narrow)
}

// wire makes a wire for a small expression.
func (b *Builder) wire(e expression) gate.Wire {
	k := int(e.constant.Int64())
	switch len(e.terms) {
	case 0:
		return b.g.Quad(b.one, b.one, gate.Q{K: k})
	case 1:
		if c := e.terms[0].Coef; k == 0 && c.IsInt64() && c.Int64() == 1 {
			return e.terms[0].Wire
		}
		return b.g.Quad(e.terms[0].Wire, b.one, gate.Q{L: int(e.terms[0].Coef.Int64()), K: k})
	}
	x, y := e.terms[0], e.terms[1]
	acc := b.g.Quad(x.Wire, y.Wire, gate.Q{L: int(x.Coef.Int64()), R: int(y.Coef.Int64()), K: k})
	return gate.Sum(b.g, append([]gate.Term{gate.T(acc, 1)}, e.terms[2:]...))
}

// batches calls f once for each different key, in order of first appearance.
func batches[T any, K comparable](items []T, key func(T) K, f func(K, []T)) {
	byKey := map[K][]T{}
	var order []K
	for _, it := range items {
		k := key(it)
		if _, ok := byKey[k]; !ok {
			order = append(order, k)
		}
		byKey[k] = append(byKey[k], it)
	}
	for _, k := range order {
		f(k, byKey[k])
	}
}

// open records a value that has to be closed.
func (b *Builder) open(v *Value) *Value {
	if !v.Window.bounded() || v.Lo < v.Window.Base || v.Hi > v.Window.Last() {
		panic(fmt.Sprintf("circuits: an integer in [%d, %d] cannot be open in %d bits from %d on", v.Lo, v.Hi,
			v.Window.Bits, v.Window.Base))
	}
	v.open = true
	if n := len(b.opened); n == cap(b.opened) {
		b.opened = slices.DeleteFunc(b.opened, func(v *Value) bool { return !v.open })
		if len(b.opened) > n/2 { // else there is room for as many as were looked at
			b.opened = slices.Grow(b.opened, n+1)
		}
	}
	b.opened = append(b.opened, v)
	return v
}

// closeLeft closes the values that no gadget closed: wires to which others are bound,
// and slots of packs that have other slots in use. A pack that nobody reads needs no
// equation.
//
// Soundness: a pack's equation is asserted once all its slots are bound, and
// its other slots are unique only if each is bound inside its window.
func (b *Builder) closeLeft() {
	var left []*Value
	for _, v := range b.opened {
		if v.open && (v.slot == nil || v.slot.pack.left < len(v.slot.pack.slots)) {
			left = append(left, v)
		}
	}
	b.CloseAll(left)
}

// argue adds an argument to those behind the circuit's commitment. It may add queries
// to arguments that were added before.
func (b *Builder) argue(a argument.Argument) { b.arguments = append(b.arguments, a) }

// Finish closes the circuit: the wires of all arguments are committed, and they
// are checked at the challenge that follows. extra are further wires that the
// commitment must cover.
func (b *Builder) Finish(extra ...gate.Wire) {
	b.closeLeft()
	argument.Finish(b.g, b.arguments, extra...)
}
