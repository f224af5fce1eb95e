package argument_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"

	"github.com/zkml-go/zkml/argument"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/lookup"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

var field = ecc.BN254.ScalarField()

// exponents is a gate.API whose wires are the exponents of a challenge.
type exponents struct {
	gate.API
	products int
}

// Quad implements gate.API.
func (e *exponents) Quad(a, b gate.Wire, q gate.Q) gate.Wire {
	if (q != gate.Q{M: 1}) {
		panic("a gate that is no product")
	}
	e.products++
	return new(big.Int).Add(a.(*big.Int), b.(*big.Int))
}

// TestMonomialsStayApart: with the points that the challenge gives, two different
// monomials of the degrees that were named have different powers of it; the last
// variable is the challenge.
func TestMonomialsStayApart(t *testing.T) {
	for _, bits := range [][]int{{1}, {5}, {1, 1}, {2, 3}, {3, 2}, {1, 2, 3}, {2, 2, 2, 2}} {
		t.Run(fmt.Sprint(bits), func(t *testing.T) {
			e := &exponents{}
			points := argument.NewChallenge(e, big.NewInt(1)).Points(bits...)
			if points[len(points)-1].(*big.Int).Cmp(big.NewInt(1)) != 0 {
				t.Error("the last variable is not the challenge")
			}
			seen, total := map[string]bool{}, 0
			for _, b := range bits {
				total += b
			}
			for n := range 1 << total { // the digits of n are a monomial's exponents
				power, rest := new(big.Int), n
				for i, b := range bits {
					power.Add(power, new(big.Int).Mul(points[i].(*big.Int), big.NewInt(int64(rest&(1<<b-1)))))
					rest >>= b
				}
				if seen[power.String()] || power.BitLen() > total {
					t.Fatalf("monomial %b is γ^%v, as another one or beyond 2^%d", n, power, total)
				}
				seen[power.String()] = true
			}
		})
	}
}

// TestPowersAreShared: what one argument asked for is no gate of the next.
func TestPowersAreShared(t *testing.T) {
	e := &exponents{}
	c := argument.NewChallenge(e, big.NewInt(1))
	first := c.Points(24, 24)
	again := c.Points(3, 20, 24)
	if e.products != 44 || again[1].(*big.Int).Cmp(first[0].(*big.Int)) != 0 {
		t.Errorf("%d squarings for powers up to 2^44", e.products)
	}
}

// TestDegreesAreBounded: identities that one challenge cannot check are misuse.
func TestDegreesAreBounded(t *testing.T) {
	c := argument.NewChallenge(&gate.Counter{}, 1)
	c.Points(argument.MaxBits-1, 1)
	for _, bits := range [][]int{{0}, {-1, 3}, {argument.MaxBits, 1}, {1, argument.MaxBits}} {
		t.Run(fmt.Sprint(bits), func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			c.Points(bits...)
		})
	}
}

// spy is an argument that writes down when it is called.
type spy struct {
	name  string
	wires []gate.Wire
	log   *[]string
}

// Collect implements argument.Argument.
func (s spy) Collect() []gate.Wire {
	*s.log = append(*s.log, "collect "+s.name)
	return s.wires
}

// Finish implements argument.Argument.
func (s spy) Finish(*argument.Challenge) { *s.log = append(*s.log, "finish "+s.name) }

// committing counts gates and writes down what is committed.
type committing struct {
	*gate.Counter
	log *[]string
}

// Commit implements gate.API.
func (c committing) Commit(ws []gate.Wire) gate.Wire {
	*c.log = append(*c.log, fmt.Sprint("commit ", ws))
	return c.Counter.Commit(ws)
}

// TestOrder: all arguments collect before the one commitment, the last one
// first; one that collects nothing finishes nothing.
func TestOrder(t *testing.T) {
	for _, c := range []struct {
		arguments [][]gate.Wire
		extra     []gate.Wire
		want      string
	}{
		{[][]gate.Wire{{1, 2}, nil, {3}}, []gate.Wire{4}, "collect 2, collect 1, collect 0, commit [1 2 3 4], " +
			"finish 0, finish 2"},
		{[][]gate.Wire{nil}, []gate.Wire{4}, "collect 0, commit [4]"},
		{[][]gate.Wire{nil, nil}, nil, "collect 1, collect 0"},
		{nil, nil, ""},
	} {
		var log []string
		var all []argument.Argument
		for i, ws := range c.arguments {
			all = append(all, spy{fmt.Sprint(i), ws, &log})
		}
		argument.Finish(committing{&gate.Counter{}, &log}, all, c.extra...)
		if got := strings.Join(log, ", "); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// The wires of both: x and y are below 8, and the pairs (a, b), (c, d) are
// (e, f), (g, h) in some order.
const wires = 10

// both is a circuit of two arguments. forget picks wires, by number, that the
// second leaves uncommitted.
func both(t *testing.T, forget ...int) *circuittest.Gates {
	t.Helper()
	return circuittest.CompileGates(t, wires, func(g gate.API, in []gate.Wire) {
		tables := lookup.New(g)
		tables.Range(3).Contain(in[0], 0)
		tables.Function("square", 0, []int64{0, 1, 4, 9, 16, 25, 36, 49}).Map(in[0], in[1])
		shuffle := &circuittest.Shuffle{
			G: g, A: [][2]gate.Wire{{in[2], in[3]}, {in[4], in[5]}}, B: [][2]gate.Wire{{in[6], in[7]}, {in[8], in[9]}},
			Forget: func(w gate.Wire) bool {
				return slices.ContainsFunc(forget, func(i int) bool { return fmt.Sprint(w) == fmt.Sprint(in[i]) })
			},
		}
		argument.Finish(g, []argument.Argument{tables, shuffle})
	})
}

var honest = []any{3, 9, 10, 20, 30, 40, 30, 40, 10, 20}

// with is the honest assignment but for some wires.
func with(changes map[int]any) []any {
	out := slices.Clone(honest)
	for i, v := range changes {
		out[i] = v
	}
	return out
}

// TestTwoArguments: either argument refuses what is false, whatever the other
// one holds.
func TestTwoArguments(t *testing.T) {
	c := both(t)
	c.Admits(honest)
	c.Admits(with(map[int]any{6: 10, 7: 20, 8: 30, 9: 40}))
	c.Admits(with(map[int]any{0: 7, 1: 49}))
	for i := range wires {
		c.Refuses(with(map[int]any{i: 8}))
	}
	c.Refuses(with(map[int]any{6: 10, 8: 30}))         // pairs taken apart
	c.Refuses(with(map[int]any{6: 30 + 7, 7: 40 - 1})) // as 7·b + a
}

// seen solves a circuit and gives the challenge as each argument has it.
func seen(c *circuittest.Gates, in []any) (ofLookup, ofShuffle *big.Int) {
	_ = c.Solve(in, circuittest.Tamper{Hint: lookup.Fractions, With: func(_ int, in, _ []*big.Int) {
		ofLookup = new(big.Int).Set(in[1])
	}}, circuittest.Tamper{Hint: circuittest.Seen, With: func(_ int, in, _ []*big.Int) {
		ofShuffle = new(big.Int).Set(in[0])
	}})
	return ofLookup, ofShuffle
}

// TestChallengeDependsOnBoth: the two have one challenge, and it changes with any
// wire of either.
func TestChallengeDependsOnBoth(t *testing.T) {
	c := both(t)
	before, _ := seen(c, honest)
	for i := range wires {
		after, ofShuffle := seen(c, with(map[int]any{i: 8}))
		if after == nil { // the other argument failed first
			after = ofShuffle
		}
		if after.Cmp(before) == 0 {
			t.Errorf("the challenge does not depend on wire %d", i)
		}
	}
	for _, changes := range []map[int]any{{}, {0: 4, 1: 16}, {2: 11, 8: 11}, {3: 21, 9: 21}} {
		in := with(changes)
		c.Admits(in)
		ofLookup, ofShuffle := seen(c, in)
		if ofLookup.Cmp(ofShuffle) != 0 {
			t.Error("two arguments have two challenges")
		}
		if same := ofShuffle.Cmp(before) == 0; same != (len(changes) == 0) {
			t.Errorf("with %v the challenge is the same: %t", changes, same)
		}
	}
}

// forged is an assignment of pairs that are no permutation, in which a wire of the
// last pair makes the identity hold at a challenge.
func forged(gamma *big.Int, late int) []any {
	in := with(map[int]any{6: 31, late: 0})
	x := new(big.Int).Exp(gamma, big.NewInt(64), field)
	factor := func(i int) *big.Int { // x + a + γ·b
		f := new(big.Int).Mul(gamma, big.NewInt(int64(in[i+1].(int))))
		return f.Add(f, x).Add(f, big.NewInt(int64(in[i].(int))))
	}
	v := new(big.Int).Mul(factor(2), factor(4))
	v.Mul(v, new(big.Int).ModInverse(factor(6), field))
	v.Sub(v, factor(8))
	if late == 9 {
		v.Mul(v, new(big.Int).ModInverse(gamma, field))
	}
	in[late] = v.Mod(v, field)
	return in
}

// TestLateWires: a wire that is not committed can be made to fit the challenge,
// once that is known. Where it is committed, the challenge changes with it.
func TestLateWires(t *testing.T) {
	for _, late := range []int{8, 9} {
		t.Run(fmt.Sprint("wire ", late), func(t *testing.T) {
			broken, ours := both(t, late), both(t)
			broken.Admits(honest)
			_, gamma := seen(broken, with(map[int]any{6: 31}))
			broken.Admits(forged(gamma, late))
			_, gamma = seen(ours, with(map[int]any{6: 31}))
			ours.Refuses(forged(gamma, late))
		})
	}
}
