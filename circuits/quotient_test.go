package circuits_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// quotientOf is the quotient by rational arithmetic, apart from circuits.Division.
func quotientOf(q circuits.Division, n, d int64) int64 {
	if d == 0 {
		d = 1
	}
	if q.Rest {
		q.Rest = false
		return n - d*quotientOf(q, n, d)
	}
	exact := new(big.Rat).Mul(big.NewRat(n, d), big.NewRat(q.Num, q.Den))
	if q.Rounding == circuits.Nearest {
		exact.Add(exact, big.NewRat(1, 2))
	}
	floor := new(big.Int).Div(exact.Num(), exact.Denom()) // Euclidean: down, as denominators are positive
	if q.Rounding == circuits.ToZero && exact.Sign() < 0 && !exact.IsInt() {
		floor.Add(floor, big.NewInt(1))
	}
	return floor.Int64()
}

// quotient is a division of a number by another one, each of so many bits from lo on.
func quotient(name string, bits int, lo int64, digit int, q circuits.Division) example {
	return example{name, circuittest.Gadget{
		In: 2, Bits: bits, Lo: lo, Digit: digit,
		Eval: func(in []int64) []int64 { return []int64{quotientOf(q, in[0], in[1])} },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return []*circuits.Value{b.Quotient(in[0], in[1], q)}
		},
	}}
}

var roundings = map[string]circuits.Rounding{
	"nearest": circuits.Nearest, "down": circuits.Down, "to zero": circuits.ToZero,
}

// quotientExamples have divisors that are positive, may be zero, or of both signs or negative,
// factors, and digits that are wider and narrower than what is divided.
func quotientExamples() []example {
	var out []example
	for _, rounding := range []string{"nearest", "down", "to zero"} {
		for _, c := range []struct {
			what      string
			lo        int64
			bits, dig int
			num, den  int64
		}{
			{"positive", 1, 4, 4, 1, 1},
			{"not negative", 0, 4, 5, 1, 1},
			{"of both signs", -4, 3, 4, 1, 1},
			{"negative", -16, 4, 4, 1, 1},
			{"up to zero", -15, 4, 4, 1, 1},
			{"times 12 by 5", -8, 4, 6, 12, 5},
		} {
			q := circuits.Division{Num: c.num, Den: c.den, Rounding: roundings[rounding]}
			out = append(out, quotient(fmt.Sprintf("quotient %s, %s", rounding, c.what), c.bits, c.lo, c.dig, q))
			if q.Rest = q.Rounding != circuits.Nearest && q.Num == 1; q.Rest {
				out = append(out, quotient("rest of "+out[len(out)-1].name, c.bits, c.lo, c.dig, q))
			}
		}
	}
	return append(out, example{"quotient, open", circuittest.Gadget{
		In: 2, Bits: 3, Lo: -4, Digit: 4,
		Eval: func(in []int64) []int64 {
			return []int64{quotientOf(circuits.Division{Num: 1, Den: 1}, in[0], in[1])}
		},
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			vs := opened(b, in, circuits.Cover(-4, 3))
			return []*circuits.Value{b.Quotient(vs[0], vs[1], circuits.Division{Num: 1, Den: 1})}
		},
	}})
}

// TestDivisionEval compares with rational arithmetic, and ranges with what occurs.
func TestDivisionEval(t *testing.T) {
	for name, r := range roundings {
		for _, factors := range [][2]int64{{1, 1}, {3, 1}, {1, 4}, {6, 5}} {
			q := circuits.Division{Num: factors[0], Den: factors[1], Rounding: r}
			evaluate(t, name, q)
			if q.Rest = r != circuits.Nearest && q.Num*q.Den == 1; q.Rest {
				evaluate(t, "what is left, "+name, q)
			}
		}
	}
}

func evaluate(t *testing.T, name string, q circuits.Division) {
	for _, c := range [][4]int64{{-7, 7, -6, 6}, {-7, -2, 1, 6}, {0, 7, 0, 3}, {3, 9, -6, 0}, {-5, 5, -4, -2},
		{-9, 9, 0, 0}, {-2, 2, -9, 9}, {2, 5, -3, 2}} {
		lo, hi := q.Range(c[0], c[1], c[2], c[3])
		least, most := int64(1<<60), int64(-1<<60)
		for n := c[0]; n <= c[1]; n++ {
			for d := c[2]; d <= c[3]; d++ {
				got, want := q.Eval(n, d), quotientOf(q, n, d)
				if got != want {
					t.Fatalf("%s of %d/%d by %d/%d: %d, want %d", name, n, d, q.Num, q.Den, got, want)
				}
				least, most = min(least, got), max(most, got)
			}
		}
		if lo > least || hi < most || !q.Rest && (lo != least || hi != most) {
			t.Errorf("%s by %d/%d over %v: from %d to %d, not %d to %d", name, q.Num, q.Den, c, least, most, lo, hi)
		}
	}
}

// TestQuotientOfWhatBarelyFits divides parts of as many bits as are allowed.
func TestQuotientOfWhatBarelyFits(t *testing.T) {
	const most = int64(1) << (circuits.MaxBits - 3)
	for _, r := range roundings {
		q := circuits.Division{Num: 1, Den: 1, Rounding: r}
		circuittest.Gadget{
			In: 2, Bits: 2, Lo: -2, Digit: 8,
			Eval: func(in []int64) []int64 { return []int64{quotientOf(q, in[0]*most, in[1]*(most-1))} },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return []*circuits.Value{b.Quotient(b.Scaled(in[0], most), b.Scaled(in[1], most-1), q)}
			},
		}.Examine(t, 4, 2)
	}
}

// TestDivisionCheck refuses factors that are none, and parts that are too wide.
func TestDivisionCheck(t *testing.T) {
	const most = int64(1) << (circuits.MaxBits - 2)
	for _, c := range []struct {
		q    circuits.Division
		n, d int64 // the ends of both intervals on either side
		ok   bool
	}{
		{circuits.Division{Num: 1, Den: 1}, most, most, true},
		{circuits.Division{Num: 4, Den: 2}, most / 4, most / 2, true},
		{circuits.Division{Num: 0, Den: 1}, 8, 8, false},
		{circuits.Division{Num: 1, Den: -1}, 8, 8, false},
		{circuits.Division{Num: 1, Den: 1, Rounding: 3}, 8, 8, false},
		{circuits.Division{Num: 1, Den: 1, Rounding: -1}, 8, 8, false},
		{circuits.Division{Num: 1, Den: 1, Rest: true}, 8, 8, false},
		{circuits.Division{Num: 2, Den: 1, Rounding: circuits.Down, Rest: true}, 8, 8, false},
		{circuits.Division{Num: 1, Den: 2, Rounding: circuits.Down, Rest: true}, 8, 8, false},
		{circuits.Division{Num: 1, Den: 1, Rounding: circuits.ToZero, Rest: true}, most, 8, true},
		{circuits.Division{Num: 1, Den: 1}, most + 1, 8, false},
		{circuits.Division{Num: 1, Den: 1}, 8, most + 1, false},
		{circuits.Division{Num: 5, Den: 1}, most / 4, 8, false},
		{circuits.Division{Num: 1, Den: most + 1}, 8, 0, false},
	} {
		for _, lo := range []bool{false, true} {
			n, d := [2]int64{0, c.n}, [2]int64{0, c.d}
			if lo {
				n, d = [2]int64{-c.n, 0}, [2]int64{-c.d, 0}
			}
			if err := c.q.Check(n[0], n[1], d[0], d[1]); (err == nil) != c.ok {
				t.Errorf("%+v of %v by %v: %v", c.q, n, d, err)
			}
		}
	}
}

// TestQuotientOffByOne: quotients beside the right one with the remainders that go with them, a
// sign of the other side, and an answer r greater are rejected.
func TestQuotientOffByOne(t *testing.T) {
	e := quotient("", 3, -4, 4, circuits.Division{Num: 1, Den: 1, Rounding: circuits.ToZero})
	s := subject(t, e.Gadget)
	for _, in := range e.Inputs(nil, 5) {
		want := e.Eval(in)
		s.Computes(in, want)
		for _, off := range []int64{-2, -1, 1, 2} {
			s.Rejects(in, []int64{want[0] + off}, circuittest.Tamper{Hint: circuits.Divide,
				With: func(_ int, hin, out []*big.Int) { // q + off, ρ − off·D
					out[0].Add(out[0], big.NewInt(off))
					out[1].Sub(out[1], new(big.Int).Mul(big.NewInt(off), hin[1]))
				}})
		}
	}
}
