package compiler_test

import (
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

// mapped is a sum of what some nodes make of a map from texts or integers to numbers.
func mapped(key graph.DType, nodes ...*graph.Node) *graph.Graph {
	g := newNetwork(graph.Dim{Size: 1}, graph.Dim{Name: "?"})
	g.Inputs[0].Key = key
	g.Nodes = append(g.Nodes, nodes...)
	g.node("ReduceSum", "y", nil, nodes[len(nodes)-1].Outputs[0])
	return g.outputs("y")
}

// reader reads the map x.
func reader(op, out string, attrs map[string]any) *graph.Node {
	return &graph.Node{Name: out, Op: op, Domain: "ai.onnx.ml", Opset: 1, Inputs: []string{"x"}, Outputs: []string{out},
		Attrs: optest.Attrs(attrs)}
}

func words(of ...string) map[string]any { return map[string]any{"string_vocabulary": of} }

// TestMapInputs reads maps as rows of as many numbers as their readers have keys.
func TestMapInputs(t *testing.T) {
	sparse := map[string]any{"map_form": "SPARSE", "max_map": 3}
	for _, c := range []struct {
		name   string
		key    graph.DType
		node   *graph.Node
		shapes map[string][]int
		keys   []string
		refuse string
	}{
		{"texts", graph.Text, reader("DictVectorizer", "v", words("b", "a")), nil, []string{"b", "a"}, ""},
		{"integers", graph.Int64, reader("DictVectorizer", "v", map[string]any{"int64_vocabulary": []int{5, -1}}), nil,
			[]string{"5", "-1"}, ""},
		{"sparse", graph.Int64, reader("CastMap", "v", sparse), nil, []string{"0", "1", "2"}, ""},
		{"dense", graph.Int64, reader("CastMap", "v", nil), map[string][]int{"x": {1, 4}}, nil, ""},
		{"dense of any size", graph.Int64, reader("CastMap", "v", nil), nil, nil, "give option Shapes x=SIZES"},
		{"other keys", graph.Text, reader("CastMap", "v", sparse), nil, nil,
			"its keys are of type int64, and those of"},
		{"a tensor's reader", graph.Text, &graph.Node{Name: "n", Op: "Relu", Opset: 13, Inputs: []string{"x"},
			Outputs: []string{"v"}}, nil, nil, "n (Relu): it reads the input x, which is a map"},
		{"what cannot be printed", graph.Text, reader("DictVectorizer", "v", words("a\x1b")), nil, nil,
			"not printable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := mapped(c.key, c.node)
			m, err := compiler.NewModel(g, compiler.ModelOptions{Shapes: c.shapes})
			if refused(t, err, c.refuse) {
				return
			}
			if in := m.Inputs[0]; !slices.Equal(in.Keys, c.keys) || c.keys != nil && in.Shape[1] != len(c.keys) {
				t.Errorf("%+v", in)
			}
			if g.Inputs[0].Keys != nil || g.Inputs[0].Dims[1].Name != "?" {
				t.Errorf("the graph is changed: %+v", g.Inputs[0])
			}
			o := compiler.Options{Reveal: visibility.Scores, Model: compiler.ModelOptions{Shapes: c.shapes}}
			r := mustCompile(t, g, o)
			again, err := compiler.NewModel(g, compiler.OptionsOf(r.Statement.Layout))
			if err != nil || !slices.Equal(again.Inputs[0].Shape, m.Inputs[0].Shape) {
				t.Errorf("by its layout: %v, %v", again, err)
			}
		})
	}
	_, err := compiler.NewModel(mapped(graph.Text, reader("DictVectorizer", "v", words("a", "b")),
		reader("DictVectorizer", "w", words("b", "a"))), compiler.ModelOptions{})
	refused(t, err, "it is a map of which nodes read different keys")
}
