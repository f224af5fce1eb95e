package optest

import "math"

// unit reaches from one end to the other of where arcs are defined.
var unit = Var(5).With(-1, -0.5, 0, 0.5, 1).In(-1, 1)

// rightAngles are angles on both sides of zero, and beyond a right one.
var rightAngles = Var(5).With(-4, -0.5, 0, 0.5, 2).In(-6, 6)

// contrib is the domain of onnxruntime's own operators.
const contrib = "com.microsoft"

// circularCases are of functions of angles, hyperbolic ones and their inverses.
var circularCases = []Case{
	{Op: "Acos", In: []Input{unit}, Shape: []int{5},
		Want: []float64{math.Pi, 2.094395102, math.Pi / 2, 1.047197551, 0}},
	{Op: "Acos", Name: "beyond", In: []Input{Var(2).With(-2, 2)}, Shape: []int{2}, Want: []float64{math.Pi, 0}},
	{Op: "Acosh", In: []Input{Var(4).With(0, 1, 2, 10).In(0, 10)}, Shape: []int{4},
		Want: []float64{0, 0, 1.316957897, 2.993222846}},
	{Op: "Asin", In: []Input{unit}, Shape: []int{5},
		Want: []float64{-math.Pi / 2, -0.523598776, 0, 0.523598776, math.Pi / 2}},
	{Op: "Asin", Name: "beyond", In: []Input{Var(2).With(-2, 2)}, Shape: []int{2},
		Want: []float64{-math.Pi / 2, math.Pi / 2}},
	{Op: "Asinh", In: []Input{wide}, Shape: []int{5},
		Want: []float64{-1.443635475, -0.481211825, 0, 0.481211825, 1.443635475}},
	{Op: "Atan", In: []Input{wide}, Shape: []int{5},
		Want: []float64{-1.107148718, -0.463647609, 0, 0.463647609, 1.107148718}},
	{Op: "Atanh", In: []Input{Var(3).With(-0.5, 0, 0.75).In(-0.9, 0.9)}, Shape: []int{3},
		Want: []float64{-0.549306144, 0, 0.972955075}},
	{Op: "Cos", In: []Input{rightAngles}, Shape: []int{5},
		Want: []float64{-0.653643621, 0.877582562, 1, 0.877582562, -0.416146837}},
	{Op: "Cosh", In: []Input{wide.In(-3, 3)}, Shape: []int{5},
		Want: []float64{3.762195691, 1.127625965, 1, 1.127625965, 3.762195691}},
	{Op: "Sin", In: []Input{rightAngles}, Shape: []int{5},
		Want: []float64{0.756802495, -0.479425539, 0, 0.479425539, 0.909297427}},
	{Op: "Sinh", In: []Input{wide.In(-3, 3)}, Shape: []int{5},
		Want: []float64{-3.626860408, -0.521095305, 0, 0.521095305, 3.626860408}},
	{Op: "Tan", In: []Input{Var(3).With(-0.5, 0, 1).In(-1, 1)}, Shape: []int{3},
		Want: []float64{-0.546302490, 0, 1.557407725}},
}

// cutCases are of functions that are zero up to a number, or around zero.
var cutCases = []Case{
	{Op: "Shrink", In: []Input{wide}, Shape: []int{5}, Want: []float64{-2, 0, 0, 0, 2}},
	{Op: "Shrink", Name: "soft", Attrs: Attrs(map[string]any{"bias": 0.25, "lambd": 0.25}), In: []Input{wide},
		Shape: []int{5}, Want: []float64{-1.75, -0.25, 0, 0.25, 1.75}},
	{Op: "Shrink", Name: "falling", Attrs: Attrs(map[string]any{"bias": 3.0, "lambd": 1.0}), In: []Input{wide},
		Shape: []int{5}, Want: []float64{1, 0, 0, 0, -1}},
	{Op: "ThresholdedRelu", In: []Input{wide}, Shape: []int{5}, Want: []float64{0, 0, 0, 0, 2}},
	{Op: "ThresholdedRelu", Name: "negative", Attrs: Attrs(map[string]any{"alpha": -1.0}), In: []Input{wide},
		Shape: []int{5}, Want: []float64{0, -0.5, 0, 0.5, 2}},
}

// fusedGelus are of the Gelus that onnxruntime writes.
var fusedGelus = []Case{
	{Op: "BiasGelu", Domain: contrib, Opset: 1, In: []Input{Var(2, 2).With(-3, 0, 0.5, 0), Reals([]int{2}, 1, -0.5)},
		Shape: []int{2, 2}, Want: []float64{-0.045500264, -0.154268770, 1.399789198, -0.154268770}},
	{Op: "BiasGelu", Name: "variables", Domain: contrib, Opset: 1,
		In:    []Input{Var(1, 2).With(-1, 1), Var(2).With(-1, 1)},
		Shape: []int{1, 2}, Want: []float64{-0.045500264, 1.954499736}},
	{Op: "FastGelu", Domain: contrib, Opset: 1, In: []Input{wide}, Shape: []int{5},
		Want: []float64{-0.045402306, -0.154285999, 0, 0.345714001, 1.954597694}},
	{Op: "FastGelu", Name: "absent bias", Domain: contrib, Opset: 1, In: []Input{wide, Absent}, Shape: []int{5},
		Want: []float64{-0.045402306, -0.154285999, 0, 0.345714001, 1.954597694}},
	{Op: "FastGelu", Name: "bias", Domain: contrib, Opset: 1, In: []Input{wide, Reals([]int{1}, 0.5)}, Shape: []int{5},
		Want: []float64{-0.100428423, 0, 0.345714001, 0.841191991, 2.484915734}},
	{Op: "Gelu", Name: "onnxruntime's", Domain: contrib, Opset: 1, In: []Input{wide}, Shape: []int{5},
		Want: []float64{-0.045500264, -0.154268770, 0, 0.345731230, 1.954499736}},
	{Op: "QuickGelu", Domain: contrib, Opset: 1, In: []Input{wide}, Shape: []int{5},
		Want: []float64{-0.064341377, -0.149611563, 0, 0.350388437, 1.935658623}},
	{Op: "QuickGelu", Name: "alpha", Domain: contrib, Opset: 1, Attrs: Attrs(map[string]any{"alpha": 1.0}),
		In: []Input{wide}, Shape: []int{5}, Want: []float64{-0.238405844, -0.188770334, 0, 0.311229666, 1.761594156}},
}
