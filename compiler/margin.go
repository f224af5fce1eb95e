package compiler

import (
	"math"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/libm"
)

// A new input exceeds the largest of n samples with a chance of 1/(n+1): ranges of few samples
// are too narrow, and what lies beyond them saturates. Ranges reach as far beyond what was seen as
// calibrationSamples samples would. How far that is the largest samples tell: beyond the k-th of
// them values thin out exponentially, or faster, so that of e times as many samples the largest
// one lies as much farther as the k largest lie beyond the next one on average. Values that end
// somewhere crowd there, and get next to no margin; constants get none.

// mostTail is the number of samples that tell of a range's end.
const mostTail = 8

// tail are the largest of the values that samples show, one of each sample, falling.
type tail []float64

// show takes the largest value of a sample.
func (t *tail) show(x float64) {
	if len(*t) <= mostTail {
		*t = append(*t, math.Inf(-1))
	}
	list := *t
	for i, y := range list {
		if x > y {
			list[i], x = x, y
		}
	}
}

// margin is how far beyond the largest of n samples the range reaches: at most as far as the
// largest magnitude that was seen, which is what one sample gives.
func (t tail) margin(n int, size float64) float64 {
	if n >= calibrationSamples || len(t) == 0 || math.IsInf(size, 0) {
		return 0
	}
	if n == 1 {
		return size
	}
	k := min(max(n/8, 1), len(t)-1)
	mean := 0.0
	for _, x := range t[:k] {
		mean += (x - t[k]) / float64(k)
	}
	return math.Min(float64(mean*libm.Log(calibrationSamples/float64(n))), size)
}

// tails are the ends of the ranges of values.
type tails struct {
	lowest, highest []tail // by IR value, the lowest with the other sign; empty of integers
	whole           []bool
}

func newTails(p *ir.Program) *tails {
	t := &tails{make([]tail, len(p.Shapes)), make([]tail, len(p.Shapes)), make([]bool, len(p.Shapes))}
	for id := range t.whole {
		t.whole[id] = p.Whole(ir.ID(id))
	}
	for _, s := range p.Steps {
		t.whole[s.Out] = t.whole[s.Out] || p.GivesIntegers(s)
	}
	return t
}

// show takes the values of a sample.
func (t *tails) show(values [][]float64) {
	for id, value := range values {
		if t.whole[id] {
			continue
		}
		s := span{math.Inf(1), math.Inf(-1)}
		for _, x := range value {
			if !math.IsNaN(x) { // which says that an element of an input is missing
				s.reach(x)
			}
		}
		if s.lo <= s.hi {
			t.lowest[id].show(-s.lo)
			t.highest[id].show(s.hi)
		}
	}
}

// reaching is the calibration by samples, with margins where they are few.
func reaching(p *ir.Program, samples []Sample, each func(done int, values [][]float64)) *Calibration {
	if len(samples) >= calibrationSamples {
		return calibrate(p, samples, each)
	}
	ends := newTails(p)
	c := calibrate(p, samples, func(n int, values [][]float64) {
		ends.show(values)
		each(n, values)
	})
	c.widen(ends, len(samples))
	return c
}

// widen gives the ranges that n samples show their margins.
func (c *Calibration) widen(t *tails, n int) {
	for id := range c.Lo {
		size := c.size(ir.ID(id))
		s := span{c.Lo[id], c.Hi[id]}.wider(t.lowest[id].margin(n, size), t.highest[id].margin(n, size))
		c.Lo[id], c.Hi[id] = s.lo, s.hi
	}
}

// wider is a range with margins, which do not cross zero.
func (s span) wider(below, above float64) span {
	lo, hi := s.lo-below, s.hi+above
	if s.lo >= 0 {
		lo = math.Max(lo, 0)
	}
	if s.hi <= 0 {
		hi = math.Min(hi, 0)
	}
	return span{lo, hi}
}
