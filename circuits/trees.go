package circuits

import (
	"math/big"
	"slices"

	"github.com/zkml-go/zkml/gate"
)

// TreeNode is a node of decision trees: it goes to High where its bit is 1, and to Low
// where it is 0. A child that is not negative is a node, another one is the leaf ^child.
type TreeNode struct{ Bit, High, Low int32 }

// Ensemble is a list of decision trees. Children come before their parents. Leaf gives
// what a leaf adds to an output. Secret says that leaves are a private model's: the gates
// are the same for all.
type Ensemble struct {
	Nodes  []TreeNode
	Roots  []int32
	Leaf   func(leaf, output int) int64
	Secret bool
}

// Trees returns, for each row, its bias and the sum of what the leaves that the trees
// reach add to it. rows give the biases, and the intervals and the windows of the sums.
//
// A node's value is that of one child and, times its bit, the difference to the other
// one. Values of several outputs stand side by side in one field element, as the sums of
// Linear do: a node costs no gate where its children are leaves, one where one of them is
// or where both depend on one wire, and three otherwise, whatever the number of outputs
// that fit into an element. Secret leaves cost more; see secretChoice and secretLevels.
//
// Soundness: there are no hints. By induction over the nodes, each value is the field
// element of the leaf that the bits lead to: every gate is the interpolation of two values
// at a bit, which is exact at 0 and 1. The sum is an element that holds the outputs in
// slots; see pack. Range: bits are in [0, 1], known or open; the outputs are open in their
// windows, and rows' intervals contain every sum of a leaf of each tree and the bias.
func (b *Builder) Trees(bits []*Value, e *Ensemble, rows []Row) []*Value {
	for _, v := range bits {
		if v.Lo < 0 || v.Hi > 1 {
			panic("circuits: a tree's bit is not in [0, 1]")
		}
	}
	f := &forest{b: b, e: e, bits: bits, numbers: numbers(bits), products: map[pair]gate.Wire{}}
	f.reach()
	out := make([]*Value, len(rows))
	for from := 0; from < len(rows); {
		to, total := from+1, rows[from].Window.Bits
		for to < len(rows) && total+rows[to].Window.Bits <= packBits {
			total += rows[to].Window.Bits
			to++
		}
		f.pack(rows, from, to, out)
		from = to
	}
	return out
}

// pack computes the rows of one field element.
func (f *forest) pack(rows []Row, from, to int, out []*Value) {
	which := make([]int, to-from)
	for i := range which {
		which[i] = from + i
	}
	at := uint(0)
	p := f.b.newPack(func(i int) Row { return rows[i] }, which, func(i int) uint {
		start := at
		at += uint(rows[from+i].Window.Bits)
		return start
	}, out)
	for i, s := range p.slots {
		s.bias = rows[from+i].Bias
	}
	f.from, f.slots = from, p.slots
	p.acc = f.sum()
}

// branch is what a node or a leaf is worth: constant + coef·wire, for a wire that number
// tells from others: a bit, or the value of a node. coef is nil for a constant.
type branch struct {
	constant, coef *big.Int
	number         int
	wire           gate.Wire
}

// forest makes the gates of trees.
type forest struct {
	b       *Builder
	e       *Ensemble
	bits    []*Value
	numbers []int  // by bit
	reached []bool // by node
	from    int    // the output in the first of slots
	slots   []*slot
	made    int // wires that are no bits
	// products are of the bits of secret trees.
	products map[pair]gate.Wire
}

// numbers gives each bit the place where it stands first: some bits stand in several.
func numbers(bits []*Value) []int {
	out := make([]int, len(bits))
	first := map[*Value]int{}
	for i, v := range bits {
		if _, ok := first[v]; !ok {
			first[v] = i
		}
		out[i] = first[v]
	}
	return out
}

// reach notes which nodes can be reached with the bits that are known, and closes the bits
// that these ask.
func (f *forest) reach() {
	f.reached = make([]bool, len(f.e.Nodes))
	reach := func(at int32) {
		if at >= 0 {
			f.reached[at] = true
		}
	}
	for _, at := range f.e.Roots {
		reach(at)
	}
	var open []*Value
	for i, n := range slices.Backward(f.e.Nodes) {
		if !f.reached[i] {
			continue
		}
		v := f.bits[n.Bit]
		if v.Hi == 1 {
			reach(n.High)
		}
		if v.Lo == 0 {
			reach(n.Low)
		}
		if v.Lo < v.Hi && v.open {
			open = append(open, v)
		}
	}
	f.b.CloseAll(open)
}

// leaf is the field element of a leaf.
func (f *forest) leaf(leaf int) branch {
	sum := new(big.Int)
	for i, s := range f.slots {
		v := big.NewInt(f.e.Leaf(leaf, f.from+i))
		sum.Add(sum, v.Lsh(v, s.at))
	}
	return branch{constant: sum.Mod(sum, field)}
}

// sum is the field element of all trees together.
func (f *forest) sum() gate.Wire {
	values := make([]branch, len(f.e.Nodes))
	of := func(at int32) branch {
		if at < 0 {
			return f.leaf(int(^at))
		}
		return values[at]
	}
	done := make([]bool, len(f.e.Nodes))
	if f.e.Secret {
		f.secretOblivious(values, done)
	}
	for i, n := range f.e.Nodes {
		if !f.reached[i] || done[i] {
			continue
		}
		switch v := f.bits[n.Bit]; {
		case v.Lo == 1:
			values[i] = of(n.High)
		case v.Hi == 0:
			values[i] = of(n.Low)
		case f.e.Secret:
			values[i] = f.secretChoice(f.numbers[n.Bit], of(n.High), of(n.Low))
		default:
			values[i] = f.choice(f.numbers[n.Bit], of(n.High), of(n.Low))
		}
	}
	terms := f.total(of)
	if len(terms) == 1 { // a coefficient of one must not save its gate
		terms = append(terms, gate.Term{Wire: terms[0].Wire, Coef: new(big.Int)})
	}
	return gate.Sum(f.b.g, terms)
}

// total adds up the trees: one term for each different wire.
func (f *forest) total(of func(int32) branch) []gate.Term {
	constant := new(big.Int)
	place := map[int]int{}
	var terms []gate.Term
	for _, at := range f.e.Roots {
		v := of(at)
		constant.Add(constant, v.constant)
		if v.coef == nil {
			continue
		}
		i, ok := place[v.number]
		if !ok {
			i = len(terms)
			place[v.number] = i
			terms = append(terms, gate.Term{Wire: v.wire, Coef: new(big.Int)})
		}
		terms[i].Coef = plus(terms[i].Coef, v.coef)
	}
	constant.Mod(constant, field)
	if f.e.Secret {
		return append(terms, gate.Term{Wire: f.b.one, Coef: constant})
	}
	terms = slices.DeleteFunc(terms, func(t gate.Term) bool { return t.Coef.Sign() == 0 })
	if constant.Sign() != 0 || len(terms) == 0 {
		terms = append(terms, gate.Term{Wire: f.b.one, Coef: constant})
	}
	return terms
}

// choice is high where the bit is 1, and low where it is 0.
func (f *forest) choice(bit int, high, low branch) branch {
	w := f.b.wireOf(f.bits[bit])
	if low.coef != nil && low.number == bit { // read where the bit is 0
		low = branch{constant: low.constant}
	}
	if high.coef != nil && high.number == bit { // read where it is 1
		high = branch{constant: plus(high.constant, high.coef)}
	}
	gap := minus(high.constant, low.constant)
	bitTerm := branch{low.constant, gap, bit, w}
	switch {
	case low.coef == nil && high.coef == nil:
		if gap.Sign() == 0 {
			return low
		}
		return bitTerm
	case low.coef == nil:
		return f.blend(new(big.Int), high.coef, high.wire, bitTerm)
	case high.coef == nil:
		return f.blend(low.coef, minus(new(big.Int), low.coef), low.wire, bitTerm)
	case low.number == high.number:
		if gap.Sign() == 0 && low.coef.Cmp(high.coef) == 0 {
			return low
		}
		return f.blend(low.coef, minus(high.coef, low.coef), low.wire, bitTerm)
	}
	apart := f.b.g.Linear(gate.Term{Wire: high.wire, Coef: high.coef}, negated([]gate.Term{{Wire: low.wire,
		Coef: low.coef}}, 0)[0])
	step := f.blend(new(big.Int), big.NewInt(1), apart, bitTerm)
	return f.new(low.constant, big.NewInt(1), f.b.g.Linear(gate.Term{Wire: low.wire, Coef: low.coef},
		gate.Term{Wire: step.wire, Coef: step.coef}))
}

// new is a value with a wire of its own.
func (f *forest) new(constant, coef *big.Int, w gate.Wire) branch {
	f.made++
	return branch{constant, coef, len(f.bits) + f.made, w}
}

// blend is c + g·b + p·w + s·w·b, for the bit b of bitTerm = c + g·b and another wire w: one
// gate. p or s is not zero. A gate takes x = α·w, y = β·b and their product; α and β are
// chosen so that x + y + x·y is what is wanted, all but for a factor.
func (f *forest) blend(p, s *big.Int, w gate.Wire, bitTerm branch) branch {
	g, b := bitTerm.coef, bitTerm.wire
	c, one := bitTerm.constant, big.NewInt(1)
	if f.b.count { // whose coefficients nobody reads: only that they are not zero decides about gates
		return f.new(c, one, f.b.g.Form(gate.Term{}, gate.Term{}, gate.Q{}))
	}
	form := func(wc, bc *big.Int, q gate.Q) gate.Wire {
		return f.b.g.Form(gate.Term{Wire: w, Coef: wc}, gate.Term{Wire: b, Coef: bc}, q)
	}
	switch {
	case s.Sign() == 0:
		return f.new(c, one, f.b.g.Linear(gate.Term{Wire: w, Coef: p}, gate.Term{Wire: b, Coef: g}))
	case p.Sign() == 0 && g.Sign() == 0:
		return f.new(c, s, form(one, one, gate.Q{M: 1}))
	case p.Sign() == 0:
		return f.new(c, g, form(over(s, g), one, gate.Q{R: 1, M: 1}))
	case g.Sign() == 0:
		return f.new(c, p, form(one, over(s, p), gate.Q{L: 1, M: 1}))
	}
	return f.new(c, over(times(p, g), s), form(over(s, g), over(s, p), gate.Q{L: 1, R: 1, M: 1}))
}

// The operations of the field.
func plus(x, y *big.Int) *big.Int  { z := new(big.Int).Add(x, y); return z.Mod(z, field) }
func minus(x, y *big.Int) *big.Int { z := new(big.Int).Sub(x, y); return z.Mod(z, field) }
func times(x, y *big.Int) *big.Int { z := new(big.Int).Mul(x, y); return z.Mod(z, field) }
func over(x, y *big.Int) *big.Int  { return times(x, new(big.Int).ModInverse(y, field)) }
