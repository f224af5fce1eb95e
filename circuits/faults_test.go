package circuits_test

import (
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
)

// window is what b bits hold.
func window(b int) circuits.Window { return circuits.Window{Bits: b} }

// plantedArithmetic are faults of decompositions and divisions.
func plantedArithmetic() []fault {
	return []fault{
		rescaled(window(4), window(0)).named("missing range check of a remainder"),
		rescaled(window(0), window(2)).named("missing range check of a quotient"),
		rescaled(window(4), circuits.Window{Base: -4, Bits: 3}).named("two quotients to round to"),
		rescaled(window(4), window(3)).named("a range check one bit too wide"),
		divided(14, false, true, true).named("division, quotient free"),
		divided(17, true, false, true).named("division, remainder may be negative"),
		divided(12, true, true, false).named("division, remainder may exceed the divisor"),
		{name: "an output that nothing ties to the input", n: 1, m: 1, in: []int64{5}, out: []int64{5},
			define: with(func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire {
				d := g.Hint(Copied, 1, in[0])
				b.Bound(d, window(4))
				return d
			})},
		{name: "elements of a word without range checks", n: 1, m: 2, in: []int64{27}, out: []int64{3, 3},
			define: func(g gate.API, in []gate.Wire) []gate.Wire {
				d := bits(g, in[0], 3, 3)
				isSum(g, in[0], gate.T(d[0], 1), gate.T(d[1], 8))
				return d
			}},
		{name: "a sign of zero", n: 1, m: 1, in: []int64{0}, out: []int64{0},
			define: with(func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire { // x = (2s − 1)·size
				d := g.Hint(Signed, 2, in[0])
				b.Check(d[0], 0, 1)
				b.Check(d[1], 0, 3)
				product := g.Quad(d[0], d[1], gate.Q{M: 2, R: -1})
				isSum(g, in[0], gate.T(product, 1))
				return d[:1]
			})},
		pooled("an unread maximum left open", (*circuits.Builder).FinishUnclosed),
		partly("a slot of a pack left open", (*circuits.Builder).FinishUnclosed),
	}
}

// divided divides with some of the checks of circuits.Builder.Divide.
func divided(by6 int64, quotient, above, below bool) fault {
	return fault{n: 2, m: 1, in: []int64{by6, 6}, out: []int64{2},
		define: with(func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire {
			qr := g.Hint(circuits.Divide, 2, in[0], in[1])
			if quotient {
				b.Bound(qr[:1], window(3))
			}
			if above {
				b.Bound(qr[1:], window(3))
			}
			if below {
				b.Bound([]gate.Wire{g.Quad(in[1], qr[1], gate.Q{L: 1, R: -1, K: -1})}, window(3))
			}
			product := g.Quad(qr[0], in[1], gate.Q{M: 1})
			isSum(g, in[0], gate.T(product, 1), gate.T(qr[1], 1))
			return qr[:1]
		})}
}

// pooled reads an element of a maximum, not the maximum.
func pooled(name string, finish func(*circuits.Builder)) fault {
	return fault{name: name, n: 2, m: 1, in: []int64{1, 1}, out: []int64{1},
		define: func(g gate.API, in []gate.Wire) []gate.Wire {
			b := circuits.NewBuilder(g, 3, in[0])
			all := circuits.Cover(0, 1)
			vs := opened(b, b.Bound(in, window(1)), circuits.MaxWindow(0, 1, all))
			b.Max(vs, [][]int32{{0, 1}}, []circuits.Window{all})
			out := b.CloseAll(vs[:1])
			finish(b)
			return out
		}}
}

// partly reads one of the slots of a pack.
func partly(name string, finish func(*circuits.Builder)) fault {
	return fault{name: name, n: 2, m: 1, in: []int64{2, 3}, out: []int64{5},
		define: func(g gate.API, in []gate.Wire) []gate.Wire {
			b := circuits.NewBuilder(g, 3, in[0])
			vs := b.Linear(b.Bound(in, window(2)), intervals(layer{row(0, 1, 1), row(1, 2, 0)}, 0, 3), false)
			out := b.CloseAll(vs[:1])
			finish(b)
			return out
		}}
}

// elected is an argmax of three with some of its checks.
func elected(bit, one, ties, gaps bool) fault {
	return fault{n: 3, m: 1, in: []int64{2, 5, 5}, out: []int64{1},
		define: with(func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire {
			h := g.Hint(circuits.Winner, 4, append(small(0), in...)...)
			m, sel := h[0], h[1:]
			for j, s := range sel {
				if bit {
					b.Check(s, 0, 1)
				}
				e := g.Linear(gate.T(m, 1), gate.T(in[j], -1))
				if ties && j < 2 { // the winner comes after j: one less the selectors up to j
					before := g.Quad(sel[0], sel[j], gate.Q{L: -1, R: -j, K: 1})
					e = g.Linear(gate.T(e, 1), gate.T(before, -1))
				}
				if gaps {
					b.Bound([]gate.Wire{e}, window(3))
				}
				g.Assert(s, e, e, gate.Q{M: 1})
			}
			if one {
				sum := g.Linear(gate.T(sel[0], 1), gate.T(sel[1], 1))
				g.Assert(sum, sel[2], sel[2], gate.Q{L: 1, R: 1, K: -1})
			}
			return []gate.Wire{g.Linear(gate.T(sel[1], 1), gate.T(sel[2], 2))}
		})}
}

// greatest is a maximum of two with some of its checks.
func greatest(gaps, member bool) fault {
	return fault{n: 2, m: 1, in: []int64{2, 5}, out: []int64{5},
		define: with(func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire {
			m := g.Hint(circuits.Largest, 1, in...)[0]
			x, y := g.Linear(gate.T(m, 1), gate.T(in[0], -1)), g.Linear(gate.T(m, 1), gate.T(in[1], -1))
			if gaps {
				b.Bound([]gate.Wire{x, y}, window(3))
			}
			if member {
				g.Assert(x, y, y, gate.Q{M: 1})
			}
			return []gate.Wire{m}
		})}
}

// ordered sorts two integers: the hint gives the smaller one and the gap, which
// is range-checked; permuted shows that the result is a permutation.
func ordered(permuted func(g gate.API, in, out []gate.Wire)) fault {
	return fault{n: 2, m: 2, in: []int64{5, 2}, out: []int64{2, 5},
		define: with(func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire {
			h := g.Hint(Sorted, 2, in...)
			b.Bound(h[1:], window(3))
			out := []gate.Wire{h[0], g.Linear(gate.T(h[0], 1), gate.T(h[1], 1))}
			permuted(g, in, out)
			return out
		})}
}

// product asserts (x + p₀)(x + p₁) = (x + q₀)(x + q₁) at a wire or constant x.
func product(g gate.API, x gate.Wire, p, q []gate.Wire) {
	side := func(v []gate.Wire) gate.Wire {
		return g.Quad(g.Linear(gate.T(x, 1), gate.T(v[0], 1)), g.Linear(gate.T(x, 1), gate.T(v[1], 1)), gate.Q{M: 1})
	}
	equals(g, side(p), side(q))
}

func equals(g gate.API, x, y gate.Wire) { g.Assert(x, y, y, gate.Q{L: 1, R: -1}) }

func fixedPoint(g gate.API, w gate.Wire) gate.Wire { return g.Quad(w, w, gate.Q{K: 1000}) }

// plantedSelections are faults of maxima, argmaxima and permutations.
func plantedSelections() []fault {
	return []fault{
		greatest(true, false).named("a maximum that is no element"),
		greatest(false, true).named("a maximum that others exceed"),
		elected(true, true, false, true).named("argmax, a tie for the prover to decide"),
		elected(true, false, true, true).named("argmax, no winner or several"),
		elected(false, true, false, true).named("argmax, halves of winners"),
		elected(true, true, true, false).named("argmax, any winner"),
		ordered(func(g gate.API, in, out []gate.Wire) {
			gate.AssertZero(g, []gate.Term{gate.T(in[0], 1), gate.T(in[1], 1), gate.T(out[0], -1), gate.T(out[1], -1)})
		}).named("a permutation by its sum"),
		ordered(func(g gate.API, in, out []gate.Wire) {
			product(g, fixedPoint(g, in[0]), in, out)
		}).named("a permutation at a known point"),
		ordered(func(g gate.API, in, out []gate.Wire) {
			product(g, g.Commit(in), in, out)
		}).named("a permutation, its result uncommitted"),
		ordered(func(g gate.API, in, out []gate.Wire) {
			for _, w := range out {
				g.Assert(g.Linear(gate.T(w, 1), gate.T(in[0], -1)), g.Linear(gate.T(w, 1), gate.T(in[1], -1)), w,
					gate.Q{M: 1})
			}
		}).named("a sorted list that leaves elements out"),
	}
}

// challenger draws a lookup's challenge wrongly.
type challenger struct {
	gate.API
	commit func(g gate.API, ws []gate.Wire) gate.Wire
}

// Commit implements gate.API.
func (c challenger) Commit(ws []gate.Wire) gate.Wire { return c.commit(c.API, ws) }

// squared is a table of squares: the digit of an input, its square.
func squared(commit func(g gate.API, ws []gate.Wire) gate.Wire) fault {
	return fault{n: 1, m: 1, in: []int64{2}, out: []int64{4}, define: func(g gate.API, in []gate.Wire) []gate.Wire {
		b := circuits.NewBuilder(challenger{g, commit}, 4, in[0])
		out := b.Apply("squares", 0, []int64{0, 1, 4, 9}, in)
		b.Finish()
		return out
	}}
}

// nibbles are an integer's two digits of four bits, by lookups.
func nibbles(commit func(g gate.API, ws []gate.Wire) gate.Wire) fault {
	return fault{n: 1, m: 1, in: []int64{37}, out: []int64{2}, define: func(g gate.API, in []gate.Wire) []gate.Wire {
		b := circuits.NewBuilder(challenger{g, commit}, 4, in[0])
		d := bits(g, in[0], 4, 4)
		b.Bound(d, window(4))
		isSum(g, in[0], gate.T(d[0], 1), gate.T(d[1], 16))
		b.Finish()
		return d[1:]
	}}
}

// without commits to all wires but some.
func without(out ...int) func(g gate.API, ws []gate.Wire) gate.Wire {
	return func(g gate.API, ws []gate.Wire) gate.Wire {
		drop := map[int]bool{}
		for _, i := range out {
			drop[i] = true
		}
		var kept []gate.Wire
		for i, w := range ws {
			if !drop[i] {
				kept = append(kept, w)
			}
		}
		return g.Commit(kept)
	}
}

func all(g gate.API, ws []gate.Wire) gate.Wire { return g.Commit(ws) }

// plantedLookups are faults of the lookup argument's commitment.
func plantedLookups() []fault {
	known := func(g gate.API, ws []gate.Wire) gate.Wire { return fixedPoint(g, ws[0]) }
	return []fault{
		nibbles(known).named("range lookup, a constant challenge"),
		nibbles(without(2)).named("range lookup, a count uncommitted"),
		squared(known).named("function lookup, a constant challenge"),
		squared(without(1)).named("function lookup, an output uncommitted"),
		squared(without(4)).named("function lookup, a count uncommitted"),
		{name: "a tuple in one column", n: 1, m: 1, in: []int64{3}, out: []int64{0},
			define: with(func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire {
				d := bits(g, in[0], 1, 3) // the lowest bit, negated by a table of index + 2·value
				b.Bound(d[1:], window(3))
				isSum(g, in[0], gate.T(d[0], 1), gate.T(d[1], 2))
				out := g.Hint(circuits.Apply, 1, append(small(0, 2, 1, 0), d[0])...)
				tuple := g.Linear(gate.T(d[0], 1), gate.T(out[0], 2))
				g.Assert(tuple, tuple, tuple, gate.Q{L: -3, M: 1, K: 2}) // 0 + 2·1 or 1 + 2·0
				return out
			})},
	}
}

// sound are the same gadgets without a fault.
func sound() []fault {
	finish := func(b *circuits.Builder) { b.Finish() }
	return []fault{
		rescaled(window(4), window(2)).named("rescale"),
		climbed(2, whole).named("splits"),
		climbed(3, whole).named("splits, the step above"),
		turned(0, lowest, func(*stairs) {}).named("splits, the lowest missing"),
		turned(7, highest, func(*stairs) {}).named("splits, the highest missing"),
		divided(12, true, true, true).named("division"),
		pooled("an unread maximum", finish),
		partly("a pack read in part", finish),
		greatest(true, true).named("a maximum"),
		elected(true, true, true, true).named("argmax"),
		ranked(ordering).named("top"),
		ordered(func(g gate.API, in, out []gate.Wire) {
			product(g, g.Commit(append(out[:2:2], in...)), in, out)
		}).named("a permutation"),
		nibbles(all).named("range lookup"),
		squared(all).named("function lookup"),
	}
}
