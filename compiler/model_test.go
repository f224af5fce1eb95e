package compiler_test

import (
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

// network is a small graph builder for tests.
type network struct{ graph.Graph }

func newNetwork(dims ...graph.Dim) *network {
	return &network{graph.Graph{
		Inputs: []graph.Value{{Name: "x", DType: graph.Float32, Dims: dims}},
		Consts: map[string]*graph.Const{},
	}}
}

// refused tells whether an error is wanted, which holds the words of want; none is wanted
// where these are empty. Another outcome ends the test.
func refused(t *testing.T, err error, want string) bool {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Fatal(err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Fatalf("error %v, want %q", err, want)
	}
	return want != ""
}

func sizes(ns ...int) []graph.Dim {
	out := make([]graph.Dim, len(ns))
	for i, n := range ns {
		out[i].Size = n
	}
	return out
}

func (n *network) constant(name string, d graph.DType, shape []int, values ...float64) string {
	n.Consts[name] = &graph.Const{DType: d, Float: tensor.Of(values, shape...)}
	return name
}

func (n *network) node(op, out string, attrs map[string]graph.Attr, in ...string) string {
	n.Nodes = append(n.Nodes, &graph.Node{Name: out, Op: op, Opset: 17, Inputs: in, Outputs: []string{out},
		Attrs: attrs})
	return out
}

func (n *network) outputs(names ...string) *graph.Graph {
	for _, name := range names {
		n.Outputs = append(n.Outputs, graph.Value{Name: name})
	}
	return &n.Graph
}

// The graphs of TestModelOptions.
func reluGraph(dims ...graph.Dim) *graph.Graph {
	n := newNetwork(dims...)
	n.node("Relu", "y", nil, "x")
	return n.outputs("y")
}

func twoOutputs() *graph.Graph {
	n := newNetwork(sizes(1, 3)...)
	n.node("Relu", "y", nil, "x")
	n.node("Sigmoid", "z", nil, "x")
	return n.outputs("y", "z")
}

func twoInputs() *graph.Graph {
	n := newNetwork(sizes(2)...)
	n.Inputs = append(n.Inputs, graph.Value{Name: "w", DType: graph.Float32, Dims: sizes(2)})
	n.node("Add", "y", nil, "x", "w")
	return n.outputs("y")
}

func TestModelOptions(t *testing.T) {
	batch := graph.Dim{Name: "batch"}
	open := graph.Dim{Name: "width"}
	cases := []struct {
		name  string
		g     *graph.Graph
		o     compiler.ModelOptions
		shape []int
		err   string
	}{
		{"numbers", reluGraph(sizes(1, 3)...), compiler.ModelOptions{}, []int{1, 3}, ""},
		{"symbolic batch becomes one", reluGraph(batch, graph.Dim{Size: 3}), compiler.ModelOptions{}, []int{1, 3}, ""},
		{"symbolic width", reluGraph(batch, open), compiler.ModelOptions{}, nil, "option Shapes x="},
		{"shape given", reluGraph(batch, open), compiler.ModelOptions{Shapes: map[string][]int{"x": {1, 5}}},
			[]int{1, 5}, ""},
		{"shape of wrong rank", reluGraph(batch, open), compiler.ModelOptions{Shapes: map[string][]int{"x": {5}}}, nil,
			"1 sizes given, the model has 2"},
		{"shape against the model", reluGraph(batch, graph.Dim{Size: 3}),
			compiler.ModelOptions{Shapes: map[string][]int{"x": {1, 4}}}, nil, "is 3, not 4"},
		{"shape of nobody", reluGraph(sizes(2)...), compiler.ModelOptions{Shapes: map[string][]int{"q": {1}}}, nil,
			"the model's inputs are [\"x\"]"},
		{"shape not positive", reluGraph(batch, open), compiler.ModelOptions{Shapes: map[string][]int{"x": {1, 0}}},
			nil, "not positive"},
		{"two outputs", twoOutputs(), compiler.ModelOptions{}, []int{1, 3}, ""},
		{"two outputs, one chosen", twoOutputs(), compiler.ModelOptions{Outputs: []string{"z"}}, []int{1, 3}, ""},
		{"unknown output", twoOutputs(), compiler.ModelOptions{Outputs: []string{"q"}}, nil,
			"outputs are [\"y\" \"z\"]"},
		{"two inputs", twoInputs(), compiler.ModelOptions{}, []int{2}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, err := compiler.NewModel(c.g, c.o)
			if refused(t, err, c.err) {
				return
			}
			if got := m.Inputs[0].Shape; len(got) != len(c.shape) || tensor.Size(got) != tensor.Size(c.shape) {
				t.Errorf("shape %v, want %v", got, c.shape)
			}
		})
	}
}

// TestShapeChainsFold checks that the chains exporters write around Reshape
// vanish: nothing but the data movement is left.
func TestShapeChainsFold(t *testing.T) {
	n := newNetwork(graph.Dim{Name: "batch"}, graph.Dim{Size: 2}, graph.Dim{Size: 3})
	n.constant("zero", graph.Int64, nil, 0)
	n.constant("minus", graph.Int64, []int{1}, -1)
	n.constant("axes", graph.Int64, []int{1}, 0)
	n.node("Shape", "s", nil, "x")
	n.node("Gather", "b", nil, "s", "zero")
	n.node("Unsqueeze", "b1", nil, "b", "axes")
	n.node("Concat", "target", map[string]graph.Attr{"axis": {Int: 0}}, "b1", "minus")
	n.node("Reshape", "y", nil, "x", "target")
	n.node("Relu", "z", nil, "y")
	m, err := compiler.NewModel(n.outputs("z"), compiler.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Lower()
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.Optimise(p); err != nil {
		t.Fatal(err)
	}
	const want = `v0 = input x[1 2 3]
v1[1 2 3] = clamp[0, +Inf](v0) # z (Relu)
v2[1 6] = move[6](v1) # y (Reshape)
output v2
`
	if got := p.Text(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
