package op

import (
	"math"

	"github.com/zkml-go/zkml/libm"
)

// plain is a function without parameters.
func plain(f func(float64) float64) func(float64, []float64) float64 {
	return func(x float64, _ []float64) float64 { return f(x) }
}

// limitedTo is f where its argument is limited to the interval on which it is defined.
func limitedTo(lo, hi float64, f func(float64) float64) func(float64, []float64) float64 {
	return func(x float64, _ []float64) float64 { return f(max(lo, min(hi, x))) }
}

// circular are the functions of angles, the hyperbolic ones, and the inverses of both.
var circular = []function{
	{op: "Acos", since: []int{7, 22}, name: "acos", f: limitedTo(-1, 1, libm.Acos),
		note: "a number outside −1 to 1 counts as the end that is nearer"},
	{op: "Acosh", since: []int{9, 22}, name: "acosh", f: limitedTo(1, math.Inf(1), libm.Acosh), rises: always,
		note: "a number below 1 counts as 1"},
	{op: "Asin", since: []int{7, 22}, name: "asin", f: limitedTo(-1, 1, libm.Asin), rises: always,
		note: "a number outside −1 to 1 counts as the end that is nearer"},
	{op: "Asinh", since: []int{9, 22}, name: "asinh", f: plain(libm.Asinh), rises: always, strict: true},
	{op: "Atan", since: []int{7, 22}, name: "atan", f: plain(libm.Atan), rises: always, strict: true},
	{op: "Atanh", since: []int{9, 22}, name: "atanh", f: limitedTo(-1, 1, libm.Atanh), rises: always,
		note: "a number outside −1 to 1 counts as the end that is nearer, where it saturates at the largest " +
			"magnitude that samples show"},
	{op: "Cos", since: []int{7, 22}, name: "cos", f: plain(libm.Cos)},
	{op: "Cosh", since: []int{9, 22}, name: "cosh", f: plain(libm.Cosh)},
	{op: "Sin", since: []int{7, 22}, name: "sin", f: plain(libm.Sin)},
	{op: "Sinh", since: []int{9, 22}, name: "sinh", f: plain(libm.Sinh), rises: always, strict: true},
	{op: "Tan", since: []int{7, 22}, name: "tan", f: plain(libm.Tan),
		note: "near its poles it saturates at the largest magnitude that samples show"},
}

// cut are the functions that are zero on one side of a number, or around zero.
var cut = []function{
	{op: "Shrink", since: []int{9}, name: "shrink", attrs: []parameter{{"bias", 0}, {"lambd", 0.5}},
		rises: func(p []float64) bool { return p[0] <= p[1] && p[1] >= 0 },
		f: func(x float64, p []float64) float64 {
			switch {
			case x < -p[1]:
				return x + p[0]
			case x > p[1]:
				return x - p[0]
			}
			return 0
		}},
	{op: "ThresholdedRelu", since: []int{10, 22}, name: "thresholdedrelu", attrs: []parameter{{"alpha", 1}},
		rises: notNegative,
		f: func(x float64, p []float64) float64 {
			if x > p[0] {
				return x
			}
			return 0
		}},
}
