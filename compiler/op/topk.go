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
		Name: "TopK", Since: []int{1, 10, 11, 24}, Tolerance: 1,
		Note: "any axis, largest and smallest; K known at compile time; of equal elements the first comes first; " +
			"in order where sorted is 0",
		New: takes(1, 2, newTopK),
	})
}

// topK finds the k largest elements of sign·x along one axis, and where they are.
type topK struct {
	sign   float64
	at, k  int
	in     []int
	shape  []int
	groups [][]int32 // elements of the input, by fibre
	places [][]int32 // elements of the outputs, by fibre
}

func newTopK(n *graph.Node) (Op, error) {
	t := &topK{sign: 1, at: n.Int("axis", -1), k: -1}
	if n.Int("largest", 1) == 0 {
		t.sign = -1
	}
	if n.Opset < 10 {
		if t.k = n.Int("k", -1); t.k < 0 {
			return nil, fmt.Errorf("attribute k is %d, but must be a number of elements", t.k)
		}
	}
	return t, nil
}

// Infer implements Op.
func (t *topK) Infer(in []Arg) ([]Out, error) {
	a, err := axis(t.at, len(in[0].Shape))
	if err != nil {
		return nil, err
	}
	if t.k < 0 || len(in) > 1 {
		k, err := integers(in, 1, "K")
		if err != nil {
			return nil, err
		}
		if len(k) != 1 {
			return nil, fmt.Errorf("input K has %d elements, but must be one number", len(k))
		}
		t.k = k[0]
	}
	if t.k < 1 || t.k > in[0].Shape[a] {
		return nil, fmt.Errorf("the first %d elements of an axis of size %d are asked for", t.k, in[0].Shape[a])
	}
	if tensor.Size(in[0].Shape) == 0 {
		return nil, fmt.Errorf("the input has shape %v, which holds no elements", in[0].Shape)
	}
	t.in, t.shape = in[0].Shape, slices.Clone(in[0].Shape)
	t.shape[a] = t.k
	if err := checkWork(t.k, tensor.Size(t.in)); err != nil {
		return nil, err
	}
	t.groups, t.places = fibres(t.in, a), fibres(t.shape, a)
	return []Out{
		{DType: in[0].DType, Shape: slices.Clone(t.shape)}, {DType: graph.Int64, Shape: slices.Clone(t.shape)},
	}, nil
}

// Float implements Op.
func (t *topK) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	values, positions := tensor.New[float64](t.shape...), tensor.New[float64](t.shape...)
	signed := tensor.Map(in[0], func(x float64) float64 { return float64(t.sign * x) })
	for i, g := range t.groups {
		for m, at := range ir.InOrder(signed.Data, g)[:t.k] {
			values.Data[t.places[i][m]] = in[0].Data[g[at]]
			positions.Data[t.places[i][m]] = float64(at)
		}
	}
	return []*tensor.Float{values, positions}, nil
}

// Lower implements Op: bits that choose an element for each place, by which positions are sums
// and elements are products.
func (t *topK) Lower(l *Lowering) ([]ir.ID, error) {
	x, n := l.ID[0], len(t.groups[0])
	order := x
	if t.sign < 0 {
		order = l.Emit(l.Node, l.Name, t.in, scaled(tensor.Size(t.in), -1), x)
	}
	chosen := l.Emit(l.Node, l.Name, []int{len(t.groups), t.k, n}, &ir.Top{Groups: t.groups, K: t.k}, order)
	positions := newAffine(tensor.Size(t.shape), chosen)
	positions.Fixed = true
	back := &ir.Move{In: make([]int32, tensor.Size(t.shape)), Index: make([]int32, tensor.Size(t.shape))}
	dot, apart := &ir.Dot{N: t.k, K: n, M: 1}, &ir.Move{In: make([]int32, tensor.Size(t.in))}
	for i, places := range t.places {
		dot.A, dot.B = append(dot.A, int32(i*t.k*n)), append(dot.B, int32(i*n))
		apart.Index = append(apart.Index, t.groups[i]...)
		for m, at := range places {
			back.Index[at] = int32(i*t.k + m)
			for j := range n {
				positions.term(int(at), 0, (i*t.k+m)*n+j, float64(j))
			}
		}
	}
	index, err := only(positions.emit(l))
	if err != nil {
		return nil, err
	}
	fibre := l.Emit(l.Node, l.Name, []int{len(t.groups), n}, apart, x)
	picked := l.Emit(l.Node, l.Name, []int{len(t.groups), t.k}, dot, chosen, fibre)
	return []ir.ID{l.Step(back, picked), index}, nil
}

// Work implements Worker.
func (t *topK) Work() Work {
	w := chosenWork(tensor.Size(t.in))
	w.Multiplications, w.Terms = int64(t.k*tensor.Size(t.in)), int64(t.k*tensor.Size(t.in))
	return w
}
