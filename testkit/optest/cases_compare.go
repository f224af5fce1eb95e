package optest

import "github.com/zkml-go/zkml/compiler/graph"

// pair are two variables that are equal here and there, in broadcast shapes.
var pair = []Input{Var(2, 3).With(1, 2, 3, -1, 0, 0.5), Var(3).With(1, 1.5, 3.5)}

// compareCases compare variables with each other and with constants.
var compareCases = []Case{
	{Op: "Equal", Name: "variables", In: pair, Shape: []int{2, 3}, Want: []float64{1, 0, 0, 0, 0, 0}},
	{Op: "Greater", Name: "variables", In: pair, Shape: []int{2, 3}, Want: []float64{0, 1, 0, 0, 0, 0}},
	{Op: "GreaterOrEqual", Name: "variables", In: pair, Shape: []int{2, 3}, Want: []float64{1, 1, 0, 0, 0, 0}},
	{Op: "Less", Name: "variables", In: pair, Shape: []int{2, 3}, Want: []float64{0, 0, 1, 1, 1, 1}},
	{Op: "LessOrEqual", Name: "variables", In: pair, Shape: []int{2, 3}, Want: []float64{1, 0, 1, 1, 1, 1}},
	{
		Op: "Greater", Name: "a constant", In: []Input{Var(4).With(-2, 0.25, 0.26, 2), Scalar(0.25)},
		Shape: []int{4}, Want: []float64{0, 0, 1, 1},
	},
	{
		Op: "LessOrEqual", Name: "a constant on the left", In: []Input{Scalar(0.25), Var(4).With(-2, 0.24, 0.25, 2)},
		Shape: []int{4}, Want: []float64{0, 0, 1, 1},
	},
	{
		Op: "Equal", Name: "whole numbers", Shape: []int{3}, Want: []float64{0, 1, 0},
		In: []Input{Var(3).As(graph.Int64).With(-3, 2, 3).In(-4, 4), Ints(2)},
	},
}
