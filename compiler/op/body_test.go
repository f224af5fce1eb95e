package op_test

import (
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// simple is a body of one node, which reads names outside.
func simple(op string, inputs []string, in []string, outputs []string, outer ...string) *graph.Graph {
	n := &graph.Node{Name: op, Op: op, Opset: Newest, Inputs: in, Outputs: []string{"z"}}
	g := &graph.Graph{Nodes: []*graph.Node{n}, Outer: outer}
	for _, name := range inputs {
		g.Inputs = append(g.Inputs, graph.Value{Name: name})
	}
	for _, name := range outputs {
		g.Outputs = append(g.Outputs, graph.Value{Name: name})
	}
	return g
}

// branching is an If of two bodies that read a variable of two elements.
func branching(holds, fails *graph.Graph, condition Input) Case {
	return Case{Op: "If", Captured: 1, Attrs: Attrs(map[string]any{"then_branch": holds, "else_branch": fails}),
		In: []Input{condition, Var(2)}}
}

// lowest is a body that gives a function of a variable with -Inf added.
func lowest(op string) *graph.Graph {
	g := simple("Add", nil, []string{"x", "low"}, []string{"y"}, "x")
	g.Consts = map[string]*graph.Const{"low": Scalar(math.Inf(-1)).Const}
	g.Nodes = append(g.Nodes, &graph.Node{
		Name: op, Op: op, Opset: Newest, Inputs: []string{"z"}, Outputs: []string{"y"},
	})
	return g
}

// looping is a Loop of a body with the state z.
func looping(body *graph.Graph, in ...Input) Case {
	return Case{Op: "Loop", Attrs: Attrs(map[string]any{"body": body}), In: in}
}

var (
	copied  = simple("Relu", nil, []string{"v1"}, []string{"z"}, "v1")
	single  = simple("Relu", nil, []string{"x"}, []string{"z"}, "x")
	known   = Scalar(1).As(graph.Bool)
	depends = Var().As(graph.Bool)
	relus   = simple("Relu", []string{"i", "go", "s"}, []string{"s"}, []string{"go", "z"})
	endless = simple("Relu", []string{"i", "go", "s"}, []string{"i"}, []string{"go", "s"})
	rounds  = Scalar(2).As(graph.Int64)
)

// bodyRefusals are nodes with bodies that are refused.
var bodyRefusals = []refusal{
	{Case{Op: "If", In: []Input{Var()}}, "it has no then_branch"},
	{branching(copied, &graph.Graph{}, depends), "its else_branch has 0 inputs and 0 outputs, and the node 1"},
	{branching(copied, simple("Shape", nil, []string{"v1"}, []string{"z"}, "v1"), depends),
		"output 0: the branches give float[2] and int64[1], and the condition depends on the model's input"},
	{branching(copied, copied, Var(2).As(graph.Bool)), "the condition is of type bool and shape [2]"},
	{branching(copied, copied, Var()), "the condition is of type float and shape []"},
	{branching(simple("Bernoulli", nil, []string{"v1"}, []string{"z"}, "v1"), copied, depends),
		"Bernoulli (Bernoulli): operator Bernoulli is not supported"},
	{branching(lowest("Relu"), single, known), "input 0 holds numbers that are infinite or NaN"},
	{branching(lowest("LogSoftmax"), single, known), "input 0 holds numbers that are infinite or NaN"},
	{branching(lowest("Softmax"), single, known), "all elements of a row are -Inf"},
	{Case{Op: "Add", In: []Input{Var(2), Scalar(math.Inf(1))}}, "only -Inf is supported here"},
	{Case{Op: "Sub", In: []Input{Var(2), Scalar(math.Inf(-1))}}, "input 1 holds numbers that are infinite"},
	{Case{Op: "Where", In: []Input{Var(2).As(graph.Bool), Var(2), Scalar(math.Inf(-1))}},
		"it chooses -Inf by a condition that depends on the model's input"},
	{Case{Op: "Loop", Captured: 1, In: []Input{rounds, Absent, Var(2), Scalar(math.Inf(-1))},
		Attrs: Attrs(map[string]any{"body": simple("Add", []string{"i", "go", "s"}, []string{"s", "c3"},
			[]string{"go", "z"}, "c3")})}, "the output 1 of the body holds -Inf"},
	{Case{Op: "Loop", In: []Input{rounds}}, "it has no body"},
	{looping(relus, rounds, Absent), "2 inputs and 1 outputs, and a body with 3 and 2"},
	{looping(relus, rounds, Absent, Absent), "input 2 is absent"},
	{looping(relus, Var().As(graph.Int64), Absent, Var(2)), "the number of rounds depends on the model's input"},
	{looping(relus, rounds, Var().As(graph.Bool), Var(2)), "the condition depends on the model's input"},
	{looping(simple("Less", []string{"i", "go", "s"}, []string{"s", "s"}, []string{"z", "s"}), rounds, Absent, Var()),
		"the condition after round 0 depends on the model's input"},
	{looping(endless, Absent, Absent, Var(2)), "at most 1048576 are supported"},
	{looping(simple("Relu", []string{"i", "go"}, []string{"i"}, []string{"go", "i"}), Scalar(0).As(graph.Int64),
		Absent),
		"output 0 is of all rounds, and there is no round"},
}
