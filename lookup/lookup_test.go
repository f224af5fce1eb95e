package lookup_test

import (
	"math/big"
	"testing"

	"github.com/zkml-go/zkml/circuits/circuittest"
	"github.com/zkml-go/zkml/circuits/gate"
	"github.com/zkml-go/zkml/lookup"
)

// TestTablesAreKeptApart: a value of one table must not pass as a value of
// another, wherever the prover moves it.
func TestTablesAreKeptApart(t *testing.T) {
	c := circuittest.CompileGates(t, 2, func(g gate.API, in []gate.Wire) {
		a := lookup.New(g)
		a.Range(2).Contain(in[0], 0)
		a.Range(4).Contain(in[1], 0)
		p := a.Collect()
		p.Finish(g.Commit(p.Wires))
	})
	c.Admits([]any{3, 15})
	tag := int64(1) << 44
	for x := range int64(16) { // the dishonest prover counts it in the other table
		count := circuittest.Tamper{Hint: lookup.Counts, With: func(_ int, _, out []*big.Int) {
			if len(out) == 16 {
				out[x].Add(out[x], big.NewInt(1))
			}
		}}
		for _, w := range []int64{tag + x, x + 4} {
			c.Refuses([]any{w, 7}, count)
		}
	}
}
