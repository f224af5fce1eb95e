package op

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{Name: "Constant", Since: []int{1, 9, 11, 12, 13, 19, 21, 23, 24, 25},
			Note: "numbers in all attribute forms, a tensor of strings; no sparse tensors", New: newConstant},
		Spec{Name: "ConstantOfShape", Since: []int{9, 20, 21, 23, 24, 25}, Note: "constant shape",
			New: takes(1, 1, newConstantOfShape)},
		Spec{Name: "Range", Since: []int{11}, Note: "constants only", New: takes(3, 3, newRange)},
	)
}

// constant is an output that depends only on inputs known at compile time. value is
// set by Infer.
type constant struct {
	make  func(in []Arg) (*graph.Const, error)
	value *graph.Const
}

// Infer implements Op.
func (c *constant) Infer(in []Arg) ([]Out, error) {
	v, err := c.make(in)
	if err != nil {
		return nil, err
	}
	c.value = v
	return []Out{{DType: v.DType, Shape: v.Shape, Meaning: Meaning{Texts: v.Texts}}}, nil
}

// Float implements Op.
func (c *constant) Float([]*tensor.Float) ([]*tensor.Float, error) {
	return []*tensor.Float{c.value.Float.Clone()}, nil
}

// Lower implements Op.
func (c *constant) Lower(*Lowering) ([]ir.ID, error) { return nil, errNotStatic }

// constantForms read the value of each attribute that a Constant may have.
var constantForms = map[string]func(a graph.Attr) *graph.Const{
	"value": func(a graph.Attr) *graph.Const { return a.Tensor },
	"value_float": func(a graph.Attr) *graph.Const {
		return &graph.Const{DType: graph.Float32, Float: tensor.Of([]float64{a.Float})}
	},
	"value_int": func(a graph.Attr) *graph.Const {
		return &graph.Const{DType: graph.Int64, Float: tensor.Of([]float64{float64(a.Int)})}
	},
	"value_floats": func(a graph.Attr) *graph.Const {
		return &graph.Const{DType: graph.Float32, Float: tensor.Of(a.Floats, len(a.Floats))}
	},
	"value_ints": func(a graph.Attr) *graph.Const {
		t := tensor.New[float64](len(a.Ints))
		for i, v := range a.Ints {
			t.Data[i] = float64(v)
		}
		return &graph.Const{DType: graph.Int64, Float: t}
	},
}

func newConstant(n *graph.Node) (Op, error) {
	for form, read := range constantForms {
		a, ok := n.Attrs[form]
		if !ok {
			continue
		}
		v := read(a)
		if v == nil || v.Float == nil {
			return nil, fmt.Errorf("attribute %s is not a tensor of numbers", form)
		}
		if form != "value" && slices.ContainsFunc(append(slices.Clone(a.Ints), a.Int), rounded) {
			return nil, fmt.Errorf("attribute %s holds an integer beyond 2^53, the largest that is supported", form)
		}
		return &constant{make: func([]Arg) (*graph.Const, error) { return v, nil }}, nil
	}
	return nil, errors.New("the value is not a dense tensor of numbers, the only kind that is supported")
}

// rounded tells integers that a float64 may not hold. From 2^62 on they stand for "without
// bound", as in tensors.
func rounded(v int64) bool {
	const unbounded = 1 << 62
	return v > exact && v < unbounded || v < -exact && v > -unbounded
}

func newConstantOfShape(n *graph.Node) (Op, error) {
	dtype, fill := graph.Float32, 0.0
	if v := n.Attrs["value"].Tensor; v != nil {
		if v.Float == nil || len(v.Data) != 1 {
			return nil, errors.New("attribute value must hold one number")
		}
		dtype, fill = v.DType, v.Data[0]
	}
	return &constant{make: func(in []Arg) (*graph.Const, error) {
		shape, err := integers(in, 0, "the shape")
		if err != nil {
			return nil, err
		}
		if err := checkSize(shape); err != nil {
			return nil, err
		}
		t := tensor.Map(tensor.New[float64](shape...), func(float64) float64 { return fill })
		return &graph.Const{DType: dtype, Float: t}, nil
	}}, nil
}

func newRange(*graph.Node) (Op, error) {
	return &constant{make: func(in []Arg) (*graph.Const, error) {
		var p [3]float64
		for i, what := range []string{"the start", "the limit", "the step"} {
			v, err := scalar(in, i, what)
			if err != nil {
				return nil, err
			}
			if integerType(in[i].DType) != "" && math.Abs(v) > exact {
				return nil, fmt.Errorf("%s is an integer beyond 2^53, the largest that is supported", what)
			}
			p[i] = v
		}
		count := math.Ceil((p[1] - p[0]) / p[2])
		if !(count <= float64(maxElements)) {
			return nil, fmt.Errorf("from %g to %g by %g is not a finite number of steps that a circuit can hold", p[0],
				p[1], p[2])
		}
		t := tensor.New[float64](int(max(count, 0)))
		for i := range t.Data {
			t.Data[i] = p[0] + float64(float64(i)*p[2])
		}
		return &graph.Const{DType: in[0].DType, Float: t}, nil
	}}, nil
}
