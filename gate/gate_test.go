package gate_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/poseidon2"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/r1cs"

	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// equals asserts that x is the wire y.
func equals(g gate.API, x, y gate.Wire) { g.Assert(x, y, y, gate.Q{L: 1, R: -1}) }

// TestGates: every call holds for the right wires, for no others, and takes the
// number of gates that its comment states, whatever the coefficients. The last
// wire is the result; CompileGates compares the counter with the compiled system.
func TestGates(t *testing.T) {
	tryGates(t, map[string]gates{
		"linear": {func(g gate.API, in []gate.Wire) { equals(g, g.Linear(gate.T(in[0], 3), gate.T(in[1], -2)), in[2]) },
			2, [][]any{{5, 4, 7}, {0, 1, -2}}, [][]any{{5, 4, 8}}},
		"linear, zero coefficients": {func(g gate.API, in []gate.Wire) {
			equals(g, g.Linear(gate.T(in[0], 0), gate.T(in[1], 0)), in[2])
		}, 2, [][]any{{5, 4, 0}}, [][]any{{5, 4, 1}}},
		"linear, one wire twice": {func(g gate.API, in []gate.Wire) {
			equals(g, g.Linear(gate.T(in[0], 2), gate.T(in[0], 3)), in[2])
		}, 2, [][]any{{5, 0, 25}}, [][]any{{5, 0, 10}, {5, 0, 15}}},
		"zero": {func(g gate.API, in []gate.Wire) { g.Zero(gate.T(in[0], 3), gate.T(in[1], -2), gate.T(in[2], 1)) }, 1,
			[][]any{{5, 4, -7}}, [][]any{{5, 4, 7}}},
		"zero, zero coefficients": {func(g gate.API, in []gate.Wire) {
			g.Zero(gate.T(in[0], 3), gate.T(in[1], 0), gate.T(in[2], 0))
		}, 1, [][]any{{0, 4, 7}}, [][]any{{1, 4, 7}}},
		"quad": {func(g gate.API, in []gate.Wire) {
			equals(g, g.Quad(in[0], in[1], gate.Q{L: 2, R: -3, M: 5, K: 7}), in[2])
		}, 2, [][]any{{1, 2, 13}}, [][]any{{1, 2, 14}}},
		"assert": {func(g gate.API, in []gate.Wire) {
			g.Assert(in[0], in[1], in[2], gate.Q{L: 2, R: -3, M: 5, O: -1, K: 7})
		}, 1, [][]any{{1, 2, 13}}, [][]any{{1, 2, 14}}},
		"mask": {func(g gate.API, in []gate.Wire) {
			equals(g, g.Mask(gate.T(in[0], 11), gate.T(in[1], 13), big.NewInt(17)), in[2])
		}, 2, [][]any{{1, 2, 54}}, [][]any{{1, 2, 37}}},
		"inverse": {func(g gate.API, in []gate.Wire) {
			ws := g.Inverse(in[:2])
			equals(g, g.Quad(ws[0], ws[1], gate.Q{M: 1}), in[2])
		}, 4, [][]any{{2, 1, new(big.Int).ModInverse(big.NewInt(2), fr.Modulus())}}, [][]any{{2, 1, 2}, {0, 1, 0}}},
		"commit": {func(g gate.API, in []gate.Wire) { g.Commit([]gate.Wire{in[0], in[1], in[0]}) }, 3,
			[][]any{{1, 2, 3}}, nil},
	})
}

// TestForms is TestGates for gates of two terms.
func TestForms(t *testing.T) {
	tryGates(t, map[string]gates{
		"form": {func(g gate.API, in []gate.Wire) {
			equals(g, g.Form(gate.T(in[0], 3), gate.T(in[1], -2), gate.Q{L: 1, R: 5, M: 1, K: 7}), in[2])
		}, 2, [][]any{{2, 5, -97}, {0, 5, -43}}, [][]any{{2, 5, -53}}},
		"form, a zero coefficient": {func(g gate.API, in []gate.Wire) {
			equals(g, g.Form(gate.T(in[0], 0), gate.T(in[1], -2), gate.Q{L: 1, R: 5, M: 1, K: 7}), in[2])
		}, 2, [][]any{{2, 5, -43}, {0, 5, -43}}, [][]any{{2, 5, -63}}},
		"form, zero coefficients": {func(g gate.API, in []gate.Wire) {
			equals(g, g.Form(gate.T(in[0], 0), gate.T(in[1], 0), gate.Q{L: 1, R: 5, M: 1, K: 7}), in[2])
		}, 2, [][]any{{2, 5, 7}}, [][]any{{2, 5, 27}}},
		"form, one wire twice": {func(g gate.API, in []gate.Wire) {
			equals(g, g.Form(gate.T(in[0], 3), gate.T(in[0], -2), gate.Q{L: 1, R: 5, M: 1, K: 7}), in[2])
		}, 2, [][]any{{2, 0, -31}}, [][]any{{2, 0, -7}}},
		"product": {func(g gate.API, in []gate.Wire) {
			equals(g, g.Form(gate.T(in[0], 3), gate.T(in[1], -2), gate.Q{M: 1, K: 7}), in[2])
		}, 2, [][]any{{2, 5, -53}, {0, 5, 7}}, [][]any{{2, 5, -60}}},
		"product of one wire": {func(g gate.API, in []gate.Wire) {
			equals(g, g.Form(gate.T(in[0], 3), gate.T(in[0], 1), gate.Q{M: 1, K: 1}), in[2])
		}, 2, [][]any{{2, 0, 13}}, [][]any{{2, 0, 12}}},
	})
}

// gates are calls with the wires that they admit, and others that they refuse.
type gates struct {
	define circuittest.Definition
	gates  int
	admits [][]any
	refuse [][]any
}

func tryGates(t *testing.T, cases map[string]gates) {
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := circuittest.CompileGates(t, 3, c.define)
			if n := s.CS.GetNbConstraints(); n != c.gates {
				t.Errorf("%d gates, want %d", n, c.gates)
			}
			for _, in := range c.admits {
				s.Admits(in)
			}
			for _, in := range c.refuse {
				s.Refuses(in)
			}
		})
	}
}

// TestSums: as many gates as Sum and AssertZero promise, for any number of terms.
func TestSums(t *testing.T) {
	for n := range 7 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			terms := func(in []gate.Wire) []gate.Term {
				out := make([]gate.Term, n)
				for i := range out {
					out[i] = gate.T(in[i], int64(i-2))
				}
				return out
			}
			in, sum := make([]any, 8), 0
			for i := range in {
				in[i] = i*i + 1
				if i < n {
					sum += (i - 2) * (i*i + 1)
				}
			}
			zero := circuittest.CompileGates(t, 8, func(g gate.API, in []gate.Wire) {
				gate.AssertZero(g, append(terms(in), gate.T(in[7], -1)))
			})
			in[7] = sum
			zero.Admits(in)
			in[7] = sum + 1
			zero.Refuses(in)
			if want := max(1, n+1-2); zero.CS.GetNbConstraints() != want {
				t.Errorf("%d gates for %d terms that are zero, want %d", zero.CS.GetNbConstraints(), n+1, want)
			}
			if n == 0 {
				return
			}
			total := circuittest.CompileGates(t, 8, func(g gate.API, in []gate.Wire) {
				equals(g, gate.Sum(g, terms(in)), in[7])
			})
			total.Refuses(in)
			in[7] = sum
			total.Admits(in)
			if want := max(1, n-1) + 1; total.CS.GetNbConstraints() != want {
				t.Errorf("%d gates for a sum of %d terms and a test, want %d", total.CS.GetNbConstraints(), n, want)
			}
		})
	}
}

// TestAssertOfOneTerm: one term is zero only where its wire is, whatever its
// coefficient.
func TestAssertOfOneTerm(t *testing.T) {
	for _, coef := range []int64{-2, -1, 1, 2} {
		c := circuittest.CompileGates(t, 1, func(g gate.API, in []gate.Wire) {
			gate.AssertZero(g, []gate.Term{gate.T(in[0], coef)})
		})
		c.Admits([]any{0})
		c.Refuses([]any{1})
	}
}

// TestAssertOfTwoTerms: two terms are zero only where they make up for each
// other, whatever their coefficients.
func TestAssertOfTwoTerms(t *testing.T) {
	for _, coef := range []int64{-2, -1, 1, 2} {
		c := circuittest.CompileGates(t, 2, func(g gate.API, in []gate.Wire) {
			gate.AssertZero(g, []gate.Term{gate.T(in[0], 1), gate.T(in[1], coef)})
		})
		c.Admits([]any{2 * coef, -2})
		c.Refuses([]any{2*coef + 1, -2})
		c.Refuses([]any{0, 1})
	}
}

func TestSumOfNothingToDo(t *testing.T) {
	c := &gate.Counter{}
	w := c.Inputs(1)[0]
	if gate.Sum(c, []gate.Term{gate.T(w, 1)}) != w || c.Gates != 0 {
		t.Error("a single wire is not its own sum")
	}
	if gate.AssertZero(c, nil); c.Gates != 0 {
		t.Error("no terms take a gate")
	}
}

// TestPermute: the permutation is that of gnark-crypto, for every width, with
// constants of zero and others in any place.
func TestPermute(t *testing.T) {
	for _, width := range []int{4, 8, 12, 16} {
		for name, constant := range map[string]func(i int) *big.Int{
			"wires":         func(int) *big.Int { return nil },
			"a tag":         func(i int) *big.Int { return pick(i == width-1, big.NewInt(9)) },
			"half of zeros": func(i int) *big.Int { return pick(i >= width/2, new(big.Int)) },
			"zeros, a tag":  func(i int) *big.Int { return pick(i > 0, big.NewInt(int64(9*(i/(width-1))))) },
		} {
			t.Run(fmt.Sprintf("%d, %s", width, name), func(t *testing.T) {
				state := make([]fr.Element, width)
				in := make([]any, width+1)
				for i := range state {
					state[i].SetUint64(uint64(100 + i))
					if k := constant(i); k != nil {
						state[i].SetBigInt(k)
					}
					in[i] = state[i].BigInt(new(big.Int))
				}
				c := circuittest.CompileGates(t, width+1, func(g gate.API, in []gate.Wire) {
					wires := make([]gate.Wire, width)
					for i := range wires {
						wires[i] = in[i]
						if k := constant(i); k != nil {
							wires[i] = k
						}
					}
					g.Permute(wires)
					equals(g, gate.Sum(g, []gate.Term{gate.T(wires[0], 1), gate.T(wires[width-1], 5)}), in[width])
				})
				perm := poseidon2.NewPermutation(width, gate.FullRounds, gate.PartialRounds(width))
				if err := perm.Permutation(state); err != nil {
					t.Fatal(err)
				}
				var sum, five fr.Element
				five.SetUint64(5)
				sum.Mul(&state[width-1], &five).Add(&sum, &state[0])
				in[width] = sum.BigInt(new(big.Int))
				c.Admits(in)
				in[0] = 99
				c.Refuses(in)
			})
		}
	}
}

func pick(yes bool, k *big.Int) *big.Int {
	if yes {
		return k
	}
	return nil
}

type foreign struct{ X frontend.Variable }

// Define implements frontend.Circuit.
func (c *foreign) Define(api frontend.API) error {
	gate.NewPlonk(api)
	return nil
}

// TestForeignBuilder: gates of another arithmetisation are misuse.
func TestForeignBuilder(t *testing.T) {
	if _, err := frontend.Compile(ecc.BN254.ScalarField(), r1cs.NewBuilder, &foreign{}); err == nil {
		t.Error("a builder for another arithmetisation is taken")
	}
}

// TestCommits: a wire that is noted for the commitment costs what one that is handed
// to it does, once, however often it is named.
func TestCommits(t *testing.T) {
	listed, noted := &gate.Counter{}, &gate.Counter{}
	a, b := listed.Inputs(200), noted.Inputs(200)
	listed.Commit(append(a[:150:150], a[100:]...))
	for _, w := range b[:150] {
		noted.Commits(w)
		noted.Commits(w)
	}
	noted.Commit(b[100:])
	if listed.Gates != 201 || noted.Gates != 201 {
		t.Errorf("%d gates for a list, %d for notes: there are 200 wires", listed.Gates, noted.Gates)
	}
}
