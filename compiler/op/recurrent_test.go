package op_test

import (
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// layer is an LSTM of two times, one sequence and one feature, with more inputs.
func layer(attrs map[string]any, more ...Input) Case {
	weights := []Input{Var(2, 1, 1), Reals([]int{1, 4, 1}, 1, 2, 3, 4), Reals([]int{1, 4, 1}, 1, 2, 3, 4)}
	return Case{Op: "LSTM", Attrs: Attrs(attrs), In: append(weights, more...)}
}

var recurrentRefusals = []refusal{
	{layer(map[string]any{"layout": 2}), "attribute layout is 2"},
	{layer(map[string]any{"clip": -1.0}), "attribute clip is -1"},
	{layer(map[string]any{"clip": math.Inf(1)}), "attribute clip is +Inf"},
	{layer(map[string]any{"direction": "up"}), `attribute direction is "up"`},
	{layer(map[string]any{"activations": []string{"Tanh"}}), "1 activations for 1 directions, of 3 each"},
	{layer(map[string]any{"activations": []string{"Sigmoid", "Tanh", "Sin"}}), `the activation "Sin" is not supported`},
	{layer(map[string]any{"activations": []string{"Sigmoid", "Tanh", "ScaledTanh"}, "activation_alpha": []float64{1}}),
		"the activation ScaledTanh has no activation_alpha and activation_beta"},
	{layer(map[string]any{"direction": "bidirectional"}), "input 1 is of shape [1 4 1], not [2 4 1]"},
	{layer(map[string]any{"hidden_size": 2}), "input 1 is of shape [1 4 1], not [1 8 1]"},
	{layer(nil, Reals([]int{1, 4}, 1, 2, 3, 4)), "input 3 is of shape [1 4], not [1 8]"},
	{layer(nil, Absent, Var(1).As(graph.Int32)), "sequence_lens depends on the model's input"},
	{layer(nil, Absent, Ints(3)), "sequence_lens has 3; supported are 1 to 2"},
	{layer(nil, Absent, Ints(0)), "sequence_lens has 0"},
	{layer(nil, Absent, Absent, Reals([]int{1, 1, 1}, 1).As(graph.Float64)), "input 5 is of type double"},
	{Case{Op: "RNN", In: []Input{Var(2, 1), Var(1, 1, 1), Var(1, 1, 1)}}, "not of three sizes"},
	{Case{Op: "RNN", In: []Input{Reals([]int{2, 1, 0}), Reals([]int{1, 1, 0}), Var(1, 1, 1)}}, "holds no elements"},
	{Case{Op: "RNN", In: []Input{Var(2, 1, 1).As(graph.Int32), Var(1, 1, 1), Var(1, 1, 1)}}, "int32"},
}
