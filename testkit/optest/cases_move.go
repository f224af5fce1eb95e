package optest

import "github.com/zkml-go/zkml/compiler/graph"

// six counts from 0 in a 2 × 3 tensor.
var six = Var(2, 3).With(0, 1, 2, 3, 4, 5)

// count lists the elements of six.
var count = []float64{0, 1, 2, 3, 4, 5}

var moveCases = []Case{
	{Op: "Identity", In: []Input{six}, Shape: []int{2, 3}, Want: count},
	{Op: "Dropout", In: []Input{six, Scalar(0.5)}, Shape: []int{2, 3}, Want: count},
	{Op: "Dropout", Name: "mask", Outputs: 2, Reads: 1, In: []Input{six}, Shape: []int{2, 3}, Want: []float64{1, 1, 1, 1, 1, 1}},
	{Op: "Flatten", In: []Input{Var(2, 3, 1).With(count...)}, Shape: []int{2, 3}, Want: count},
	{Op: "Flatten", Name: "axis 0", Attrs: Attrs(map[string]any{"axis": 0}), In: []Input{six}, Shape: []int{1, 6}, Want: count},
	{Op: "Reshape", In: []Input{six, Ints(3, 2)}, Shape: []int{3, 2}, Want: count},
	{Op: "Reshape", Name: "copied and open sizes", In: []Input{six, Ints(0, -1, 1)}, Shape: []int{2, 3, 1}, Want: count},
	{Op: "Squeeze", In: []Input{Var(1, 2, 1, 3).With(count...)}, Shape: []int{2, 3}, Want: count},
	{Op: "Squeeze", Name: "axes by input", In: []Input{Var(1, 2, 1, 3), Ints(-2)}, Shape: []int{1, 2, 3}},
	{Op: "Squeeze", Name: "axes by attribute", Opset: 11, Attrs: Attrs(map[string]any{"axes": []int{0}}),
		In: []Input{Var(1, 2, 1, 3)}, Shape: []int{2, 1, 3}},
	{Op: "Unsqueeze", In: []Input{six, Ints(0, -1)}, Shape: []int{1, 2, 3, 1}, Want: count},
	{Op: "Unsqueeze", Name: "axes by attribute", Opset: 11, Attrs: Attrs(map[string]any{"axes": []int{1}}),
		In: []Input{six}, Shape: []int{2, 1, 3}, Want: count},
	{Op: "Transpose", In: []Input{six}, Shape: []int{3, 2}, Want: []float64{0, 3, 1, 4, 2, 5}},
	{Op: "Transpose", Name: "perm", Attrs: Attrs(map[string]any{"perm": []int{1, 2, 0}}),
		In: []Input{Var(2, 1, 3).With(count...)}, Shape: []int{1, 3, 2}, Want: []float64{0, 3, 1, 4, 2, 5}},
	{Op: "Concat", Attrs: Attrs(map[string]any{"axis": 1}),
		In: []Input{Var(2, 1).With(1, 2), Var(2, 2).With(3, 4, 5, 6)}, Shape: []int{2, 3}, Want: []float64{1, 3, 4, 2, 5, 6}},
	{Op: "Concat", Name: "constant", Attrs: Attrs(map[string]any{"axis": -1}),
		In: []Input{Reals([]int{1}, 0.5), Var(2).With(1, 2)}, Shape: []int{3}, Want: []float64{0.5, 1, 2}},
	{Op: "Split", Outputs: 2, Reads: 1, Attrs: Attrs(map[string]any{"axis": 1}), In: []Input{six, Ints(1, 2)},
		Shape: []int{2, 2}, Want: []float64{1, 2, 4, 5}},
	{Op: "Split", Name: "num_outputs", Outputs: 2, Reads: 1, Attrs: Attrs(map[string]any{"axis": 1, "num_outputs": 2}),
		In: []Input{six}, Shape: []int{2, 1}, Want: []float64{2, 5}},
	{Op: "Expand", In: []Input{Var(2, 1).With(1, 2), Ints(2, 1, 2)}, Shape: []int{2, 2, 2}, Want: []float64{1, 1, 2, 2, 1, 1, 2, 2}},
	{Op: "Tile", In: []Input{Var(2).With(1, 2), Ints(2)}, Shape: []int{4}, Want: []float64{1, 2, 1, 2}},
	{Op: "Pad", In: []Input{Var(1, 2).With(1, 2), Ints(0, 1, 1, 0)}, Shape: []int{2, 3}, Want: []float64{0, 1, 2, 0, 0, 0}},
	{Op: "Pad", Name: "value and axes", In: []Input{Var(1, 2).With(1, 2), Ints(1, 2), Scalar(-1), Ints(-1)},
		Shape: []int{1, 5}, Want: []float64{-1, 1, 2, -1, -1}},
	{Op: "Pad", Name: "cropped", In: []Input{Var(3).With(1, 2, 3), Ints(-1, 1)}, Shape: []int{3}, Want: []float64{2, 3, 0}},
	{Op: "Pad", Name: "reflect", Attrs: Attrs(map[string]any{"mode": "reflect"}),
		In: []Input{Var(3).With(1, 2, 3), Ints(2, 1)}, Shape: []int{6}, Want: []float64{3, 2, 1, 2, 3, 2}},
	{Op: "Pad", Name: "edge, attributes", Opset: 2, Attrs: Attrs(map[string]any{"mode": "edge", "pads": []int{1, 2}}),
		In: []Input{Var(2).With(1, 2)}, Shape: []int{5}, Want: []float64{1, 1, 2, 2, 2}},
	{Op: "Pad", Name: "wrap", Attrs: Attrs(map[string]any{"mode": "wrap"}),
		In: []Input{Var(3).With(1, 2, 3), Ints(1, 1)}, Shape: []int{5}, Want: []float64{3, 1, 2, 3, 1}},
}

var selectCases = []Case{
	{Op: "Slice", In: []Input{six, Ints(0, 1), Ints(1, 3)}, Shape: []int{1, 2}, Want: []float64{1, 2}},
	{Op: "Slice", Name: "backwards to the front", In: []Input{six, Ints(-1), Ints(-1 << 63), Ints(1), Ints(-2)},
		Shape: []int{2, 2}, Want: []float64{2, 0, 5, 3}},
	{Op: "Slice", Name: "open end", In: []Input{six, Ints(1), Ints(1<<63 - 1), Ints(-1)}, Shape: []int{2, 2}, Want: []float64{1, 2, 4, 5}},
	{Op: "Slice", Name: "attributes", Opset: 9, Attrs: Attrs(map[string]any{"starts": []int{-2}, "ends": []int{1000}, "axes": []int{1}}),
		In: []Input{six}, Shape: []int{2, 2}, Want: []float64{1, 2, 4, 5}},
	{Op: "Gather", Attrs: Attrs(map[string]any{"axis": 1}), In: []Input{six, Ints(2, -3)}, Shape: []int{2, 2}, Want: []float64{2, 0, 5, 3}},
	{Op: "Gather", Name: "scalar index", In: []Input{six, Scalar(1).As(graph.Int64)}, Shape: []int{3}, Want: []float64{3, 4, 5}},
	{Op: "GatherElements", Attrs: Attrs(map[string]any{"axis": 1}),
		In:    []Input{six, Reals([]int{2, 1}, 2, -2).As(graph.Int64)},
		Shape: []int{2, 1}, Want: []float64{2, 4}},
	{Op: "Where", In: []Input{Reals([]int{3}, 1, 0, 1).As(graph.Bool), six, Scalar(-1)},
		Shape: []int{2, 3}, Want: []float64{0, -1, 2, 3, -1, 5}},
	{Op: "Where", Name: "variables", In: []Input{Reals([]int{3}, 1, 0, 1).As(graph.Bool), Var(3).With(1, 2, 3), Var(1).With(9)},
		Shape: []int{3}, Want: []float64{1, 9, 3}},
	{Op: "Cast", Name: "to double", Attrs: Attrs(map[string]any{"to": 11}), In: []Input{six}, Shape: []int{2, 3}, Want: count},
	{Op: "Cast", Name: "integer to float", Attrs: Attrs(map[string]any{"to": 1}),
		In: []Input{six.As(graph.Int32)}, Shape: []int{2, 3}, Want: count},
	{Op: "CastLike", In: []Input{six, Scalar(0).As(graph.Float64)}, Shape: []int{2, 3}, Want: count},
}
