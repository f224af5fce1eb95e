package compiler

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
)

// reach is by how many bits the integers of a value may exceed a format that it is
// limited to: a table of so many bits tells on which side they lie.
const reach = 11

// inReach is the scale below which a format of so many bits is beyond reach of
// the value. Samples may show next to nothing of a value's range: all of them
// outside the limits, or none.
func (q *quantiser) inReach(v *quantised, bits int) float64 {
	lo, hi := q.span(v.id)
	return math.Max(float64(hi-lo)*slices.Max(v.scale)/math.Ldexp(1, bits+reach), slices.Min(v.scale))
}

// mostEntries bounds a table of a function.
const mostEntries = 1 << 16

// function makes a table over the narrowed argument. The table holds the function
// on the argument's whole format, of which samples may show a part: values beyond
// the format of the output saturate at its ends, infinite ones too.
func (q *quantiser) function(s *ir.Step, fn *ir.Func) error {
	in, scale, err := q.argument(s)
	if err != nil {
		return err
	}
	lo, hi := q.span(in)
	if hi-lo >= mostEntries {
		return fmt.Errorf("a table of %d entries would be needed for %s", hi-lo+1, fn)
	}
	real := make([]float64, hi-lo+1)
	for i := range real {
		x := float64(float64(lo+int64(i)) * scale)
		if x == 0 && fn.Open {
			x = scale / 4 // the middle of what rounds to it from above
		}
		if real[i] = fn.F(x); math.IsNaN(real[i]) {
			return fmt.Errorf("%s is not a number at %g, which its argument may reach", fn, x)
		}
	}
	f := q.format()
	if q.choosing() {
		if f.Limits, err = q.chooseFunction(s.Out, real); err != nil {
			return fmt.Errorf("%s: %w", fn, err)
		}
	}
	t := &program.Table{Name: fn.String(), First: lo}
	if t.Out, err = f.tabulate(real); err != nil {
		return fmt.Errorf("%s: %w", fn, err)
	}
	id, err := q.emit(s.Node, q.p.Shapes[s.Out], f.functionScale(), t, in)
	q.values[s.Out] = quantised{id: id, scale: []float64{f.functionScale()}}
	return err
}

// argument is what a function is looked up by: integers as they are, others narrowed.
func (q *quantiser) argument(s *ir.Step) (kernelID int, scale float64, err error) {
	v := q.values[s.In[0]]
	if !q.p.Whole(s.In[0]) {
		return q.narrowed(s.In[0], q.knobs.Table)
	}
	if !v.uniform() || v.scale[0] != 1 {
		return 0, 0, fmt.Errorf("integers would be looked up by values of scale %v", v.scale)
	}
	return v.id, 1, nil
}

// chooseFunction fits the values that samples show of a function into a format,
// which is signed where the function may be negative. A function that is zero on
// all samples gets the range of its finite values.
func (q *quantiser) chooseFunction(out ir.ID, real []float64) (*NarrowFormat, error) {
	size := q.cal.size(out)
	if math.IsInf(size, 0) || math.IsNaN(size) {
		return nil, fmt.Errorf("a sample's value is not finite")
	}
	if largest := largestOf(real); size == 0 || size > largest {
		size = largest
	}
	f := signedFormat(q.knobs.activation(q.step), slices.Min(real) < 0)
	if f.Scale = size / float64(f.top()); f.Scale == 0 {
		f.Scale = 1
	}
	return f, nil
}

// functionScale is the scale of a function's values.
func (f *StepFormat) functionScale() float64 {
	if f.Limits != nil {
		return f.Limits.Scale
	}
	return f.Out
}

// tabulate rounds a function's values to the step's format. Formats that earlier
// versions wrote have no limits: there no value saturates, and none may be infinite.
func (f *StepFormat) tabulate(real []float64) ([]int64, error) {
	out := make([]int64, len(real))
	for i, y := range real {
		y /= f.functionScale()
		if n := f.Limits; n != nil {
			y = math.Min(math.Max(y, float64(n.Base)), float64(n.top()))
		} else if math.Abs(y) > 1<<40 {
			return nil, fmt.Errorf("a value is %g times the scale of the formats", y)
		}
		out[i] = roundStable(y)
	}
	return out, nil
}

// roundStable rounds to the nearest after rounding to 2^-20: libraries whose
// results differ in the last bits give the same integer.
func roundStable(x float64) int64 {
	return int64(math.Floor((math.Floor(float64(x*(1<<20))+0.5) + 1<<19) / (1 << 20)))
}

// max keeps its input's scales: the largest of integers of one scale.
func (q *quantiser) max(s *ir.Step, m *ir.Max) error {
	v := q.values[s.In[0]]
	id, err := q.emit(s.Node, q.p.Shapes[s.Out], v.scale[0], &program.Max{Windows: m.Windows}, v.id)
	out := quantised{id: id, scale: v.scale}
	if v.group != nil {
		for _, w := range m.Windows {
			out.group = append(out.group, v.group[w[0]])
		}
	}
	q.values[s.Out] = out
	return err
}

// product multiplies two narrowed variables.
func (q *quantiser) product(s *ir.Step, k program.Kernel) error {
	in := make([]int, len(s.In))
	scale := 1.0
	for i, id := range s.In {
		n, sc, err := q.operand(s, id)
		if err != nil {
			return err
		}
		in[i] = n
		scale = float64(scale * sc)
	}
	if len(in) == 1 { // a value with itself
		in = append(in, in[0])
		scale = float64(scale * scale)
	}
	id, err := q.emit(s.Node, q.p.Shapes[s.Out], scale, k, in...)
	q.values[s.Out] = quantised{id: id, scale: []float64{scale}}
	return err
}

// ranked compares integers of one scale.
func (q *quantiser) ranked(s *ir.Step, k program.Kernel) error {
	v := q.values[s.In[0]]
	in := v.id
	if !v.uniform() {
		var err error
		if in, _, err = q.narrowed(s.In[0], q.knobs.activation(v.maker)); err != nil {
			return err
		}
	}
	id, err := q.emit(s.Node, q.p.Shapes[s.Out], 1, k, in)
	q.values[s.Out] = quantised{id: id, scale: []float64{1}}
	return err
}

// move copies values of one scale; several inputs are brought to the same.
func (q *quantiser) move(s *ir.Step, m *ir.Move) error {
	if len(s.In) == 1 {
		v := q.values[s.In[0]]
		scale := v.scale[0]
		if v.apart() {
			scale = 0
		}
		id, err := q.emit(s.Node, q.p.Shapes[s.Out], scale, &program.Move{In: m.In, Index: m.Index}, v.id)
		if err != nil {
			return err
		}
		q.values[s.Out] = q.moved(v, m.Index, id)
		return nil
	}
	in, scales, err := q.operands(s)
	if err != nil {
		return err
	}
	target := q.commonScale(s, in, scales)
	for k, id := range s.In {
		if scales[k] == target {
			continue
		}
		if in[k], err = q.matched(s, id, quantised{id: in[k], scale: scales[k : k+1]}, target); err != nil {
			return err
		}
	}
	id, err := q.emit(s.Node, q.p.Shapes[s.Out], target, &program.Move{In: m.In, Index: m.Index}, in...)
	q.values[s.Out] = quantised{id: id, scale: []float64{target}}
	return err
}

// moved is what copying some elements of a value makes of its scales.
func (q *quantiser) moved(v quantised, index []int32, id int) quantised {
	out := quantised{id: id, scale: v.scale, given: v.given, each: v.each}
	if v.missing != nil {
		for _, j := range index {
			out.missing = append(out.missing, v.missing[j])
		}
	}
	if v.group == nil {
		return out
	}
	for _, j := range index {
		out.group = append(out.group, v.group[j])
	}
	if v.given && !slices.ContainsFunc(out.group, func(g int32) bool { return g != out.group[0] }) {
		out.scale, out.group = v.scale[out.group[0]:][:1], nil
		q.out.Values[id].Scale = out.scale[0]
	}
	return out
}

// matched brings a value to another scale, rounding once.
func (q *quantiser) matched(s *ir.Step, id ir.ID, v quantised, target float64) (int, error) {
	part := &ir.Step{Node: s.Node, In: []ir.ID{id}}
	w, err := q.rescaled(part, v, target)
	if err != nil {
		return 0, err
	}
	lo, hi := q.span(w.id)
	f := &NarrowFormat{Scale: target, Base: int64(math.Floor(float64(lo)*w.scale[0]/target)) - 1}
	for f.Bits = 1; float64(f.Base+1<<f.Bits-1)*target < float64(float64(hi)*w.scale[0])+target; f.Bits++ {
	}
	return q.saturate(s.Node+" matched", &w, q.p.Shapes[id], f)
}
