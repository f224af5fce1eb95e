package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "AveragePool", Since: []int{1, 7, 10, 11, 19, 22}, Tolerance: 1,
		Note: "any number of spatial axes, all attributes",
		New:  takes(1, 1, newAveragePool),
	})
	for _, r := range averages {
		register(r.spec())
	}
}

// averagePool is the mean over each window. The divisor counts the window's
// elements of the input, and with count_include_pad those of its padding, but
// never positions beyond the padding, which ceil_mode lets a window cover.
type averagePool struct {
	window
	includePad bool
	sum        bool // it is the sum, and not the mean
	over       placement
	out        []int
}

func newAveragePool(n *graph.Node) (Op, error) {
	w, err := readPool(n)
	return &averagePool{window: w, includePad: n.Int("count_include_pad", 0) != 0}, err
}

// Infer implements Op.
func (p *averagePool) Infer(in []Arg) ([]Out, error) {
	if _, err := realType(in); err != nil {
		return nil, err
	}
	over, outs, err := p.pool(in)
	if err != nil {
		return nil, err
	}
	p.over, p.out = over, slices.Clone(outs[0].Shape)
	return outs, nil
}

// Float implements Op.
func (p *averagePool) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	plane, padding := tensor.Size(in[0].Shape[2:]), 0.0
	if p.includePad {
		padding = 1
	}
	counts := p.sums(p.over.padded(slices.Repeat([]float64{1}, plane), padding, 0))
	out := tensor.New[float64](p.out...)
	for channel := range p.out[0] * p.out[1] {
		sums := p.sums(p.over.padded(in[0].Data[channel*plane:][:plane], 0, 0))
		for i, sum := range sums {
			if p.sum {
				counts[i] = 1
			}
			out.Data[channel*len(sums)+i] = sum / counts[i]
		}
	}
	return []*tensor.Float{out}, nil
}

// sums adds up each window of a padded channel.
func (p *averagePool) sums(padded []float64) []float64 {
	starts, offsets := p.over.slide()
	out := make([]float64, len(starts))
	for i, start := range starts {
		for _, offset := range offsets {
			out[i] += padded[start+offset]
		}
	}
	return out
}

// Lower implements Op.
func (p *averagePool) Lower(l *Lowering) ([]ir.ID, error) {
	taps, covered := p.over.taps(), p.over.covered()
	plane := tensor.Size(l.In[0].Shape[2:])
	a := newAffine(tensor.Size(p.out), l.ID[0])
	a.Fixed = true
	patterns, kernels := make([]int32, len(taps)), make([]int32, len(taps))
	for i, position := range taps {
		count := len(position)
		if p.includePad {
			count = covered[i]
		}
		if p.sum {
			count = 1
		}
		delta := make([]int32, len(position))
		for j, t := range position {
			delta[j] = int32(t.in - position[0].in)
		}
		patterns[i], kernels[i] = a.Pattern(delta, nil, nil), a.equalWeights(len(position), 1/float64(count))
	}
	for i := range a.Group {
		channel, position := i/len(taps), i%len(taps)
		a.part(i, 0, patterns[position], kernels[position], channel*plane+taps[position][0].in)
	}
	return a.emit(l)
}

// reduction combines all elements along some axes.
type reduction struct {
	name    string
	since   []int
	most    int // inputs: the data and perhaps the axes
	spatial bool
	note    string
	rule    rule
}

// rule is how a reduction combines elements: it takes the largest, or else the sum,
// which a mean divides by their number.
type rule struct{ largest, mean bool }

// averages are the reductions that add up.
var averages = []reduction{
	{"GlobalAveragePool", []int{1, 22}, 1, true, "any number of spatial axes", rule{mean: true}},
	{"ReduceMean", []int{1, 11, 13, 18}, 2, false,
		"axes by attribute or constant input; a variable must be of a real type", rule{mean: true}},
	{"ReduceSum", []int{1, 11, 13}, 2, false, "axes by attribute or constant input", rule{}},
}

// spec describes the reduction to the registry.
func (r reduction) spec() Spec {
	return Spec{
		Name: r.name, Since: r.since, Tolerance: 1, Note: r.note,
		New: takes(1, r.most, func(n *graph.Node) (Op, error) {
			return &reduce{reduction: r, node: n, keep: n.Int("keepdims", 1) != 0}, nil
		}),
	}
}

// reduce is a reduction of one node.
type reduce struct {
	reduction
	node    *graph.Node
	keep    bool        // a reduced axis stays, with size 1
	integer graph.DType // the element type of a sum, where it is not a real one
	shape   []int       // of the input
	ones    []int       // shape with 1 for the reduced axes
	out     []int
}

// Infer implements Op.
func (r *reduce) Infer(in []Arg) ([]Out, error) {
	dtype := in[0].DType
	if _, err := commonType(in[:1]); err != nil && !(dtype == graph.Bool && (r.rule.largest || r.name == "ReduceMin")) {
		return nil, err
	}
	if !dtype.IsFloat() && (r.spatial || r.rule.mean && in[0].Const == nil) {
		return nil, fmt.Errorf("the input is of type %s, but only real types are supported; "+
			"put a Cast to float before", dtype)
	}
	if !r.rule.largest {
		r.integer = integerType(dtype)
	}
	axes, err := r.axes(in)
	if err != nil {
		return nil, err
	}
	r.shape, r.ones, r.out = in[0].Shape, slices.Clone(in[0].Shape), []int{}
	for i, d := range r.shape {
		if axes[i] {
			r.ones[i] = 1
		}
		if !axes[i] || r.keep {
			r.out = append(r.out, r.ones[i])
		}
		if axes[i] && d == 0 && r.rule != (rule{}) {
			return nil, fmt.Errorf("axis %d of the input, %v, has no elements to combine", i, r.shape)
		}
	}
	return []Out{{DType: dtype, Shape: slices.Clone(r.out)}}, checkWork(r.shape...)
}

// axes marks the axes to reduce.
func (r *reduce) axes(in []Arg) ([]bool, error) {
	rank := len(in[0].Shape)
	if r.spatial {
		if rank < 3 {
			return nil, fmt.Errorf("the input is %v, but must have a batch, a channel and spatial axes", in[0].Shape)
		}
		return append([]bool{false, false}, slices.Repeat([]bool{true}, rank-2)...), nil
	}
	list, err := axesOf(r.node, in)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 && r.node.Int("noop_with_empty_axes", 0) == 0 {
		return slices.Repeat([]bool{true}, rank), nil
	}
	return axisSet(list, rank)
}

// Float implements Op.
func (r *reduce) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](r.out...)
	if r.rule.largest {
		out = tensor.Map(out, func(float64) float64 { return math.Inf(-1) })
	}
	for i, to := range tensor.BroadcastIndex(r.ones, r.shape) {
		if r.rule.largest {
			out.Data[to] = math.Max(out.Data[to], in[0].Data[i])
		} else {
			out.Data[to] += in[0].Data[i]
		}
	}
	if r.rule.mean {
		r.divide(out.Data, len(in[0].Data))
	}
	return []*tensor.Float{out}, fits(r.integer, out)
}

// divide turns sums of n elements together into means, truncated toward zero
// for integers.
func (r *reduce) divide(sums []float64, n int) {
	for i := range sums {
		sums[i] /= float64(n / len(sums))
		if r.integer != "" {
			sums[i] = math.Trunc(sums[i])
		}
	}
}

// Lower implements Op.
func (r *reduce) Lower(l *Lowering) ([]ir.ID, error) {
	starts, offsets := r.regions()
	if r.rule.largest {
		return lowerMax(l, starts, func(int) []int { return offsets }), nil
	}
	w := 1.0
	if r.rule.mean {
		w /= float64(len(offsets))
	}
	a := newAffine(len(starts), l.ID[0])
	a.Fixed = true
	delta := make([]int32, len(offsets))
	for i, offset := range offsets {
		delta[i] = int32(offset)
	}
	pattern, kernel := a.Pattern(delta, nil, nil), a.equalWeights(len(offsets), w)
	for i, start := range starts {
		a.part(i, 0, pattern, kernel, start)
	}
	return a.emit(l)
}

// regions lists the start of each output's elements in the input, and the distance of
// each of them from the start.
func (r *reduce) regions() (starts, offsets []int) {
	inside := slices.Clone(r.shape)
	for i := range inside {
		if r.ones[i] == r.shape[i] {
			inside[i] = 1
		}
	}
	strides := tensor.Strides(r.shape)
	return tensor.Walk(r.ones, strides, 0), tensor.Walk(inside, strides, 0)
}
