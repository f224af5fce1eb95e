package circuits_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	bn254 "github.com/consensys/gnark/constraint/bn254"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// thresholds are those of a secret staircase.
func thresholds(lo int64, rises []int64) []int64 {
	var out []int64
	for _, rise := range rises[:len(rises)-1] {
		lo += rise
		out = append(out, lo)
	}
	return out
}

func secretSplits(rises []int64) func(*circuits.Builder, []*circuits.Value) []*circuits.Value {
	return func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
		var out []*circuits.Value
		for _, v := range in {
			out = append(out, b.SecretSplits(v, rises)...)
		}
		return out
	}
}

// secretSplitExamples have thresholds apart, beside each other and equal, at the ends of the
// interval and on one side of it, one and many, for known and open values.
func secretSplitExamples() []example {
	const lo, hi, bits = -8, 7, 4
	var out []example
	add := func(name string, rises ...int64) {
		eval := evalSplits(thresholds(lo, rises))
		for _, digit := range []int{3, 5} {
			out = append(out, example{fmt.Sprintf("splits, secret, %s, digits of %d", name, digit), circuittest.Gadget{
				In: 2, Bits: bits, Lo: lo, Digit: digit, Eval: eval, Circuit: secretSplits(rises),
			}})
		}
		out = append(out, example{fmt.Sprintf("splits, secret, %s, open", name), circuittest.Gadget{
			In: 2, Bits: bits, Lo: lo, Digit: 3, Eval: eval,
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return secretSplits(rises)(b, opened(b, in, circuits.Cover(lo, hi)))
			},
		}})
	}
	add("one", 11, 5)
	add("two", 7, 1, 8)
	add("three, two of them equal", 3, 4, 0, 9)
	add("at the ends", 0, 1, 14, 1, 0)
	add("all below", 0, 0, 16)
	add("all above", 16, 0, 0)
	return append(out, example{"splits, secret, of a wide value", circuittest.Gadget{
		In: 1, Bits: 12, Lo: -2000, Digit: 4, Eval: evalSplits([]int64{-1999, -3, 0, 1, 900, 2095}),
		Circuit: secretSplits([]int64{1, 1996, 3, 1, 899, 1195, 1}),
	}})
}

// TestSecretSplitsRefuseOtherRises panics where a staircase would go down, has no step, or
// rises by more than any integer does.
func TestSecretSplitsRefuseOtherRises(t *testing.T) {
	for _, rises := range [][]int64{{}, {16}, {3, -1, 14}, {1 << circuits.RiseBits, 0}, {0, -1}} {
		g := circuittest.Gadget{In: 1, Bits: 4, Lo: -8, Digit: 3, Circuit: secretSplits(rises),
			Eval: func([]int64) []int64 { return []int64{0} }}
		if _, err := g.Statement().Count(); err == nil {
			t.Errorf("rises %v were taken", rises)
		}
	}
}

// gates lists of a circuit what must not depend on a private model's numbers: the wires of every
// gate, qM and qO.
func gates(t *testing.T, s *circuits.Statement) []string {
	t.Helper()
	ccs, err := frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder, circuits.NewCircuit(s))
	if err != nil {
		t.Fatal(err)
	}
	system := ccs.(*bn254.SparseR1CS)
	var out []string
	for _, c := range system.GetSparseR1Cs() {
		out = append(out, fmt.Sprint(c.XA, c.XB, c.XC, system.CoeffToString(int(c.QM)),
			system.CoeffToString(int(c.QO))))
	}
	return out
}

// TestSecretsLeaveGatesAlone: rises and leaves change nothing but qL, qR and qK.
func TestSecretsLeaveGatesAlone(t *testing.T) {
	splits := func(rises ...int64) *circuits.Statement {
		return circuittest.Gadget{In: 1, Bits: 4, Lo: -8, Digit: 3, Eval: evalSplits(thresholds(-8, rises)),
			Circuit: secretSplits(rises)}.Statement()
	}
	want := gates(t, splits(1, 2, 3, 10))
	for _, rises := range [][]int64{{0, 0, 0, 0}, {0, 0, 0, 16}, {16, 0, 0, 0}, {1, 1, 1, 1}} {
		if !slices.Equal(gates(t, splits(rises...)), want) {
			t.Errorf("rises %v show in the gates", rises)
		}
	}
	for name, build := range treeShapes {
		for _, outputs := range []int{1, 2} {
			trees := func(leaves ...int64) *circuits.Statement {
				e := ensemble{secret: true, bias: make([]int64, outputs)}
				for _, v := range leaves {
					e.leaves = append(e.leaves, []int64{v, -v}[:outputs])
				}
				e.roots = []int32{build(&e)}
				g := e.gadget(3)
				g.Circuit = func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
					rows := make([]circuits.Row, outputs)
					for k := range rows {
						rows[k] = circuits.Row{Lo: -100, Hi: 100, Window: circuits.Cover(-100, 100)}
					}
					return b.Trees(in, &circuits.Ensemble{Nodes: e.nodes, Roots: e.roots, Secret: true,
						Leaf: func(leaf, output int) int64 { return e.leaves[leaf][output] }}, rows)
				}
				return g.Statement()
			}
			want := gates(t, trees(5, -3, 2, 13, 0))
			for _, leaves := range [][]int64{{0, 0, 0, 0, 0}, {1, 1, 1, 1, 1}, {-7, -7, 3, -9, -1}, {1, 0, 1, 0, 1}} {
				if !slices.Equal(gates(t, trees(leaves...)), want) {
					t.Errorf("%s, %d outputs: leaves %v show in the gates", name, outputs, leaves)
				}
			}
		}
	}
}
