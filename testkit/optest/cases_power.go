package optest

import "github.com/zkml-go/zkml/compiler/graph"

// bits are truth values, in broadcast shapes.
var bits = []Input{
	Var(2, 2).As(graph.Bool).With(0, 0, 1, 1).In(0, 1), Var(2).As(graph.Bool).With(0, 1).In(0, 1),
}

// knownBits are a variable and a constant.
var knownBits = []Input{bits[0], Reals([]int{2}, 0, 1).As(graph.Bool)}

// truthCases are of truth values that depend on the model's input.
var truthCases = []Case{
	{Op: "And", Name: "variables", In: bits, Shape: []int{2, 2}, Want: []float64{0, 0, 0, 1}},
	{Op: "And", Name: "a constant", In: knownBits, Shape: []int{2, 2}, Want: []float64{0, 0, 0, 1}},
	{Op: "Or", Name: "variables", In: bits, Shape: []int{2, 2}, Want: []float64{0, 1, 1, 1}},
	{Op: "Or", Name: "a constant", In: knownBits, Shape: []int{2, 2}, Want: []float64{0, 1, 1, 1}},
	{Op: "Xor", Name: "variables", In: bits, Shape: []int{2, 2}, Want: []float64{0, 1, 1, 0}},
	{Op: "Xor", Name: "a constant", In: knownBits, Shape: []int{2, 2}, Want: []float64{0, 1, 1, 0}},
	{Op: "Not", Name: "a variable", In: bits[:1], Shape: []int{2, 2}, Want: []float64{1, 1, 0, 0}},
	{Op: "Sign", Name: "a variable", In: []Input{wide}, Shape: []int{5}, Want: []float64{-1, -1, 0, 1, 1}},
	{Op: "Cast", Name: "a truth value", Attrs: Attrs(map[string]any{"to": 9}), In: []Input{wide}, Shape: []int{5},
		Want: []float64{1, 1, 0, 1, 1}},
	{Op: "Where", Name: "a variable condition", In: []Input{bits[0], Reals([]int{2}, 1, 2), Scalar(-0.5)},
		Shape: []int{2, 2}, Want: []float64{-0.5, -0.5, 1, 2}},
	{Op: "Where", Name: "all variables", In: []Input{bits[0], Var(2).With(1, -2), Var(2, 1).With(0.5, -0.25)},
		Shape: []int{2, 2}, Want: []float64{0.5, 0.5, 1, -2}},
	{Op: "Where", Name: "a variable or a constant", In: []Input{bits[0], Var(2).With(1, -2), Scalar(0.5)},
		Shape: []int{2, 2}, Want: []float64{0.5, 0.5, 1, -2}},
}

// halves lie on the places where roundings jump, and between them.
var halves = Var(8).With(-2.5, -1.5, -1, -0.25, 0.5, 1.5, 2, 2.75).In(-4, 4)

// roundingCases are of roundings of variables.
var roundingCases = []Case{
	{Op: "Ceil", Name: "a variable", In: []Input{halves}, Shape: []int{8},
		Want: []float64{-2, -1, -1, 0, 1, 2, 2, 3}},
	{Op: "Floor", Name: "a variable", In: []Input{halves}, Shape: []int{8},
		Want: []float64{-3, -2, -1, -1, 0, 1, 2, 2}},
	{Op: "Floor", Name: "of no negative one", In: []Input{Var(2, 2).With(0, 0.5, 1, 7.75).In(0, 8).As(graph.Float64)},
		Shape: []int{2, 2}, Want: []float64{0, 0, 1, 7}},
	{Op: "Round", Name: "a variable", In: []Input{halves}, Shape: []int{8},
		Want: []float64{-2, -2, -1, 0, 0, 2, 2, 3}},
	{Op: "Cast", Name: "real to integer", Attrs: Attrs(map[string]any{"to": 7}), In: []Input{halves}, Shape: []int{8},
		Want: []float64{-2, -1, -1, 0, 0, 1, 2, 2}},
	{Op: "Cast", Name: "real to integers without a sign", Attrs: Attrs(map[string]any{"to": 2}), In: []Input{halves},
		Shape: []int{8}, Want: []float64{0, 0, 0, 0, 0, 1, 2, 2}},
	{Op: "Cast", Name: "real to integer, limited", Attrs: Attrs(map[string]any{"to": 3}),
		In: []Input{Var(3).With(-300, 2.5, 300).In(-300, 300)}, Shape: []int{3}, Want: []float64{-128, 2, 127}},
}

// powerCases are of powers, logarithms and quotients.
var powerCases = []Case{
	{Op: "Log", In: []Input{Var(3).With(0.5, 1, 4).In(0.5, 6)}, Shape: []int{3},
		Want: []float64{-0.693147, 0, 1.386294}},
	{Op: "Pow", Name: "square", In: []Input{wide, Scalar(2)}, Shape: []int{5}, Want: []float64{4, 0.25, 0, 0.25, 4}},
	{Op: "Pow", Name: "cube", In: []Input{Var(3).With(-2, 0.5, 1), Scalar(3)}, Shape: []int{3},
		Want: []float64{-8, 0.125, 1}},
	{Op: "Pow", Name: "itself", In: []Input{Var(2).With(-2, 0.5), Reals([]int{2, 1}, 1, 1)}, Shape: []int{2, 2},
		Want: []float64{-2, 0.5, -2, 0.5}},
	{Op: "Pow", Name: "fourth", In: []Input{Var(3).With(-2, 0.5, 1), Scalar(4)}, Shape: []int{3},
		Want: []float64{16, 0.0625, 1}},
	{Op: "Pow", Name: "a power for each column", In: []Input{Var(2, 3).With(-2, 2, 4, 0.5, 1, 9).In(0.5, 9),
		Reals([]int{3}, 2, -1, 0.5)}, Shape: []int{2, 3}, Want: []float64{4, 0.5, 2, 0.25, 1, 3}},
	{Op: "Pow", Name: "root", In: []Input{Var(3).With(0, 2.25, 4).In(0, 4), Scalar(0.5)}, Shape: []int{3},
		Want: []float64{0, 1.5, 2}},
	{Op: "Pow", Name: "of two", In: []Input{Scalar(2), Var(3).With(-1, 0, 2)}, Shape: []int{3},
		Want: []float64{0.5, 1, 4}},
	{Op: "Pow", Name: "integers", In: []Input{Var(2).As(graph.Int64).With(-3, 2).In(-4, 4), Ints(2)}, Shape: []int{2},
		Want: []float64{9, 4}},
	{Op: "Div", Name: "variables", In: []Input{Var(2, 2).With(1, 2, -1, 0.5), Var(2, 1).With(2, 4).In(1, 4)},
		Shape: []int{2, 2}, Want: []float64{0.5, 1, -0.25, 0.125}},
	{Op: "Div", Name: "of a constant", In: []Input{Scalar(3), Var(2).With(2, 4).In(1, 4)}, Shape: []int{2},
		Want: []float64{1.5, 0.75}},
	{Op: "ReduceSumSquare", Attrs: Attrs(map[string]any{"keepdims": 0}),
		In: []Input{Var(2, 2).With(1, 2, -3, 0.5), Ints(1)}, Shape: []int{2}, Want: []float64{5, 9.25}},
	{Op: "ReduceProd", In: []Input{Var(2, 3).With(1, 2, -3, 0.5, 4, 1), Ints(1)}, Shape: []int{2, 1},
		Want: []float64{-6, 2}},
	{Op: "ReduceProd", Name: "of one", In: []Input{Var(2, 1).With(1, -2), Ints(1)}, Shape: []int{2, 1},
		Want: []float64{1, -2}},
	{Op: "ReduceLogSumExp", In: []Input{Var(2, 2).With(0, 0, 2, -1), Ints(1)}, Shape: []int{2, 1},
		Want: []float64{0.693147, 2.048587}},
}
