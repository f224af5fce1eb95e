package optest

import (
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
)

// slopeCases are of slopes below zero, and of the largest element of a group.
var slopeCases = []Case{
	{Op: "PRelu", In: []Input{wide, Scalar(0.25)}, Shape: []int{5}, Want: []float64{-0.5, -0.125, 0, 0.5, 2}},
	{Op: "PRelu", Name: "a slope for each channel", In: []Input{Var(1, 3, 2).With(-1, 2, -2, -1, -4, 1),
		Reals([]int{3, 1}, 0.5, 0, -1)}, Shape: []int{1, 3, 2}, Want: []float64{-0.5, 2, 0, 0, 4, 1}},
	{Op: "PRelu", Name: "variable slopes", In: []Input{Var(2, 2).With(-1, 2, -2, -1), Var(2).With(0.5, 2)},
		Shape: []int{2, 2}, Want: []float64{-0.5, 2, -1, -2}},
	{Op: "PRelu", Name: "of a constant", In: []Input{Reals([]int{2}, -2, 3), Var(2).With(0.5, 2)},
		Shape: []int{2}, Want: []float64{-1, 3}},
	{Op: "PRelu", Name: "integers", In: []Input{whole(3).With(-3, 0, 5), Ints(2)}, Shape: []int{3},
		Want: []float64{-6, 0, 5}},
	{Op: "Hardmax", In: []Input{Var(2, 3).With(1, 5, 5, -1, -2, -3)}, Shape: []int{2, 3},
		Want: []float64{0, 1, 0, 1, 0, 0}},
	{Op: "Hardmax", Name: "first axis", Attrs: Attrs(map[string]any{"axis": 0}),
		In: []Input{Var(2, 2, 1).With(1, 2, 1, 3)}, Shape: []int{2, 2, 1}, Want: []float64{1, 0, 0, 1}},
	{Op: "Hardmax", Name: "flattened", Opset: 11, In: []Input{Var(1, 2, 2).With(0, 1, 2, 1)}, Shape: []int{1, 2, 2},
		Want: []float64{0, 0, 1, 0}},
}

// reducedCases are of sums of sizes, roots and logarithms of sums, and smallest elements.
var reducedCases = []Case{
	{Op: "ReduceL1", In: []Input{Var(2, 3).With(1, -2, 3, -4, 0, 1), Ints(1)}, Shape: []int{2, 1},
		Want: []float64{6, 5}},
	{Op: "ReduceL1", Name: "integers, all", Attrs: Attrs(map[string]any{"keepdims": 0}),
		In: []Input{whole(2, 2).With(1, -2, 3, -4)}, Want: []float64{10}},
	{Op: "ReduceL2", In: []Input{Var(2, 2).With(3, -4, 1, 0).In(1, 4), Ints(1)}, Shape: []int{2, 1},
		Want: []float64{5, 1}},
	{Op: "ReduceL2", Name: "first axis", Opset: 13, Attrs: Attrs(map[string]any{"axes": []int{0}, "keepdims": 0}),
		In: []Input{Var(2, 2).With(3, 1, -4, 1).In(1, 4)}, Shape: []int{2},
		Want: []float64{5, math.Sqrt2}},
	{Op: "ReduceLogSum", In: []Input{Var(2, 2).With(1, 1, 0.5, 0.5).In(0.25, 2), Ints(1)}, Shape: []int{2, 1},
		Want: []float64{math.Ln2, 0}},
	{Op: "ReduceMin", In: []Input{Var(2, 3).With(1, -2, 3, -4, 0, 1), Ints(1)}, Shape: []int{2, 1},
		Want: []float64{-2, -4}},
	{Op: "ReduceMin", Name: "truth values", Attrs: Attrs(map[string]any{"keepdims": 0}),
		In: []Input{Var(2, 2).As(graph.Bool).With(1, 1, 0, 1).In(0, 1), Ints(1)}, Shape: []int{2},
		Want: []float64{1, 0}},
	{Op: "ReduceMin", Name: "integers", In: []Input{whole(2, 2).With(7, -7, 5, 6), Ints(0)}, Shape: []int{1, 2},
		Want: []float64{5, -7}},
	{Op: "ReduceMax", Name: "truth values", In: []Input{Var(2, 2).As(graph.Bool).With(0, 0, 0, 1).In(0, 1), Ints(1)},
		Shape: []int{2, 1}, Want: []float64{0, 1}},
}
