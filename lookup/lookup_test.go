package lookup_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"

	"github.com/zkml-go/zkml/argument"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/lookup"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

var field = ecc.BN254.ScalarField()

// argued compiles the queries that ask makes of an argument.
func argued(t *testing.T, n int, ask func(a *lookup.Argument, in []gate.Wire)) *circuittest.Gates {
	t.Helper()
	return circuittest.CompileGates(t, n, func(g gate.API, in []gate.Wire) {
		a := lookup.New(g)
		ask(a, in)
		finish(g, a)
	})
}

// finish closes a circuit that has one argument.
func finish(g gate.API, a *lookup.Argument) { argument.Finish(g, []argument.Argument{a}) }

func inverse(x *big.Int) *big.Int { return new(big.Int).ModInverse(new(big.Int).Mod(x, field), field) }

func TestRange(t *testing.T) {
	for bits := range 6 {
		for _, shift := range []int64{0, 3, -10} {
			t.Run(fmt.Sprintf("%d bits, shifted by %d", bits, shift), func(t *testing.T) {
				c := argued(t, 2, func(a *lookup.Argument, in []gate.Wire) {
					a.Range(bits).Contain(in[0], shift)
					a.Range(bits).Contain(in[1], 0)
				})
				for v := int64(-2); v < 1<<bits+2; v++ {
					if v >= 0 && v < 1<<bits {
						c.Admits([]any{v - shift, v})
					} else {
						c.Refuses([]any{v - shift, 0})
					}
				}
				c.Refuses([]any{inverse(big.NewInt(2)), 0})
			})
		}
	}
}

// TestFunction: a pair is a tuple of the table, or is refused; among them pairs
// that a sum of the columns, in any weights but random ones, would let through.
func TestFunction(t *testing.T) {
	out := []int64{3, 0, 1, 2, 0, -7}
	const first = -2
	c := argued(t, 4, func(a *lookup.Argument, in []gate.Wire) {
		a.Function("f", first, out).Map(in[0], in[1])
		a.Function("g", 0, []int64{0, 1}).Map(in[2], in[3])
	})
	for x := int64(-4); x < 6; x++ {
		for y := int64(-8); y < 5; y++ {
			if i := x - first; i >= 0 && i < int64(len(out)) && out[i] == y {
				c.Admits([]any{x, y, 1, 1})
			} else {
				c.Refuses([]any{x, y, 1, 1})
			}
		}
	}
	c.Refuses([]any{-1, 0, 1, 0})
	c.Refuses([]any{-1, 0, 2, 0}) // an entry of the other table
}

// TestTupleNeedsBothColumns: a tuple written as in + 4·out alone is also that of
// another index, which nothing bounds, with another value.
func TestTupleNeedsBothColumns(t *testing.T) {
	values := []int64{3, 0, 1, 2}
	broken := circuittest.CompileGates(t, 2, func(g gate.API, in []gate.Wire) {
		w := g.Linear(gate.T(in[0], 1), gate.T(in[1], 4))
		product := g.Quad(w, w, gate.Q{L: 1, K: -int(4 * values[0])})
		for i := 1; i < 3; i++ {
			d := g.Quad(w, w, gate.Q{L: 1, K: -i - int(4*values[i])})
			product = g.Quad(product, d, gate.Q{M: 1})
		}
		d := g.Quad(w, w, gate.Q{L: 1, K: -3 - int(4*values[3])})
		g.Assert(product, d, d, gate.Q{M: 1})
	})
	ours := argued(t, 2, func(a *lookup.Argument, in []gate.Wire) {
		a.Function("f", 0, values).Map(in[0], in[1])
	})
	for x := range int64(4) {
		honest := []any{x, values[x]}
		broken.Admits(honest)
		ours.Admits(honest)
		for moved := int64(-3); moved <= 3; moved++ {
			if moved == 0 {
				continue
			}
			forged := []any{x + 4*moved, values[x] - moved}
			broken.Admits(forged)
			ours.Refuses(forged)
			ours.Refuses(forged, counted(int(x), 1, len(values)))
		}
	}
}

// counted adds to the count of an entry, in tables of n entries.
func counted(entry int, by int64, n int) circuittest.Tamper {
	return circuittest.Tamper{Hint: lookup.Counts, With: func(_ int, _, out []*big.Int) {
		if len(out) == n {
			out[entry].Add(out[entry], big.NewInt(by))
		}
	}}
}

// TestEveryFractionIsBound: if one entry's fraction were free, it could make up for a
// query that is in no table.
func TestEveryFractionIsBound(t *testing.T) {
	out := []int64{3, 0, 1, 2, 0, -7}
	for name, c := range map[string]struct {
		ask     func(a *lookup.Argument, in []gate.Wire)
		entries int
		in, out int64
	}{
		"range": {func(a *lookup.Argument, in []gate.Wire) { a.Range(3).Contain(in[0], 0) }, 8, 8, 0},
		"function": {func(a *lookup.Argument, in []gate.Wire) { a.Function("f", -2, out).Map(in[0], in[1]) }, len(out),
			40, 5},
	} {
		for i := range c.entries {
			t.Run(fmt.Sprintf("%s, entry %d", name, i), func(t *testing.T) {
				argued(t, 2, c.ask).Refuses([]any{c.in, c.out},
					circuittest.Tamper{Hint: lookup.Fractions, With: func(_ int, in, out []*big.Int) {
						rest := new(big.Int).Mul(in[1], big.NewInt(c.out)) // α − in − β·out
						rest.Sub(in[0], rest).Sub(rest, big.NewInt(c.in))
						rest = inverse(rest)
						for k, o := range out {
							if k != i {
								rest.Sub(rest, o)
							}
						}
						out[i].Set(rest)
					}})
			})
		}
	}
}

// TestPowerOfTheChallenge: α is γ to the power that bounds queries and entries, by
// squaring; β is γ.
func TestPowerOfTheChallenge(t *testing.T) {
	var alpha, beta *big.Int
	c := argued(t, 2, func(a *lookup.Argument, in []gate.Wire) { a.Function("f", 0, []int64{1, 0}).Map(in[0], in[1]) })
	c.Admits([]any{0, 1}, circuittest.Tamper{Hint: lookup.Fractions, With: func(_ int, in, _ []*big.Int) {
		alpha, beta = new(big.Int).Set(in[0]), new(big.Int).Set(in[1])
	}})
	if alpha.Cmp(new(big.Int).Exp(beta, big.NewInt(lookup.MaxTerms), field)) != 0 {
		t.Errorf("α is not β to the power %d", lookup.MaxTerms)
	}
}

// TestTablesAreKeptApart: where all tables share one sum, and something added to
// the index tells them apart, a query of one meets an entry of another: its wire
// may hold anything.
func TestTablesAreKeptApart(t *testing.T) {
	const tag = 32
	broken := argued(t, 2, func(a *lookup.Argument, in []gate.Wire) { // 0..15 with tag 0, 0..15 with tag 32
		one := a.Range(6) // stands for the union: its entries 0..15 and 32..47 are asked for alone
		one.Contain(in[0], 0)
		one.Contain(in[1], tag)
	})
	broken.Admits([]any{15, 15})
	broken.Admits([]any{tag + 7, 7})

	ours := argued(t, 2, func(a *lookup.Argument, in []gate.Wire) {
		a.Range(2).Contain(in[0], 0)
		a.Range(4).Contain(in[1], 0)
	})
	ours.Admits([]any{3, 15})
	for x := range 16 { // the dishonest prover counts it in the other table
		for _, w := range []int64{4, 1<<44 + int64(x), tag + int64(x)} {
			ours.Refuses([]any{w, 7}, counted(x, 1, 16))
			ours.Refuses([]any{w, 7}, counted(x%4, 1, 4))
		}
	}
}

// forgetful leaves a wire out of the commitment.
type forgetful struct {
	gate.API
	leaveOut int
}

// Commit implements gate.API.
func (f forgetful) Commit(ws []gate.Wire) gate.Wire {
	var kept []gate.Wire
	for i, w := range ws {
		if i != f.leaveOut {
			kept = append(kept, w)
		}
	}
	return f.API.Commit(kept)
}

// constant draws a challenge that is known beforehand.
type constant struct{ gate.API }

// Commit implements gate.API.
func (c constant) Commit(ws []gate.Wire) gate.Wire {
	return c.Quad(ws[0], ws[0], gate.Q{K: 12345})
}

// alphaOf finds the challenge of a run that may fail.
func alphaOf(c *circuittest.Gates, in []any, tampers ...circuittest.Tamper) *big.Int {
	var alpha *big.Int
	_ = c.Solve(in, append(tampers, circuittest.Tamper{Hint: lookup.Fractions, With: func(_ int, in, _ []*big.Int) {
		alpha = new(big.Int).Set(in[0])
	}})...)
	return alpha
}

func twoQueries(t *testing.T, api func(gate.API) gate.API) *circuittest.Gates {
	t.Helper()
	return circuittest.CompileGates(t, 2, func(g gate.API, in []gate.Wire) {
		g = api(g)
		a := lookup.New(g)
		a.Range(2).Contain(in[0], 0)
		a.Range(2).Contain(in[1], 0)
		finish(g, a)
	})
}

// forgedCount is the count of entry 0 with which a value outside the table
// satisfies the identity at α: x/α = 1/(α − value).
func forgedCount(alpha *big.Int, value int64) *big.Int {
	x := inverse(new(big.Int).Sub(alpha, big.NewInt(value)))
	return x.Mul(x, alpha).Mod(x, field)
}

// TestChallengeDependsOnEveryQuery: a challenge that is a constant, or that does
// not depend on some query or count, lets the prover choose the rest to fit it.
func TestChallengeDependsOnEveryQuery(t *testing.T) {
	ours := twoQueries(t, func(g gate.API) gate.API { return g })
	ours.Admits([]any{1, 2})

	count := func(x *big.Int) circuittest.Tamper { // entry 0 is counted x times
		return circuittest.Tamper{Hint: lookup.Counts, With: func(_ int, _, out []*big.Int) { out[0].Set(x) }}
	}
	outside := []any{99, 2}
	t.Run("constant", func(t *testing.T) {
		broken := twoQueries(t, func(g gate.API) gate.API { return constant{g} })
		lie := count(forgedCount(big.NewInt(12345), 99))
		broken.Refuses(outside)
		broken.Admits(outside, lie)
		ours.Refuses(outside, lie)
	})
	t.Run("without a count", func(t *testing.T) {
		broken := twoQueries(t, func(g gate.API) gate.API { return forgetful{g, 2} }) // wires: queries, counts
		broken.Admits(outside, count(forgedCount(alphaOf(broken, outside), 99)))
		ours.Refuses(outside, count(forgedCount(alphaOf(ours, outside), 99)))
	})
	t.Run("without a query", func(t *testing.T) {
		broken := twoQueries(t, func(g gate.API) gate.API { return forgetful{g, 0} })
		two := count(big.NewInt(2)) // then 1/(α − w) = 2/α for w = α/2
		half := func(c *circuittest.Gates) []any {
			w := new(big.Int).Mul(alphaOf(c, outside, two), inverse(big.NewInt(2)))
			return []any{w.Mod(w, field), 2}
		}
		broken.Admits(half(broken), two)
		ours.Refuses(half(ours), two)
	})
}

// TestNoQueries: an argument that nobody asks costs nothing.
func TestNoQueries(t *testing.T) {
	counter := &gate.Counter{}
	a := lookup.New(counter)
	a.Range(8)
	finish(counter, a)
	if counter.Gates != 0 {
		t.Errorf("%d gates", counter.Gates)
	}
}

// TestMisuse: a table of values has no tuples, and the other way about; what is
// collected has no further queries.
func TestMisuse(t *testing.T) {
	a, late := lookup.New(&gate.Counter{}), lookup.New(&gate.Counter{})
	late.Collect()
	for name, f := range map[string]func(){
		"tuple of values": func() { a.Range(2).Map(1, 2) },
		"value of tuples": func() { a.Function("f", 0, []int64{1}).Contain(1, 0) },
		"a late value":    func() { late.Range(2).Contain(1, 0) },
		"a late tuple":    func() { late.Function("f", 0, []int64{1}).Map(1, 2) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

// squares shows that its secret Root has the public Square, by a table.
type squares struct {
	Square frontend.Variable `gnark:",public"`
	Root   frontend.Variable
}

// Define implements frontend.Circuit.
func (c *squares) Define(api frontend.API) error {
	g := gate.NewPlonk(api)
	tables := lookup.New(g)
	tables.Function("square", -3, []int64{9, 4, 1, 0, 1, 4, 9}).Map(c.Root, c.Square)
	argument.Finish(g, []argument.Argument{tables})
	return nil
}

func ExampleArgument() {
	cs, err := frontend.Compile(field, scs.NewBuilder, &squares{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, square := range []int{4, 5} {
		w, _ := frontend.NewWitness(&squares{Root: -2, Square: square}, field)
		fmt.Printf("(-2)² = %d: %t\n", square, cs.IsSolved(w) == nil)
	}
	// Output:
	// (-2)² = 4: true
	// (-2)² = 5: false
}
