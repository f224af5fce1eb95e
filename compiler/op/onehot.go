package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "OneHot", Since: []int{9, 11}, Tolerance: 1,
		Note: "constant depth; constant and variable values and indices, of an integer type; one outside has none",
		New:  takes(3, 3, func(n *graph.Node) (Op, error) { return &oneHot{at: n.Int("axis", -1)}, nil }),
	})
}

// oneHot gives each index a fibre of one value but for the position that the index says.
type oneHot struct {
	movement // by constant indices
	at       int
	depth    int
	shape    []int
	places   [][]int32 // of each index's fibre
	dtype    graph.DType
}

// Infer implements Op.
func (o *oneHot) Infer(in []Arg) ([]Out, error) {
	depth, err := integers(in, 1, "the depth")
	if err != nil {
		return nil, err
	}
	if len(depth) != 1 || depth[0] < 1 || depth[0] > maxElements {
		return nil, fmt.Errorf("the depth %v is not one size", depth)
	}
	o.depth = depth[0]
	a, err := axis(o.at, len(in[0].Shape)+1)
	if err != nil {
		return nil, err
	}
	switch {
	case !slices.Equal(in[2].Shape, []int{2}):
		return nil, fmt.Errorf("values of shape %v, but two are expected: for other positions, and for the one",
			in[2].Shape)
	case in[2].DType == graph.Bool && in[2].Const == nil:
		return nil, fmt.Errorf("variable values of type bool are not numbers; put a Cast after the node")
	case in[0].Const == nil && integerType(in[0].DType) == "":
		return nil, fmt.Errorf("the indices are of type %s; put a Cast to an integer type before", in[0].DType)
	}
	o.shape = slices.Insert(slices.Clone(in[0].Shape), a, o.depth)
	if err := checkSize(o.shape); err != nil {
		return nil, err
	}
	o.places, o.dtype = fibres(o.shape, a), in[2].DType
	if in[0].Const != nil {
		o.plan = o.copies
		return o.movement.Infer(in)
	}
	return []Out{{DType: o.dtype, Shape: slices.Clone(o.shape)}}, checkWork(4, tensor.Size(o.shape))
}

// copies plans the move of values by constant indices.
func (o *oneHot) copies(in []Arg) ([]moved, error) {
	p := moved{dtype: o.dtype, shape: o.shape, from: make([]source, tensor.Size(o.shape))}
	for i, places := range o.places {
		for k, at := range places {
			p.from[at] = source{in: 2}
			if o.is(in[0].Const.Data[i], k) {
				p.from[at].index = 1
			}
		}
	}
	return []moved{p}, nil
}

// is tells whether an index says a position.
func (o *oneHot) is(x float64, position int) bool {
	return x == float64(position) || x == float64(position-o.depth)
}

// Float implements Op.
func (o *oneHot) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](o.shape...)
	for i, places := range o.places {
		for p, at := range places {
			out.Data[at] = in[2].Data[0]
			if o.is(in[0].Data[i], p) {
				out.Data[at] = in[2].Data[1]
			}
		}
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op: of a bit it is off + bit·(on − off).
func (o *oneHot) Lower(l *Lowering) ([]ir.ID, error) {
	if l.In[0].Const != nil {
		return o.movement.Lower(l)
	}
	chosen, err := o.chosen(l)
	if err != nil {
		return nil, err
	}
	n := tensor.Size(o.shape)
	if values := l.In[2].Const; values != nil {
		off, on := values.Data[0], values.Data[1]
		sum := newAffine(n, chosen)
		for i := range n {
			sum.Bias[i] = off
			sum.term(i, 0, i, on-off)
		}
		return sum.emit(l)
	}
	difference := newAffine(1, l.ID[2])
	difference.Fixed = true
	difference.term(0, 0, 0, -1)
	difference.term(0, 0, 1, 1)
	away, err := only(difference.emit(l.named(l.Name, 1)))
	if err != nil {
		return nil, err
	}
	p := &ir.Product{A: every(1, n), B: make([]int32, n)}
	sum := newAffine(n, l.ID[2], l.Step(p, chosen, away))
	sum.Fixed = true
	for i := range n {
		sum.term(i, 0, 0, 1)
		sum.term(i, 1, i, 1)
	}
	return sum.emit(l)
}

// chosen has the bits of the output's elements.
func (o *oneHot) chosen(l *Lowering) (ir.ID, error) {
	n := tensor.Size(o.shape)
	low := l.lowest(l.ID[0], o.depth, true)
	bits, err := l.chosenFrom(l.ID[0], o.depth, low, low, o.depth)
	if err != nil {
		return 0, err
	}
	move := &ir.Move{In: make([]int32, n), Index: make([]int32, n)}
	for i, places := range o.places {
		for p, at := range places {
			move.Index[at] = int32(i*o.depth + p)
		}
	}
	return l.Step(move, bits), nil
}

// Work implements Worker.
func (o *oneHot) Work() Work { return listedWork(8, tensor.Size(o.shape)) }
