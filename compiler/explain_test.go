package compiler_test

import (
	"math"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/visibility"
)

// explained compiles a graph of one input and explains it.
func explained(t *testing.T, g *graph.Graph, samples []compiler.Sample) (*compiler.Result, compiler.Explanation) {
	t.Helper()
	o := compiler.Options{Reveal: visibility.Scores, Samples: samples}
	r, err := compiler.Compile(g, o)
	if err != nil {
		t.Fatal(err)
	}
	return r, r.Explain(o)
}

// TestExplain: a node adds what its integers differ from the function at what it receives, and has
// the whole difference from the float reference.
func TestExplain(t *testing.T) {
	g := newNetwork(sizes(1, 2)...)
	g.node("Tanh", "t", nil, "x")
	g.constant("w", graph.Float32, []int{2, 1}, 0.3, -0.7)
	g.node("MatMul", "y", nil, "t", "w")
	samples := samplesIn(2, -2, 2)
	r, e := explained(t, g.outputs("y"), samples)
	if e.Samples != len(samples) || len(e.Inputs) != 1 || len(e.Steps) != len(r.Program.Steps) {
		t.Fatalf("%d samples, %d inputs, %d steps", e.Samples, len(e.Inputs), len(e.Steps))
	}
	wrong, largest := 0.0, 0.0
	last := len(r.Program.Steps) - 1
	scale := r.Program.Values[r.Program.Outputs[0]].Scale
	f := r.Formats.Input
	for _, x := range samples {
		want, err := r.Model.Run(x)
		if err != nil {
			t.Fatal(err)
		}
		got := r.Program.Eval(f.Encode(x[0]))[0][0]
		wrong += math.Abs(float64(float64(got)*scale) - want[0][0])
		largest = math.Max(largest, math.Abs(want[0][0]))
	}
	if want := wrong / largest / float64(len(samples)); math.Abs(e.Steps[last].Error-want) > 1e-12 {
		t.Errorf("the output has the error %g, want %g", e.Steps[last].Error, want)
	}
	for i, at := range e.Steps {
		if at == nil || at.Added <= 0 || at.Error <= 0 || at.Added > 0.01 {
			t.Errorf("step %d (%s): %+v", i, r.Program.Steps[i].Node, at)
		}
	}
	if in := e.Inputs[0]; in.Added <= 0 || in.Added != in.Error || in.Added > f.Scale/2 {
		t.Errorf("the input: %+v, and steps of %g", in, f.Scale)
	}
}

// TestExplainExact: what only copies and counts adds nothing.
func TestExplainExact(t *testing.T) {
	g := newNetwork(sizes(1, 4)...)
	g.Inputs[0].DType = graph.Int32
	g.node("Add", "s", nil, "x", "x")
	g.node("ReduceMax", "y", nil, "s")
	var samples []compiler.Sample
	for k := range 60 {
		samples = append(samples, compiler.Sample{{float64(k), 3, -float64(k), 7}})
	}
	_, e := explained(t, g.outputs("y"), samples)
	for i, at := range e.Steps {
		if at != nil && (at.Added != 0 || at.Error != 0) {
			t.Errorf("step %d: %+v", i, *at)
		}
	}
	if e.Samples != 50 {
		t.Errorf("%d samples were run", e.Samples)
	}
}
