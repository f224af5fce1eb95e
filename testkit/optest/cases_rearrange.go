package optest

import "github.com/zkml-go/zkml/compiler/graph"

// counting is a variable of a shape whose first sample counts from 0.
func counting(shape ...int) Input {
	v, size := Var(shape...), 1
	for _, d := range shape {
		size *= d
	}
	for i := range size {
		v.Values = append(v.Values, float64(i))
	}
	return v
}

// rearrangeCases only copy elements, by what is known at compile time.
var rearrangeCases = []Case{
	{Op: "DepthToSpace", Attrs: Attrs(map[string]any{"blocksize": 2}), In: []Input{counting(1, 8, 1, 1)},
		Shape: []int{1, 2, 2, 2}, Want: []float64{0, 2, 4, 6, 1, 3, 5, 7}},
	{Op: "DepthToSpace", Name: "CRD", Attrs: Attrs(map[string]any{"blocksize": 2, "mode": "CRD"}),
		In: []Input{counting(1, 4, 1, 3)}, Shape: []int{1, 1, 2, 6},
		Want: []float64{0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11}},
	{Op: "DepthToSpace", Name: "blocks of one", Opset: 1, Attrs: Attrs(map[string]any{"blocksize": 1}),
		In: []Input{counting(2, 3, 1, 1)}, Shape: []int{2, 3, 1, 1}, Want: count},
	{Op: "SpaceToDepth", Attrs: Attrs(map[string]any{"blocksize": 2}), In: []Input{counting(1, 1, 2, 6)},
		Shape: []int{1, 4, 1, 3}, Want: []float64{0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11}},
	{Op: "SpaceToDepth", Name: "two channels", Attrs: Attrs(map[string]any{"blocksize": 2}),
		In: []Input{counting(1, 2, 2, 2)}, Shape: []int{1, 8, 1, 1}, Want: []float64{0, 4, 1, 5, 2, 6, 3, 7}},
	{Op: "Trilu", In: []Input{counting(2, 3)}, Shape: []int{2, 3}, Want: []float64{0, 1, 2, 0, 4, 5}},
	{Op: "Trilu", Name: "lower, k", Attrs: Attrs(map[string]any{"upper": 0}),
		In: []Input{counting(2, 3), Scalar(-1).As(graph.Int64)}, Shape: []int{2, 3}, Want: []float64{0, 0, 0, 3, 0, 0}},
	{Op: "Trilu", Name: "a batch, k", In: []Input{counting(2, 2, 2), Ints(1)}, Shape: []int{2, 2, 2},
		Want: []float64{0, 1, 0, 0, 0, 5, 0, 0}},
	{Op: "Trilu", Name: "integers", In: []Input{counting(1, 3).As(graph.Int64)}, Shape: []int{1, 3},
		Want: []float64{0, 1, 2}},
	{Op: "EyeLike", In: []Input{Var(2, 3)}, Shape: []int{2, 3}, Want: []float64{1, 0, 0, 0, 1, 0}},
	{Op: "EyeLike", Name: "k and dtype", Attrs: Attrs(map[string]any{"k": -1, "dtype": 6}), In: []Input{Var(2, 2)},
		Shape: []int{2, 2}, Want: []float64{0, 0, 1, 0}},
	{Op: "ReverseSequence", In: []Input{counting(3, 2), Ints(2, 3)}, Shape: []int{3, 2},
		Want: []float64{2, 5, 0, 3, 4, 1}},
	{Op: "ReverseSequence", Name: "batch first", Attrs: Attrs(map[string]any{"batch_axis": 0, "time_axis": 1}),
		In: []Input{counting(2, 3, 2), Ints(0, 2)}, Shape: []int{2, 3, 2},
		Want: []float64{0, 1, 2, 3, 4, 5, 8, 9, 6, 7, 10, 11}},
	{Op: "ReverseSequence", Name: "variable lengths",
		In:    []Input{Var(3, 2, 1).With(count...), Var(2).As(graph.Int64).With(2, 3).In(0, 3)},
		Shape: []int{3, 2, 1}, Want: []float64{2, 5, 0, 3, 4, 1}},
	{Op: "ReverseSequence", Name: "variable lengths, batch first",
		Attrs: Attrs(map[string]any{"batch_axis": 0, "time_axis": 1}),
		In:    []Input{Var(2, 2, 2).With(0, 1, 2, 3, 4, 5, 6, 7), Var(2).As(graph.Int64).With(1, 2).In(0, 2)},
		Shape: []int{2, 2, 2}, Want: []float64{0, 1, 2, 3, 6, 7, 4, 5}},
	{Op: "ReverseSequence", Name: "constants of variable lengths",
		In:    []Input{Reals([]int{2, 1}, 0.5, -3), Var(1).As(graph.Int64).With(2).In(0, 2)},
		Shape: []int{2, 1}, Want: []float64{-3, 0.5}},
	{Op: "Compress", In: []Input{six, Ints(0, 1, 0, 0, 1).As(graph.Bool)}, Shape: []int{2}, Want: []float64{1, 4}},
	{Op: "Compress", Name: "axis", Attrs: Attrs(map[string]any{"axis": -1}),
		In: []Input{six, Ints(0, 1, 1).As(graph.Bool)}, Shape: []int{2, 2}, Want: []float64{1, 2, 4, 5}},
	{Op: "Compress", Name: "a short condition", Attrs: Attrs(map[string]any{"axis": 0}),
		In: []Input{six, Ints(1).As(graph.Bool)}, Shape: []int{1, 3}, Want: []float64{0, 1, 2}},
	{Op: "NonZero", In: []Input{Reals([]int{2, 2}, 1, 0, 0.5, -1)}, Shape: []int{2, 3},
		Want: []float64{0, 1, 1, 0, 0, 1}},
	{Op: "NonZero", Name: "of a number", In: []Input{Scalar(3)}, Shape: []int{0, 1}, Want: []float64{}},
	{Op: "CenterCropPad", In: []Input{counting(5, 2), Ints(2, 3)}, Shape: []int{2, 3},
		Want: []float64{2, 3, 0, 4, 5, 0}},
	{Op: "CenterCropPad", Name: "axes", Attrs: Attrs(map[string]any{"axes": []int{-1}}), In: []Input{six, Ints(6)},
		Shape: []int{2, 6}, Want: []float64{0, 0, 1, 2, 0, 0, 0, 3, 4, 5, 0, 0}},
}
