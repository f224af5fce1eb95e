package circuits

import (
	"math/big"

	"github.com/zkml-go/zkml/gate"
)

// pair names the product of two bits, or of one and another one's opposite.
type pair struct {
	bit, other int
	opposite   bool
}

// secretChoice is choice for leaves that are secret: high where the bit is 1, and low where it
// is 0. It makes the same gates whatever the leaves are; these stand in qL and qR alone. A value
// is a leaf, or a leaf and a secret multiple of a bit, or a leaf and a wire of its own. A node
// costs no gate where its children are leaves, one where one of them is and the other has a wire
// (two for a leaf where the bit is 1, if there are several outputs), and three where both have
// wires. Next to a node of two leaves it costs one more, or none.
//
// Soundness: there are no hints. Let v = κ + W for each node's value, κ being one of the leaves
// below. By induction, W is what the leaf that bits lead to is more than κ: every gate is an
// identity at bits of 0 and 1. A node brings one new coefficient, the gap between the κ of its
// children, and the root the last κ: as many as a tree has leaves. Whatever field elements stand
// in these slots, there are leaves for them, and the other way round, since no coefficient is
// there twice (a node that several parents share has leaves for each). So a key holds one list of
// leaves, and no more freedom.
func (f *forest) secretChoice(bit int, high, low branch) branch {
	b := f.b.wireOf(f.bits[bit])
	if low.coef != nil && low.number == bit { // read where the bit is 0
		low = branch{constant: low.constant}
	}
	if high.coef != nil && high.number == bit { // read where it is 1
		high = branch{constant: plus(high.constant, high.coef)}
	}
	gap := gate.Term{Wire: b, Coef: minus(high.constant, low.constant)}
	switch {
	case low.coef == nil && high.coef == nil:
		return branch{low.constant, gap.Coef, bit, b}
	case f.own(low) && f.own(high):
		return f.secretNodes(gap, high, low)
	case low.coef == nil && f.own(high):
		return f.secretWire(low, f.times(high.wire, gap))
	case high.coef == nil && f.own(low):
		return f.rest(gap, bit, high, low)
	case f.own(high): // low is a node of two leaves
		return f.secretWire(low, f.add(gate.T(f.times(high.wire, gap), 1), f.part(low, bit, true)))
	case f.own(low):
		kept := f.rest(gap, bit, high, low)
		return f.secretWire(kept, f.add(gate.T(kept.wire, 1), f.part(high, bit, false)))
	case low.coef == nil:
		return f.secretWire(low, f.add(gap, f.part(high, bit, false)))
	case high.coef == nil:
		return f.secretWire(low, f.add(gap, f.part(low, bit, true)))
	case low.number == high.number:
		both := branch{coef: minus(high.coef, low.coef), number: high.number, wire: high.wire}
		return f.secretWire(low, f.add(gap, gate.Term{Wire: low.wire, Coef: low.coef}, f.part(both, bit, false)))
	}
	return f.secretWire(low, f.add(gap, f.part(low, bit, true), f.part(high, bit, false)))
}

// own tells whether a value has a wire that is no bit: its coefficient is 1.
func (f *forest) own(v branch) bool { return v.coef != nil && v.number >= len(f.bits) }

// secretWire is a value with a wire of its own and the constant of another one.
func (f *forest) secretWire(of branch, w gate.Wire) branch {
	return f.new(of.constant, big.NewInt(1), w)
}

// add sums two terms or more.
func (f *forest) add(terms ...gate.Term) gate.Wire { return gate.Sum(f.b.g, terms) }

// secretNodes is the choice of two values with wires of their own: low + bit·(high − low).
func (f *forest) secretNodes(gap gate.Term, high, low branch) branch {
	if high.number == low.number { // one node on both sides
		return low
	}
	apart := f.add(gate.T(high.wire, 1), gate.T(low.wire, -1))
	return f.secretWire(low, f.add(gate.T(low.wire, 1), gate.T(f.times(apart, gap), 1)))
}

// times is w·b + gap·b, for the bit b of gap: one gate. A gate takes products of what its two
// coefficients make of wires: that of w undoes that of b, so that qM is 1.
func (f *forest) times(w gate.Wire, gap gate.Term) gate.Wire {
	x, y := gate.T(w, 1), gate.T(gap.Wire, 1)
	if gap.Coef.Sign() == 0 || f.b.count {
		return f.b.g.Form(x, y, gate.Q{M: 1})
	}
	x.Coef, y.Coef = over(x.Coef, gap.Coef), gap.Coef
	return f.b.g.Form(x, y, gate.Q{R: 1, M: 1})
}

// rest is the choice of low, with a wire of its own, where the bit is 0, and else of high's
// constant alone. Where the leaves are those of one output, the gap is a small integer, and it
// takes one gate; else the opposite of the bit is multiplied, which costs one more for the bit.
func (f *forest) rest(gap gate.Term, bit int, high, low branch) branch {
	if len(f.slots) == 1 {
		q := gate.Q{L: 1, R: int(centred(gap.Coef).Int64()), M: -1}
		return f.secretWire(low, f.b.g.Quad(low.wire, gap.Wire, q))
	}
	not := f.product(bit, bit, true)
	back := gate.Term{Wire: not, Coef: minus(new(big.Int), gap.Coef)}
	return f.secretWire(branch{constant: high.constant}, f.times(low.wire, back))
}

// part is what a node of two leaves adds where another bit is 1 or, opposite, 0, apart from its
// constant: a multiple of the product of two bits.
func (f *forest) part(v branch, bit int, opposite bool) gate.Term {
	return gate.Term{Wire: f.product(v.number, bit, opposite), Coef: v.coef}
}

// product is x·y of two bits, or x·(1 − y); the opposite of one with itself is 1 − x. Each is
// made once.
func (f *forest) product(x, y int, opposite bool) gate.Wire {
	if !opposite && y < x {
		x, y = y, x
	}
	p := pair{x, y, opposite}
	w, ok := f.products[p]
	if !ok {
		q := gate.Q{M: 1}
		switch {
		case opposite && x == y:
			q = gate.Q{L: -1, K: 1}
		case opposite:
			q = gate.Q{L: 1, M: -1}
		}
		w = f.b.g.Quad(f.b.wireOf(f.bits[x]), f.b.wireOf(f.bits[y]), q)
		f.products[p] = w
	}
	return w
}
