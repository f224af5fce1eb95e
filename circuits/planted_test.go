package circuits_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/consensys/gnark/constraint/solver"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/testkit/adversary"
)

func init() { solver.RegisterHint(Sorted, Copied, Signed) }

// fault is a gadget with a mistake that the adversary must find.
type fault struct {
	name    string
	n, m    int
	in, out []int64
	define  func(g gate.API, in []gate.Wire) []gate.Wire
}

// Sorted is the hint of the smaller of two integers, and how much the other is
// larger.
func Sorted(_ *big.Int, in, out []*big.Int) error {
	sorted := slices.Clone(in)
	slices.SortFunc(sorted, (*big.Int).Cmp)
	out[0].Set(sorted[0])
	out[1].Sub(sorted[1], sorted[0])
	return nil
}

// Copied is the hint that repeats its inputs.
func Copied(_ *big.Int, in, out []*big.Int) error {
	for i, v := range in {
		out[i].Set(v)
	}
	return nil
}

// Signed is the hint that writes an integer as a bit, 1 if it is positive, and
// its size.
func Signed(f *big.Int, in, out []*big.Int) error {
	half := new(big.Int).Rsh(f, 1)
	out[0].SetUint64(0)
	out[1].Sub(f, in[0])
	out[1].Mod(out[1], f)
	if in[0].Sign() > 0 && in[0].Cmp(half) < 0 {
		out[0].SetUint64(1)
		out[1].Set(in[0])
	}
	return nil
}

// small are the constants that a hint takes.
func small(vs ...int64) []gate.Wire {
	var out []gate.Wire
	for _, v := range vs {
		out = append(out, big.NewInt(v))
	}
	return out
}

// bits asks for the digits of a wire, lowest first, and checks nothing.
func bits(g gate.API, w gate.Wire, widths ...int64) []gate.Wire {
	return g.Hint(circuits.Digits, len(widths), append(small(append([]int64{0, int64(len(widths))}, widths...)...),
		w)...)
}

// with defines a gadget over a builder, which it finishes.
func with(
	define func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire,
) func(gate.API, []gate.Wire) []gate.Wire {
	return func(g gate.API, in []gate.Wire) []gate.Wire {
		b := circuits.NewBuilder(g, 4, in[0])
		out := define(b, g, in)
		b.Finish()
		return out
	}
}

// isSum asserts w = Σ terms.
func isSum(g gate.API, w gate.Wire, terms ...gate.Term) {
	gate.AssertZero(g, append(terms, gate.T(w, -1)))
}

// rescaled divides a 6-bit integer by four, with the checks of a quotient and of a
// remainder that it is given.
func rescaled(quotient, remainder circuits.Window) fault {
	return fault{n: 1, m: 1, in: []int64{25}, out: []int64{6},
		define: with(func(b *circuits.Builder, g gate.API, in []gate.Wire) []gate.Wire {
			d := bits(g, in[0], 2, 4)
			if remainder.Bits > 0 {
				b.Bound(d[:1], remainder)
			}
			if quotient.Bits > 0 {
				b.Bound(d[1:], quotient)
			}
			isSum(g, in[0], gate.T(d[0], 1), gate.T(d[1], 4))
			return d[1:]
		})}
}

func (f fault) named(name string) fault {
	f.name = name
	return f
}

// find counts the attacks on a gadget that are admitted.
func (f fault) find(t *testing.T, lies int) (adversary.Tally, *adversary.Subject) {
	t.Helper()
	s, err := adversary.Gates(f.n, f.m, f.define)
	if err != nil {
		t.Fatal(err)
	}
	tally, err := s.Attack(f.in, f.out, lies, 1)
	if err != nil {
		t.Fatal(err)
	}
	return tally, s
}
