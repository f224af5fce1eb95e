package circuits_test

import (
	"math/big"

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
}

// whole is what splits need.
var whole = stairs{bits: true, rises: true, below: true, above: true, lower: true, upper: true, apart: 5}

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

// climbed is a tree over the splits of x.
func climbed(x int64, p stairs) fault {
	from := []int64{1, 2, 3, 4}
	return fault{n: 1, m: 1, in: []int64{x}, out: stump.eval(evalSplits(from)([]int64{x})),
		define: with(func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire {
			b.Bound(in, window(3))
			inputs := append([]gate.Wire{in[0]}, small(append([]int64{0, 7}, from...)...)...)
			steps := g.Hint(circuits.Staircase, len(from), inputs...)
			p.climb(b, g, in[0], steps, g.Hint(circuits.Distances, 2, inputs...))
			var values []*circuits.Value
			for _, w := range steps {
				values = append(values, circuits.Known(w, 0, 1))
			}
			return b.CloseAll(stump.circuit(b, values))
		})}
}

// climb asserts the parts.
func (p stairs) climb(b *circuits.Builder, g gate.API, x gate.Wire, steps, distances []gate.Wire) {
	for k, w := range steps {
		if p.bits {
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
	ends := []int64{1, 1, 1, 1, 4} // by how much each step rises; the constants are 0 below, and 1 − 1 above
	if p.down {
		ends[3], ends[4] = -1, 1 // from 3 to 2, so that 2 is on two steps
	}
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
	}
}
