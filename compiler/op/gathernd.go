package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "GatherND", Since: []int{11, 12, 13}, Tolerance: 2, Note: variableIndices,
		New: takes(2, 2, func(n *graph.Node) (Op, error) {
			g := &gatherND{batches: n.Int("batch_dims", 0)}
			g.plan = g.picked
			return g, nil
		}),
	})
}

// gatherND picks slices of the data by tuples of indices, one for each of its first axes behind
// those of the batch.
type gatherND struct {
	movement // by constant indices
	batches  int
	batch    int   // how many elements the batch's axes have together
	count    int   // tuples for each of them
	sizes    []int // of the axes that are indexed
	inner    int   // elements of a slice
	shape    []int
	variable bool
}

// Infer implements Op.
func (g *gatherND) Infer(in []Arg) ([]Out, error) {
	data, index := in[0].Shape, in[1].Shape
	rank := len(index) - 1
	if g.batches < 0 || rank < g.batches || len(data) <= g.batches ||
		!slices.Equal(data[:g.batches], index[:g.batches]) {
		return nil, fmt.Errorf("data of shape %v and indices of shape %v do not begin with the same %d axes", data,
			index, g.batches)
	}
	last := g.batches + index[rank]
	if index[rank] < 1 || last > len(data) {
		return nil, fmt.Errorf("tuples of %d indices for data of shape %v, of which %d axes are the batch's",
			index[rank], data, g.batches)
	}
	g.batch, g.count = tensor.Size(data[:g.batches]), tensor.Size(index[g.batches:rank])
	g.sizes, g.inner = data[g.batches:last], tensor.Size(data[last:])
	g.shape = slices.Concat(index[:rank], data[last:])
	if err := checkSize(g.shape); err != nil {
		return nil, err
	}
	if g.variable = in[1].Const == nil; !g.variable {
		return g.movement.Infer(in)
	}
	if err := integerIndices(in[1]); err != nil {
		return nil, err
	}
	if tensor.Size(g.sizes) == 0 {
		return nil, errors.New("an axis is empty, and indices have nothing to pick")
	}
	if err := checkWork(4*tensor.Size(g.sizes), max(g.inner, 1), g.batch, g.count); err != nil {
		return nil, err
	}
	return pickedOut(in[0], g.shape)
}

// slice is the first element of the slice that the i-th tuple of constants picks.
func (g *gatherND) slice(indices []float64, i int) (int, error) {
	at := i / max(g.count, 1)
	for k, d := range g.sizes {
		p, err := position(indices[i*len(g.sizes)+k], d)
		if err != nil {
			return 0, err
		}
		at = at*d + p
	}
	return at * g.inner, nil
}

// picked plans the move by constant indices.
func (g *gatherND) picked(in []Arg) ([]moved, error) {
	var index []int
	for i := range g.batch * g.count {
		at, err := g.slice(in[1].Const.Data, i)
		if err != nil {
			return nil, err
		}
		for k := range g.inner {
			index = append(index, at+k)
		}
	}
	return []moved{rearranged(in, g.shape, index)}, nil
}

// Float implements Op.
func (g *gatherND) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	if !g.variable {
		return g.movement.Float(in)
	}
	out := tensor.New[float64](g.shape...)
	for i := range g.batch * g.count {
		at, err := g.slice(in[1].Data, i)
		if err != nil {
			return nil, err
		}
		copy(out.Data[i*g.inner:(i+1)*g.inner], in[0].Data[at:])
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op: the first indices pick among slices that the others pick from, and so on.
func (g *gatherND) Lower(l *Lowering) ([]ir.ID, error) {
	if !g.variable {
		return g.movement.Lower(l)
	}
	tuples, rest := g.batch*g.count, tensor.Size(g.sizes)*g.inner
	var from ir.ID
	for k, d := range g.sizes {
		chosen, err := l.chosen(l.column(l.ID[1], tuples, len(g.sizes), k), d)
		if err != nil {
			return nil, err
		}
		rest /= d
		at := l.named(l.Name, tuples, rest)
		if k == len(g.sizes)-1 {
			at = l
		}
		switch {
		case k > 0:
			dot := &ir.Dot{N: 1, K: d, M: rest}
			for i := range tuples {
				dot.A, dot.B = append(dot.A, int32(i*d)), append(dot.B, int32(i*d*rest))
			}
			from = at.Step(dot, chosen, from)
		case l.In[0].Const != nil:
			if from, err = at.pickedOf(l.In[0].Const.Data, chosen, rest, []int{g.batch, d, g.count}, true); err != nil {
				return nil, err
			}
		default:
			dot := &ir.Dot{N: g.count, K: d, M: rest}
			for b := range g.batch {
				dot.A, dot.B = append(dot.A, int32(b*g.count*d)), append(dot.B, int32(b*d*rest))
			}
			from = at.Step(dot, chosen, l.ID[0])
		}
	}
	return []ir.ID{from}, nil
}

// Work implements Worker.
func (g *gatherND) Work() Work {
	if !g.variable {
		return Work{Multiplications: int64(tensor.Size(g.shape))}
	}
	w := listedWork(4*tensor.Size(g.sizes), max(g.inner, 1), g.batch, g.count)
	w.Indices = w.Terms
	return w
}
