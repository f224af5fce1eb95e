package compiler_test

import (
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

func imputer(in, out string, imputed []float64, replaced float64) *graph.Node {
	return &graph.Node{
		Name: out, Op: "Imputer", Domain: "ai.onnx.ml", Opset: 1, Inputs: []string{in}, Outputs: []string{out},
		Attrs: optest.Attrs(map[string]any{"imputed_value_floats": imputed, "replaced_value_float": replaced}),
	}
}

// TestImputed computes trees over imputed features as onnxruntime does, in floats, in integers and
// in the circuit.
func TestImputed(t *testing.T) {
	for i, l := range readLacking(t, "imputed.json") {
		l.holds(t, i)
	}
}

// beside gives an ensemble two features that are imputed twice, by other numbers, and the others
// as they are.
func (l *lacking) beside() *graph.Graph {
	g := &network{*l.graph()}
	g.Nodes[0].Inputs[0] = "joined"
	two := []int{2}
	first := g.constant("first", graph.Int64, two, 0, 1)
	rest := g.constant("rest", graph.Int64, two, 2, 3)
	node := func(op, out string, opset int, in ...string) *graph.Node {
		return &graph.Node{Name: out, Op: op, Opset: opset, Inputs: in, Outputs: []string{out},
			Attrs: optest.Attrs(map[string]any{"axis": 1})}
	}
	g.Nodes = append([]*graph.Node{
		node("Gather", "a", 13, "x", first), node("Gather", "b", 13, "x", rest),
		imputer("a", "c", []float64{0.5, math.NaN()}, math.NaN()), imputer("c", "d", []float64{-1, 5}, math.NaN()),
		node("Concat", "joined", 13, "d", "b"),
	}, g.Nodes...)
	return &g.Graph
}

// TestImputedBeside holds random rows against the float model, where some features are imputed and
// others go where trees send them.
func TestImputedBeside(t *testing.T) {
	rng := rand.New(rand.NewSource(2))
	for i, l := range readLacking(t, "missing.json") {
		samples := l.samples()
		for _, x := range samples {
			for j := range 2 {
				if rng.Intn(3) == 0 {
					x[0][j] = math.NaN()
				}
			}
		}
		o := compiler.Options{Reveal: visibility.Scores, Samples: samples, Target: compiler.Target{Bits: 8}}
		r := mustCompile(t, l.beside(), o)
		for k, x := range samples {
			filled := slices.Clone(x[0])
			for j, v := range []float64{0.5, 5} {
				if math.IsNaN(filled[j]) {
					filled[j] = v
				}
			}
			y, err := r.Model.Run(x)
			if err != nil {
				t.Fatal(err)
			}
			scale := r.Program.Values[r.Program.Outputs[0]].Scale
			given := r.Program.Eval(r.Formats.Input.Encode(x[0]))[0]
			same := r.Program.Eval(r.Formats.Input.Encode(filled))[0]
			if float64(given[0])*scale != y[0][0] || given[0] != same[0] {
				t.Errorf("ensemble %d, row %d: %d, filled %d, of scale %v, the model has %v", i, k, given, same, scale,
					y[0])
			}
		}
	}
}

// TestImputedRefused: an element is missing nowhere where something reads it as it is, where the model
// asks for it, or where a private model's trees read what is imputed.
func TestImputedRefused(t *testing.T) {
	l := readLacking(t, "imputed.json")[0]
	o := compiler.Options{Reveal: visibility.Scores, Samples: l.samples(), Target: compiler.Target{Bits: 8}}
	private := o
	private.Private.Model = true
	_, err := compiler.Compile(l.graph(), private)
	refused(t, err, "is missing (NaN)")
	for name, read := range map[string]*graph.Node{
		"product": {Op: "Mul", Opset: 14, Inputs: []string{"x", "x"}},
		"output":  {Op: "Reshape", Opset: 14, Inputs: []string{"x", "shape"}},
		"sum":     {Op: "Add", Opset: 14, Inputs: []string{"x", "filled"}},
		"asked":   {Op: "IsNaN", Opset: 13, Inputs: []string{"x"}},
	} {
		g := &network{*l.graph()}
		g.constant("shape", graph.Int64, []int{1}, 4)
		read.Name, read.Outputs = "read", []string{"z"}
		g.Nodes = append(g.Nodes, read)
		if name != "asked" {
			g.Outputs = append(g.Outputs, graph.Value{Name: "z", DType: graph.Float32})
		}
		if _, err := compiler.Compile(&g.Graph, o); err == nil || !strings.Contains(err.Error(), "is missing (NaN)") {
			t.Errorf("%s: %v", name, err)
		}
	}
	g := l.graph()
	g.Nodes[0] = imputer("x", "filled", l.Imputed, -999)
	_, err = compiler.Compile(g, o)
	refused(t, err, "NaN")
	// an infinite number that is replaced is not a missing one
	g.Nodes[0] = imputer("x", "filled", l.Imputed, math.Inf(1))
	_, err = compiler.Compile(g, o)
	refused(t, err, "NaN")
}
