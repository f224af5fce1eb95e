package op

import (
	"fmt"
	"math"
)

// interpolation gives the weights of the elements around a position on an axis. ratio, in (0, 1], is
// how far the position lies beyond an element, from which the taps are counted. scale is the size of
// the result's grid against the input's, 1 where it does not smooth.
type interpolation func(ratio, scale float64) []addend

// linearly is the interpolation between neighbours, over more of them where the scale is below 1.
func linearly(ratio, scale float64) []addend {
	start := int(math.Floor(-1/scale)) + 1
	return shares(start, 2-2*start, func(i int) float64 {
		return max(0, 1-math.Abs(float64(float64(float64(i)-ratio)*scale)))
	})
}

// cubically is the interpolation by cubic convolution, whose parameter a is the slope at the first
// neighbour.
func cubically(a float64) interpolation {
	return func(ratio, scale float64) []addend {
		start := int(math.Floor(-2/scale)) + 1
		return shares(start, 2-2*start, func(i int) float64 {
			return cubic(a, math.Abs(float64(float64(float64(i)-ratio)*scale)))
		})
	}
}

// cubic is the kernel of cubic convolution at a distance.
func cubic(a, x float64) float64 {
	switch {
	case x <= 1:
		return float64((float64((a+2)*x)-(a+3))*float64(x*x)) + 1
	case x < 2:
		return float64(a * (float64((float64((x-5)*x)+8)*x) - 4))
	}
	return 0
}

// shares are weights whose sum is 1.
func shares(start, count int, weight func(i int) float64) []addend {
	out, sum := make([]addend, count), 0.0
	for k := range out {
		out[k] = addend{start + k, weight(start + k)}
		sum += out[k].weight
	}
	for k := range out {
		out[k].weight /= sum
	}
	return out
}

// nearestModes round a position between two elements: they tell whether the first one is taken.
var nearestModes = map[string]func(ratio float64) bool{
	"round_prefer_floor": func(ratio float64) bool { return ratio <= 0.5 },
	"round_prefer_ceil":  func(ratio float64) bool { return ratio < 0.5 },
	"floor":              func(ratio float64) bool { return ratio < 1 },
	"ceil":               func(float64) bool { return false },
}

// nearest is the interpolation that takes one element.
func nearest(first func(ratio float64) bool) interpolation {
	return func(ratio, _ float64) []addend {
		if first(ratio) {
			return []addend{{0, 1}}
		}
		return []addend{{1, 1}}
	}
}

// around gives the taps at a position of an axis of size d. Elements beyond an end are as the end is,
// or, if excluded, count for nothing.
func (f interpolation) around(x, scale float64, d int, exclude bool) ([]addend, error) {
	if !(math.Abs(x) < float64(maxElements)) {
		return nil, fmt.Errorf("a position is %g, outside of what a circuit can hold", x)
	}
	first := math.Ceil(x) - 1
	var out []addend
	sum := 0.0
	for _, t := range f(x-first, scale) {
		at := int(first) + t.at
		if t.weight == 0 || exclude && (at < 0 || at >= d) {
			continue
		}
		sum += t.weight
		out = withTap(out, addend{max(0, min(d-1, at)), t.weight})
	}
	if exclude {
		if sum == 0 {
			return nil, fmt.Errorf("all elements around the position %g are excluded", x)
		}
		for k := range out {
			out[k].weight /= sum
		}
	}
	return out, nil
}

// withTap adds a tap to those of a sum, in which every element occurs once. It is looked for among the
// last four, where elements beyond an end are.
func withTap(taps []addend, t addend) []addend {
	for k := max(0, len(taps)-4); k < len(taps); k++ {
		if taps[k].at == t.at {
			taps[k].weight += t.weight
			return taps
		}
	}
	return append(taps, t)
}
