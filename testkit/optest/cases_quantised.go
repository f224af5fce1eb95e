package optest

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
)

// codes is a constant of quantised values.
func codes(d graph.DType, shape []int, values ...float64) Input { return Reals(shape, values...).As(d) }

var quantisedCases = []Case{
	{Op: "QuantizeLinear", Name: "halves to even",
		In:    []Input{Var(6).With(-2.5, -1.5, 0.5, 1.5, 2.5, 300).In(-200, 200), Scalar(1), codes(graph.Int8, nil, 3)},
		Shape: []int{6}, Want: []float64{1, 1, 3, 5, 5, 127}},
	{Op: "QuantizeLinear", Name: "no zero point", In: []Input{wide, Scalar(0.25)},
		Shape: []int{5}, Want: []float64{0, 0, 0, 2, 8}},
	{Op: "QuantizeLinear", Name: "axis", Opset: 13, Attrs: Attrs(map[string]any{"axis": 0}),
		In:    []Input{Var(2, 2).With(1, 2, 3, 4), Reals([]int{2}, 0.5, 2), codes(graph.Uint8, []int{2}, 0, 7)},
		Shape: []int{2, 2}, Want: []float64{2, 4, 9, 9}},
	{Op: "QuantizeLinear", Name: "blocks to 4 bits", Attrs: Attrs(map[string]any{"axis": 1, "block_size": 2}),
		In:    []Input{Var(1, 4).With(1, 2, 3, 4), Reals([]int{1, 2}, 0.5, 1), codes(graph.Int4, []int{1, 2}, 0, -1)},
		Shape: []int{1, 4}, Want: []float64{2, 4, 2, 3}},
	{Op: "QuantizeLinear", Name: "16 bits", Attrs: Attrs(map[string]any{"output_dtype": 5}),
		In: []Input{wide, Scalar(0.001)}, Shape: []int{5}, Want: []float64{-2000, -500, 0, 500, 2000}},
	{Op: "QuantizeLinear", Name: "onnxruntime's", Domain: "com.microsoft", Opset: 1,
		In: []Input{wide, Scalar(0.3), codes(graph.Uint16, nil, 100)}, Shape: []int{5},
		Want: []float64{93, 98, 100, 102, 107}},
	{Op: "DequantizeLinear", In: []Input{Var(3).As(graph.Int8).With(-128, 0, 127), Scalar(0.5), codes(graph.Int8,
		nil, -3)},
		Shape: []int{3}, Want: []float64{-62.5, 1.5, 65}},
	{Op: "DequantizeLinear", Name: "axis", Attrs: Attrs(map[string]any{"axis": 0}),
		In: []Input{Var(2, 2).As(graph.Uint8).With(1, 2, 3, 255).In(0, 255), Reals([]int{2}, 0.5, 3),
			codes(graph.Uint8, []int{2}, 0, 4)},
		Shape: []int{2, 2}, Want: []float64{0.5, 1, -3, 753}},
	{Op: "DequantizeLinear", Name: "no zero point", In: []Input{Var(2).As(graph.Int32).With(-7, 9), Scalar(2)},
		Shape: []int{2}, Want: []float64{-14, 18}},
	{Op: "DequantizeLinear", Name: "onnxruntime's", Domain: "com.microsoft", Opset: 1,
		In:    []Input{Var(2).As(graph.Int16).With(-7, 9), Scalar(0.5), codes(graph.Int16, nil, 1)},
		Shape: []int{2}, Want: []float64{-4, 4}},
}

// bytes is a variable of type uint8, over its whole range.
func bytes(shape ...int) Input { return Var(shape...).As(graph.Uint8).In(0, 255) }

// qInput is a constant scale and zero point of type uint8.
func qInput(scale, zero float64) []Input {
	return []Input{Scalar(scale), codes(graph.Uint8, nil, zero)}
}

var quantisedLayerCases = []Case{
	{Op: "ConvInteger", In: []Input{bytes(1, 1, 3, 3).With(2, 3, 4, 5, 6, 7, 8, 9, 10),
		codes(graph.Uint8, []int{1, 1, 2, 2}, 1, 1, 1, 1), codes(graph.Uint8, nil, 1)},
		Shape: []int{1, 1, 2, 2}, Want: []float64{12, 16, 24, 28}},
	{Op: "ConvInteger", Name: "padded, zero points of weights", Attrs: Attrs(map[string]any{"pads": []int{1, 0}}),
		In: []Input{bytes(1, 1, 2).With(12, 14), codes(graph.Int8, []int{2, 1, 2}, 1, 2, 3, 4), codes(graph.Uint8,
			nil, 10),
			codes(graph.Int8, []int{2}, 1, 2)},
		Shape: []int{1, 2, 2}, Want: []float64{2, 4, 4, 10}},
	{Op: "MatMulInteger", In: []Input{bytes(1, 3).With(11, 7, 3), codes(graph.Uint8, []int{3, 2}, 1, 4, 2, 5, 3, 6),
		codes(graph.Uint8, nil, 12), codes(graph.Uint8, nil, 0)},
		Shape: []int{1, 2}, Want: []float64{-38, -83}},
	{Op: "MatMulInteger", Name: "variables", In: []Input{bytes(1, 2).With(1, 2), bytes(2, 1).With(3, 5),
		codes(graph.Uint8, nil, 1)},
		Shape: []int{1, 1}, Want: []float64{5}},
	{Op: "QLinearConv", In: concat([]Input{bytes(1, 1, 3).With(0, 100, 255)}, qInput(0.01, 3),
		[]Input{codes(graph.Int8, []int{1, 1, 2}, 7, -90), Scalar(0.02), codes(graph.Int8, nil, 1)}, qInput(0.1, 120),
		[]Input{codes(graph.Int32, []int{1}, 500)}),
		Shape: []int{1, 1, 2}, Want: []float64{103, 76}},
	{Op: "QLinearConv", Name: "channels", In: concat([]Input{bytes(1, 1, 2).With(10, 200)}, qInput(0.01, 3),
		[]Input{codes(graph.Int8, []int{2, 1, 1}, 7, -90), Reals([]int{2}, 0.02, 0.003), codes(graph.Int8,
			[]int{2}, 0, 0)},
		qInput(0.01, 120)),
		Shape: []int{1, 2, 2}, Want: []float64{121, 148, 118, 67}},
	{Op: "QLinearMatMul", In: concat([]Input{bytes(1, 2).With(10, 200)}, qInput(0.01, 3),
		[]Input{codes(graph.Uint8, []int{2, 2}, 100, 130, 140, 150), Scalar(0.02), codes(graph.Uint8, nil, 128)},
		qInput(0.05, 10)),
		Shape: []int{1, 2}, Want: []float64{19, 27}},
	{Op: "QLinearMatMul", Name: "columns", In: concat([]Input{bytes(1, 2).With(10, 200)}, qInput(0.01, 3),
		[]Input{codes(graph.Int8, []int{2, 2}, 100, -30, 40, 50), Reals([]int{2}, 0.02, 0.0625),
			codes(graph.Int8, []int{2}, 0, 0)}, qInput(0.05, 10)),
		Shape: []int{1, 2}, Want: []float64{44, 130}},
	{Op: "QLinearMatMul", Name: "variables", In: concat([]Input{bytes(1, 2).With(10, 200)}, qInput(0.01, 3),
		[]Input{bytes(2, 1).With(100, 140)}, qInput(0.02, 128), qInput(0.05, 10)),
		Shape: []int{1, 1}, Want: []float64{19}},
	{Op: "QLinearAdd", Domain: "com.microsoft", Opset: 1, In: concat([]Input{bytes(2).With(10, 200)}, qInput(0.01, 3),
		[]Input{bytes(2).With(100, 140)}, qInput(0.02, 128), qInput(0.05, 10)),
		Shape: []int{2}, Want: []float64{0, 54}},
	{Op: "QLinearAdd", Name: "constant, halves", Domain: "com.microsoft", Opset: 1,
		In: concat([]Input{bytes(3).With(10, 11, 200)}, qInput(0.5, 0), []Input{codes(graph.Uint8, []int{1}, 1)},
			qInput(0.5, 0), qInput(1, 0)),
		Shape: []int{3}, Want: []float64{6, 6, 100}},
	{Op: "QLinearMul", Domain: "com.microsoft", Opset: 1, In: concat([]Input{bytes(2).With(10, 200)}, qInput(0.01, 3),
		[]Input{bytes(2).With(100, 140)}, qInput(0.02, 128), qInput(0.005, 10)),
		Shape: []int{2}, Want: []float64{2, 105}},
	{Op: "QLinearMul", Name: "constant", Domain: "com.microsoft", Opset: 1,
		In: concat([]Input{codes(graph.Uint8, []int{1}, 140)}, qInput(0.01, 3), []Input{bytes(2).With(100, 140)},
			qInput(0.02, 128), qInput(0.02, 10)),
		Shape: []int{2}, Want: []float64{0, 26}},
	{Op: "QGemm", Domain: "com.microsoft", Opset: 1, Attrs: Attrs(map[string]any{"transB": 1}),
		In: concat([]Input{bytes(1, 2).With(10, 200)}, qInput(0.01, 3),
			[]Input{codes(graph.Int8, []int{2, 2}, 100, 40, -30, 50), Reals([]int{2}, 0.02, 0.0625),
				codes(graph.Int8, []int{2}, 0, 0), codes(graph.Int32, []int{2}, 250, 0)}, qInput(0.05, 10)),
		Shape: []int{1, 2}, Want: []float64{45, 130}},
	{Op: "QGemm", Name: "real", Domain: "com.microsoft", Opset: 1,
		In: concat([]Input{bytes(1, 2).With(10, 200)}, qInput(0.5, 3),
			[]Input{codes(graph.Uint8, []int{2, 1}, 100, 40), Scalar(0.25), codes(graph.Uint8, nil, 1)}),
		Shape: []int{1, 1}, Want: []float64{1047}},
	{Op: "QLinearGlobalAveragePool", Domain: "com.microsoft", Opset: 1,
		In:    concat([]Input{bytes(1, 2, 3).With(1, 2, 4, 200, 210, 233)}, qInput(0.05, 1), qInput(0.04, 3)),
		Shape: []int{1, 2, 1}, Want: []float64{5, 255}},
	{Op: "QLinearSigmoid", Domain: "com.microsoft", Opset: 1, In: concat([]Input{bytes(3).With(0, 128, 140)},
		qInput(0.05, 128), qInput(0.00390625, 0)), Shape: []int{3}, Want: []float64{0, 128, 165}},
	{Op: "QLinearLeakyRelu", Domain: "com.microsoft", Opset: 1, Attrs: Attrs(map[string]any{"alpha": -0.5}),
		In:    concat([]Input{bytes(3).With(0, 128, 140)}, qInput(0.05, 128), qInput(0.05, 1)),
		Shape: []int{3}, Want: []float64{65, 1, 13}},
}

func concat(lists ...[]Input) []Input { return slices.Concat(lists...) }

// dynamicCases are of quantisers whose scales depend on their input.
var dynamicCases = []Case{
	{Op: "DynamicQuantizeLinear", Opset: 11,
		In:      []Input{Var(6).With(0, 2, -3, -2.4, 1.34, 0.4).In(-1.9, 2.3)},
		Outputs: 3,
		Shape:   []int{6}, Want: []float64{153, 255, 0, 31, 221, 173}},
	{Op: "DynamicQuantizeLinear", Name: "scale", Opset: 11,
		In:      []Input{Var(4).With(0, 2, -3, -2.4).In(-1.9, 2.3)},
		Outputs: 3, Reads: 1, Want: []float64{5.0 / 255}},
	{Op: "DynamicQuantizeLinear", Name: "zero point", Opset: 11,
		In:      []Input{Var(2, 2).With(0, 2, -3, -2.4).In(-1.9, 2.3)},
		Outputs: 3, Reads: 2, Want: []float64{153}},
	{Op: "DynamicQuantizeLinear", Name: "all negative", Opset: 11,
		In:      []Input{Var(3).With(-1, -2.1, -1.3).In(-3, -1)},
		Outputs: 3, Shape: []int{3}, Want: []float64{134, 0, 97}},
	{Op: "DynamicQuantizeMatMul", Domain: "com.microsoft", Opset: 1,
		In: []Input{Var(1, 2).With(2, -0.55), codes(graph.Uint8, []int{2, 2}, 129, 128, 127, 138), Scalar(0.5),
			codes(graph.Uint8, nil, 128), Reals([]int{2}, 1, 2)},
		Shape: []int{1, 2}, Want: []float64{2.275, -0.75}},
	{Op: "DynamicQuantizeMatMul", Name: "columns, no zero point", Domain: "com.microsoft", Opset: 1,
		In: []Input{Var(1, 2).With(2, -0.55), codes(graph.Int8, []int{2, 2}, 1, 0, -1, 10),
			Reals([]int{2}, 0.5, 0.25)},
		Shape: []int{1, 2}, Want: []float64{1.275, -1.375}},
	{Op: "MatMulIntegerToFloat", Domain: "com.microsoft", Opset: 1,
		In: []Input{bytes(1, 2).With(11, 7), codes(graph.Uint8, []int{2, 2}, 1, 4, 2, 5), Scalar(0.5),
			Reals([]int{2}, 1, 2), codes(graph.Uint8, nil, 12), codes(graph.Uint8, nil, 0), Reals([]int{2}, 1, 0)},
		Shape: []int{1, 2}, Want: []float64{-4.5, -29}},
	{Op: "MatMulIntegerToFloat", Name: "variable scale", Domain: "com.microsoft", Opset: 1,
		In: []Input{bytes(1, 2).With(11, 7), codes(graph.Uint8, []int{2, 1}, 1, 2),
			Var().As(graph.Float32).With(1).In(0, 3),
			Scalar(0.25)},
		Shape: []int{1, 1}, Want: []float64{6.25}},
}
