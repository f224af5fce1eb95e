package compiler

import (
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/visibility"
)

// graphOf takes x of 1x4 through nodes, the last of which make the outputs y and, if there is one, z.
func graphOf(nodes ...*graph.Node) *graph.Graph {
	g := &graph.Graph{
		Inputs: []graph.Value{{Name: "x", DType: graph.Float32, Dims: []graph.Dim{{Size: 1}, {Size: 4}}}},
		Nodes:  nodes, Consts: map[string]*graph.Const{},
	}
	for _, n := range nodes {
		for _, out := range n.Outputs {
			if out == "y" || out == "z" {
				g.Outputs = append(g.Outputs, graph.Value{Name: out})
			}
		}
	}
	number := func(name string, t graph.DType, shape []int, data ...float64) {
		g.Consts[name] = &graph.Const{DType: t, Float: tensor.Of(data, shape...)}
	}
	number("minus", graph.Float32, nil, -1)
	number("half", graph.Float32, nil, 0.5)
	number("sides", graph.Float32, []int{4}, -0.1159789, -1.6775464, 1.122424, -1.3971736)
	number("scale", graph.Float32, nil, 0.0585691519)
	number("zero", graph.Int8, nil, 24)
	number("first", graph.Int64, []int{1}, 0)
	number("weights", graph.Float32, []int{4, 2}, 0.31, -0.7, 0.9, 0.123, -0.45, 0.77, 0.2, -0.61)
	return g
}

func applied(op, out string, in ...string) *graph.Node {
	return &graph.Node{Name: "of " + out, Op: op, Opset: 17, Inputs: in, Outputs: []string{out}}
}

func along(axis int64, n *graph.Node) *graph.Node {
	n.Attrs = map[string]graph.Attr{"axis": {Int: axis}}
	return n
}

// TestFormatsAreFine compiles small graphs whose formats were coarse, or too fine for a table.
func TestFormatsAreFine(t *testing.T) {
	softmax := along(-1, applied("Softmax", "z", "x"))
	tests := map[string]*graph.Graph{
		"softmax of what is compared":  graphOf(applied("Less", "y", "x", "sides"), softmax),
		"function of what is compared": graphOf(applied("Less", "y", "x", "sides"), applied("Exp", "z", "x")),
		"compared with itself":         graphOf(applied("LessOrEqual", "y", "x", "x"), applied("Elu", "z", "x")),
		"compared where nothing is beyond": graphOf(applied("Exp", "e", "x"),
			applied("Greater", "y", "e", "minus"), applied("MatMul", "z", "e", "weights")),
		"compared in one element": graphOf(along(1, applied("Gather", "first x", "x", "first")),
			applied("Less", "y", "first x", "half"), applied("MatMul", "z", "x", "weights")),
		"logarithm of integers": graphOf(along(1, applied("Hardmax", "h", "x")),
			along(-1, applied("LogSoftmax", "y", "h"))),
		"logarithm of one element": graphOf(along(0, applied("LogSoftmax", "y", "x"))),
		"integers beside real numbers": graphOf(along(1, applied("Hardmax", "h", "x")),
			along(1, applied("Concat", "y", "x", "h"))),
		"codes of one alone": graphOf(along(0, applied("Hardmax", "h", "x")),
			applied("QuantizeLinear", "q", "h", "scale", "zero"),
			applied("DequantizeLinear", "y", "q", "scale", "zero")),
	}
	rng := rand.New(rand.NewSource(1))
	samples := uniformSamples(rng, 40, 4)
	for _, x := range samples {
		x[0][0] = float64(rng.Intn(5)) / 2
		for j := 1; j < 4; j++ {
			x[0][j] = 4*x[0][j] - 2
		}
	}
	for name, g := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := Compile(g, Options{Reveal: visibility.Scores, Samples: samples, Target: Target{Bits: 12}})
			if err != nil {
				t.Fatal(err)
			}
			most := 0.01
			if name == "logarithm of one element" {
				most = 0
			}
			for k, of := range r.Report.Outputs {
				if of.Classes && of.Top1 < 1 || !of.Classes && of.MaxAbsError > most {
					t.Errorf("output %d: %+v\n%s", k, of, r.IR.Text())
				}
			}
		})
	}
}

// TestSoftmaxTableIsBounded gives an input so many bits that a table of exponentials would have 2^29
// entries.
func TestSoftmaxTableIsBounded(t *testing.T) {
	g := graphOf(along(-1, applied("Softmax", "y", "x")))
	given := map[string]InputFormat{"x": {Bits: 30, Zero: 1 << 29, Scale: 1e-8}}
	_, err := Compile(g, Options{Samples: []Sample{{{1, 2, 3, 4}}}, Inputs: given, Target: Target{Bits: 12}})
	if err == nil {
		t.Error("no error")
	}
}
