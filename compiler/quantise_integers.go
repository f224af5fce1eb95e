package compiler

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/program"
)

// operands gives the inputs of a step, each as integers of one scale.
func (q *quantiser) operands(s *ir.Step) (in []int, scales []float64, err error) {
	in, scales = make([]int, len(s.In)), make([]float64, len(s.In))
	sums := q.takesSums(s)
	for k, id := range s.In {
		if v := q.values[id]; v.each {
			in[k], scales[k] = v.id, 1 // see reread
		} else if sums {
			in[k], scales[k] = v.id, v.scale[0]
		} else if in[k], scales[k], err = q.operand(s, id); err != nil {
			return nil, nil, err
		}
	}
	return in, scales, nil
}

// operand gives an input of a step as integers of one scale: narrowed to the bits of
// activations, or exactly, where the step's own values are integers.
func (q *quantiser) operand(s *ir.Step, id ir.ID) (kernelID int, scale float64, err error) {
	v := q.values[id]
	if !q.p.Whole(s.Out) {
		return q.narrowed(id, q.knobs.activation(v.maker))
	}
	if !v.uniform() || v.scale[0] != 1 {
		return 0, 0, fmt.Errorf("integers would be computed from values of scale %v", v.scale)
	}
	return v.id, 1, nil
}

// clampIntegers limits integers at their exact limits. A saturation's limits are a power
// of two apart: other two take a saturation each.
func (q *quantiser) clampIntegers(s *ir.Step, c *ir.Clamp) error {
	if f := q.format(); f.Limits != nil {
		return fmt.Errorf("the formats limit integers to %d bits: compile the model again without them", f.Limits.Bits)
	}
	in, _, err := q.operand(s, s.In[0])
	if err != nil {
		return err
	}
	lo, hi := q.span(in)
	least, most := limit(c.Lo), limit(c.Hi)
	from, to := max(least, lo), min(most, hi) // as if neither limit were beyond what occurs
	if from > to {                            // nothing that occurs lies between the limits
		from = min(from, most)
		to = from
	}
	in, err = q.limited(s.Node, q.p.Shapes[s.Out], 1, in, from, to)
	q.values[s.Out] = quantised{id: in, scale: []float64{1}}
	return err
}

// limited emits what limits the integers of a value to [from, to].
func (q *quantiser) limited(node string, shape []int, scale float64, id int, from, to int64) (int, error) {
	lo, hi := q.span(id)
	for _, k := range saturations(lo, hi, from, to) {
		var err error
		if id, err = q.emit(node, shape, scale, &program.Saturate{By: []circuits.Saturation{k}}, id); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// limit is a limit as an integer. Beyond all that programs compute it is as good as none.
func limit(x float64) int64 {
	const far = 1 << (circuits.MaxBits + 2)
	return int64(max(-far, min(x, far)))
}

// saturations limit integers of [lo, hi] to [from, to]: none, one or two of them.
func saturations(lo, hi, from, to int64) []circuits.Saturation {
	width := func(span int64) int { return bits.Len64(uint64(span)) }
	both := circuits.Saturation{Base: from, Bits: width(to - from)}
	if lo < from && hi > to && from+1<<both.Bits-1 == to && both.Check(lo, hi) == nil {
		return []circuits.Saturation{both}
	}
	var out []circuits.Saturation
	if lo < from {
		out = append(out, circuits.Saturation{Base: from, Bits: width(max(hi, from) - from)})
		lo, hi = from, max(hi, from)
	}
	if hi > to {
		bits := width(max(to-min(lo, to), hi-to))
		out = append(out, circuits.Saturation{Base: to + 1 - 1<<bits, Bits: bits})
	}
	return out
}

// fits refuses a value that its integer type does not hold.
func (q *quantiser) fits(id ir.ID) error {
	r, whole := q.p.Integers[id]
	if !whole || len(q.ranges[q.values[id].id]) == 0 {
		return nil
	}
	lo, hi := q.span(q.values[id].id)
	if lo >= r.Lo && hi <= r.Hi {
		return nil
	}
	return outside(float64(lo), float64(hi), fmt.Sprintf("its type holds %d to %d", r.Lo, r.Hi),
		"put a Cast to a wider type before, or ")
}

// outside refuses integers from lo to hi.
func outside(lo, hi float64, supported, also string) error {
	return &problem.Error{
		Code: problem.Range, Got: fmt.Sprintf("its integers may reach from %.0f to %.0f", lo, hi),
		Supported: supported,
		Remedy:    also + "calibrate with samples of smaller integers (${Samples}): none is rounded or wraps around",
	}
}

// beyond is the error where a kernel of intervals cannot be computed: of a step of
// integers it says how far they reach.
func (q *quantiser) beyond(err error, in [][]program.Interval) error {
	s := q.p.Steps[q.step]
	lo, hi, ok := reachOf(s.Kind, in)
	if !ok || !q.p.Whole(s.Out) || max(-lo, hi) <= 1<<circuits.MaxBits {
		return err
	}
	return outside(lo, hi, fmt.Sprintf("%d bits and a sign are supported", circuits.MaxBits), "")
}

// reachOf is about the range of a step's values.
func reachOf(k ir.Kind, in [][]program.Interval) (lo, hi float64, ok bool) {
	var values []reachOfValue
	switch k := k.(type) {
	case *ir.Affine:
		values = affineReach(k, in)
	case *ir.Product:
		for i := range k.A {
			values = append(values, timesOf(in[0][k.A[i]], in[1][k.B[i]]))
		}
	case *ir.Dot:
		values = dotReach(k, in)
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		lo, hi = min(lo, v.lo), max(hi, v.hi)
	}
	return lo, hi, len(values) > 0
}

// reachOfValue is about an interval that may be too wide for integers of 64 bits.
type reachOfValue struct{ lo, hi float64 }

func (r reachOfValue) plus(s reachOfValue) reachOfValue {
	return reachOfValue{r.lo + s.lo, r.hi + s.hi}
}

func timesOf(x, y program.Interval) reachOfValue {
	times := func(a, b int64) float64 { return float64(float64(a) * float64(b)) }
	a, b, c, d := times(x.Lo, y.Lo), times(x.Lo, y.Hi), times(x.Hi, y.Lo), times(x.Hi, y.Hi)
	return reachOfValue{min(a, b, c, d), max(a, b, c, d)}
}

func affineReach(k *ir.Affine, in [][]program.Interval) []reachOfValue {
	out := make([]reachOfValue, len(k.Bias))
	var terms []ir.Term
	for i, b := range k.Bias {
		out[i] = reachOfValue{b, b}
		terms = k.Rows.Row(i, terms[:0])
		for _, t := range terms {
			iv := in[t.In][t.Index]
			x, y := float64(t.W*float64(iv.Lo)), float64(t.W*float64(iv.Hi))
			out[i] = out[i].plus(reachOfValue{min(x, y), max(x, y)})
		}
	}
	return out
}

func dotReach(d *ir.Dot, in [][]program.Interval) []reachOfValue {
	var out []reachOfValue
	for b := range d.A {
		for i := range d.N * d.M {
			var sum reachOfValue
			for k := range d.K {
				x, y := int(d.A[b])+i/d.M*d.K+k, int(d.B[b])+k*d.M+i%d.M
				sum = sum.plus(timesOf(in[0][x], in[1][y]))
			}
			out = append(out, sum)
		}
	}
	return out
}
