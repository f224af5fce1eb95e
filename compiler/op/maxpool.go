package op

import (
	"errors"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "MaxPool", Since: []int{1, 8, 10, 11, 12, 22}, Tolerance: 1,
		Note: "any number of spatial axes; not the output Indices and storage_order",
		New:  takes(1, 1, newMaxPool),
	})
	for _, r := range maxima {
		register(r.spec())
	}
}

// maxima are the reductions to the largest element.
var maxima = []reduction{
	{"GlobalMaxPool", []int{1, 22}, 1, true, "any number of spatial axes", rule{largest: true}},
	{"ReduceMax", []int{1, 11, 12, 13, 18, 20}, 2, false, "axes by attribute or constant input; of truth values too",
		rule{largest: true}},
}

// maxPool is the largest element of each window; padding is never the largest.
type maxPool struct {
	window
	over placement
	out  []int
}

func newMaxPool(n *graph.Node) (Op, error) {
	w, err := readPool(n)
	switch {
	case err != nil:
		return nil, err
	case n.Int("storage_order", 0) != 0:
		return nil, errors.New("storage_order 1 is not supported; export with storage_order=0")
	case len(n.Outputs) > 1 && n.Outputs[1] != "":
		return nil, errors.New("the output Indices is not supported; export without it (return_indices=False)")
	}
	return &maxPool{window: w}, nil
}

// Infer implements Op.
func (p *maxPool) Infer(in []Arg) ([]Out, error) {
	if _, err := commonType(in); err != nil {
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
func (p *maxPool) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	plane := tensor.Size(in[0].Shape[2:])
	starts, offsets := p.over.slide()
	out := tensor.New[float64](p.out...)
	for channel := range p.out[0] * p.out[1] {
		padded := p.over.padded(in[0].Data[channel*plane:][:plane], math.Inf(-1), math.Inf(-1))
		for i, start := range starts {
			top := math.Inf(-1)
			for _, offset := range offsets {
				top = math.Max(top, padded[start+offset])
			}
			out.Data[channel*len(starts)+i] = top
		}
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op.
func (p *maxPool) Lower(l *Lowering) ([]ir.ID, error) {
	taps, plane := p.over.taps(), tensor.Size(l.In[0].Shape[2:])
	starts := make([]int, tensor.Size(p.out))
	for i := range starts {
		starts[i] = i / len(taps) * plane
	}
	windows := make([][]int, len(taps))
	for i, window := range taps {
		for _, t := range window {
			windows[i] = append(windows[i], t.in)
		}
	}
	return lowerMax(l, starts, func(i int) []int { return windows[i%len(windows)] }), nil
}

// lowerMax emits, for each i, the largest of the elements of input 0 at the distances
// offsets(i) from starts[i].
func lowerMax(l *Lowering, starts []int, offsets func(i int) []int) []ir.ID {
	kind := &ir.Max{Windows: make([][]int32, len(starts))}
	for i, start := range starts {
		for _, offset := range offsets(i) {
			kind.Windows[i] = append(kind.Windows[i], int32(start+offset))
		}
	}
	return []ir.ID{l.Step(kind, l.ID[0])}
}
