package optest

import "github.com/zkml-go/zkml/compiler/graph"

// whole numbers on both sides of zero.
func whole(shape ...int) Input { return Var(shape...).As(graph.Int64).In(-9, 9) }

// bothSigns are a dividend and a divisor of all pairs of signs, with a divisor of zero.
var bothSigns = []Input{whole(2, 2).With(7, -7, 7, -7), whole(2, 2).With(2, 2, -2, 0)}

// divisionCases are of quotients and what they leave.
var divisionCases = []Case{
	{Op: "Div", Name: "integers", In: bothSigns, Shape: []int{2, 2}, Want: []float64{3, -3, -3, -7}},
	{Op: "Div", Name: "integers by a constant", In: []Input{whole(2, 2).With(7, -7, 6, -8), Ints(2, -3)},
		Shape: []int{2, 2}, Want: []float64{3, 2, 3, 2}},
	{Op: "Div", Name: "a constant by integers", In: []Input{Ints(9), whole(3).With(4, -4, 0)}, Shape: []int{3},
		Want: []float64{2, -2, 9}},
	{Op: "Div", Name: "integers, broadcast", In: []Input{whole(2, 1).With(9, -5), whole(1, 3).With(1, 2, -4)},
		Shape: []int{2, 3}, Want: []float64{9, 4, -2, -5, -2, 1}},
	{Op: "Div", Name: "bytes", In: []Input{Var(3).As(graph.Int8).With(-128, 127, 5).In(-128, 127),
		Var(3).As(graph.Int8).With(-1, -1, 2).In(-128, 127)}, Shape: []int{3}, Want: []float64{127, -127, 2}},
	{Op: "Div", Name: "positive bytes", In: []Input{Var(2).As(graph.Uint8).With(255, 7).In(0, 255),
		Var(2).As(graph.Uint8).With(2, 0).In(0, 255)}, Shape: []int{2}, Want: []float64{127, 7}},
	{Op: "Div", Name: "variables of one shape",
		In:    []Input{Var(3).With(1, -2, 0.5), Var(3).With(2, 0.5, 1).In(0.25, 4)},
		Shape: []int{3}, Want: []float64{0.5, -4, 0.5}},
	{Op: "Div", Name: "by negative ones", In: []Input{Var(2).With(1, -2), Var(2).With(-2, -0.5).In(-4, -0.25)},
		Shape: []int{2}, Want: []float64{-0.5, 4}},
	{Op: "Div", Name: "by one of many", In: []Input{Var(2, 80).In(-1, 1), Var(2, 1).With(1, 2).In(1, 2)},
		Shape: []int{2, 80}},
	{Op: "Mod", In: bothSigns, Shape: []int{2, 2}, Want: []float64{1, 1, -1, 0}},
	{Op: "Mod", Name: "fmod", Attrs: Attrs(map[string]any{"fmod": 1}), In: bothSigns, Shape: []int{2, 2},
		Want: []float64{1, -1, 1, 0}},
	{Op: "Mod", Name: "by a constant", In: []Input{whole(2, 2).With(7, -7, 6, -8), Ints(2, -3)}, Shape: []int{2, 2},
		Want: []float64{1, -1, 0, -2}},
	{Op: "Mod", Name: "of a constant", In: []Input{Ints(9), whole(3).With(4, -4, 0)}, Shape: []int{3},
		Want: []float64{1, -3, 0}},
	{Op: "Mod", Name: "bytes", In: []Input{Var(2).As(graph.Uint8).With(255, 7).In(0, 255),
		Var(2).As(graph.Uint8).With(9, 250).In(0, 255)}, Shape: []int{2}, Want: []float64{3, 7}},
	{Op: "Mod", Name: "reals", Attrs: Attrs(map[string]any{"fmod": 1}),
		In: []Input{Var(2, 2).With(2.5, -2.5, 0.75, -1.5).In(-4, 4), Scalar(-1)}, Shape: []int{2, 2},
		Want: []float64{0.5, -0.5, 0.75, -0.5}},
}
