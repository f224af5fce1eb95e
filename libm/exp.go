package libm

import "math"

// ln2Hi + ln2Lo is the logarithm of 2; the first has 32 bits, so that its product
// with an exponent is exact.
const (
	ln2Hi = 2977044471.0 / (1 << 32)
	ln2Lo = math.Ln2 - ln2Hi
)

// Beyond these, exp leaves the range of float64.
const (
	expOverflow  = 709.782712893384
	expUnderflow = -745.1332191019412
)

// expTerms are 1/n! for n from 2 on: the series of (exp(r) − 1 − r)/r². The first
// term left out is below 2^-55 of the result for |r| ≤ ln(2)/2.
var expTerms = [...]float64{
	1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880,
	1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800, 1.0 / 87178291200,
}

// horner is Σ terms[n]·x^n.
func horner(terms []float64, x float64) float64 {
	sum := 0.0
	for n := len(terms) - 1; n >= 0; n-- {
		sum = math.FMA(sum, x, terms[n])
	}
	return sum
}

// reduced writes x as k·ln 2 + r + tail with |r| ≤ ln(2)/2, tail a correction to r.
func reduced(x float64) (k int, r, tail float64) {
	n := math.Floor(x/math.Ln2 + 0.5)
	hi := math.FMA(-n, ln2Hi, x)
	r = math.FMA(-n, ln2Lo, hi)
	return int(n), r, math.FMA(-n, ln2Lo, hi-r)
}

// expm1Reduced is exp(r + tail) − 1 for |r| ≤ ln(2)/2.
func expm1Reduced(r, tail float64) float64 {
	square := float64(r * r)
	return r + math.FMA(square, horner(expTerms[:], r), math.FMA(tail, r, tail))
}

// Exp is e^x: 0 and +Inf beyond the range, NaN for NaN.
func Exp(x float64) float64 {
	switch {
	case math.IsNaN(x):
		return x
	case x > expOverflow:
		return math.Inf(1)
	case x < expUnderflow:
		return 0
	}
	k, r, tail := reduced(x)
	return math.Ldexp(1+expm1Reduced(r, tail), k)
}

// Expm1 is e^x − 1, exact in relative terms near 0 too.
func Expm1(x float64) float64 {
	switch {
	case math.IsNaN(x) || x == 0:
		return x
	case x > expOverflow:
		return math.Inf(1)
	case x < -40: // e^x is below half a unit in the last place of 1
		return -1
	}
	k, r, tail := reduced(x)
	e := expm1Reduced(r, tail)
	switch {
	case k == 0:
		return e
	case k > 60: // the 1 is below a unit in the last place
		return math.Ldexp(1+e, k)
	}
	// 2^k·(e + 1) − 1 = 2^k·((1 − 2^−k) + e); the difference is exact for |k| ≤ 53
	return math.Ldexp((1-math.Ldexp(1, -k))+e, k)
}

// Tanh is the hyperbolic tangent.
func Tanh(x float64) float64 {
	switch {
	case math.IsNaN(x) || x == 0:
		return x
	case math.Abs(x) > 22:
		return math.Copysign(1, x)
	}
	e := Expm1(math.Abs(x) + math.Abs(x))
	return math.Copysign(e/(e+2), x)
}
