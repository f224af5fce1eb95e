package circuits_test

import (
	"slices"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
)

// committing counts gates and keeps what is committed.
type committing struct {
	*gate.Counter
	wires []gate.Wire
}

// Commit implements gate.API.
func (c *committing) Commit(ws []gate.Wire) gate.Wire {
	c.wires = append(c.wires, ws...)
	return c.Counter.Commit(ws)
}

// TestFinishCommitsToMore: the wires that a caller names are under the
// commitment, beside the lookups' or alone.
func TestFinishCommitsToMore(t *testing.T) {
	for name, queries := range map[string]int{"with lookups": 2, "without": 0} {
		t.Run(name, func(t *testing.T) {
			g := &committing{Counter: &gate.Counter{}}
			in := g.Inputs(5)
			b := circuits.NewBuilder(g, 4, in[0])
			b.Bound(in[:queries], circuits.Window{Bits: 4})
			b.Finish(in[3], in[4])
			for _, w := range append(slices.Clone(in[:queries]), in[3], in[4]) {
				if !slices.Contains(g.wires, w) {
					t.Errorf("wire %v is not committed", w)
				}
			}
			if slices.Contains(g.wires, in[2]) {
				t.Error("a wire is committed that nobody named")
			}
		})
	}
}
