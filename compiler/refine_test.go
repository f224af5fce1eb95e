package compiler

import (
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/visibility"
)

// perceptron is a graph of two random layers.
func perceptron(rng *rand.Rand, in, hidden, out int) *graph.Graph {
	random := func(shape ...int) *graph.Const {
		w := make([]float64, shape[0]*shape[1])
		for i := range w {
			w[i] = rng.NormFloat64()
		}
		return &graph.Const{DType: graph.Float32, Float: tensor.Of(w, shape...)}
	}
	node := func(op, out string, in ...string) *graph.Node {
		return &graph.Node{Name: out, Op: op, Opset: 17, Inputs: in, Outputs: []string{out}}
	}
	return &graph.Graph{
		Inputs:  []graph.Value{{Name: "x", DType: graph.Float32, Dims: []graph.Dim{{Size: 1}, {Size: in}}}},
		Outputs: []graph.Value{{Name: "y", DType: graph.Float32}},
		Consts:  map[string]*graph.Const{"w": random(in, hidden), "v": random(hidden, out)},
		Nodes:   []*graph.Node{node("MatMul", "a", "x", "w"), node("Relu", "b", "a"), node("MatMul", "y", "b", "v")},
	}
}

// uniformSamples draws samples of one input in [0, 1).
func uniformSamples(rng *rand.Rand, n, size int) []Sample {
	out := make([]Sample, n)
	for i := range out {
		out[i] = Sample{make([]float64, size)}
		for k := range out[i][0] {
			out[i][0][k] = rng.Float64()
		}
	}
	return out
}

// newFinder is a search's state for a graph whose class is revealed.
func newFinder(t *testing.T, g *graph.Graph, samples []Sample, target Target) *finder {
	t.Helper()
	m, err := NewModel(g, ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Lower()
	if err != nil {
		t.Fatal(err)
	}
	appendArgMax(p, 0)
	if err := Optimise(p); err != nil {
		t.Fatal(err)
	}
	r := &Result{Model: m, IR: p}
	o := Options{Samples: samples, Target: target, Reveal: visibility.Class, Progress: func(string, int, int) {}}
	j, err := r.newJudge(o, samples)
	if err != nil {
		t.Fatal(err)
	}
	return r.finder(o, j)
}

// TestRefineLeavesNoFreeBits searches formats of a network: refining costs no
// padded row and keeps the target, its result is less noisy than what it began
// with, and no neighbour is better.
func TestRefineLeavesNoFreeBits(t *testing.T) {
	rng := rand.New(rand.NewSource(5))
	samples := uniformSamples(rng, 200, 20)
	target := Target{Top1: 0.9}
	f := newFinder(t, perceptron(rng, 20, 12, 5), samples, target)
	start, err := f.start()
	if err != nil {
		t.Fatal(err)
	}
	f.descendAll(start)
	before := f.best
	if err := f.refine(); err != nil {
		t.Fatal(err)
	}
	best := f.best
	if best == before || best.noise >= before.noise || best.cost.PaddedRows() > before.cost.PaddedRows() ||
		!target.Met(best.report) {
		t.Fatalf("%s (noise %g, %d padded rows, top1 %g) was refined to %s (noise %g, %d padded rows, top1 %g)",
			before.knobs, before.noise, before.cost.PaddedRows(), before.report.Top1, best.knobs, best.noise,
			best.cost.PaddedRows(), best.report.Top1)
	}
	for _, n := range f.neighbours(best) {
		if f.consider(n); f.best != best {
			t.Fatalf("%s is better than %s", n.knobs, best.knobs)
		}
	}
}

// TestScoresOfClass checks that the noise of a classifier is that of the scores
// behind its class.
func TestScoresOfClass(t *testing.T) {
	f := newFinder(t, perceptron(rand.New(rand.NewSource(1)), 3, 4, 2), []Sample{{{0, 0.5, 1}}}, Target{Top1: 0.5})
	last := f.r.IR.Steps[len(f.r.IR.Steps)-1]
	if _, class := last.Kind.(*ir.ArgMax); !class || f.scores.of[0] != last.In[0] || len(f.scores.want[0][0]) != 2 {
		t.Fatalf("scores are value %d with %v of a program that ends in %s", f.scores.of, f.scores.want, last.Kind)
	}
	coarse, err := f.try(f.uniformKnobs(3))
	if err != nil {
		t.Fatal(err)
	}
	fine, err := f.try(f.uniformKnobs(12))
	if err != nil {
		t.Fatal(err)
	}
	if fine.noise <= 0 || fine.noise >= coarse.noise/10 {
		t.Errorf("noise is %g with 3 bits and %g with 12", coarse.noise, fine.noise)
	}
}
