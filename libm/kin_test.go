package libm

import (
	"math"
	"math/big"
	"testing"
)

// kin are the functions of angles and the hyperbolic ones, with their definitions in
// arithmetic of precision bits.
var kin = []struct {
	name  string
	f     func(float64) float64
	exact func(x *big.Float) *big.Float
	in    func(x float64) bool // where it is defined
}{
	{"Sin", Sin, func(x *big.Float) *big.Float { return bigSin(x) }, everywhere},
	{"Cos", Cos, func(x *big.Float) *big.Float { return bigSin(sum(x, bigHalfPi())) }, everywhere},
	{"Tan", Tan, func(x *big.Float) *big.Float { return ratio(bigSin(x), bigSin(sum(x, bigHalfPi()))) }, everywhere},
	{"Atan", Atan, bigAtan, everywhere},
	{"Asin", Asin, func(x *big.Float) *big.Float { return bigAtan(ratio(x, opposite(x))) }, within1},
	{"Acos", Acos, func(x *big.Float) *big.Float {
		return sum(bigHalfPi(), negative(bigAtan(ratio(x, opposite(x)))))
	}, within1},
	{"Sinh", Sinh, func(x *big.Float) *big.Float { return half(sum(bigExp(x), negative(bigExp(negative(x))))) }, small},
	{"Cosh", Cosh, func(x *big.Float) *big.Float { return half(sum(bigExp(x), bigExp(negative(x)))) }, small},
	{"Asinh", Asinh, func(x *big.Float) *big.Float { return bigLn(sum(x, root(sum(product(x, x), one())))) }, small},
	{"Acosh", Acosh, func(x *big.Float) *big.Float {
		return bigLn(sum(x, root(sum(product(x, x), negative(one())))))
	}, func(x float64) bool { return x > 1 && x < 1e9 }},
	{"Atanh", Atanh, func(x *big.Float) *big.Float {
		return half(bigLn(ratio(sum(one(), x), sum(one(), negative(x)))))
	}, within1},
}

func everywhere(x float64) bool { return x != 0 }

func within1(x float64) bool { return x != 0 && math.Abs(x) < 1 }

func small(x float64) bool { return x != 0 && math.Abs(x) < 700 }

const precision = 1600

func number(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

func one() *big.Float { return number(1) }

func sum(x, y *big.Float) *big.Float { return number(0).Add(x, y) }

func product(x, y *big.Float) *big.Float { return number(0).Mul(x, y) }

func ratio(x, y *big.Float) *big.Float { return number(0).Quo(x, y) }

func negative(x *big.Float) *big.Float { return number(0).Neg(x) }

func half(x *big.Float) *big.Float { return ratio(x, number(2)) }

func root(x *big.Float) *big.Float { return number(0).Sqrt(x) }

// opposite is √(1 − x²).
func opposite(x *big.Float) *big.Float { return root(sum(one(), negative(product(x, x)))) }

// bigHalfPi is π/2 = 2·atan(1).
var halfPiOnce = func() *big.Float {
	x := one()
	return product(number(2), bigAtan(x))
}()

func bigHalfPi() *big.Float { return halfPiOnce }

// series adds up first·Π(next(n)) until the terms are lost.
func series(first *big.Float, next func(term *big.Float, n float64) *big.Float) *big.Float {
	total := number(0)
	for term, n := first, 1.0; term.Sign() != 0 && term.MantExp(nil) > -precision; n++ {
		total = sum(total, term)
		term = next(term, n)
	}
	return total
}

// bigExp is exp(x) = exp(x/2^k)^(2^k).
func bigExp(x *big.Float) *big.Float {
	const k = 60
	y := ratio(x, number(math.Ldexp(1, k)))
	out := series(one(), func(t *big.Float, n float64) *big.Float { return ratio(product(t, y), number(n)) })
	for range k {
		out = product(out, out)
	}
	return out
}

// bigSin is the sine of what x is beyond a multiple of 2π.
func bigSin(x *big.Float) *big.Float {
	turn := product(number(4), bigHalfPi())
	turns, _ := ratio(x, turn).Int(nil)
	y := sum(x, negative(product(turn, number(0).SetInt(turns))))
	square := product(y, y)
	return series(y, func(t *big.Float, n float64) *big.Float {
		return negative(ratio(product(t, square), number(float64(2*n*(2*n+1)))))
	})
}

// bigAtan halves the angle until its series is short: tan(a/2) = tan a/(1 + √(1 + tan² a)).
func bigAtan(x *big.Float) *big.Float {
	const k = 40
	y := x
	for range k {
		y = ratio(y, sum(one(), root(sum(one(), product(y, y)))))
	}
	square, power, total := product(y, y), y, number(0)
	for n := 1.0; power.Sign() != 0 && power.MantExp(nil) > -precision; n += 2 {
		total = sum(total, ratio(power, number(n)))
		power = negative(product(power, square))
	}
	return product(total, number(math.Ldexp(1, k)))
}

// bigLn is the logarithm, by Newton's method on exp.
func bigLn(x *big.Float) *big.Float {
	e := x.MantExp(nil)
	m := number(0).SetMantExp(x, -e)
	ln := func(m *big.Float) *big.Float { // 2·artanh((m−1)/(m+1))
		s := ratio(sum(m, negative(one())), sum(m, one()))
		square, power, total := product(s, s), s, number(0)
		for n := 1.0; power.Sign() != 0 && power.MantExp(nil) > -precision; n += 2 {
			total = sum(total, ratio(power, number(n)))
			power = product(power, square)
		}
		return product(total, number(2))
	}
	return sum(ln(m), product(number(float64(-e)), ln(number(0.5))))
}

// TestKinAgainstBig compares with definitions in long arithmetic, near zeros, poles and ends
// too.
func TestKinAgainstBig(t *testing.T) {
	special := []float64{1e-300, 1e-9, 0.5, 0.7071067811865476, 0.9999999999999999, 1.0000000000000002, 1, 2,
		math.Pi / 2, math.Pi, 3 * math.Pi / 2, 103 * math.Pi, 1048575.25, 1048577, 6381956970095103 * 0x1p797, 1e22,
		math.MaxFloat64, 22, 22.0001, 1 << 28, 1<<28 + 1, 0.0625, 0.06250001, 650, 0x1.921fb54442d18p+20}
	all := arguments()
	for i := 15; i < len(all); i += 797 {
		special = append(special, all[i])
	}
	for _, k := range kin {
		worst := 0.0
		for _, a := range special {
			for _, x := range []float64{a, -a} {
				if !k.in(x) || math.IsInf(x, 0) {
					continue
				}
				want, _ := k.exact(number(x)).Float64()
				off := math.Abs(k.f(x)-want) / ulp(want)
				if worst = max(worst, off); off > 4 || math.IsNaN(off) {
					t.Errorf("%s(%g) is %g, want %g", k.name, x, k.f(x), want)
				}
			}
		}
		t.Logf("%s differs by %g units in the last place at most", k.name, worst)
	}
}

// TestKinEnds are zeros, infinities, poles and numbers for which a function is not defined.
func TestKinEnds(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name    string
		f       func(float64) float64
		x, want float64
	}{
		{"Sin", Sin, inf, nan}, {"Sin", Sin, nan, nan}, {"Sin", Sin, 0, 0}, {"Cos", Cos, 0, 1},
		{"Cos", Cos, -inf, nan}, {"Tan", Tan, inf, nan}, {"Tan", Tan, 0, 0}, {"Atan", Atan, inf, math.Pi / 2},
		{"Atan", Atan, -inf, -math.Pi / 2},
		{"Asin", Asin, 1, math.Pi / 2}, {"Asin", Asin, -1, -math.Pi / 2}, {"Asin", Asin, 1.5, nan},
		{"Acos", Acos, 1, 0},
		{"Acos", Acos, -1, math.Pi}, {"Acos", Acos, -2, nan}, {"Sinh", Sinh, -inf, -inf}, {"Sinh", Sinh, 711, inf},
		{"Cosh", Cosh, inf, inf}, {"Cosh", Cosh, 0, 1}, {"Cosh", Cosh, nan, nan}, {"Asinh", Asinh, -inf, -inf},
		{"Acosh", Acosh, 1, 0}, {"Acosh", Acosh, 0.5, nan}, {"Acosh", Acosh, inf, inf}, {"Atanh", Atanh, 1, inf},
		{"Atanh", Atanh, -1, -inf}, {"Atanh", Atanh, 2, nan}, {"Atanh", Atanh, nan, nan},
	} {
		if got := c.f(c.x); got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s(%g) is %g, want %g", c.name, c.x, got, c.want)
		}
	}
	if got := Sinh(710); math.IsInf(got, 0) || math.Abs(got/1.1169973830808557e308-1) > 1e-14 {
		t.Errorf("Sinh(710) is %g", got)
	}
}

// kinDigest is that of the bits of all results, on every processor.
const kinDigest = "b1677415144eb7a8cb6ed8b1522558f693c6603ef0b3c3a57ea0b4b4d146c0ef"

// TestKinSameBits holds the results to those of every other processor.
func TestKinSameBits(t *testing.T) {
	var list []func(float64) float64
	for _, fn := range kin {
		list = append(list, fn.f)
	}
	sameBits(t, list, kinDigest)
}
