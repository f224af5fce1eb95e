package compiler

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/program"
)

// clamp makes a saturation: ReLU is one that starts at zero.
func (q *quantiser) clamp(s *ir.Step, c *ir.Clamp) error {
	if q.p.Whole(s.Out) {
		return q.clampIntegers(s, c)
	}
	v := q.values[s.In[0]]
	f := q.format()
	if q.choosing() {
		f.Limits = q.chooseClamp(&v, s, c)
	}
	if err := f.Limits.limits(c); err != nil {
		return err
	}
	if len(v.scale) == 1 && !powerOfTwo(f.Limits.Scale/v.scale[0]) {
		var err error
		if v, err = q.rescaled(s, v, f.Limits.Scale); err != nil {
			return err
		}
	}
	id, err := q.saturate(s.Node, &v, q.p.Shapes[s.Out], f.Limits)
	if err != nil {
		return err
	}
	q.values[s.Out] = quantised{id: id, scale: []float64{f.Limits.Scale}}
	return nil
}

func powerOfTwo(x float64) bool {
	frac, _ := math.Frexp(x)
	return x >= 1 && frac == 0.5
}

// chooseClamp picks the output's format. Limits that samples come near are its ends; one that
// they stay away from limits nothing that the format holds.
func (q *quantiser) chooseClamp(v *quantised, s *ir.Step, c *ir.Clamp) *NarrowFormat {
	bits := q.knobs.activation(q.step)
	if math.IsInf(c.Lo, -1) && math.IsInf(c.Hi, 1) {
		return q.chooseNarrow(v, s.In[0], bits)
	}
	if f := q.within(c, s.Out, bits, v.scale, q.inReach(v, bits)); f != nil {
		return f
	}
	return between(c, bits)
}

// between is the format that begins and ends with two limits.
func between(c *ir.Clamp, bits int) *NarrowFormat {
	f := &NarrowFormat{Bits: bits, Scale: (c.Hi - c.Lo) / float64(int64(1)<<bits-1)}
	f.Base = int64(math.Round(c.Lo / f.Scale))
	return f
}

// within is a format of what samples show of a limited value, whose scale is at least least and
// suits the scales of the sums; nil if no such format lies within the limits.
func (q *quantiser) within(c *ir.Clamp, out ir.ID, bits int, sums []float64, least float64) *NarrowFormat {
	steps := int64(1)<<bits - 1
	lo, hi := math.Max(q.cal.Lo[out], c.Lo), math.Min(q.cal.Hi[out], c.Hi)
	if c.Lo >= 0 || math.IsInf(c.Hi, 1) {
		lo = c.Lo
	}
	if math.IsInf(c.Lo, -1) {
		hi = c.Hi
	}
	f := &NarrowFormat{Bits: bits, Scale: fitScale(sums, math.Max((hi-lo)/float64(steps), least))}
	f.Base = int64(math.Round(lo / f.Scale))
	if last := c.Hi / f.Scale; float64(f.top()) > last {
		f.Base = int64(math.Round(last)) - steps
	}
	if f.limits(c) != nil {
		return nil
	}
	return f
}

// limiting is the clamp between two limits that alone reads a value, perhaps after maxima, and
// the number of its step; nil if there is none.
func (q *quantiser) limiting(id ir.ID) (at int, c *ir.Clamp) {
	if slices.Contains(q.p.Outputs, id) {
		return 0, nil
	}
	readers := 0
	q.index.Readers(id, func(i int) {
		readers++
		at = i
	})
	if readers != 1 {
		return 0, nil
	}
	s := q.index.Step(at)
	switch k := s.Kind.(type) {
	case *ir.Max:
		return q.limiting(s.Out)
	case *ir.Clamp:
		if !q.p.Whole(s.Out) && !math.IsInf(k.Lo, -1) && !math.IsInf(k.Hi, 1) && k.Lo < k.Hi {
			return at, k
		}
	}
	return 0, nil
}

// aligned makes the scales of sums powers of two below the scale of the format that limits
// them, each the one nearest to what it was, so that the limits take no scaling of their own.
func (q *quantiser) aligned(out ir.ID, sums []float64) []float64 {
	at, c := q.limiting(out)
	if c == nil {
		return sums
	}
	bits := q.knobs.activation(at)
	if q.within(c, q.index.Step(at).Out, bits, sums, 0) != nil {
		return sums
	}
	scale := between(c, bits).Scale
	each := make([]float64, len(sums))
	for i, s := range sums {
		each[i] = math.Ldexp(scale, -max(int(math.Floor(libm.Log2(scale/s)+0.5)), 0))
	}
	return each
}

// rescaled multiplies a value of one scale so that its scale becomes target
// divided by a power of two.
func (q *quantiser) rescaled(s *ir.Step, v quantised, target float64) (quantised, error) {
	const precision = 12 // bits of the multiplier
	fine := target
	for fine > math.Ldexp(v.scale[0], -precision) {
		fine /= 2
	}
	n := q.p.Size(s.In[0])
	a := &ir.Affine{Rows: everyTimes(n, 1.0), Group: make([]int, n), Bias: make([]float64, n), Fixed: true}
	l := &program.Linear{}
	var err error
	if l.Rows, l.Bias, err = roundRows(a, []float64{fine}, v.scale, []int32{0}, make([][]int64, 1)); err != nil {
		return v, err
	}
	id, err := q.emit(s.Node+" scaled", q.p.Shapes[s.In[0]], fine, l, v.id)
	return quantised{id: id, scale: []float64{fine}}, err
}
