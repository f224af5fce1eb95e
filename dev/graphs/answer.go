package main

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/compiler"
)

const (
	// single is how far single precision may lead, as a share of an output's largest number.
	single = 2e-4
	// nearShare of an output's range is an error that needs no explanation.
	nearShare = 0.02
	// slightest is the largest number of an output of which all are smaller.
	slightest = 1e-3
	// singleStep and roundedStep disturb a value, as shares of its largest number: what a few
	// operations in single precision add to it, and what integers of bits round: a format whose scale is
	// that of another times a power of two has steps up to twice as wide as it must.
	singleStep  = 1.0 / (1 << 21)
	roundedStep = 2.0 / (1 << bits)
)

// answer is what an output is, by sample: onnxruntime's numbers, the float model's and the integers',
// and what the compilation says of these.
type answer struct {
	want, float, got [][]float64
	stated           compiler.OutputReport
}

// span is what elements reach, each from lo to hi.
type span struct{ lo, hi []float64 }

// holds tells whether element j reaches v, or nearly so: to half of how far it moves, or to near.
func (s span) holds(j int, v, near float64) bool {
	near = max(near, float64((s.hi[j]-s.lo[j])/2))
	return v >= s.lo[j]-near && v <= s.hi[j]+near
}

// sizes are the largest number of an output and how far its numbers lie apart.
func (o *answer) sizes() (largest, apart float64) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, numbers := range o.want {
		for _, v := range numbers {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return max(hi, -lo, slightest), max(hi-lo, slightest)
}

// compare finds the class of a sample. What the float model reaches where its values are disturbed,
// reach tells.
func (o *answer) compare(i int, reach func(share float64) span) (class, string) {
	largest, apart := o.sizes()
	near, found, what := float64(single*largest), same, ""
	for j, w := range o.want[i] {
		float, got := o.float[i][j], o.got[i][j]
		var now class
		var of float64
		switch {
		case !(math.Abs(float-w) <= near):
			now, of = differs, float
			if reach(singleStep).holds(j, w, near) {
				now = edge
			}
		case !(math.Abs(got-w) <= float64(nearShare*apart)):
			now, of = beyond, got
			if reach(roundedStep).holds(j, got, near) {
				now = rounded
			}
		}
		if now > found {
			found, what = now, fmt.Sprintf("element %d: %g, not %g", j, of, w)
		}
	}
	return found, what
}

// unstated tells how the integers are farther from the float model than the compilation says: by
// the largest error or, of classes, by the share of samples that have their own.
func (o *answer) unstated() string {
	farthest, other := 0.0, 0
	for i, numbers := range o.got {
		off := 0.0
		for j, v := range numbers {
			off = max(off, math.Abs(v-o.float[i][j]))
		}
		if farthest = max(farthest, off); off > 0 {
			other++
		}
	}
	stated := o.stated
	if n := len(o.got); stated.Classes && other > n-int(math.Round(float64(stated.Top1*float64(n)))) {
		return fmt.Sprintf("%d of %d samples have another class, and %g of them are said to have their own", other, n,
			stated.Top1)
	}
	if !stated.Classes && !(farthest <= stated.MaxAbsError+float64(1e-9*max(1, stated.MaxAbsError))) {
		return fmt.Sprintf("an error of %g is said to be at most %g", farthest, stated.MaxAbsError)
	}
	return ""
}
