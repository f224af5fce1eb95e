package libm

import "math"

// arcs are atan(k/8).
var arcs = [...]float64{
	0, 0.124354994546761435031, 0.244978663126864154172, 0.358770670270572220395, 0.463647609000806116214,
	0.558599315343562435971, 0.643501108793284386803, 0.718829999621624505270, 0.785398163397448309616,
}

// arcTerms are (−1)^n/(2n+1) for n from 1 on: the series of (atan(t)/t − 1)/t² in t². The
// first term left out is below 2^-60 of the sum for |t| ≤ 1/16.
var arcTerms = [...]float64{-1.0 / 3, 1.0 / 5, -1.0 / 7, 1.0 / 9, -1.0 / 11, 1.0 / 13, -1.0 / 15}

// arc is atan(x) for x in [0, 1]: atan(x) = atan(c) + atan((x − c)/(1 + c·x)).
func arc(x float64) float64 {
	k := math.Floor(float64(x*8) + 0.5)
	c := k / 8
	t := (x - c) / (1 + float64(c*x))
	square := float64(t * t)
	return arcs[int(k)] + math.FMA(float64(t*square), horner(arcTerms[:], square), t)
}

// Atan is the angle whose tangent is x, in [−π/2, π/2].
func Atan(x float64) float64 {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x) || x == 0:
		return x
	case a > 1:
		return math.Copysign(halfPi1-(arc(1/a)-halfPi2), x)
	}
	return math.Copysign(arc(a), x)
}

// Asin is the angle in [−π/2, π/2] whose sine is x: NaN where |x| > 1.
func Asin(x float64) float64 {
	if math.IsNaN(x) || x == 0 {
		return x
	}
	return float64(2 * Atan(x/(1+math.Sqrt(float64((1-x)*(1+x))))))
}

// Acos is the angle in [0, π] whose cosine is x: NaN where |x| > 1.
func Acos(x float64) float64 { return float64(2 * Atan(math.Sqrt((1-x)/(1+x)))) }
