package compiler

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/sparse"
)

// countsRule is the rule of functions that round to integers. They look nothing up: each
// count is a multiple of the argument, shifted. What is rounded is the argument as the
// program has it, with all its bits up to countBits, and not the real number that it stands
// for. Where the argument's scale is a power of two of the places' distance, the result is
// exact; elsewhere an argument counts as one of the places where the numbers of its size in
// single precision are about as far apart as the two are.
type countsRule struct{ *ir.Func }

// countBits bounds an argument that is counted: more are rescaled.
const countBits = 24

func (r countsRule) quantise(q *quantiser, s *ir.Step) error {
	v := q.values[s.In[0]]
	in, scale := v.id, v.scale[0]
	if !v.uniform() || q.bits(in) > countBits {
		var err error
		if in, scale, err = q.narrowed(s.In[0], countBits); err != nil {
			return err
		}
	}
	f := q.format()
	if q.choosing() {
		var err error
		if f.Limits, err = countLimits(q.cal.Lo[s.Out], q.cal.Hi[s.Out], r.F); err != nil {
			return err
		}
	}
	if err := r.checkFormat(f); err != nil {
		return err
	}
	var ids []int
	for _, c := range r.Counts {
		if c.Side < 0 && f.Limits.Base >= 0 {
			continue
		}
		lo, hi := q.span(in)
		id, err := q.count(s, count(c).counting(scale, lo, hi), f.Limits.of(c, len(r.Counts)), in)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	id, err := q.added(s, ids, f.Limits)
	q.values[s.Out] = quantised{id: id, scale: []float64{1}}
	return err
}

func (countsRule) checkFormat(f *StepFormat) error {
	if n := f.Limits; n == nil || n.Scale != 1 || n.Bits < 2 {
		return errors.New("the formats do not say how the integers to which it rounds are limited")
	}
	return nil
}

// countLimits is the format for integers in a range that samples show, and one bit more where
// the function's type holds that.
func countLimits(lo, hi float64, of func(float64) float64) (*NarrowFormat, error) {
	if most := math.Ldexp(1, maxInputBits-1); lo > hi || lo < -most || hi >= most {
		return nil, fmt.Errorf("samples show integers from %g to %g; %d bits are supported", lo, hi, maxInputBits)
	}
	width := 2 + max(bits.Len64(uint64(max(hi, 0))), bits.Len64(uint64(max(-lo-1, 0))))
	least, most := of(math.Inf(-1)), of(math.Inf(1))
	if lo >= 0 && (least >= 0 || hi > 0) {
		f := &NarrowFormat{Bits: max(width-1, 2), Scale: 1}
		for f.Bits > 2 && float64(f.top()) > most {
			f.Bits--
		}
		return f, nil
	}
	for width > 2 && (-math.Ldexp(1, width-1) < least || math.Ldexp(1, width-1)-1 > most) {
		width--
	}
	f := signedFormat(width, true)
	f.Scale = 1
	return f, nil
}

// of are the limits of one of so many counts, whose sum is limited by f: counts on one side
// of zero reach as far as the sum, others have their share of it.
func (f *NarrowFormat) of(c ir.Count, counts int) circuits.Saturation {
	k := circuits.Saturation{Base: f.Base, Bits: f.Bits}
	switch {
	case c.Side > 0:
		if f.Base < 0 {
			k = circuits.Saturation{Bits: f.Bits - 1}
		}
	case c.Side < 0:
		k = circuits.Saturation{Base: 1 - 1<<f.Bits, Bits: f.Bits} // one bit more, to reach the least
	case counts > 1:
		k = circuits.Saturation{Base: f.Base / 2, Bits: f.Bits - 1}
	}
	return k
}

// counting is how a count of places is computed: (multiple·v + constant) >> shift.
type counting struct {
	multiple, constant int64
	shift              int
}

// count is a count in the quantiser.
type count ir.Count

// from is what is added to an argument, of which the place At is that number, where one
// step of it counts.
func (c count) from(at float64) int64 {
	if c.OrAt {
		return -int64(math.Ceil(at))
	}
	return -int64(math.Floor(at)) - 1
}

// counting finds the numbers for an argument of a scale, in [lo, hi].
func (c count) counting(scale float64, lo, hi int64) counting {
	most := max(hi, -lo, 1)
	width := bits.Len64(uint64(most))
	_, exponent := math.Frexp(scale / c.Every)
	var k counting
	switch first := c.At / scale; {
	case width+exponent < -3: // no place is within reach, but for one at zero
		k = counting{multiple: 1, shift: width + 3}
		near := c.At / c.Every
		k.constant = c.from(math.Ldexp((math.Floor(near)+math.Ceil(near))/2, k.shift))
	case powerOfTwo(c.Every / scale):
		k = counting{multiple: 1, shift: 1 - exponent}
		k.constant = c.from(first)
	default:
		k.shift = max(min(width+20, circuits.MaxBits-6-width)-exponent, 1)
		k.multiple = int64(math.Round(math.Ldexp(scale/c.Every, k.shift)))
		near := min(k.multiple>>max(countBits+1-width, 4), 1<<max(k.shift-3, 0))
		if float64(k.multiple) != math.Ldexp(scale/c.Every, k.shift) {
			near += most // by which the multiple of an argument may be off
		}
		if !c.OrAt {
			near = -near
		}
		k.constant = c.from(math.Round(math.Ldexp(c.At/c.Every, k.shift))) + near
	}
	k.constant += 1 << k.shift
	return k
}

// count emits a count of places, limited by k.
func (q *quantiser) count(s *ir.Step, c counting, k circuits.Saturation, in int) (int, error) {
	if k.Shift = c.shift; c.shift > 0 {
		c.constant -= 1 << (c.shift - 1) // a saturation rounds
	}
	if c.multiple != 1 || c.constant != 0 {
		l := &program.Linear{Rows: everyTimes(q.p.Size(s.Out), c.multiple), Bias: make([]int64, q.p.Size(s.Out))}
		for i := range l.Bias {
			l.Bias[i] = c.constant
		}
		var err error
		if in, err = q.emit(s.Node+" scaled", q.p.Shapes[s.In[0]], 1, l, in); err != nil {
			return 0, err
		}
	}
	return q.emit(s.Node, q.p.Shapes[s.Out], 1, &program.Saturate{By: []circuits.Saturation{k}}, in)
}

// everyTimes are the rows that multiply every element by the same number.
func everyTimes[W sparse.Weight](n int, by W) *sparse.Matrix[W] {
	rows := sparse.NewBuilder[W]()
	p := sparse.Part{Pattern: rows.Pattern([]int32{0}, nil, nil), Kernel: rows.Kernel([]W{by})}
	for i := range n {
		p.First = int32(i)
		rows.Add(p)
	}
	return rows.Matrix()
}

// added emits the sum of counts, which only those on both sides of zero may take beyond the
// limits.
func (q *quantiser) added(s *ir.Step, ids []int, f *NarrowFormat) (int, error) {
	if len(ids) == 1 {
		return ids[0], nil
	}
	n := q.p.Size(s.Out)
	rows := make([]program.LinearRow, n)
	for i := range rows {
		for k := range ids {
			rows[i].Terms = append(rows[i].Terms, circuits.RowTerm{Index: int32(k*n + i), W: 1})
		}
	}
	id, err := q.emit(s.Node+" summed", q.p.Shapes[s.Out], 1, program.NewLinear(rows...), ids...)
	if err != nil {
		return 0, err
	}
	if lo, hi := q.span(id); lo >= f.Base && hi <= f.top() {
		return id, nil
	}
	limited := &program.Saturate{By: []circuits.Saturation{{Base: f.Base, Bits: f.Bits}}}
	return q.emit(s.Node+" limited", q.p.Shapes[s.Out], 1, limited, id)
}
