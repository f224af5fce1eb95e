package op

import (
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{Name: "Trilu", Since: []int{14}, Note: "upper and lower; constant k", New: takes(1, 2, newTrilu)},
		Spec{Name: "EyeLike", Since: []int{9, 22}, Note: "known at compile time; k and dtype",
			New: takes(1, 1, newEyeLike)},
	)
}

func newTrilu(n *graph.Node) (Op, error) {
	upper := n.Int("upper", 1) != 0
	return &movement{plan: func(in []Arg) ([]moved, error) {
		rank, k := len(in[0].Shape), 0
		if rank < 2 {
			return nil, fmt.Errorf("an input of shape %v, but matrices are expected", in[0].Shape)
		}
		if given(in, 1) {
			list, err := integers(in, 1, "k")
			if err != nil {
				return nil, err
			}
			if len(list) != 1 {
				return nil, fmt.Errorf("k has %d elements, but must be one number", len(list))
			}
			k = list[0]
		}
		rows, columns := in[0].Shape[rank-2], in[0].Shape[rank-1]
		index := indices(tensor.Size(in[0].Shape))
		for i := range index {
			diagonal := i%columns - i/columns%rows
			if upper && diagonal < k || !upper && diagonal > k {
				index[i] = -1
			}
		}
		return []moved{rearranged(in, in[0].Shape, index)}, nil
	}}, nil
}

// eye is a matrix of ones on a diagonal, of its input's shape.
type eye struct {
	k     int
	dtype graph.DType // "" for the input's
	value *tensor.Float
}

func newEyeLike(n *graph.Node) (Op, error) {
	e := &eye{k: n.Int("k", 0)}
	if number := n.Int("dtype", 0); number != 0 {
		var ok bool
		if e.dtype, ok = castTypes[number]; !ok {
			return nil, fmt.Errorf("element type number %d is not supported; use a float or integer type of 8 bits "+
				"or more", number)
		}
	}
	return e, nil
}

// Infer implements Op.
func (e *eye) Infer(in []Arg) ([]Out, error) {
	if len(in[0].Shape) != 2 {
		return nil, fmt.Errorf("an input of shape %v, but a matrix is expected", in[0].Shape)
	}
	dtype := e.dtype
	if dtype == "" {
		dtype = in[0].DType
	}
	if err := checkSize(in[0].Shape); err != nil {
		return nil, err
	}
	e.value = tensor.New[float64](in[0].Shape...)
	for i := range e.value.Data {
		if i%in[0].Shape[1]-i/in[0].Shape[1] == e.k {
			e.value.Data[i] = 1
		}
	}
	return []Out{{DType: dtype, Shape: e.value.Shape}}, nil
}

// Float implements Op.
func (e *eye) Float([]*tensor.Float) ([]*tensor.Float, error) {
	return []*tensor.Float{e.value.Clone()}, nil
}

// Static implements Static.
func (e *eye) Static() []*tensor.Float { return []*tensor.Float{e.value} }

// Lower implements Op.
func (e *eye) Lower(*Lowering) ([]ir.ID, error) { return nil, errNotStatic }
