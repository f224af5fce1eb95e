package optest

// matrix counts from 1 in a 3 × 2 tensor.
var matrix = Reals([]int{3, 2}, 1, 2, 3, 4, 5, 6)

var linearCases = []Case{
	{Op: "Gemm", Name: "layer", Attrs: Attrs(map[string]any{"alpha": 0.5, "beta": 2.0}),
		In:    []Input{Var(2, 3).With(1, 0, -1, 2, 2, 2), matrix, Reals([]int{2}, 10, 20)},
		Shape: []int{2, 2}, Want: []float64{18, 38, 29, 52}},
	{Op: "Gemm", Name: "transposed", Attrs: Attrs(map[string]any{"transA": 1, "transB": 1}),
		In:    []Input{Var(2, 2).With(1, 2, 3, 4), matrix},
		Shape: []int{2, 3}, Want: []float64{7, 15, 23, 10, 22, 34}},
	{Op: "Gemm", Name: "all variable", In: []Input{Var(2, 3), Var(3, 2), Var(2)}, Shape: []int{2, 2}},
	{Op: "MatMul", Name: "right constant", In: []Input{Var(1, 3).With(1, 0, -1), matrix}, Shape: []int{1, 2}, Want: []float64{-4, -4}},
	{Op: "MatMul", Name: "left constant", In: []Input{matrix, Var(2).With(1, -1)}, Shape: []int{3}, Want: []float64{-1, -1, -1}},
	{Op: "MatMul", Name: "batched variables", In: []Input{Var(2, 2, 3), Var(3, 2)}, Shape: []int{2, 2, 2}},
	{Op: "Add", Name: "constant", In: []Input{Var(2, 2).With(1, 2, 3, 4), Reals([]int{2}, 10, 20)}, Shape: []int{2, 2}, Want: []float64{11, 22, 13, 24}},
	{Op: "Add", Name: "residual", In: []Input{Var(2, 2).With(1, 2, 3, 4), Var(2, 1).With(5, -5)}, Shape: []int{2, 2}, Want: []float64{6, 7, -2, -1}},
	{Op: "Sub", Name: "from constant", In: []Input{Scalar(1), Var(3).With(0, 1, 2)}, Shape: []int{3}, Want: []float64{1, 0, -1}},
	{Op: "Sub", Name: "variables", In: []Input{Var(3).With(5, 5, 5), Var(3).With(0, 1, 2)}, Shape: []int{3}, Want: []float64{5, 4, 3}},
	{Op: "Mul", Name: "constant", In: []Input{Var(2, 2).With(1, 2, 3, 4), Reals([]int{2, 1}, -1, 0.5)}, Shape: []int{2, 2}, Want: []float64{-1, -2, 1.5, 2}},
	{Op: "Mul", Name: "variables", In: []Input{Var(3).With(5, -5, 0), Var(1).With(3)}, Shape: []int{3}, Want: []float64{15, -15, 0}},
	{Op: "Div", Name: "constant", In: []Input{Var(3).With(5, -5, 0), Scalar(4)}, Shape: []int{3}, Want: []float64{1.25, -1.25, 0}},
	{Op: "Neg", In: []Input{Var(3).With(5, -5, 0)}, Shape: []int{3}, Want: []float64{-5, 5, 0}},
	{Op: "Sum", In: []Input{Var(2).With(1, 2), Reals([]int{2}, 10, 20), Var(1).With(100)}, Shape: []int{2}, Want: []float64{111, 122}},
	{Op: "Mean", In: []Input{Var(2).With(1, 2), Reals([]int{2}, 10, 20), Var(1).With(100)}, Shape: []int{2}, Want: []float64{37, 122. / 3}},
	{Op: "BatchNormalization", Attrs: Attrs(map[string]any{"epsilon": 0.0}),
		In: []Input{Var(1, 2, 2).With(1, 2, 3, 4), Reals([]int{2}, 2, 1), Reals([]int{2}, 0.5, 0),
			Reals([]int{2}, 1, 3), Reals([]int{2}, 4, 0.25)},
		Shape: []int{1, 2, 2}, Want: []float64{0.5, 1.5, 0, 2}},
}
