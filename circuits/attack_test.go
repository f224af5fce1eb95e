package circuits_test

import (
	"math/big"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/constraint/solver"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// Each test of this file is a mistake that provers for neural networks have
// made. First a copy of the gadget with that mistake, in which the attack works;
// then ours, in which it does not.

var field = ecc.BN254.ScalarField()

// fraction is a/b in the field.
func fraction(a, b int64) *big.Int {
	x := new(big.Int).ModInverse(new(big.Int).Mod(big.NewInt(b), field), field)
	x.Mul(x, big.NewInt(a))
	return x.Mod(x, field)
}

// set answers a call of a hint with other values; nil keeps an honest one.
func set(h solver.Hint, call int, values ...*big.Int) circuittest.Tamper {
	return circuittest.Tamper{Hint: h, With: func(at int, _, out []*big.Int) {
		for i, v := range values {
			if at == call && v != nil {
				out[i].Set(v)
			}
		}
	}}
}

func integers(vs ...int64) []*big.Int {
	out := make([]*big.Int, len(vs))
	for i, v := range vs {
		out[i] = big.NewInt(v)
	}
	return out
}

// custom compiles a circuit in which the prover chooses every wire.
func custom(t *testing.T, n int, define func(b *circuits.Builder, g gate.API, in []gate.Wire)) *circuittest.Gates {
	t.Helper()
	return circuittest.CompileGates(t, n, func(g gate.API, in []gate.Wire) {
		b := circuits.NewBuilder(g, 4, in[0])
		define(b, g, in)
		b.Finish()
	})
}

func subject(t *testing.T, g circuittest.Gadget) *circuittest.Subject {
	t.Helper()
	return circuittest.Compile(t, g.Statement())
}

// TestNoTwoQuotients: a rescale whose remainder may be anything below the divisor
// in magnitude has two quotients to choose from.
func TestNoTwoQuotients(t *testing.T) {
	rescale := func(remainder circuits.Window) *circuittest.Gates {
		return custom(t, 3, func(b *circuits.Builder, g gate.API, in []gate.Wire) { // v = 4q + ρ
			b.Bound(in[1:2], circuits.Window{Bits: 4})
			b.Bound(in[2:], remainder)
			gate.AssertZero(g, []gate.Term{gate.T(in[0], 1), gate.T(in[1], -4), gate.T(in[2], -1)})
		})
	}
	broken := rescale(circuits.Window{Base: -4, Bits: 3})
	broken.Admits([]any{9, 2, 1})
	broken.Admits([]any{9, 3, -3})
	ours := rescale(circuits.Window{Bits: 2})
	ours.Admits([]any{9, 2, 1})
	ours.Refuses([]any{9, 3, -3})

	relu := circuits.Saturation{Shift: 2, Bits: 3}
	s := subject(t, circuittest.Gadget{
		In: 1, Bits: 6, Lo: -32, Digit: 4, Eval: evalSaturations(relu),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return b.Saturate(in, []circuits.Saturation{relu})
		},
	})
	for v := int64(-32); v < 32; v++ {
		for _, by := range []int64{-1, 1} {
			s.Rejects([]int64{v}, []int64{relu.Eval(v)}, circuittest.Tamper{Hint: circuits.Digits,
				With: func(_ int, _, out []*big.Int) {
					out[0].Add(out[0], big.NewInt(-4*by))
					out[1].Add(out[1], big.NewInt(by))
				}})
		}
	}
}

// TestMaximumCannotBeForged: a maximum that is only not less than any element, and
// one that is the last of a sorted list in which elements may be left out.
func TestMaximumCannotBeForged(t *testing.T) {
	notLess := custom(t, 3, func(b *circuits.Builder, g gate.API, in []gate.Wire) { // m ≥ x, m ≥ y
		for _, v := range in[:2] {
			b.Bound([]gate.Wire{g.Linear(gate.T(in[2], 1), gate.T(v, -1))}, circuits.Window{Bits: 3})
		}
	})
	notLess.Admits([]any{1, 3, 4})
	sorted := custom(t, 4, func(b *circuits.Builder, g gate.API, in []gate.Wire) { // s ≤ m, both among x, y
		for _, s := range in[2:] {
			dx := g.Linear(gate.T(s, 1), gate.T(in[0], -1))
			dy := g.Linear(gate.T(s, 1), gate.T(in[1], -1))
			g.Assert(dx, dy, dy, gate.Q{M: 1})
		}
		b.Bound([]gate.Wire{g.Linear(gate.T(in[3], 1), gate.T(in[2], -1))}, circuits.Window{Bits: 3})
	})
	sorted.Admits([]any{1, 3, 1, 1})

	for _, e := range maxExamples() {
		s := subject(t, e.Gadget)
		in := make([]int64, e.In)
		for i := range in {
			in[i] = e.Lo + int64(i)
		}
		for by := int64(-3); by <= 3; by++ {
			if by != 0 {
				s.Rejects(in, e.Eval(in), circuittest.Tamper{Hint: circuits.Largest,
					With: func(call int, _, out []*big.Int) {
						if call == 0 {
							out[0].Add(out[0], big.NewInt(by))
						}
					}})
			}
		}
	}
}

// TestZeroHasOneSign: with a free sign on zero, 5 > 5 can be proved.
func TestZeroHasOneSign(t *testing.T) {
	broken := custom(t, 4, func(b *circuits.Builder, g gate.API, in []gate.Wire) { // x − y = (2s − 1)·size
		b.Check(in[2], 0, 1)
		b.Bound(in[3:], circuits.Window{Bits: 3})
		signed := g.Quad(in[2], in[3], gate.Q{M: 2, R: -1})
		gate.AssertZero(g, []gate.Term{gate.T(in[0], 1), gate.T(in[1], -1), gate.T(signed, -1)})
	})
	broken.Admits([]any{6, 5, 1, 1})
	broken.Refuses([]any{4, 5, 1, 1})
	broken.Admits([]any{5, 5, 1, 0}) // s = 1 is to say that x > y

	step := circuits.Saturation{Bits: 1} // x > y as the difference limited to 0..1
	s := subject(t, circuittest.Gadget{
		In: 2, Bits: 2, Digit: 3,
		Eval: func(in []int64) []int64 { return []int64{step.Eval(in[0] - in[1])} },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			r := intervals(layer{row(0, 1, -1)}, 0, 3)
			r[0].Window = b.SaturationWindow(step, r[0].Lo, r[0].Hi)
			return b.Saturate(b.Linear(in, r, false), []circuits.Saturation{step})
		},
	})
	for v := range int64(4) {
		if _, admitted := s.Exhaust([]int64{v, v}, []int64{0}, 3, circuits.Digits); admitted != 1 {
			t.Errorf("%d assignments for equal numbers", admitted)
		}
	}
}

// TestQuotientAndRemainderAreBounded: if either is free, any quotient is provable.
func TestQuotientAndRemainderAreBounded(t *testing.T) {
	type check func(b *circuits.Builder, g gate.API, in []gate.Wire)
	division := func(checks ...check) *circuittest.Gates {
		return custom(t, 4, func(b *circuits.Builder, g gate.API, in []gate.Wire) { // n = q·d + ρ
			p := g.Quad(in[1], in[2], gate.Q{M: 1})
			gate.AssertZero(g, []gate.Term{gate.T(in[0], 1), gate.T(p, -1), gate.T(in[3], -1)})
			for _, c := range checks {
				c(b, g, in)
			}
		})
	}
	quotient := func(b *circuits.Builder, _ gate.API, in []gate.Wire) { b.Bound(in[2:3], circuits.Window{Bits: 4}) }
	remainder := func(b *circuits.Builder, g gate.API, in []gate.Wire) {
		b.Bound(in[3:], circuits.Window{Bits: 4})
		b.Bound([]gate.Wire{g.Quad(in[1], in[3], gate.Q{L: 1, R: -1, K: -1})}, circuits.Window{Bits: 4})
	}
	honest, forgedRemainder, forgedQuotient := []any{7, 3, 2, 1}, []any{7, 3, 9, -20}, []any{7, 3, fraction(7, 3), 0}
	division(quotient).Admits(forgedRemainder)
	division(remainder).Admits(forgedQuotient)
	both := division(quotient, remainder)
	both.Admits(honest)
	both.Refuses(forgedRemainder)
	both.Refuses(forgedQuotient)

	e := divide("", 4, 4)
	s := subject(t, e.Gadget)
	for _, in := range e.Inputs(nil, 5) {
		n, d := 2*(in[0]-1)+in[1], 2*in[1]
		for q := range int64(16) {
			if q != n/d {
				s.Rejects(in, e.Eval(in), set(circuits.Divide, 0, integers(q, n-q*d)...))
			}
		}
		for rho := range d {
			if n%d != rho {
				s.Rejects(in, e.Eval(in), set(circuits.Divide, 0, fraction(n-rho, d), big.NewInt(rho)))
			}
		}
	}
}

// TestArgMaxTies: of equal values the prover must not choose the winner.
func TestArgMaxTies(t *testing.T) {
	broken := custom(t, 5, func(b *circuits.Builder, g gate.API, in []gate.Wire) { // x, y, m, selectors
		for j := range 2 {
			e := g.Linear(gate.T(in[2], 1), gate.T(in[j], -1))
			b.Bound([]gate.Wire{e}, circuits.Window{Bits: 3})
			b.Check(in[3+j], 0, 1)
			g.Assert(in[3+j], e, e, gate.Q{M: 1})
		}
		g.Assert(in[3], in[4], in[4], gate.Q{L: 1, R: 1, K: -1})
	})
	broken.Refuses([]any{4, 5, 5, 1, 0})
	broken.Admits([]any{5, 5, 5, 1, 0})
	broken.Admits([]any{5, 5, 5, 0, 1})

	ties := [][]int64{{1, 1, 1, 1, 1}, {0, 1, 0, 1, 1}, {-2, -2, -2, -2, -2}, {1, 0, 0, 0, 1}}
	for _, e := range argMaxExamples() {
		if e.In != 5 {
			continue
		}
		s := subject(t, e.Gadget)
		for _, in := range ties {
			right := e.Eval(in)
			s.Accepts(in, right)
			for other := range in {
				lie := make([]*big.Int, 1+len(in)) // another winner, and its value as the maximum
				lie[0] = big.NewInt(in[other])
				for j := range in {
					lie[1+j] = new(big.Int)
				}
				lie[1+other].SetUint64(1)
				if int64(other) != right[0] {
					s.Rejects(in, right, set(circuits.Winner, 0, lie...))
				}
			}
		}
	}
}

// TestSlotsLeftOpenAreClosed: of a pack that is read in part, the other slots
// must be bound too, or value moves between them.
func TestSlotsLeftOpenAreClosed(t *testing.T) {
	free := custom(t, 3, func(b *circuits.Builder, g gate.API, in []gate.Wire) { // x + 16·x = v0 + 16·v1
		b.Bound(in[1:2], circuits.Window{Bits: 4})
		gate.AssertZero(g, []gate.Term{gate.T(in[0], 17), gate.T(in[1], -1), gate.T(in[2], -16)})
	})
	free.Admits([]any{5, 5, 5})
	free.Admits([]any{5, 9, fraction(5*17-9, 16)})

	partly := func(finish func(*circuits.Builder)) *circuittest.Gates {
		return circuittest.CompileGates(t, 3, func(g gate.API, in []gate.Wire) {
			b := circuits.NewBuilder(g, 3, in[0])
			xs := b.Bound(in[:2], circuits.Window{Bits: 2})
			vs := b.Linear(xs, intervals(layer{row(0, 1, 1), row(1, 2, 0)}, 0, 3), false)
			b.Equal(b.CloseAll(vs[:1])[0], in[2])
			finish(b)
		})
	}
	up := set(circuits.Digits, 0, big.NewInt(6))
	honest, forged := []any{2, 3, 5}, []any{2, 3, 6}
	unclosed := partly((*circuits.Builder).FinishUnclosed)
	unclosed.Admits(honest)
	unclosed.Admits(forged, up)
	ours := partly(func(b *circuits.Builder) { b.Finish() })
	ours.Admits(honest)
	ours.Refuses(forged)
	ours.Refuses(forged, up)
	for v := int64(-8); v < 16; v++ { // the other slot is closed by call 1
		ours.Refuses(forged, up, set(circuits.Digits, 1, big.NewInt(v)))
	}
	ours.Refuses(forged, up, set(circuits.Digits, 1, fraction(5*8-1, 8)))
}

// TestUnboundMaximumIsClosed: elements are bound to a maximum that nobody reads;
// unless it is closed, they may all move together.
func TestUnboundMaximumIsClosed(t *testing.T) {
	pooled := func(finish func(*circuits.Builder)) *circuittest.Gates {
		return circuittest.CompileGates(t, 3, func(g gate.API, in []gate.Wire) {
			b := circuits.NewBuilder(g, 3, in[0])
			xs := b.Bound(in[:2], circuits.Window{Bits: 1})
			all := circuits.Cover(0, 1)
			vs := opened(b, xs, circuits.MaxWindow(0, 1, all))
			b.Max(vs, [][]int32{{0, 1}}, []circuits.Window{all})
			b.Equal(b.CloseAll(vs[:1])[0], in[2])
			finish(b)
		})
	}
	// slots of two bits: x0 + 4·x1 = v0 + 4·v1 for v0 = x0 + 4/5, v1 = x1 − 1/5
	forged := fraction(9, 5)
	lies := []circuittest.Tamper{
		set(circuits.Largest, 0, forged),
		set(circuits.Digits, 0, big.NewInt(0)), set(circuits.Digits, 1, big.NewInt(1)),
	}
	unclosed := pooled((*circuits.Builder).FinishUnclosed)
	unclosed.Admits([]any{1, 1, 1})
	unclosed.Admits([]any{1, 1, forged}, lies...)
	ours := pooled(func(b *circuits.Builder) { b.Finish() })
	ours.Admits([]any{1, 1, 1})
	ours.Refuses([]any{1, 1, forged}, lies...)
	for v := int64(-2); v < 3; v++ { // the maximum is closed by call 2
		ours.Refuses([]any{1, 1, forged}, append(lies, set(circuits.Digits, 2, big.NewInt(v)))...)
	}
}
