package libm

import "math"

// erfOne is the argument from which on erf is 1 to the last bit.
const erfOne = 6

// erfTerms are (−1)^n/(n!·(2n+1)): the series of erf(x)·√π/2/x in x². The first term
// left out is below 2^-60 for |x| ≤ 1.
var erfTerms = [...]float64{
	1.0 / (1 * 1), -1.0 / (1 * 3), 1.0 / (2 * 5), -1.0 / (6 * 7),
	1.0 / (24 * 9), -1.0 / (120 * 11), 1.0 / (720 * 13), -1.0 / (5040 * 15),
	1.0 / (40320 * 17), -1.0 / (362880 * 19), 1.0 / (3628800 * 21), -1.0 / (39916800 * 23),
	1.0 / (479001600 * 25), -1.0 / (6227020800 * 27), 1.0 / (87178291200 * 29), -1.0 / (1307674368000 * 31),
	1.0 / (20922789888000 * 33), -1.0 / (355687428096000 * 35),
	1.0 / (6402373705728000 * 37), -1.0 / (121645100408832000 * 39),
}

// Erf is the error function, 2/√π·∫₀^x exp(−t²) dt (Abramowitz and Stegun, chapter 7).
func Erf(x float64) float64 {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x) || x == 0:
		return x
	case a >= erfOne:
		return math.Copysign(1, x)
	case a < 1: // (7.1.5)
		return float64(float64(horner(erfTerms[:], float64(x*x))*(2/math.SqrtPi)) * x)
	}
	return math.Copysign(1-erfc(a), x)
}

// erfc is 1 − erf(x) for x ≥ 1, by the continued fraction exp(−x²)/√π / (x + ½/(x +
// 1/(x + 3/2/(x + ...)))) (7.1.14). Its truncation error falls as exp(−x·√(8n)) with
// its depth n.
func erfc(x float64) float64 {
	square := float64(x * x)
	rest := x
	for n := 10 + int(220/square); n > 0; n-- {
		rest = x + float64(n)/2/rest
	}
	return float64(Exp(-square)*(1/math.SqrtPi)) / rest
}
