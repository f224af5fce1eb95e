package libm

import "math"

// Sinh is the hyperbolic sine.
func Sinh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x) || x == 0:
		return x
	case a > 22:
		return math.Copysign(halfExp(a), x)
	}
	e := Expm1(a)
	return math.Copysign((e+e/(e+1))/2, x)
}

// Cosh is the hyperbolic cosine.
func Cosh(x float64) float64 {
	a := math.Abs(x)
	if a > 22 {
		return halfExp(a)
	}
	e := Exp(a)
	return e/2 + 1/(e+e)
}

// halfExp is e^a/2, which may be finite where e^a is not.
func halfExp(a float64) float64 {
	if a <= expOverflow {
		return Exp(a) / 2
	}
	root := Exp(a / 2)
	return float64(root / 2 * root)
}

// farRoot is from where on the square of a number takes no notice of a 1.
const farRoot = 1 << 28

// Asinh is the number whose hyperbolic sine is x.
func Asinh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x) || x == 0:
		return x
	case a > farRoot:
		return math.Copysign(Log(a)+math.Ln2, x)
	}
	square := float64(a * a)
	return math.Copysign(Log1p(a+square/(1+math.Sqrt(1+square))), x)
}

// Acosh is the number from 0 on whose hyperbolic cosine is x: NaN where x < 1.
func Acosh(x float64) float64 {
	if x > farRoot {
		return Log(x) + math.Ln2
	}
	t := x - 1
	return Log1p(t + math.Sqrt(float64(t*t)+(t+t)))
}

// Atanh is the number whose hyperbolic tangent is x: NaN where |x| > 1.
func Atanh(x float64) float64 {
	a := math.Abs(x)
	if math.IsNaN(x) || x == 0 {
		return x
	}
	return math.Copysign(Log1p((a+a)/(1-a))/2, x)
}
