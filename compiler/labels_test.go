package compiler_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

// TestLabelled tells labels from other integers, and from scores.
func TestLabelled(t *testing.T) {
	for file, want := range map[string][]bool{
		"one-class": {true, false}, "isolation": {true, false}, "adaptive": {true, false}, "labels": {true, false},
		"nearest": {true, false}, "bayes": {true, false}, "loan": {true, false}, "clusters": {true, false},
		"svc-rbf": {true, false}, "tree-values": {false}, "bins": {true, false},
	} {
		g, _, err := onnx.Load(filepath.Join("testdata", "classical", file+".onnx"))
		if err != nil {
			t.Fatal(err)
		}
		m, err := compiler.NewModel(g, compiler.ModelOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := m.Labelled(); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v, want %v", file, got, err, want)
		}
	}
}

// decided has the label 7 or −2 by the side of x0, a label of two bits of it, the number of
// elements that are positive, and x0 rounded.
func decided() *network {
	g := newNetwork(sizes(3)...)
	g.constant("zero", graph.Float32, []int{}, 0)
	g.constant("two", graph.Float32, []int{}, 2)
	g.constant("seven", graph.Int64, []int{}, 7)
	g.constant("minus", graph.Int64, []int{}, -2)
	g.constant("first", graph.Int64, []int{1}, 0)
	to := optest.Attrs(map[string]any{"to": 7})
	first := g.node("Gather", "x0", nil, "x", "first")
	up := g.node("Greater", "up", nil, first, "zero")
	g.node("Where", "label", nil, up, "seven", "minus")
	beyond := g.node("Cast", "beyond", to, g.node("Greater", "far", nil, first, "two"))
	g.node("Add", "steps", nil, g.node("Cast", "upward", to, up), beyond)
	positive := g.node("Cast", "positive", to, g.node("Greater", "all", nil, "x", "zero"))
	g.node("ReduceSum", "votes", optest.Attrs(map[string]any{"keepdims": 1}), positive)
	g.node("Cast", "rounded", to, first)
	return g
}

// TestLabelsOfDecisions compares labels, which are equal or not, and counts, which are near.
func TestLabelsOfDecisions(t *testing.T) {
	samples := []compiler.Sample{{{3, 1, -1}}, {{-3, 1, 1}}, {{1, -2, -3}}, {{0.5, 3, 3}}}
	for name, label := range map[string]bool{
		"label": true, "steps": true, "up": true, "votes": false, "rounded": false,
	} {
		t.Run(name, func(t *testing.T) {
			target := compiler.Target{Top1: 1}
			if !label {
				target.Error = 1
			}
			r := mustCompile(t, decided().outputs(name),
				compiler.Options{Reveal: visibility.Scores, Samples: samples, Target: target})
			if of := r.Report.Outputs[0]; of.Classes != label || label && (of.MaxAbsError != 0 || of.Top1 != 1) {
				t.Errorf("%+v", of)
			}
		})
	}
	_, err := compiler.Compile(decided().outputs("votes"),
		compiler.Options{Reveal: visibility.Scores, Samples: samples, Target: compiler.Target{Top1: 1}})
	refused(t, err, "asks for the class of an output that has one element")
}
