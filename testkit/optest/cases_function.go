package optest

import "math"

// wide covers both sides and the middle of an activation.
var wide = Var(5).With(-2, -0.5, 0, 0.5, 2).In(-6, 6)

var functionCases = []Case{
	{Op: "Relu", In: []Input{wide}, Shape: []int{5}, Want: []float64{0, 0, 0, 0.5, 2}},
	{Op: "Clip", Name: "inputs", In: []Input{wide, Scalar(-1), Scalar(1)}, Shape: []int{5}, Want: []float64{-1, -0.5, 0, 0.5, 1}},
	{Op: "Clip", Name: "upper alone", In: []Input{wide, Absent, Scalar(1)}, Shape: []int{5}, Want: []float64{-2, -0.5, 0, 0.5, 1}},
	{Op: "Clip", Name: "attributes", Opset: 6, Attrs: Attrs(map[string]any{"min": 0.0, "max": 6.0}),
		In: []Input{wide}, Shape: []int{5}, Want: []float64{0, 0, 0, 0.5, 2}},
	{Op: "Clip", Name: "crossed", In: []Input{wide, Scalar(1), Scalar(-1)}, Shape: []int{5}, Want: []float64{-1, -1, -1, -1, -1}},
	{Op: "Max", Name: "constant", In: []Input{wide, Scalar(0.25)}, Shape: []int{5}, Want: []float64{0.25, 0.25, 0.25, 0.5, 2}},
	{Op: "Max", Name: "variables", In: []Input{Var(2, 2).With(1, 2, 3, 4), Var(2).With(2, 3)}, Shape: []int{2, 2}, Want: []float64{2, 3, 3, 4}},
	{Op: "Min", Name: "constant", In: []Input{wide, Scalar(0.25)}, Shape: []int{5}, Want: []float64{-2, -0.5, 0, 0.25, 0.25}},
	{Op: "Min", Name: "mixed", In: []Input{Var(2).With(1, 4), Reals([]int{2}, 2, 3), Var(1).With(3.5)}, Shape: []int{2}, Want: []float64{1, 3}},
	{Op: "Abs", In: []Input{wide}, Shape: []int{5}, Want: []float64{2, 0.5, 0, 0.5, 2}},
	{Op: "Celu", Attrs: Attrs(map[string]any{"alpha": 2.0}), In: []Input{wide}, Shape: []int{5}, Want: []float64{-1.264241118, -0.442398434, 0, 0.5, 2}},
	{Op: "Elu", In: []Input{wide}, Shape: []int{5}, Want: []float64{-0.864664717, -0.393469340, 0, 0.5, 2}},
	{Op: "Erf", In: []Input{wide}, Shape: []int{5}, Want: []float64{-0.995322265, -0.520499878, 0, 0.520499878, 0.995322265}},
	{Op: "Exp", In: []Input{wide.In(-4, 2)}, Shape: []int{5}, Want: []float64{0.135335283, 0.606530660, 1, 1.648721271, 7.389056099}},
	{Op: "Gelu", In: []Input{wide}, Shape: []int{5}, Want: []float64{-0.045500264, -0.154268770, 0, 0.345731230, 1.954499736}},
	{Op: "Gelu", Name: "tanh", Attrs: Attrs(map[string]any{"approximate": "tanh"}),
		In: []Input{wide}, Shape: []int{5}, Want: []float64{-0.045402306, -0.154285999, 0, 0.345714001, 1.954597694}},
	{Op: "HardSigmoid", In: []Input{wide}, Shape: []int{5}, Want: []float64{0.1, 0.4, 0.5, 0.6, 0.9}},
	{Op: "HardSwish", In: []Input{wide}, Shape: []int{5}, Want: []float64{-1. / 3, -0.208333333, 0, 0.291666667, 5. / 3}},
	{Op: "LeakyRelu", Attrs: Attrs(map[string]any{"alpha": 0.25}), In: []Input{wide}, Shape: []int{5}, Want: []float64{-0.5, -0.125, 0, 0.5, 2}},
	{Op: "LeakyRelu", Name: "falling", Attrs: Attrs(map[string]any{"alpha": -1.0}), In: []Input{wide}, Shape: []int{5}, Want: []float64{2, 0.5, 0, 0.5, 2}},
	{Op: "Mish", In: []Input{wide}, Shape: []int{5}, Want: []float64{-0.252501483, -0.220743775, 0, 0.375245281, 1.943958960}},
	{Op: "Reciprocal", In: []Input{Var(4).With(0.5, 1, 2, 4).In(0.25, 4)}, Shape: []int{4}, Want: []float64{2, 1, 0.5, 0.25}},
	{Op: "Reciprocal", Name: "negative", In: []Input{Var(2).With(-0.5, -4).In(-4, -0.5)}, Shape: []int{2}, Want: []float64{-2, -0.25}},
	{Op: "Selu", In: []Input{wide}, Shape: []int{5}, Want: []float64{-1.520166468, -0.691758126, 0, 0.525350511, 2.101402044}},
	{Op: "Sigmoid", In: []Input{wide}, Shape: []int{5}, Want: []float64{0.119202922, 0.377540669, 0.5, 0.622459331, 0.880797078}},
	{Op: "Softplus", In: []Input{wide}, Shape: []int{5}, Want: []float64{0.126928011, 0.474076984, math.Ln2, 0.974076984, 2.126928011}},
	{Op: "Softsign", In: []Input{wide}, Shape: []int{5}, Want: []float64{-2. / 3, -1. / 3, 0, 1. / 3, 2. / 3}},
	{Op: "Sqrt", In: []Input{Var(3).With(0, 2.25, 4).In(0, 9)}, Shape: []int{3}, Want: []float64{0, 1.5, 2}},
	{Op: "Swish", Opset: 24, In: []Input{wide}, Shape: []int{5}, Want: []float64{-0.238405844, -0.188770334, 0, 0.311229666, 1.761594156}},
	{Op: "Tanh", In: []Input{wide}, Shape: []int{5}, Want: []float64{-0.964027580, -0.462117157, 0, 0.462117157, 0.964027580}},
}

var groupCases = []Case{
	{Op: "Softmax", In: []Input{Var(2, 2).With(0, math.Ln2, 1, 1)}, Shape: []int{2, 2}, Want: []float64{1. / 3, 2. / 3, 0.5, 0.5}},
	{Op: "Softmax", Name: "first axis", Attrs: Attrs(map[string]any{"axis": 0}),
		In: []Input{Var(2, 2).With(0, 1, math.Ln2, 1)}, Shape: []int{2, 2}, Want: []float64{1. / 3, 0.5, 2. / 3, 0.5}},
	{Op: "Softmax", Name: "flattened", Opset: 11, In: []Input{Var(1, 2, 2).With(0, 0, 0, 0)}, Shape: []int{1, 2, 2}, Want: []float64{0.25, 0.25, 0.25, 0.25}},
	{Op: "LogSoftmax", In: []Input{Var(1, 2).With(0, math.Ln2)}, Shape: []int{1, 2}, Want: []float64{-math.Log(3), math.Log(2. / 3)}},
	{Op: "ArgMax", Attrs: Attrs(map[string]any{"axis": -1, "keepdims": 0}),
		In: []Input{Var(2, 3).With(1, 5, 5, 9, 0, 0)}, Shape: []int{2}, Want: []float64{1, 0}},
	{Op: "ArgMax", Name: "last", Attrs: Attrs(map[string]any{"axis": 1, "select_last_index": 1}),
		In: []Input{Var(2, 3).With(1, 5, 5, 9, 0, 0)}, Shape: []int{2, 1}, Want: []float64{2, 0}},
	{Op: "ArgMin", In: []Input{Var(3, 2).With(1, 5, 5, -9, 0, 0)}, Shape: []int{1, 2}, Want: []float64{2, 1}},
}
