package circuits_test

import (
	"math/big"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
)

// stairs are the parts of the splits of an integer of three bits at 1, 2, 3 and 4.
type stairs struct {
	bits, rises  bool // the steps are bits, and one stands on another
	below, above bool // the distances are range-checked
	lower, upper bool // the ends of the step are the distances away
	down         bool // the last step goes down, below two others
	apart        uint // how many bits the two equations stand apart
	// missing says which integer stands for a missing value, if one does; the last threshold is
	// 7 where that is the highest. own says that the bit of it is the prover's own.
	missing reserved
	own     bool
	loose   int // a step that need be no bit; -1 if all are bits
}

// reserved is an end of the interval.
type reserved int

const (
	none reserved = iota
	lowest
	highest
)

// from are the thresholds, and ends by how much each step rises; the constants are 0 below, and
// 1 − 1 above.
func (p stairs) from() (from, ends []int64) {
	switch {
	case p.missing == highest:
		return []int64{1, 2, 3, 7}, []int64{1, 1, 1, 4, 1}
	case p.down:
		return []int64{1, 2, 3, 4}, []int64{1, 1, 1, -1, 1} // from 3 to 2, so that 2 is on two steps
	}
	return []int64{1, 2, 3, 4}, []int64{1, 1, 1, 1, 4}
}

// whole is what splits need.
var whole = stairs{bits: true, rises: true, below: true, above: true, lower: true, upper: true, apart: 5, loose: -1}

// but is whole with a change.
func but(change func(s *stairs)) stairs {
	s := whole
	change(&s)
	return s
}

// stump goes to one leaf where the integer is at least 3, to another where it is less.
var stump = ensemble{
	nodes: []circuits.TreeNode{{Bit: 2, High: ^0, Low: ^1}}, roots: []int32{0}, leaves: [][]int64{{5}, {2}},
	bias: []int64{0},
}

// wide adds a tree which only makes the window wider: it is worth 0 from 1 on.
var wide = ensemble{
	nodes: []circuits.TreeNode{{Bit: 2, High: ^0, Low: ^1}, {Bit: 0, High: ^2, Low: ^3}, {Bit: 1, High: ^2, Low: 1}},
	roots: []int32{0, 2}, leaves: [][]int64{{5}, {2}, {0}, {-32}}, bias: []int64{0},
}

// climbed is a tree over the splits of x, or over their bits that are turned for a missing value.
func climbed(x int64, p stairs) fault {
	trees := stump
	if p.missing != none {
		trees = wide
	}
	from, _ := p.from()
	asked := evalSplits([]int64{1, 2, 3, 4})([]int64{x})
	if p.missing == lowest && x == 0 || p.missing == highest && x == 7 {
		asked[2] = 1 - asked[2]
	}
	return fault{n: 1, m: 1, in: []int64{x}, out: trees.eval(asked),
		define: with(func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire {
			b.Bound(in, window(3))
			inputs := append([]gate.Wire{in[0]}, small(append([]int64{0, 7}, from...)...)...)
			steps := g.Hint(circuits.Staircase, len(from), inputs...)
			p.climb(b, g, in[0], steps, g.Hint(circuits.Distances, 2, inputs...))
			var values []*circuits.Value
			for _, w := range p.turn(b, g, steps) {
				values = append(values, circuits.Known(w, 0, 1))
			}
			return b.CloseAll(trees.circuit(b, values))
		})}
}

// turn gives the bits that the tree asks: it only reads that of 3.
func (p stairs) turn(b *circuits.Builder, g gate.API, steps []gate.Wire) []gate.Wire {
	out := slices.Clone(steps)
	at := map[reserved]int{lowest: 0, highest: 3}[p.missing]
	m := steps[at]
	if p.own {
		m = g.Hint(Copied, 1, m)[0]
		b.Check(m, 0, 1)
	}
	switch p.missing {
	case lowest:
		out[2] = g.Quad(steps[2], m, gate.Q{L: 1, R: -1, K: 1})
	case highest:
		out[2] = g.Quad(steps[2], m, gate.Q{L: 1, R: -1})
	}
	return out
}

// climb asserts the parts.
func (p stairs) climb(b *circuits.Builder, g gate.API, x gate.Wire, steps, distances []gate.Wire) {
	for k, w := range steps {
		if p.bits && k != p.loose {
			b.Check(w, 0, 1)
		}
		if p.rises && k > 0 {
			g.Assert(w, steps[k-1], w, gate.Q{L: 1, M: -1})
		}
	}
	for k, checked := range []bool{p.below, p.above} {
		if checked {
			b.Check(distances[k], 0, 2)
		}
	}
	var terms []gate.Term
	add := func(w gate.Wire, lower, upper int64) { // to x − below − lower, and x + 1 + above − upper
		c := new(big.Int)
		if p.lower {
			c.SetInt64(lower)
		}
		if u := big.NewInt(upper); p.upper {
			c.Add(c, u.Lsh(u, p.apart))
		}
		if c.Sign() != 0 {
			terms = append(terms, gate.Term{Wire: w, Coef: c})
		}
	}
	add(x, 1, 1)
	add(distances[0], -1, 0)
	add(distances[1], 0, 1)
	_, ends := p.from()
	for k := range steps {
		add(steps[k], -ends[k], -ends[k+1])
	}
	gate.AssertZero(g, terms)
}

// plantedStairs are faults of splits.
func plantedStairs() []fault {
	return []fault{
		climbed(3, but(func(s *stairs) { s.bits = false })).named("splits, a step that is no bit"),
		climbed(3, but(func(s *stairs) { s.rises = false })).named("splits, a step above a missing one"),
		climbed(3, but(func(s *stairs) { s.below = false })).named("splits, below the step"),
		climbed(2, but(func(s *stairs) { s.above = false })).named("splits, above the step"),
		climbed(3, but(func(s *stairs) { s.apart = 1 })).named("splits, two equations too close in one"),
		climbed(3, but(func(s *stairs) { s.apart = 0 })).named("splits, two equations as their sum"),
		climbed(2, but(func(s *stairs) { s.lower = false })).named("splits, a step without its lower end"),
		climbed(3, but(func(s *stairs) { s.upper = false })).named("splits, a step without its upper end"),
		climbed(2, but(func(s *stairs) { s.down = true })).named("splits, a secret step that goes down"),
		turned(0, lowest, func(s *stairs) { s.own = true }).named("splits, the lowest missing, or not"),
		turned(3, highest, func(s *stairs) { s.own = true }).named("splits, the highest missing, or not"),
		turned(2, lowest, func(s *stairs) { s.loose = 0 }).named("splits, a missing bit that is no bit"),
		turned(6, highest, func(s *stairs) { s.rises = false }).named("splits, missing, and below other steps"),
	}
}

// turned is climbed with an integer for a missing value, and a change.
func turned(x int64, missing reserved, change func(*stairs)) fault {
	p := but(change)
	p.missing = missing
	return climbed(x, p)
}
