package op

import (
	"errors"
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	steps "github.com/zkml-go/zkml/compiler/stair"
	"github.com/zkml-go/zkml/tensor"
)

// requantise turns integer sums into codes, as onnxruntime computes it: a sum, in single
// precision, is multiplied by the scales of its factors over that of the result, limited, and
// rounded, halves to the even neighbour.
type requantise struct {
	by   []float32 // one for all sums, or by channel
	zero float64
	to   integer
}

// newRequantise takes the scales of the factors, of which one at most may have a scale for each
// channel, and the scale and zero point of the result.
func newRequantise(a, b, y *quantParams, to graph.DType) (*requantise, error) {
	if len(y.scale) != 1 {
		return nil, errors.New("the result has several scales; only one is supported")
	}
	if len(a.scale) > 1 && len(b.scale) > 1 {
		return nil, errors.New("both operands have several scales; only one of them may")
	}
	r := &requantise{zero: y.zero[0], to: integerTypes[to]}
	for i := range max(len(a.scale), len(b.scale)) {
		x, w := float32(a.scale[i%len(a.scale)]), float32(b.scale[i%len(b.scale)])
		r.by = append(r.by, float32(x*w)/float32(y.scale[0]))
	}
	return r, nil
}

// of is the code of a sum.
func (r *requantise) of(sum float64, channel int) float64 {
	lo, hi := r.to.limits()
	x := float64(float32(sum) * r.by[channel%len(r.by)])
	return math.RoundToEven(max(lo-r.zero, min(hi-r.zero, x))) + r.zero
}

// float are the codes of sums.
func (r *requantise) float(sums *tensor.Float, channel func(i int) int) *tensor.Float {
	out := tensor.New[float64](sums.Shape...)
	for i, x := range sums.Data {
		out.Data[i] = r.of(x, channel(i))
	}
	return out
}

// interval is one of sums.
type interval struct{ lo, hi float64 }

// lower emits the codes of sums. spans are the intervals of the channels' sums.
func (r *requantise) lower(l *Lowering, sums ir.ID, channel func(i int) int, spans []interval) (ir.ID, error) {
	if len(r.by) == 1 {
		f := wholeFunc("requantise", r.to, func(x float64) float64 { return r.of(x, 0) }, float64(r.by[0]), r.zero)
		f.Monotone = true
		return l.Step(f, sums), nil
	}
	lo, hi := r.to.limits()
	stairs := make([]steps.Stair, len(r.by))
	for c, s := range spans {
		stairs[c] = steps.Of(int64(s.lo), int64(s.hi), int64(lo), int64(hi), func(v int64) int64 {
			return int64(r.of(float64(v), c))
		})
	}
	parts, ok := steps.Plan(stairs)
	if !ok {
		return 0, errors.New("the scales of the channels are too small for sums as wide as the weights allow; " +
			"quantise the model with one scale for all channels")
	}
	return l.flights(sums, channel, parts, steps.Part{Codes: steps.Codes{First: int64(lo), Count: int(hi - lo)}})
}

// flights emits the counts of parts for sums of channels, and the least code added to them. all
// are the codes.
func (l *Lowering) flights(sums ir.ID, channel func(i int) int, parts []steps.Part, all steps.Part) (ir.ID, error) {
	n := l.Size(sums)
	var counts []ir.ID
	for _, p := range parts {
		shift, first := p.Flights[0].Shift, int64(0)
		if len(parts) == 1 {
			first = all.First
		}
		scaled := newAffine(n, sums)
		scaled.Fixed = true
		for i := range n {
			c := channel(i)
			scaled.Group[i] = c
			f := p.Flights[c]
			scaled.term(i, 0, i, float64(f.Multiple))
			scaled.Bias[i] = float64(f.Constant + first<<shift)
		}
		id, err := only(scaled.emit(l))
		if err != nil {
			return 0, err
		}
		counts = append(counts, l.Step(shifted(shift, ir.Integers{Lo: first, Hi: first + int64(p.Count)}), id))
	}
	if len(counts) == 1 {
		return counts[0], nil
	}
	total := newAffine(n, counts...)
	total.Fixed = true
	for i := range n {
		total.Bias[i] = float64(all.First)
		for k := range counts {
			total.term(i, k, i, 1)
		}
	}
	return only(total.emit(l))
}

// shifted divides integers by a power of two, rounded down, and limits them.
func shifted(shift int, to ir.Integers) *ir.Func {
	return &ir.Func{
		Name: "shift", Params: []float64{float64(shift), float64(to.Lo), float64(to.Hi)}, Monotone: true, Whole: &to,
		F: func(x float64) float64 {
			return max(float64(to.Lo), min(float64(to.Hi), math.Floor(math.Ldexp(x, -shift))))
		},
	}
}

// integersMinus is an integer input less its zero points, whose index is of(i) for element i:
// constant where the input and they are.
func (l *Lowering) integersMinus(x Arg, id ir.ID, zero *Arg, zeroID ir.ID, of func(i int) int) (Arg, ir.ID, error) {
	out := x
	out.DType = graph.Float32
	switch {
	case zero == nil, zero.Const != nil && !hasOther(zero.Const.Data, 0):
		return out, id, nil
	case x.Const != nil && zero.Const != nil:
		out.Const = minus(x.Const, zero.Const, of)
		return out, id, nil
	}
	values := []ir.ID{id, zeroID}
	if x.Const != nil {
		values[0] = zeroID
	} else if zero.Const != nil {
		values[1] = id
	}
	a := newAffine(tensor.Size(x.Shape), values...)
	a.Fixed = x.Const == nil
	for i := range a.Bias {
		if x.Const != nil {
			a.Bias[i] = x.Const.Data[i]
		} else {
			a.term(i, 0, i, 1)
		}
		if zero.Const != nil {
			a.Bias[i] -= zero.Const.Data[of(i)]
		} else {
			a.term(i, 1, of(i), -1)
		}
	}
	out.Const = nil
	var err error
	id, err = only(a.emit(l.named(l.Name, x.Shape...)))
	return out, id, err
}

// minus is a tensor less zero points.
func minus(x, zero *tensor.Float, of func(i int) int) *tensor.Float {
	if zero == nil {
		return x
	}
	out := tensor.New[float64](x.Shape...)
	for i, v := range x.Data {
		out.Data[i] = v - zero.Data[of(i)]
	}
	return out
}

// hasOther tells whether a list has another number.
func hasOther(list []float64, than float64) bool {
	for _, v := range list {
		if v != than {
			return true
		}
	}
	return false
}
