package optest

import "github.com/zkml-go/zkml/compiler/graph"

// foldedCases are known at compile time.
var foldedCases = []Case{
	{Op: "Constant", Attrs: Attrs(map[string]any{"value": Ints(3, 4).Const}), Shape: []int{2}, Want: []float64{3, 4}},
	{Op: "Constant", Name: "float", Attrs: Attrs(map[string]any{"value_float": 1.5}), Shape: []int{}, Want: []float64{1.5}},
	{Op: "Constant", Name: "floats", Attrs: Attrs(map[string]any{"value_floats": []float64{1, 2}}), Shape: []int{2}, Want: []float64{1, 2}},
	{Op: "Constant", Name: "int", Attrs: Attrs(map[string]any{"value_int": 7}), Shape: []int{}, Want: []float64{7}},
	{Op: "Constant", Name: "ints", Attrs: Attrs(map[string]any{"value_ints": []int{7, 8}}), Shape: []int{2}, Want: []float64{7, 8}},
	{Op: "ConstantOfShape", Attrs: Attrs(map[string]any{"value": Ints(9).Const}), In: []Input{Ints(1, 2)}, Shape: []int{1, 2}, Want: []float64{9, 9}},
	{Op: "Range", In: []Input{Scalar(1), Scalar(6), Scalar(2)}, Shape: []int{3}, Want: []float64{1, 3, 5}},
	{Op: "Range", Name: "downwards", In: []Input{Scalar(1), Scalar(-2), Scalar(-1)}, Shape: []int{3}, Want: []float64{1, 0, -1}},
	{Op: "Shape", In: []Input{six}, Shape: []int{2}, Want: []float64{2, 3}},
	{Op: "Shape", Name: "part", Attrs: Attrs(map[string]any{"start": -1}), In: []Input{six}, Shape: []int{1}, Want: []float64{3}},
	{Op: "Size", In: []Input{six}, Shape: []int{}, Want: []float64{6}},
	{Op: "Cast", Name: "truncates and saturates", Attrs: Attrs(map[string]any{"to": 3}),
		In: []Input{Reals([]int{4}, 1.9, -1.9, 300, -300)}, Shape: []int{4}, Want: []float64{1, -1, 127, -128}},
	{Op: "Cast", Name: "wraps", Attrs: Attrs(map[string]any{"to": 3}), In: []Input{Ints(200, -200, 5)}, Shape: []int{3}, Want: []float64{-56, 56, 5}},
	{Op: "Cast", Name: "to bool", Attrs: Attrs(map[string]any{"to": 9}), In: []Input{Ints(2, 0)}, Shape: []int{2}, Want: []float64{1, 0}},
	{Op: "Cast", Name: "to float16", Attrs: Attrs(map[string]any{"to": 10}),
		In: []Input{Reals([]int{3}, 2049, 1.0/3, 65519)}, Shape: []int{3}, Want: []float64{2048, 0.333251953125, 65504}},
	{Op: "CastLike", Name: "a variable's type", In: []Input{Scalar(1.5), six.As(graph.Int32)}, Shape: []int{}, Want: []float64{1}},
	{Op: "And", In: []Input{Ints(0, 0, 1, 1), Ints(0, 1, 0, 1)}, Shape: []int{4}, Want: []float64{0, 0, 0, 1}},
	{Op: "Or", In: []Input{Ints(0, 0, 1, 1), Ints(0, 1, 0, 1)}, Shape: []int{4}, Want: []float64{0, 1, 1, 1}},
	{Op: "Not", In: []Input{Ints(0, 1)}, Shape: []int{2}, Want: []float64{1, 0}},
	{Op: "Equal", In: []Input{Ints(1, 2, 3), Ints(2)}, Shape: []int{3}, Want: []float64{0, 1, 0}},
	{Op: "Greater", In: []Input{Ints(1, 2, 3), Ints(2)}, Shape: []int{3}, Want: []float64{0, 0, 1}},
	{Op: "GreaterOrEqual", In: []Input{Ints(1, 2, 3), Ints(2)}, Shape: []int{3}, Want: []float64{0, 1, 1}},
	{Op: "Less", In: []Input{Ints(1, 2, 3), Ints(2)}, Shape: []int{3}, Want: []float64{1, 0, 0}},
	{Op: "LessOrEqual", In: []Input{Ints(1, 2, 3), Ints(2)}, Shape: []int{3}, Want: []float64{1, 1, 0}},
	{Op: "Floor", In: []Input{Reals([]int{2}, 1.5, -1.5)}, Shape: []int{2}, Want: []float64{1, -2}},
	{Op: "Ceil", In: []Input{Reals([]int{2}, 1.5, -1.5)}, Shape: []int{2}, Want: []float64{2, -1}},
	{Op: "Round", In: []Input{Reals([]int{3}, 1.5, 2.5, -0.5)}, Shape: []int{3}, Want: []float64{2, 2, 0}},
	{Op: "Sign", In: []Input{Reals([]int{3}, 1.5, 0, -0.5)}, Shape: []int{3}, Want: []float64{1, 0, -1}},
}
