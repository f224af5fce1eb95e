package optest

// spreadRows have mean 2 and variance 2, and mean 1 and variance 0.5.
var spreadRows = Var(2, 4).With(0, 2, 2, 4, 0, 1, 1, 2)

// layerNormCases are of operators that divide by a deviation.
var layerNormCases = []Case{
	{Op: "LayerNormalization", Attrs: Attrs(map[string]any{"epsilon": 2.0}),
		In: []Input{spreadRows, Reals([]int{4}, 1, 1, 2, 3), Reals([]int{4}, 0, 10, 0, 1)}, Shape: []int{2, 4},
		Want: []float64{-1, 10, 0, 4, -0.6324555, 10, 0, 2.8973666}},
	{Op: "LayerNormalization", Name: "several axes, no bias, a variable scale",
		Attrs: Attrs(map[string]any{"axis": 1, "epsilon": 0.5}),
		In:    []Input{Var(2, 2, 2).With(1, -1, 1, -1, 2, -1, 0, 1), Var(2, 2).With(1, 2, -1, 0.5)},
		Shape: []int{2, 2, 2}},
	{Op: "LayerNormalization", Name: "mean", Outputs: 3, Reads: 1, In: []Input{spreadRows, Reals([]int{1}, 1)},
		Shape: []int{2, 1}, Want: []float64{2, 1}},
	{Op: "LayerNormalization", Name: "deviation", Outputs: 3, Reads: 2, Attrs: Attrs(map[string]any{"epsilon": 2.0}),
		In: []Input{spreadRows, Reals([]int{1}, 1)}, Shape: []int{2, 1}, Want: []float64{0.5, 0.6324555}},
	{Op: "RMSNormalization", Attrs: Attrs(map[string]any{"epsilon": 1.0}),
		In: []Input{Var(2, 3).With(1, 2, 2, -1, 1, 1).In(0.5, 2), Reals([]int{3}, 1, 2, 0.5)}, Shape: []int{2, 3},
		Want: []float64{0.5, 2, 0.5, -0.70710678, 1.41421356, 0.35355339}},
	{Op: "RMSNormalization", Name: "several axes", Attrs: Attrs(map[string]any{"axis": -2, "epsilon": 0.5}),
		In: []Input{Var(1, 2, 3), Reals([]int{2, 3}, 1, 2, 3, 4, 5, 6)}, Shape: []int{1, 2, 3}},
	{Op: "InstanceNormalization", Attrs: Attrs(map[string]any{"epsilon": 2.0}),
		In:    []Input{Var(1, 2, 4).With(0, 2, 2, 4, 0, 1, 1, 2), Reals([]int{2}, 1, 2), Reals([]int{2}, 0, 1)},
		Shape: []int{1, 2, 4}, Want: []float64{-1, 0, 0, 1, -0.2649111, 1, 1, 2.2649111}},
	{Op: "InstanceNormalization", Name: "2-d, all variable", Attrs: Attrs(map[string]any{"epsilon": 0.5}),
		In: []Input{Var(1, 2, 2, 2), Var(2), Var(2)}, Shape: []int{1, 2, 2, 2}},
	{Op: "GroupNormalization", Attrs: Attrs(map[string]any{"num_groups": 1, "epsilon": 2.0}),
		In:    []Input{Var(1, 2, 2).With(0, 2, 2, 4), Reals([]int{2}, 1, 2), Reals([]int{2}, 0, 1)},
		Shape: []int{1, 2, 2}, Want: []float64{-1, 0, 1, 3}},
	{Op: "GroupNormalization", Name: "a scale for each group", Opset: 18,
		Attrs: Attrs(map[string]any{"num_groups": 2, "epsilon": 0.5}),
		In:    []Input{Var(1, 4, 2), Reals([]int{2}, 1, 2), Reals([]int{2}, 0, 1)}, Shape: []int{1, 4, 2}},
	{Op: "MeanVarianceNormalization", Attrs: Attrs(map[string]any{"axes": []int{-1}}),
		In: []Input{Var(2, 4).With(0, 2, 2, 4, -1, 1, -1, 1).In(-2, 2)}, Shape: []int{2, 4},
		Want: []float64{-1.41421356, 0, 0, 1.41421356, -1, 1, -1, 1}},
	{Op: "MeanVarianceNormalization", Name: "axes by default",
		In: []Input{Var(1, 2, 2, 1).With(1, 3, -1, 1)}, Shape: []int{1, 2, 2, 1}, Want: []float64{-1, 1, -1, 1}},
}
