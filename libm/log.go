package libm

import "math"

// logTerms are 2/(2n+1) for n from 1 on: with s = f/(2+f), log(1+f) is 2·artanh(s) =
// s·(2 + Σ 2/(2n+1)·s^2n). The first term left out is below 2^-55 of the sum for
// 1+f in [√½, √2].
var logTerms = [...]float64{
	2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9, 2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23,
}

// logTail is f − log(1+f) for 1+f in [√½, √2]: as 2·s = f − s·f, it is s·(f − Σ).
func logTail(f float64) float64 {
	s := f / (2 + f)
	square := float64(s * s)
	return float64(s * math.FMA(-square, horner(logTerms[:], square), f))
}

// parts writes x > 0 as (1+f)·2^k with 1+f in [√½, √2].
func parts(x float64) (f float64, k int) {
	m, k := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, k = m+m, k-1
	}
	return m - 1, k
}

// special gives the logarithm of zero, negative numbers, infinity and NaN.
func special(x float64) (float64, bool) {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 1):
		return x, true
	case x < 0:
		return math.NaN(), true
	case x == 0:
		return math.Inf(-1), true
	}
	return 0, false
}

// Log is the natural logarithm: −Inf of 0, NaN of negative numbers.
func Log(x float64) float64 {
	if y, ok := special(x); ok {
		return y
	}
	f, k := parts(x)
	return shifted(f, k, 0)
}

// shifted is log((1+f)·2^k) + more, where more is small in comparison.
func shifted(f float64, k int, more float64) float64 {
	n := float64(k)
	low := math.FMA(n, ln2Lo, more) - logTail(f)
	if k == 0 {
		return f + low
	}
	high := float64(n * ln2Hi) // exact
	sum := high + f
	return sum + (((high - sum) + f) + low)
}

// Log2 is the binary logarithm, exact for powers of two.
func Log2(x float64) float64 {
	if y, ok := special(x); ok {
		return y
	}
	f, k := parts(x)
	return math.FMA(f-logTail(f), math.Log2E, float64(k))
}

// Log1p is log(1 + x), exact in relative terms near 0 too.
func Log1p(x float64) float64 {
	if x == 0 {
		return x
	}
	u := 1 + x
	if y, ok := special(u); ok {
		return y
	}
	if math.Sqrt2/2 <= u && u <= math.Sqrt2 {
		return x - logTail(x)
	}
	lost := 0.0 // of x, in u
	if x >= 1 {
		lost = 1 - (u - x)
	} else {
		lost = x - (u - 1)
	}
	f, k := parts(u)
	return shifted(f, k, lost/u)
}
