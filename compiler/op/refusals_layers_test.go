package op_test

import (
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// kernel is of two channels that make one, of three elements.
var kernel = Reals([]int{2, 1, 3}, 1, 2, 3, 4, 5, 6)

// spreading is a ConvTranspose by kernel.
func spreading(attrs map[string]any, in ...Input) Case {
	return Case{Op: "ConvTranspose", Attrs: Attrs(attrs), In: in}
}

// normalising is a normalisation of three channels.
func normalising(name string, attrs map[string]any, in ...Input) Case {
	return Case{Op: name, Attrs: Attrs(attrs), In: in}
}

var three = Reals([]int{3}, 1, 1, 1)

// layerRefusals are layers that are refused, and what the error says.
var layerRefusals = []refusal{
	{Case{Op: "Conv", In: []Input{Reals([]int{1, 1, 2}, 1, 2), Reals([]int{1, 1, 1}, 1), Var(1)}},
		"only the bias B depends on the model's input"},
	{spreading(nil, Var(1, 2), kernel), "must have a batch, a channel and spatial axes"},
	{spreading(nil, Var(1, 2, 2, 2), kernel), "they must have the same rank"},
	{spreading(nil, Var(1, 3, 2), kernel), "the input X has 3 channels, and the weights W take 2 in 1 groups"},
	{spreading(map[string]any{"group": 3}, Var(1, 2, 2), kernel), "take 2 in 3 groups"},
	{spreading(map[string]any{"group": 0}, Var(1, 2, 2), kernel), "there must be at least 1"},
	{spreading(map[string]any{"kernel_shape": []int{2}}, Var(1, 2, 2), kernel), "kernel_shape [2] differs"},
	{spreading(nil, Var(1, 2, 2), Var(2, 1, 3)), "the weights W or the bias B depend on the model's input"},
	{spreading(nil, Var(1, 0, 2), Reals([]int{0, 1, 3})), "which has no elements"},
	{spreading(nil, Var(1, 2, 2), kernel, Reals([]int{2}, 1, 2)), "the bias B is [2], but the weights W make 1"},
	{spreading(map[string]any{"auto_pad": "SAME_UPPER", "strides": []int{4}}, Var(1, 2, 2), kernel),
		"of which the kernel reaches 7"},
	{spreading(map[string]any{"output_padding": []int{-1}}, Var(1, 2, 2), kernel), "must be between 0 and"},
	{spreading(map[string]any{"output_padding": []int{1, 1}}, Var(1, 2, 2), kernel), "output_padding [1 1] has 2"},
	{spreading(map[string]any{"output_shape": []int{3, 3}}, Var(1, 2, 2), kernel), "output_shape [3 3] has 2"},
	{spreading(map[string]any{"strides": []int{2, 2}}, Var(1, 2, 2), kernel), "strides [2 2] has 2 numbers"},
	{spreading(map[string]any{"pads": []int{2, 2}}, Var(1, 2, 2), kernel), "size 2 with padding 2 gives 0"},
	{normalising("LayerNormalization", map[string]any{"axis": 2}, Var(2, 3), three), "axis 2 is outside"},
	{normalising("LayerNormalization", map[string]any{"epsilon": -1.0}, Var(2, 3), three), "epsilon is negative"},
	{normalising("LayerNormalization", map[string]any{"epsilon": math.Inf(1)}, Var(2, 3), three), "not finite"},
	{normalising("LayerNormalization", nil, Var(2, 3), Reals([]int{2, 1, 3}, 1, 1, 1, 1, 1, 1)),
		"turn the input, [2 3], into [2 2 3]"},
	{normalising("LayerNormalization", nil, Var(2, 3).As(graph.Int32), three), "put a Cast before"},
	{normalising("LayerNormalization", nil, Var(2, 0), Reals([]int{0})), "has no elements to combine"},
	{normalising("RMSNormalization", nil, Var(2, 3), Reals([]int{2}, 1, 1)), "do not broadcast"},
	{normalising("InstanceNormalization", nil, Var(2, 3), three, three), "and spatial axes"},
	{normalising("InstanceNormalization", nil, Var(2, 2, 1), three, three), "the scale is [3], but the input has 2"},
	{normalising("GroupNormalization", map[string]any{"num_groups": 2}, Var(1, 3, 2), three, three),
		"num_groups is 2, which does not divide the channels"},
	{normalising("GroupNormalization", nil, Var(1, 3, 2), three, three), "num_groups is 0"},
	{normalising("MeanVarianceNormalization", nil, Var(1, 3, 2)), "axis 3 is outside"},
	{normalising("LRN", nil, Var(1, 3, 2)), "size is 0"},
	{normalising("LRN", map[string]any{"size": 1}, Var(1, 3)), "must have a batch, a channel and other axes"},
	{normalising("LRN", map[string]any{"size": 1, "bias": 0.0}, Var(1, 3, 2)), "bias is not positive"},
	{normalising("LRN", map[string]any{"size": 1, "beta": math.NaN()}, Var(1, 3, 2)), "beta is not finite"},
	{normalising("LpPool", map[string]any{"kernel_shape": []int{1}, "p": 0}, Var(1, 3, 2)), "attribute p is 0"},
	{normalising("LpPool", nil, Var(1, 3, 2)), "kernel_shape is absent"},
	{normalising("MaxPool", map[string]any{"kernel_shape": []int{2}, "auto_pad": "SAME_UPPER", "dilations": []int{2}},
		Var(1, 1, 4)), "one thing to ONNX"},
	{normalising("AveragePool", map[string]any{"kernel_shape": []int{1}, "auto_pad": "SAME_UPPER",
		"strides": []int{4}}, Var(1, 1, 7)), "one thing to ONNX"},
	{normalising("LpPool", map[string]any{"kernel_shape": []int{1}, "auto_pad": "SAME_LOWER", "strides": []int{4}},
		Var(1, 1, 8)), "one thing to ONNX"},
	{normalising("AveragePool", map[string]any{"kernel_shape": []int{2}, "auto_pad": "VALID", "strides": []int{2},
		"ceil_mode": 1}, Var(1, 1, 5)), "one thing to ONNX"},
	{normalising("GlobalLpPool", map[string]any{"p": 65}, Var(1, 3, 2)), "attribute p is 65"},
	{normalising("GlobalLpPool", nil, Var(1, 3)), "and spatial axes"},
	{unpooling(Var(1, 1, 2), Var(1, 1, 2).As(graph.Int64)), "the indices I depends on the model's input"},
	{unpooling(Var(1, 1, 2), Ints(1, 2)), "they must have one shape"},
	{unpooling(Var(2), Ints(0, 1)), "do not fit an input of shape [2]"},
	{unpooling(Var(1, 1, 1), Reals([]int{1, 1, 1}, 2).As(graph.Int64)), "index 2 lies outside of a tensor"},
	{unpooling(Var(1, 1, 2), Reals([]int{1, 1, 2}, 1, 1).As(graph.Int64)), "index 1 occurs twice"},
	{unpooling(Var(1, 1, 1), Reals([]int{1, 1, 1}, 1).As(graph.Int64), Ints(1, 1, 1)), "output_shape [1 1 1] is less"},
	{unpooling(Var(1, 1, 1), Reals([]int{1, 1, 1}, 1).As(graph.Int64), Ints(1, 1)), "is for an output of shape"},
	{equation("ij,jk->ik", Var(2, 3)), "is of 2 operands, but there are 1"},
	{equation("i1", Var(2, 3)), "is not of letters"},
	{equation("i......", Var(2, 3)), "is not of letters"},
	{equation("ijk->i", Var(2, 3)), `"ijk" does not fit an operand of rank 2`},
	{equation("i->i", Var(2, 3)), `"i" does not fit an operand of rank 2`},
	{equation("ij->ii", Var(2, 3)), "index i of the output occurs twice"},
	{equation("ij->k", Var(2, 3)), "index k of the output occurs twice there, or in no operand"},
	{equation("ii->i", Var(2, 3)), "index i has sizes 2 and 3 in one operand"},
	{equation("ij,jk->ik", Var(2, 3), Var(2, 2)), "index j has sizes 3 and 2"},
	{attending(nil, Var(1, 1, 2, 2), Var(1, 1, 2, 3), Var(1, 1, 2, 2)), "do not belong together"},
	{attending(nil, Var(1, 3, 2, 2), Var(1, 2, 2, 2), Var(1, 2, 2, 2)), "do not belong together"},
	{attending(nil, Var(1, 2, 2), Var(1, 2, 2), Var(1, 2, 2)), "which 0 heads do not divide"},
	{attending(map[string]any{"scale": -1.0}, tiny, tiny, tiny), "attribute scale is -1"},
	{attending(map[string]any{"qk_matmul_output_mode": 4}, tiny, tiny, tiny), "must be between 0 and 3"},
	{attending(nil, Var(1, 1, 1, 1), Var(1, 1, 3, 1), Var(1, 1, 3, 1), Var(1, 2)),
		"the mask is [1 2] and depends on the model's input, for scores of shape [1 1 1 3]"},
	{attending(nil, tiny, tiny, tiny, Reals([]int{3, 1}, 0, 0, 0)), "the mask is [3 1], which does not"},
	{Case{Op: "Attention", Opset: 24, In: []Input{tiny, tiny, tiny, Absent, Absent, Absent, Var(1).As(graph.Int64)}},
		"nonpad_kv_seqlen depends on the model's input"},
	{Case{Op: "Attention", Opset: 24, In: []Input{tiny, tiny, tiny, Absent, Absent, Absent, Ints(1, 1)}},
		"nonpad_kv_seqlen has 2 lengths for a batch of 1"},
	{Case{Op: "Attention", Outputs: 4, Attrs: Attrs(map[string]any{"qk_matmul_output_mode": 2, "is_causal": 1}),
		In: []Input{tiny, tiny, tiny}}, "has infinite scores"},
	{microsofts("MultiHeadAttention", nil, Var(1, 1, 2), Var(1, 1, 2), Var(1, 1, 2)), "num_heads is 0"},
	{microsofts("MultiHeadAttention", oneHead, Var(1, 1, 2)), "of batch, positions, heads, 3 and features"},
	{microsofts("MultiHeadAttention", oneHead, Var(1, 1, 2), Var(1, 1, 2), Var(1, 1, 2), Var(5)), "the bias is [5]"},
	{microsofts("MultiHeadAttention", oneHead, Var(1, 1, 2), Var(1, 1, 2), Var(1, 1, 2), Absent,
		Ints(1, 1, 1)), "a mask of shape [3] is not supported"},
	{microsofts("MultiHeadAttention", map[string]any{"num_heads": 1, "do_rotary": 1}, Var(1, 1, 2)), "do_rotary"},
	{microsofts("MultiHeadAttention", oneHead, Absent, Var(1, 1, 2)), "input 0 is absent"},
	{microsofts("Attention", oneHead, Var(1, 1, 2), Reals([]int{2, 2}, 1, 2, 3, 4)), "the weights have 2 columns"},
	{microsofts("FusedConv", map[string]any{"activation": "Mish"}, Var(1, 1, 2), Reals([]int{1, 1, 1}, 1)),
		`activation "Mish" is not supported`},
	{microsofts("FusedConv", map[string]any{"activation": "Clip", "activation_params": []float64{1}}, Var(1, 1, 2),
		Reals([]int{1, 1, 1}, 1)), "activation Clip takes 2 parameters, not 1"},
	{microsofts("FusedMatMul", map[string]any{"alpha": math.Inf(1)}, Var(1, 2), Var(2, 1)), "alpha is not finite"},
	{microsofts("SkipLayerNormalization", nil, Var(1, 2), Absent, three), "input 1 is absent"},
	{microsofts("SkipSimplifiedLayerNormalization", nil, Var(1, 3), Var(1, 3), Absent), "input 2 is absent"},
	{microsofts("EmbedLayerNormalization", nil, Ints(1), Absent, Var(2, 2), Var(2, 2), Absent, Var(2), Var(2)),
		"input_ids are [1]"},
	{microsofts("RotaryEmbedding", map[string]any{"is_packed_batching": 1}, Var(1, 1, 2), Ints(0), Var(1, 1),
		Var(1, 1)), "is_packed_batching is not supported"},
	{microsofts("RotaryEmbedding", map[string]any{"scale": 2.0}, Var(1, 1, 2), Ints(0), Var(1, 1), Var(1, 1)),
		"attribute scale is 2"},
	{microsofts("RotaryEmbedding", nil, Var(1, 1, 2), Ints(0, 1), Var(1, 1), Var(1, 1)), "position_ids has 2 elements"},
	{normalising("RotaryEmbedding", nil, Var(1, 1, 1, 6), Var(1, 1, 2), Var(1, 1, 2)),
		"rotary_embedding_dim is 0, with 6 features a head and tables for 4"},
	{normalising("RotaryEmbedding", nil, Var(1, 1, 1, 2), Var(1, 1), Var(1, 1)), "of batch, positions and pairs"},
}

// tiny is of one batch, head, position and feature.
var tiny = Var(1, 1, 1, 1)

var oneHead = map[string]any{"num_heads": 1}

// attending is an Attention.
func attending(attrs map[string]any, in ...Input) Case {
	return Case{Op: "Attention", Attrs: Attrs(attrs), In: in}
}

// microsofts is an operator of onnxruntime's optimiser.
func microsofts(op string, attrs map[string]any, in ...Input) Case {
	return Case{Op: op, Domain: "com.microsoft", Opset: 1, Attrs: Attrs(attrs), In: in}
}

// unpooling is a MaxUnpool of pairs.
func unpooling(in ...Input) Case {
	return Case{Op: "MaxUnpool", Attrs: Attrs(map[string]any{"kernel_shape": []int{2}}), In: in}
}

// equation is an Einsum.
func equation(e string, in ...Input) Case {
	return Case{Op: "Einsum", Attrs: Attrs(map[string]any{"equation": e}), In: in}
}
