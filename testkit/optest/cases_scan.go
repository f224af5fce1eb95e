package optest

import (
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
)

// bodyOf is the body of a Scan: nodes of one output each.
func bodyOf(inputs, outputs []string, nodes ...*graph.Node) *graph.Graph {
	g := &graph.Graph{Consts: map[string]*graph.Const{
		"last": Ints(-1).Const, "once": Scalar(1).As(graph.Int64).Const,
		"never": Scalar(math.Inf(-1)).Const,
	}}
	for _, name := range inputs {
		g.Inputs = append(g.Inputs, graph.Value{Name: name})
	}
	for _, name := range outputs {
		g.Outputs = append(g.Outputs, graph.Value{Name: name})
	}
	for _, n := range nodes {
		n.Name, n.Opset = n.Outputs[0], Newest
	}
	g.Nodes = nodes
	return g
}

func bodyNode(op, output string, inputs ...string) *graph.Node {
	n := &graph.Node{Op: op, Inputs: inputs, Outputs: []string{output}, Attrs: map[string]graph.Attr{}}
	if op == "ReduceSumSquare" {
		n.Attrs["keepdims"] = graph.Attr{}
	}
	return n
}

// distances is the body that nearest neighbours have: the squared distance of the state from
// a slice.
func distances() *graph.Graph {
	return bodyOf([]string{"x", "c"}, []string{"same", "d"}, bodyNode("Identity", "same", "x"),
		bodyNode("Sub", "away", "x", "c"), bodyNode("ReduceSumSquare", "d", "away", "last"))
}

// running is the body that adds up slices.
func running() *graph.Graph {
	return bodyOf([]string{"sum", "x"}, []string{"next", "now"}, bodyNode("Add", "next", "sum", "x"),
		bodyNode("Identity", "now", "next"))
}

func scanAttrs(body *graph.Graph, more map[string]any) map[string]graph.Attr {
	all := map[string]any{"body": body, "num_scan_inputs": 1}
	for name, v := range more {
		all[name] = v
	}
	return Attrs(all)
}

// scanCases have rounds apart from each other, and rounds that read the one before.
var scanCases = []Case{
	{Op: "Scan", Name: "rounds together", Outputs: 2, Reads: 1, Attrs: scanAttrs(distances(), nil),
		In:    []Input{Var(1, 2).With(1, -1), Reals([]int{3, 2}, 1, -1, 0, 0, 2, 1)},
		Shape: []int{3, 1}, Want: []float64{0, 2, 5}},
	{Op: "Scan", Name: "the state after rounds together", Outputs: 2, Attrs: scanAttrs(distances(), nil),
		In:    []Input{Var(1, 2).With(1, -1), Reals([]int{3, 2}, 1, -1, 0, 0, 2, 1)},
		Shape: []int{1, 2}, Want: []float64{1, -1}},
	{Op: "Scan", Name: "slices of a variable, along the last axes", Outputs: 2, Reads: 1,
		Attrs: scanAttrs(distances(), map[string]any{"scan_input_axes": []int{1}, "scan_output_axes": []int{1}}),
		In:    []Input{Reals([]int{1, 2}, 1, -1), Var(2, 3).With(1, 0, 2, -1, 0, 1)},
		Shape: []int{1, 3}, Want: []float64{0, 2, 5}},
	{Op: "Scan", Name: "a sum", Outputs: 2, Attrs: scanAttrs(running(), nil),
		In: []Input{Reals([]int{2}, 1, 2), Var(2, 2).With(1, 2, 3, 4)}, Shape: []int{2}, Want: []float64{5, 8}},
	{Op: "Scan", Name: "sums backwards", Outputs: 2, Reads: 1,
		Attrs: scanAttrs(running(), map[string]any{
			"scan_input_directions": []int{1}, "scan_output_directions": []int{1},
		}),
		In: []Input{Var(2).With(0, 1), Var(2, 2).With(1, 2, 3, 4)}, Shape: []int{2, 2}, Want: []float64{4, 7, 3, 5}},
}

// outside gives a body what it reads of the graph around it.
func outside(body *graph.Graph, names ...string) *graph.Graph {
	body.Outer = names
	return body
}

// doubled is a Loop in a body, which adds a value to itself.
func doubled(n *graph.Node, once string) *graph.Node {
	n.Attrs["body"] = graph.Attr{Body: outside(bodyOf([]string{"i", "go", "sum"}, []string{"go", "both"},
		bodyNode("Add", "both", "sum", once)), once)}
	n.Captured = 1
	return n
}

// branches are the bodies of an If.
func branches(holds, fails *graph.Graph) map[string]graph.Attr {
	return Attrs(map[string]any{"then_branch": holds, "else_branch": fails})
}

// loopCases have rounds of known number, and branches. What bodies read outside are the last
// inputs.
var loopCases = []Case{
	{Op: "Loop", Name: "a sum, with its values", Outputs: 2, Reads: 1, Captured: 1,
		Attrs: Attrs(map[string]any{"body": outside(bodyOf([]string{"i", "go", "sum"}, []string{"go", "next", "now"},
			bodyNode("Gather", "x", "v1", "i"), bodyNode("Add", "next", "sum", "x"),
			bodyNode("Identity", "now", "next")), "v1")}),
		In:    []Input{Scalar(2).As(graph.Int64), Absent, Var(2).With(1, 2), Var(2, 2).With(3, 4, 5, 6)},
		Shape: []int{2, 2}, Want: []float64{4, 6, 9, 12}},
	{Op: "Loop", Name: "as long as a condition holds", Captured: 1,
		Attrs: Attrs(map[string]any{"body": outside(bodyOf([]string{"i", "go", "sum"}, []string{"less", "next"},
			bodyNode("Less", "less", "i", "c3"), bodyNode("Mul", "next", "sum", "sum")), "c3")}),
		In:    []Input{Absent, Scalar(1).As(graph.Bool), Var(2).With(2, -1).In(-1, 1), Scalar(1).As(graph.Int64)},
		Shape: []int{2}, Want: []float64{16, 1}},
	{Op: "Loop", Name: "a state that grows",
		Attrs: Attrs(map[string]any{"body": bodyOf([]string{"i", "go", "list"}, []string{"go", "longer"},
			func() *graph.Node {
				n := bodyNode("Concat", "longer", "list", "list")
				n.Attrs["axis"] = graph.Attr{}
				return n
			}())}),
		In:    []Input{Scalar(1).As(graph.Int64), Absent, Var(2).With(1, 2)},
		Shape: []int{4}, Want: []float64{1, 2, 1, 2}},
	{Op: "Loop", Name: "a loop in it",
		Attrs: Attrs(map[string]any{"body": bodyOf([]string{"i", "go", "sum"}, []string{"go", "twice"},
			doubled(bodyNode("Loop", "twice", "once", "", "sum", "sum"), "sum"))}),
		In: []Input{Scalar(2).As(graph.Int64), Absent, Var(2).With(1, 2)}, Shape: []int{2}, Want: []float64{4, 8}},
	{Op: "If", Captured: 2,
		Attrs: branches(outside(bodyOf(nil, []string{"z"}, bodyNode("Add", "z", "v1", "c2")), "v1", "c2"),
			outside(bodyOf(nil, []string{"z"}, bodyNode("Mul", "z", "v1", "v1")), "v1")),
		In:    []Input{Var(1).As(graph.Bool).With(0).In(0, 1), Var(2).With(1, 2), Reals([]int{2}, 0.5, -1)},
		Shape: []int{2}, Want: []float64{1, 4}},
	{Op: "If", Name: "known", Captured: 1,
		Attrs: branches(outside(bodyOf(nil, []string{"z"}, bodyNode("ReduceSum", "z", "x", "last")), "x"),
			outside(bodyOf(nil, []string{"x"}), "x")),
		In: []Input{Scalar(1).As(graph.Bool), Var(2).With(1, 2)}, Shape: []int{1}, Want: []float64{3}},
	// -Inf stands for what a softmax leaves out.
	{Op: "If", Name: "a softmax behind a mask", Captured: 2,
		Attrs: branches(masked("c2"), outside(bodyOf(nil, []string{"x"}), "x")),
		In: []Input{Scalar(1).As(graph.Bool), Var(2, 3).With(1, 2, 3, 1, 2, 3),
			Reals([]int{2, 3}, 0, math.Inf(-1), 0, math.Inf(-1), 0, math.Inf(-1))},
		Shape: []int{2, 3}, Want: []float64{0.1192029, 0, 0.8807971, 0, 1, 0}},
	{Op: "If", Name: "a softmax of chosen elements", Captured: 2,
		Attrs: branches(outside(bodyOf(nil, []string{"z"}, bodyNode("Where", "low", "c2", "x", "never"),
			bodyNode("Softmax", "z", "low")), "x", "c2"), outside(bodyOf(nil, []string{"x"}), "x")),
		In: []Input{Scalar(1).As(graph.Bool), Var(2, 2).With(1, 2, 1, 2),
			Reals([]int{2, 2}, 1, 1, 0, 1).As(graph.Bool)},
		Shape: []int{2, 2}, Want: []float64{0.2689414, 0.7310586, 0, 1}},
}

// masked is a softmax behind a mask, whose second row is of one element.
func masked(mask string) *graph.Graph {
	return outside(bodyOf(nil, []string{"z"}, bodyNode("Add", "low", "x", mask), bodyNode("Identity", "same", "low"),
		bodyNode("Softmax", "z", "same")), "x", mask)
}

// distanceCases are of the operator that onnxruntime adds to ONNX's.
var distanceCases = []Case{
	{Op: "CDist", Domain: "com.microsoft", Opset: 1, Shape: []int{2, 3}, Want: []float64{0, 2, 5, 1, 1, 2},
		In: []Input{Var(2, 2).With(1, -1, 1, 0), Reals([]int{3, 2}, 1, -1, 0, 0, 2, 1)}},
	{Op: "CDist", Name: "roots, of variables", Domain: "com.microsoft", Opset: 1,
		Attrs: Attrs(map[string]any{"metric": "euclidean"}), Shape: []int{1, 2}, Want: []float64{5, 1},
		In: []Input{Var(1, 2).With(1, -1), Var(2, 2).With(-2, 3, 1, 0)}},
}
