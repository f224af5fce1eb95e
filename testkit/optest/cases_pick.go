package optest

import "github.com/zkml-go/zkml/compiler/graph"

// between is a variable of integers.
func between(lo, hi float64, values ...float64) Input {
	return Var(len(values)).As(graph.Int64).With(values...).In(lo, hi)
}

// shaped gives a variable another shape.
func (v Input) shaped(shape ...int) Input {
	v.Shape = shape
	return v
}

// vocabulary is a table of so many rows of three columns.
func vocabulary(rows int) Input {
	values := make([]float64, 3*rows)
	for i := range values {
		values[i] = float64(i%7) - 0.25*float64(i%5)
	}
	return Reals([]int{rows, 3}, values...)
}

// pickCases pick elements by variable indices.
var pickCases = []Case{
	{Op: "Gather", Name: "variable indices", In: []Input{Var(3, 2).With(count...), between(-3, 2, 2, -3, -1)},
		Shape: []int{3, 2}, Want: []float64{4, 5, 0, 1, 4, 5}},
	{Op: "Gather", Name: "variable indices, a middle axis", Attrs: Attrs(map[string]any{"axis": 1}),
		In:    []Input{Var(2, 2, 2).With(0, 1, 2, 3, 4, 5, 6, 7), between(-2, 1, 1).shaped()},
		Shape: []int{2, 2}, Want: []float64{2, 3, 6, 7}},
	{Op: "Gather", Name: "constants by variable indices", Attrs: Attrs(map[string]any{"axis": -1}),
		In:    []Input{Reals([]int{2, 3}, 0.5, -2, 7, 1, 0, -1), between(-3, 2, -1).shaped(1, 1)},
		Shape: []int{2, 1, 1}, Want: []float64{7, -1}},
	{Op: "Gather", Name: "an embedding that is looked up",
		In:    []Input{vocabulary(100), between(-100, 99, 0, 99, -100, 47, 3, -1)},
		Shape: []int{6, 3},
		Want:  []float64{0, 0.75, 1.5, 2.5, 3.25, 4, 0, 0.75, 1.5, 0.75, 1.5, 2.25, 1, 3, 3.75, 2.5, 3.25, 4}},
	{Op: "Gather", Name: "integers by variable indices", In: []Input{Ints(5, -7, 9), between(0, 2, 2, 1)},
		Shape: []int{2}, Want: []float64{9, -7}},
	{Op: "Gather", Name: "an axis of one", In: []Input{Var(1, 2).With(3, 4), between(-1, 0, -1)}, Shape: []int{1, 2},
		Want: []float64{3, 4}},
	{Op: "GatherND", In: []Input{six, Reals([]int{2, 2}, 0, -1, 1, 0).As(graph.Int64)}, Shape: []int{2},
		Want: []float64{2, 3}},
	{Op: "GatherND", Name: "slices", In: []Input{six, Reals([]int{2, 1}, 1, -2).As(graph.Int64)}, Shape: []int{2, 3},
		Want: []float64{3, 4, 5, 0, 1, 2}},
	{Op: "GatherND", Name: "a batch", Attrs: Attrs(map[string]any{"batch_dims": 1}),
		In: []Input{six, Reals([]int{2, 1}, 1, 2).As(graph.Int64)}, Shape: []int{2}, Want: []float64{1, 5}},
	{Op: "GatherND", Name: "variable indices",
		In: []Input{six, between(-2, 1, 0, -1, 1, 0).shaped(2, 2)}, Shape: []int{2}, Want: []float64{2, 3}},
	{Op: "GatherND", Name: "slices of a batch by variable indices", Attrs: Attrs(map[string]any{"batch_dims": 1}),
		In:    []Input{Var(2, 2, 2).With(0, 1, 2, 3, 4, 5, 6, 7), between(-2, 1, 1, 0, -1, -2).shaped(2, 2, 1)},
		Shape: []int{2, 2, 2}, Want: []float64{2, 3, 0, 1, 6, 7, 4, 5}},
	{Op: "GatherND", Name: "constants by variable indices",
		In:    []Input{Reals([]int{2, 2}, 0.5, -2, 7, 1), between(-2, 1, 1, 0).shaped(1, 2)},
		Shape: []int{1}, Want: []float64{7}},
	{Op: "OneHot", In: []Input{Ints(0, -1, 3), Ints(3), Var(2).With(-1, 2)}, Shape: []int{3, 3},
		Want: []float64{2, -1, -1, -1, -1, 2, -1, -1, -1}},
	{Op: "OneHot", Name: "variable indices, axis", Attrs: Attrs(map[string]any{"axis": 0}),
		In:    []Input{between(-4, 4, 1, -1, 3, -4), Scalar(3), Reals([]int{2}, 0, 1)},
		Shape: []int{3, 4}, Want: []float64{0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0}},
	{Op: "OneHot", Name: "variable indices and values",
		In:    []Input{between(-3, 3, 1, -2), Scalar(2), Var(2).As(graph.Int64).With(-1, 2)},
		Shape: []int{2, 2}, Want: []float64{-1, 2, 2, -1}},
	{Op: "OneHot", Name: "truth values", In: []Input{between(0, 1, 1), Ints(2), Ints(1, 0).As(graph.Bool)},
		Shape: []int{1, 2}, Want: []float64{1, 0}},
	{Op: "ArrayFeatureExtractor", Name: "variable indices of rows", Domain: "ai.onnx.ml", Opset: 1,
		In: []Input{six, between(0, 2, 2, 0)}, Shape: []int{2, 2}, Want: []float64{2, 0, 5, 3}},
	{Op: "ArrayFeatureExtractor", Name: "constant rows by variable indices", Domain: "ai.onnx.ml", Opset: 1,
		In:    []Input{Reals([]int{2, 2}, 0.5, -2, 7, 1), between(0, 1, 1)},
		Shape: []int{2, 1}, Want: []float64{-2, 1}},
}

// scattering is a scatter with a reduction of six by indices and updates.
func scattering(name, title, reduction string, indices, updates Input, want ...float64) Case {
	return Case{
		Op: name, Name: title, Attrs: Attrs(map[string]any{"reduction": reduction}), In: []Input{six, indices, updates},
		Shape: []int{2, 3}, Want: want,
	}
}

// The indices of scatterCases.
var (
	known, unknown   = Reals([]int{2, 3}, 0, 0, 1, 0, 1, -2).As(graph.Int64), between(-2, 1, 0, -1, 1).shaped(1, 3)
	tuples, variable = Reals([]int{2, 2}, 0, -1, 0, 2).As(graph.Int64), between(-2, 1, 0, -1).shaped(1, 2)
)

// scatterCases put updates into data.
var scatterCases = []Case{
	{Op: "ScatterElements", Attrs: Attrs(map[string]any{"axis": 1}),
		In:    []Input{six, Reals([]int{2, 1}, 2, -3).As(graph.Int64), Var(2, 1).With(8, 9)},
		Shape: []int{2, 3}, Want: []float64{0, 1, 8, 9, 4, 5}},
	{Op: "Scatter", Opset: 9, In: []Input{six, Reals([]int{1, 2}, 1, 0).As(graph.Int64), Reals([]int{1, 2}, 8, 9)},
		Shape: []int{2, 3}, Want: []float64{0, 9, 2, 8, 4, 5}},
	scattering("ScatterElements", "added", "add", known, counting(2, 3), 3, 2, 7, 3, 8, 7),
	scattering("ScatterElements", "multiplied", "mul", known, Var(2, 3).With(2, 3, 4, 5, 6, 7), 0, 3, 14, 3, 24, 20),
	scattering("ScatterElements", "the largest", "max", known, Var(2, 3).With(2, 0, 4, -5, 6, 7), 2, 1, 7, 3, 6, 5),
	scattering("ScatterElements", "the smallest", "min", known, Var(2, 3).With(2, 0, 4, -5, 6, 7), -5, 0, 2, 3, 4, 4),
	scattering("ScatterElements", "variable indices", "none", unknown, Var(1, 3).With(8, 9, -1), 8, 1, 2, 3, 9, -1),
	scattering("ScatterElements", "added by variable indices", "add", unknown, Var(1, 3).With(8, 9, -1),
		8, 1, 2, 3, 13, 4),
	scattering("ScatterElements", "multiplied by variable indices", "mul", unknown, Var(1, 3).With(2, 3, -1),
		0, 1, 2, 3, 12, -5),
	scattering("ScatterElements", "the largest by variable indices", "max", unknown, Var(1, 3).With(8, 3, -1),
		8, 1, 2, 3, 4, 5),
	scattering("ScatterElements", "the smallest by variable indices", "min", unknown, Reals([]int{1, 3}, 8, 3, -1),
		0, 1, 2, 3, 3, -1),
	{Op: "ScatterElements", Name: "integers into constants",
		In:    []Input{Ints(0, 0, 0), between(-3, 2, -1), Var(1).As(graph.Int64).With(5)},
		Shape: []int{3}, Want: []float64{0, 0, 5}},
	{Op: "ScatterElements", Name: "truth values", In: []Input{Ints(0, 1).As(graph.Bool), Ints(1),
		Var(1).As(graph.Bool).With(0)}, Shape: []int{2}, Want: []float64{0, 0}},
	scattering("ScatterND", "the last of two", "none", tuples, Var(2).With(8, 9), 0, 1, 9, 3, 4, 5),
	scattering("ScatterND", "added", "add", tuples, Var(2).With(8, 9), 0, 1, 19, 3, 4, 5),
	scattering("ScatterND", "multiplied", "mul", tuples, Reals([]int{2}, 2, 3), 0, 1, 12, 3, 4, 5),
	scattering("ScatterND", "the largest", "max", tuples, Var(2).With(8, 1), 0, 1, 8, 3, 4, 5),
	scattering("ScatterND", "rows by variable indices", "none", between(-2, 1, -1).shaped(1, 1),
		Var(1, 3).With(7, 8, 9), 0, 1, 2, 7, 8, 9),
	scattering("ScatterND", "added by variable indices", "add", variable, Var(1).With(8), 0, 1, 10, 3, 4, 5),
	scattering("ScatterND", "multiplied by variable indices", "mul", variable, Reals([]int{1}, -2), 0, 1, -4, 3, 4, 5),
	scattering("ScatterND", "the smallest by variable indices", "min", variable, Var(1).With(-1), 0, 1, -1, 3, 4, 5),
	{Op: "TensorScatter", Opset: 24, In: []Input{counting(1, 3, 2), Var(1, 1, 2).With(8, 9)}, Shape: []int{1, 3, 2},
		Want: []float64{8, 9, 2, 3, 4, 5}},
	{Op: "TensorScatter", Name: "circular", Opset: 24, Attrs: Attrs(map[string]any{"mode": "circular", "axis": 1}),
		In: []Input{counting(2, 3), Var(2, 2).With(6, 7, 8, 9), Ints(2, 1)}, Shape: []int{2, 3},
		Want: []float64{7, 1, 6, 3, 8, 9}},
	{Op: "TensorScatter", Name: "variable positions", Opset: 24,
		In:    []Input{Var(2, 3, 1).With(count...), Var(2, 1, 1).With(8, 9), between(0, 2, 2, 0)},
		Shape: []int{2, 3, 1}, Want: []float64{0, 1, 8, 9, 4, 5}},
	{Op: "TensorScatter", Name: "circular, variable positions", Opset: 24,
		Attrs: Attrs(map[string]any{"mode": "circular", "axis": 1}),
		In:    []Input{Var(1, 3).With(0, 1, 2), Var(1, 2).With(8, 9), between(0, 2, 2)},
		Shape: []int{1, 3}, Want: []float64{9, 1, 8}},
}
