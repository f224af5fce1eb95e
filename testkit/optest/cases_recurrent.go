package optest

// The weights of recurrent cases, a direction of hidden size 1, in the order of LSTM's gates:
// the cases of fewer gates have the first of them.
var (
	gateWeights = []float64{0.5, -1, 0.25, 0.75, -0.5, 1, 1, -0.25}
	gateStates  = []float64{0.5, -0.25, 1, 0.5}
	gateBiases  = []float64{0.1, 0.2, -0.1, 0.3, 0, 0.1, 0.2, -0.2}
	twoTimes    = Var(2, 1, 2).With(1, -0.5, 0.5, 2)
)

// both are the weights of two directions, the second of which has the other sign.
func both(list []float64, sign float64) []float64 {
	out := append([]float64{}, list...)
	for _, v := range list {
		out = append(out, sign*v)
	}
	return out
}

// recurrentCases have the results of onnxruntime 1.23.2.
var recurrentCases = []Case{
	{Op: "LSTM", Attrs: Attrs(map[string]any{"hidden_size": 1}),
		In: []Input{twoTimes, Reals([]int{1, 4, 2}, gateWeights...), Reals([]int{1, 4, 1}, gateStates...),
			Reals([]int{1, 8}, gateBiases...)},
		Shape: []int{2, 1, 1, 1}, Want: []float64{0.3037757, 0.4704487}},
	{Op: "LSTM", Name: "both directions, the cell", Outputs: 3, Reads: 2,
		Attrs: Attrs(map[string]any{"hidden_size": 1, "direction": "bidirectional", "clip": 0.8}),
		In: []Input{twoTimes, Reals([]int{2, 4, 2}, both(gateWeights, -1)...),
			Reals([]int{2, 4, 1}, both(gateStates, -1)...), Reals([]int{2, 8}, both(gateBiases, 1)...), Absent,
			Reals([]int{2, 1, 1}, 0.5, -0.5), Reals([]int{2, 1, 1}, 1, -1),
			Reals([]int{2, 3}, 0.5, -0.5, 1, 0.5, -0.5, 1)},
		Shape: []int{2, 1, 1}, Want: []float64{0.8378883, -0.2596416}},
	{Op: "LSTM", Name: "coupled gates", Attrs: Attrs(map[string]any{"hidden_size": 1, "input_forget": 1}),
		In:    []Input{twoTimes, Reals([]int{1, 4, 2}, gateWeights...), Reals([]int{1, 4, 1}, gateStates...)},
		Shape: []int{2, 1, 1, 1}, Want: []float64{0.2489647, 0.3915594}},
	{Op: "GRU", Attrs: Attrs(map[string]any{"hidden_size": 1}),
		In: []Input{twoTimes, Reals([]int{1, 3, 2}, gateWeights[:6]...), Reals([]int{1, 3, 1}, gateStates[:3]...),
			Reals([]int{1, 6}, gateBiases[:6]...)},
		Shape: []int{2, 1, 1, 1}, Want: []float64{-0.1506556, 0.7161574}},
	{Op: "GRU", Name: "backwards, reset after the product, of one sequence a row", Outputs: 2, Reads: 1,
		Attrs: Attrs(map[string]any{"hidden_size": 1, "linear_before_reset": 1, "direction": "reverse", "layout": 1}),
		In: []Input{Var(1, 2, 2).With(1, -0.5, 0.5, 2), Reals([]int{1, 3, 2}, gateWeights[:6]...),
			Reals([]int{1, 3, 1}, gateStates[:3]...), Reals([]int{1, 6}, gateBiases[:6]...)},
		Shape: []int{1, 1, 1}, Want: []float64{0.5502121}},
	{Op: "RNN", Name: "sequences of other lengths", Outputs: 2, Reads: 1,
		Attrs: Attrs(map[string]any{"hidden_size": 2, "activations": []string{"Affine"},
			"activation_alpha": []float64{0.5}, "activation_beta": []float64{0.25}}),
		In: []Input{Reals([]int{2, 2, 2}, 1, -0.5, 0.5, 2, -1, 1, 0.25, 0.5),
			Reals([]int{1, 2, 2}, 0.5, -1, 0.25, 0.75), Reals([]int{1, 2, 2}, 0.5, -0.25, 1, 0.5),
			Absent, Ints(2, 1), Var(1, 2, 2).With(1, -1, 0.5, 2)},
		Shape: []int{1, 2, 2}, Want: []float64{-0.2734375, 1.171875, -0.75, 1.8125}},
	{Op: "RNN", Name: "the state after", Outputs: 2, Reads: 1, Attrs: Attrs(map[string]any{"hidden_size": 2}),
		In: []Input{Var(1, 1, 2).With(1, -0.5), Var(1, 2, 2).With(0.5, -1, 0.25, 0.75).In(-1, 1),
			Reals([]int{1, 2, 2}, 0.5, -0.25, 1, 0.5)},
		Shape: []int{1, 1, 2}, Want: []float64{0.7615942, -0.1243530}},
}
