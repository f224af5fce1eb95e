package libm

import (
	"math"
	"math/big"
	"sync"
)

// halfPi1 + halfPi2 + halfPi3 is π/2 to 2^-161: each is the number of float64 nearest to
// what the ones before leave.
const (
	halfPi1 = 0x1.921fb54442d18p+0
	halfPi2 = 0x1.1a62633145c07p-54
	halfPi3 = -0x1.f1976b7ed8fbcp-110
)

// farAngle is from where on an angle is reduced with all its bits: below it, multiples of
// π/2 have no more than 21 bits.
const farAngle = 1 << 20

// sineTerms are (−1)^n/(2n+1)! for n from 1 on: the series of (sin(r)/r − 1)/r² in r². The
// first term left out is below 2^-60 of the sum for |r| ≤ π/4.
var sineTerms = [...]float64{
	-1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800, -1.0 / 1307674368000,
	1.0 / 355687428096000,
}

// cosineTerms are (−1)^n/(2n)! for n from 2 on: the series of (cos(r) − 1 + r²/2)/r⁴ in r².
// The first term left out is below 2^-60 for |r| ≤ π/4.
var cosineTerms = [...]float64{
	1.0 / 24, -1.0 / 720, 1.0 / 40320, -1.0 / 3628800, 1.0 / 479001600, -1.0 / 87178291200, 1.0 / 20922789888000,
	-1.0 / 6402373705728000,
}

// twoSum is a + b, and what its rounding loses.
func twoSum(a, b float64) (sum, lost float64) {
	sum = a + b
	part := sum - a
	return sum, (a - (sum - part)) + (b - part)
}

// quadrant writes a finite x as n·π/2 + r + tail with |r| ≤ π/4, tail a correction to r, and
// returns n mod 4.
func quadrant(x float64) (n int, r, tail float64) {
	if math.Abs(x) >= farAngle {
		return farQuadrant(x)
	}
	count := math.Floor(float64(x*(2/math.Pi)) + 0.5)
	n = int(count) & 3
	if count == 0 {
		return n, x, 0
	}
	first := float64(count * halfPi1)
	second := float64(count * halfPi2)
	r, lost := twoSum(x-first, -math.FMA(count, halfPi1, -first)) // the difference is exact
	r, lost2 := twoSum(r, -second)
	rest := lost + lost2 - math.FMA(count, halfPi2, -second)
	r, tail = twoSum(r, math.FMA(-count, halfPi3, rest))
	return n, r, tail
}

// anglePrecision has room for the 1024 bits before the point of the largest numbers, for 62
// bits that the nearest of them to a multiple of π/2 loses, and for a result of 106.
const anglePrecision = 1280

// piOverTwo is π/2 to anglePrecision bits, by Machin's formula: π/4 = 4·atan(1/5) − atan(1/239).
var piOverTwo = sync.OnceValue(func() *big.Float {
	const shift = anglePrecision + 64
	inverse := func(k int64) *big.Int { // atan(1/k)·2^shift
		power := new(big.Int).Lsh(big.NewInt(1), shift)
		power.Quo(power, big.NewInt(k))
		sum, term := new(big.Int), new(big.Int)
		for n := int64(1); power.Sign() != 0; n += 2 {
			if term.Quo(power, big.NewInt(n)); n%4 == 3 {
				term.Neg(term)
			}
			sum.Add(sum, term)
			power.Quo(power, big.NewInt(k*k))
		}
		return sum
	}
	quarter := new(big.Int).Mul(inverse(5), big.NewInt(4))
	quarter.Sub(quarter, inverse(239))
	out := new(big.Float).SetPrec(anglePrecision).SetInt(quarter)
	return out.SetMantExp(out, 1-shift)
})

// farQuadrant is quadrant for large numbers.
func farQuadrant(x float64) (n int, r, tail float64) {
	number := func() *big.Float { return new(big.Float).SetPrec(anglePrecision) }
	exact, half := number().SetFloat64(math.Abs(x)), piOverTwo()
	count, _ := number().Add(number().Quo(exact, half), number().SetFloat64(0.5)).Int(nil)
	exact.Sub(exact, number().Mul(half, number().SetInt(count)))
	r, _ = exact.Float64()
	tail, _ = exact.Sub(exact, number().SetFloat64(r)).Float64()
	n = int(new(big.Int).And(count, big.NewInt(3)).Int64())
	if x < 0 {
		return -n & 3, -r, -tail
	}
	return n, r, tail
}

// sine is sin(r + tail) for |r| ≤ π/4.
func sine(r, tail float64) float64 {
	square := float64(r * r)
	cube := float64(square * r)
	return r + math.FMA(cube, horner(sineTerms[:], square), math.FMA(-square/2, tail, tail))
}

// cosine is cos(r + tail) for |r| ≤ π/4.
func cosine(r, tail float64) float64 {
	square := float64(r * r)
	half := square / 2
	most := 1 - half
	small := math.FMA(float64(square*square), horner(cosineTerms[:], square), -float64(r*tail))
	return most + (((1 - most) - half) + small)
}

// Sin is the sine of an angle in radians: NaN of infinite ones.
func Sin(x float64) float64 {
	if x == 0 || math.IsNaN(x) {
		return x
	}
	return turned(x, 0)
}

// Cos is the cosine of an angle in radians: NaN of infinite ones.
func Cos(x float64) float64 { return turned(x, 1) }

// turned is the sine of x and a number of right angles.
func turned(x float64, more int) float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return math.NaN()
	}
	n, r, tail := quadrant(x)
	switch (n + more) & 3 {
	case 0:
		return sine(r, tail)
	case 1:
		return cosine(r, tail)
	case 2:
		return -sine(r, tail)
	}
	return -cosine(r, tail)
}

// Tan is the tangent of an angle in radians: NaN of infinite ones.
func Tan(x float64) float64 {
	if x == 0 || math.IsNaN(x) {
		return x
	}
	if math.IsInf(x, 0) {
		return math.NaN()
	}
	n, r, tail := quadrant(x)
	if s, c := sine(r, tail), cosine(r, tail); n&1 == 0 {
		return s / c
	} else {
		return -c / s
	}
}
