package optest

import (
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
)

const microsoft = "com.microsoft"

// fused is a case of what onnxruntime's optimiser writes.
func fused(op, name string, attrs map[string]any, shape []int, want []float64, in ...Input) Case {
	return Case{Op: op, Name: name, Domain: microsoft, Opset: 1, Attrs: Attrs(attrs), In: in, Shape: shape, Want: want}
}

// attending is a case of Attention.
func attending(name string, attrs map[string]any, shape []int, want []float64, in ...Input) Case {
	return Case{Op: "Attention", Name: name, Attrs: Attrs(attrs), In: in, Shape: shape, Want: want}
}

var (
	infinite = math.Inf(-1)
	// even are queries of one position, of which all keys have equal scores.
	even = Var(1, 1, 1, 2).With(0, 0)
	keys = Var(1, 1, 3, 2).With(1, 2, -1, 1, 0, 1)
	// two values are 1 and 4, and the third is far away.
	values = Var(1, 1, 3, 1).With(1, 4, -2)
	// asks are queries of two heads, of two positions each.
	asks  = Var(1, 2, 2, 2).With(1, 0, 2, 0, -1, 1, 0, 3)
	bits3 = Var(1, 3).As(graph.Bool).With(1, 1, 0).In(0, 1)
)

var attentionCases = []Case{
	attending("all variable", nil, []int{1, 1, 1, 1}, []float64{1}, even, keys, values),
	attending("of three axes, fewer heads of keys", map[string]any{"q_num_heads": 2, "kv_num_heads": 1, "scale": 1.0,
		"softcap": 2.0}, []int{1, 2, 4}, nil, Var(1, 2, 4), Var(1, 2, 2), Var(1, 2, 2)),
	attending("causal", map[string]any{"is_causal": 1}, []int{1, 1, 2, 1}, []float64{1, 2.5},
		Var(1, 1, 2, 2).With(0, 0, 0, 0), keys, values),
	attending("a mask that is known", nil, []int{1, 1, 1, 1}, []float64{2.5}, even, keys, values,
		Reals([]int{1, 3}, 0, 0, infinite)),
	attending("a mask that is added", nil, []int{1, 1, 1, 1}, []float64{0.5}, even, keys, values,
		Reals([]int{3}, math.Log(2), -3e38, math.Log(0.4))),
	attending("truth values that are known, all left out", nil, []int{1, 1, 2, 1}, []float64{0, 4},
		Var(1, 1, 2, 2).With(0, 0, 0, 0), keys, values, Reals([]int{2, 3}, 0, 0, 0, 0, 1, 0).As(graph.Bool)),
	attending("one key is left, of fewer heads", nil, []int{1, 2, 2, 1}, []float64{4, 4, 4, 4}, asks, keys,
		values, Reals([]int{2, 3}, 0, 1, 0, 0, 1, 0).As(graph.Bool)),
	attending("a variable mask of truth values", nil, []int{1, 1, 1, 1}, []float64{2.5}, even, keys, values, bits3),
	attending("a mask that is too short", nil, []int{1, 1, 1, 1}, []float64{1}, even, keys, values,
		Reals([]int{1, 1}, 0.5)),
	attending("past keys and values", map[string]any{"is_causal": 1}, []int{1, 1, 1, 1}, []float64{0.8125}, even,
		Var(1, 1, 1, 2).With(0, 1), Var(1, 1, 1, 1).With(0.25), Absent, keys, values),
	{Op: "Attention", Name: "lengths", Opset: 24, In: []Input{even, keys, values, Absent, Absent, Absent, Ints(2)},
		Shape: []int{1, 1, 1, 1}, Want: []float64{2.5}},
	{Op: "Attention", Name: "a window", Opset: 25, Attrs: Attrs(map[string]any{"left_window_size": 0,
		"right_window_size": 1}), In: []Input{even, keys, values}, Shape: []int{1, 1, 1, 1}, Want: []float64{2.5}},
	{Op: "Attention", Name: "probabilities", Outputs: 4, Reads: 3, Attrs: Attrs(map[string]any{
		"qk_matmul_output_mode": 3}), In: []Input{even, keys, values, Reals([]int{3}, 0, infinite, 0)},
		Shape: []int{1, 1, 1, 3}, Want: []float64{0.5, 0, 0.5}},
	{Op: "Attention", Name: "scores", Outputs: 4, Reads: 3, In: []Input{Var(1, 1, 1, 2).With(2, 2), keys, values},
		Shape: []int{1, 1, 1, 3}, Want: []float64{4.24264069, 0, 1.41421356}},
	fused("MultiHeadAttention", "a variable mask", map[string]any{"num_heads": 1}, []int{1, 1, 1}, []float64{2.5},
		Var(1, 1, 2).With(0, 0), Var(1, 3, 2).With(1, 2, 0, 1, 1, -1), Var(1, 3, 1).With(1, 4, -2), Absent,
		Var(1, 3).As(graph.Bool).With(1, 1, 0).In(0, 1)),
	fused("MultiHeadAttention", "packed, with a bias, causal", map[string]any{"num_heads": 2, "unidirectional": 1},
		[]int{1, 2, 2}, nil, Var(1, 2, 2, 3, 1), Absent, Absent, Reals([]int{6}, 1, 2, 0, -1, 0.5, 1)),
	fused("MultiHeadAttention", "keys and values packed, scores biased, past", map[string]any{"num_heads": 1,
		"scale": 0.5}, []int{1, 1, 2}, nil, Var(1, 1, 2), Var(1, 2, 1, 2, 2), Absent, Absent, Absent,
		Reals([]int{1, 1, 1, 3}, 0.5, -1, 0), Var(1, 1, 1, 2), Var(1, 1, 1, 2)),
	fused("Attention", "a mask of lengths", map[string]any{"num_heads": 1}, []int{1, 3, 1}, nil,
		Var(1, 3, 1), Reals([]int{1, 3}, 0.5, 1, 1), Reals([]int{3}, 0, 0.5, 0), Reals([]int{1}, 2).As(graph.Int32)),
	fused("Attention", "several sizes, causal, past", map[string]any{"num_heads": 1, "unidirectional": 1,
		"qkv_hidden_sizes": []int{2, 2, 2}}, []int{1, 2, 2}, nil, Var(1, 2, 2),
		Reals([]int{2, 6}, 1, 0.5, -0.5, 1, 1, 0.25, 1, 1, 0.75, -1, 0.5, 1), Absent, Absent, Var(2, 1, 1, 1, 2)),
}

var fusedCases = []Case{
	fused("FusedMatMul", "turned", map[string]any{"transA": 1, "transB": 1, "alpha": 0.5}, []int{1, 3},
		[]float64{1.5, 3.5, 5.5}, Var(2, 1).With(1, 1), matrix),
	fused("FusedMatMul", "batches turned", map[string]any{"transBatchA": 1}, []int{2, 1, 1}, []float64{5, 11},
		Var(1, 2, 2).With(1, 2, 3, 4), Reals([]int{2, 1}, 1, 2)),
	fused("TransposeMatMul", "", map[string]any{"transB": 1}, []int{1, 3}, []float64{3, 7, 11}, Var(1, 2).With(1, 1),
		matrix),
	fused("FusedGemm", "", map[string]any{"activation": "LeakyRelu", "activation_alpha": 0.5, "beta": 2.0}, []int{1, 2},
		[]float64{-1, 7}, Var(1, 2).With(1, -1), Reals([]int{2, 2}, 1, 2, 2, 3), Reals([]int{2}, -0.5, 4)),
	fused("FusedConv", "", map[string]any{"activation": "Relu", "kernel_shape": []int{2}}, []int{1, 1, 2},
		[]float64{4, 0}, Var(1, 1, 3).With(1, 2, -3), Reals([]int{1, 1, 2}, 1, 1), Reals([]int{1}, 0.5),
		Reals([]int{1, 1, 2}, 0.5, 0.5)),
	fused("FusedConv", "clipped", map[string]any{"activation": "Clip", "activation_params": []float64{-1, 2}},
		[]int{1, 1, 3}, []float64{1, 2, -1}, Var(1, 1, 3).With(1, 2.5, -3), Reals([]int{1, 1, 1}, 1)),
	fused("SkipLayerNormalization", "", map[string]any{"epsilon": 2.0}, []int{2, 4},
		[]float64{-1, 1, 0, 1, -0.6324555, 1, 0, 0.6324555}, spreadRows, Reals([]int{4}, 0, 0, 0, 0),
		Reals([]int{4}, 1, 1, 1, 1), Reals([]int{4}, 0, 1, 0, 0)),
	{Op: "SkipLayerNormalization", Name: "the sum", Domain: microsoft, Opset: 1, Outputs: 4, Reads: 3,
		In: []Input{Var(1, 2).With(1, 2), Var(1, 2).With(3, 5), Reals([]int{2}, 1, 1), Absent,
			Reals([]int{2}, 0.5, 0)}, Shape: []int{1, 2}, Want: []float64{4.5, 7}},
	{Op: "SimplifiedLayerNormalization", Opset: 1, Attrs: Attrs(map[string]any{"epsilon": 1.0}),
		In: []Input{Var(1, 3).With(1, 2, 2).In(0.5, 2), Reals([]int{3}, 1, 2, 0.5)}, Shape: []int{1, 3},
		Want: []float64{0.5, 2, 0.5}},
	{Op: "SimplifiedLayerNormalization", Name: "deviation", Opset: 1, Outputs: 2, Reads: 1,
		Attrs: Attrs(map[string]any{"epsilon": 1.0}), In: []Input{Var(1, 3).With(1, 2, 2), Reals([]int{1}, 1)},
		Shape: []int{1, 1}, Want: []float64{0.5}},
	fused("SkipSimplifiedLayerNormalization", "", map[string]any{"epsilon": 1.0}, []int{1, 3},
		[]float64{0.5, 2, 0.5}, Var(1, 3).With(1, 1, 1).In(0.5, 2), Reals([]int{1, 3}, 0, 0.5, 0.5),
		Reals([]int{3}, 1, 2, 0.5), Reals([]int{3}, 0, 0.5, 0.5)),
	fused("EmbedLayerNormalization", "words that are known, variable positions", map[string]any{"epsilon": 1.0},
		[]int{1, 2, 2}, []float64{-0.4472136, 0.4472136, -0.4472136, 0.4472136},
		Reals([]int{1, 2}, 1, 0).As(graph.Int32), Absent, Reals([]int{2, 2}, 1, 2, 3, 4),
		Var(2, 2).With(0, 0, 1, 1), Absent, Reals([]int{2}, 1, 1), Reals([]int{2}, 0, 0)),
	{Op: "RotaryEmbedding", In: []Input{Var(1, 1, 2, 4).With(1, 2, 3, 4, 1, 0, 0, 1), Reals([]int{1, 2, 2}, 0, 1, 0, 0),
		Reals([]int{1, 2, 2}, 1, 0, 1, -1)}, Shape: []int{1, 1, 2, 4}, Want: []float64{-3, 2, 1, 4, 0, 1, 1, 0}},
	{Op: "RotaryEmbedding", Name: "neighbours, a part, by positions", Attrs: Attrs(map[string]any{"interleaved": 1,
		"rotary_embedding_dim": 2, "num_heads": 1}), In: []Input{Var(1, 2, 3).With(1, 2, 3, 4, 5, 6),
		Reals([]int{2, 1}, 0, 1), Reals([]int{2, 1}, 1, 0.5), Reals([]int{1, 2}, 1, 0).As(graph.Int64)},
		Shape: []int{1, 2, 3}, Want: []float64{0, 2.5, 3, -5, 4, 6}},
	fused("RotaryEmbedding", "from a position on", nil, []int{1, 2, 2},
		[]float64{-2, 1, 3, 4}, Var(1, 2, 2).With(1, 2, 3, 4), Ints(1), Reals([]int{3, 1}, 5, 0, 1),
		Reals([]int{3, 1}, 5, 1, 0)),
}
