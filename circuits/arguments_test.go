package circuits_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// sorter sorts two integers: the gap is looked up in a range, and a second
// argument shows that the result is a permutation. forget picks wires of the
// result that it leaves uncommitted.
func sorter(forget ...int) fault {
	define := func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire {
		h := g.Hint(Sorted, 2, in...)
		b.Bound(h[1:], window(4))
		out := []gate.Wire{h[0], g.Linear(gate.T(h[0], 1), gate.T(h[1], 1))}
		forgotten := make([]gate.Wire, len(forget))
		for i, k := range forget {
			forgotten[i] = out[k]
		}
		b.Argue(&circuittest.Shuffle{
			G: g, A: twice(in), B: twice(out),
			Forget: func(w gate.Wire) bool {
				return slices.ContainsFunc(forgotten, func(f gate.Wire) bool { return sameWire(f, w) })
			},
		})
		return out
	}
	return fault{n: 2, m: 2, in: []int64{5, 2}, out: []int64{2, 5}, define: with(define)}
}

// twice pairs each wire with itself.
func twice(ws []gate.Wire) [][2]gate.Wire {
	out := make([][2]gate.Wire, len(ws))
	for i, w := range ws {
		out[i] = [2]gate.Wire{w, w}
	}
	return out
}

func sameWire(a, b gate.Wire) bool {
	x, known := identifier(a)
	y, too := identifier(b)
	return known && too && x == y
}

// TestTwoArgumentsInABuilder: lookups and another argument share the builder's
// commitment; a wire of the second one that is missing in it is found, by attacks
// and in the structure.
func TestTwoArgumentsInABuilder(t *testing.T) {
	late := func(p []string) bool {
		return slices.ContainsFunc(p, func(s string) bool {
			return strings.HasPrefix(s, "the challenge does not depend on")
		})
	}
	tally, s := sorter().find(t, faultLies)
	if len(tally.Accepted) > 0 || tally.Tried == 0 {
		t.Errorf("%d of %d attacks are admitted: %v", len(tally.Accepted), tally.Tried, tally.Accepted)
	}
	if p := s.Open.Pins(); late(p.Loose) || p.Lookups == 0 {
		t.Errorf("%d wires are pinned by lookups, %v are loose", p.Lookups, p.Loose)
	}
	t.Run("a late wire", func(t *testing.T) {
		tally, s := sorter(0, 1).find(t, faultLies)
		if !strings.Contains(tally.Forgery(), "an output is") {
			t.Errorf("none of %d attacks forges an output; %d are admitted", tally.Tried, len(tally.Accepted))
		}
		if p := s.Open.Pins(); !late(p.Loose) {
			t.Errorf("only %v are loose", p.Loose)
		}
	})
}
