package circuits_test

import (
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
)

// places are the parts of putting the two largest of some integers in order.
type places struct {
	of      []int64
	bits    bool // a place has whole elements
	ends    bool // the first and the last place are one element each
	falls   bool // a place is below the one before it
	others  bool // what has no place is below the last one
	matters bool // of equal integers the first is larger
}

// ordering has all parts.
var ordering = places{of: []int64{2, 5, 5}, bits: true, ends: true, falls: true, others: true, matters: true}

// ranked are the positions of the two largest of integers of three bits.
func ranked(p places) fault {
	n := len(p.of)
	var want []int64
	for i, bit := range evalTop(2)(p.of) {
		if bit == 1 {
			want = append(want, int64(i%n))
		}
	}
	return fault{n: n, m: 2, in: p.of, out: want,
		define: with(func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire {
			y := make([]gate.Wire, len(in))
			for j, x := range b.Bound(in, window(3)) {
				k := 32
				if p.matters {
					k += n - 1 - j
				}
				y[j] = g.Quad(b.CloseAll([]*circuits.Value{x})[0], in[j], gate.Q{L: n, K: k})
			}
			sel := g.Hint(circuits.Order, 2*n, append(small(2), y...)...)
			var at, out [2]gate.Wire
			for m := range at {
				e := sel[m*n : m*n+n]
				var terms, positions []gate.Term
				for j, w := range e {
					if p.bits {
						b.Check(w, 0, 1)
					}
					terms = append(terms, gate.T(g.Quad(w, y[j], gate.Q{M: 1}), 1))
					positions = append(positions, gate.T(w, int64(j)))
				}
				at[m] = gate.Sum(g, terms)
				out[m] = gate.Sum(g, positions)
			}
			p.order(b, g, y, sel, at)
			return out[:]
		})}
}

// order asserts the parts that are about places.
func (p places) order(b *circuits.Builder, g gate.API, y, sel []gate.Wire, at [2]gate.Wire) {
	if p.ends {
		b.Bound(at[:], circuits.Window{Base: 32, Bits: 5})
	}
	if p.falls {
		less := -1
		if !p.matters {
			less = 0
		}
		b.Bound([]gate.Wire{g.Quad(at[0], at[1], gate.Q{L: 1, R: -1, K: less})}, window(5))
	}
	for j := range y {
		if len(y) > 2 && p.others {
			s, u := g.Linear(gate.T(sel[j], 1), gate.T(sel[len(y)+j], 1)), g.Linear(gate.T(y[j], 1), gate.T(at[1], -1))
			q := gate.Q{L: 1, R: -1, M: 2, K: -1}
			if !p.matters {
				q = gate.Q{R: -1, M: 2}
			}
			b.Bound([]gate.Wire{g.Quad(s, u, q)}, window(5))
		}
	}
}

// plantedPlaces are faults of the largest of a list in order.
func plantedPlaces() []fault {
	without := func(change func(*places)) fault {
		p := ordering
		change(&p)
		return ranked(p)
	}
	return []fault{
		without(func(p *places) { p.bits = false }).named("top, a place of shares"),
		without(func(p *places) { p.of, p.ends = []int64{5, 0}, false }).named("top, a place of none or several"),
		without(func(p *places) { p.falls = false }).named("top, places in any order"),
		without(func(p *places) { p.others = false }).named("top, a larger one left out"),
		without(func(p *places) { p.matters = false }).named("top, a tie for the prover to decide"),
	}
}
