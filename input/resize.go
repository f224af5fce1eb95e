package input

import "math"

// resize stretches a plane from w x h to toW x toH: bilinear if it grows, and with a
// triangle filter over the area that a pixel covers if it shrinks. Written by hand
// because image scalers round to 8 or 16 bits, and these are real numbers.
func resize(src []float64, w, h, toW, toH int) []float64 {
	rows := make([]float64, 0, toW*h)
	for y := range h {
		for _, t := range taps(w, toW) {
			rows = append(rows, t.sum(src[y*w:], 1))
		}
	}
	out := make([]float64, 0, toW*toH)
	for _, t := range taps(h, toH) {
		for x := range toW {
			out = append(out, t.sum(rows[x:], toW))
		}
	}
	return out
}

// tap holds the weights of the source pixels from first on; they add up to 1.
type tap struct {
	first   int
	weights []float64
}

func (t tap) sum(src []float64, stride int) float64 {
	s := 0.0
	for i, weight := range t.weights {
		s += float64(weight * src[(t.first+i)*stride])
	}
	return s
}

// taps returns the weights for each of n pixels that replace m.
func taps(m, n int) []tap {
	ratio := float64(m) / float64(n)
	reach := max(1, ratio)
	out := make([]tap, n)
	for i := range out {
		center := float64((float64(i)+0.5)*ratio) - 0.5
		first := max(0, int(math.Ceil(center-reach)))
		last := min(m-1, int(math.Floor(center+reach)))
		total := 0.0
		t := tap{first: first}
		for j := first; j <= last; j++ {
			weight := max(0, 1-math.Abs(float64(j)-center)/reach)
			t.weights = append(t.weights, weight)
			total += weight
		}
		for j := range t.weights {
			t.weights[j] /= total
		}
		out[i] = t
	}
	return out
}
