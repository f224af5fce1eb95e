package onnxtest

import (
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

// Opset is that of Mixed.
const Opset = 17

// Mixed is a model of two inputs of different formats, features (four real numbers) and
// ids (three integers), and of a third one, unread, that only the output wild reads, of
// an operator that nobody has. Its outputs label and scores are of four and of three
// elements; scores is an inner value too.
func Mixed() *graph.Graph {
	float := func(shape []int, values ...float64) *graph.Const {
		return &graph.Const{DType: graph.Float32, Float: tensor.Of(values, shape...)}
	}
	node := func(op, out string, attrs map[string]graph.Attr, in ...string) *graph.Node {
		return &graph.Node{Name: out, Op: op, Opset: Opset, Inputs: in, Outputs: []string{out}, Attrs: attrs}
	}
	batch := graph.Dim{Name: "batch"}
	input := func(name string, d graph.DType, size graph.Dim) graph.Value {
		return graph.Value{Name: name, DType: d, Dims: []graph.Dim{batch, size}}
	}
	g := &graph.Graph{
		Inputs: []graph.Value{
			input("features", graph.Float32, graph.Dim{Size: 4}), input("ids", graph.Int64, graph.Dim{Size: 3}),
			input("unread", graph.Float32, graph.Dim{Name: "length"}),
		},
		Consts: map[string]*graph.Const{
			"w": float([]int{4, 3}, 1, -0.5, 0.25, 0.5, 1, -1, -0.25, 0.75, 0.5, 1, 1, -0.5),
			"v": float([]int{3, 4}, 0.01, -0.02, 0.03, 0, -0.01, 0.02, 0, 0.04, 0.02, 0.01, -0.03, 0.01),
		},
		Nodes: []*graph.Node{
			node("MatMul", "h", nil, "features", "w"),
			node("Cast", "f", map[string]graph.Attr{"to": {Int: int64(elements[graph.Float32])}}, "ids"),
			node("Add", "sum", nil, "h", "f"),
			node("Relu", "scores", nil, "sum"),
			node("MatMul", "label", nil, "scores", "v"),
			node("NoSuchOperator", "wild", nil, "unread", "scores"),
		},
	}
	for _, name := range []string{"label", "scores", "wild"} {
		g.Outputs = append(g.Outputs, graph.Value{Name: name, DType: graph.Float32})
	}
	return g
}
