package compiler_test

import (
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// classifierGraph is what skl2onnx writes of a logistic regression of two features.
func classifierGraph(labels graph.Attr) *graph.Graph {
	n := newNetwork(graph.Dim{Name: "?"}, graph.Dim{Size: 2})
	name := "classlabels_ints"
	if labels.Strings != nil {
		name = "classlabels_strings"
	}
	n.Nodes = []*graph.Node{
		{Name: "model", Op: "LinearClassifier", Inputs: []string{"x"}, Outputs: []string{"raw", "scores"},
			Attrs: map[string]graph.Attr{
				"coefficients": {Floats: []float64{1, 2, -1, 0.5, 0.25, -2}},
				"intercepts":   {Floats: []float64{0.5, 0, -0.25}}, "post_transform": {String: "SOFTMAX"}, name: labels,
			}},
		{Name: "norm", Op: "Normalizer", Inputs: []string{"scores"}, Outputs: []string{"normed"},
			Attrs: map[string]graph.Attr{"norm": {String: "L1"}}},
		{Name: "zip", Op: "ZipMap", Inputs: []string{"normed"}, Outputs: []string{"probabilities"},
			Attrs: map[string]graph.Attr{"classlabels_int64s": {Ints: []int64{0, 1, 2}}}},
	}
	for _, node := range n.Nodes {
		node.Domain, node.Opset = "ai.onnx.ml", 1
	}
	label := "raw"
	if labels.Strings == nil {
		label = n.node("Cast", "label", map[string]graph.Attr{"to": {Int: 7}}, "raw")
	}
	n.Outputs = []graph.Value{
		{Name: label, DType: graph.Int64}, {Name: "probabilities", DType: graph.Maps},
	}
	return &n.Graph
}

// TestClassifier proves the label and the scores of a classifier, each by its reveal.
func TestClassifier(t *testing.T) {
	cases := []struct {
		name    string
		labels  []int64
		reveals map[string]visibility.Reveal
		want    int64
		classes bool
	}{
		{"numbers of classes", []int64{0, 1, 2}, nil, 2, true},
		{"a class", []int64{0, 1, 2}, reveals("label", "class"), 2, true},
		{"labels", []int64{7, 3, -11}, nil, -11, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := mustCompile(t, classifierGraph(graph.Attr{Ints: c.labels}), compiler.Options{
				Reveal: visibility.Scores, Reveals: c.reveals, Target: compiler.Target{Top1: 1},
				Samples: []compiler.Sample{{{0, -2}}, {{1, 2}}, {{-1, 0.5}}},
			})
			outputs := r.Statement.Layout.Outputs()
			if len(outputs) != 2 || outputs[0].Classes != c.classes || !slices.Equal(outputs[1].Shape, []int{1, 3}) {
				t.Fatalf("outputs %v", outputs)
			}
			if report := r.Report.Outputs[0]; !report.Classes || report.Top1 != 1 {
				t.Errorf("the label's report is %+v", report)
			}
			input := r.Formats.Input.Encode([]float64{0, -2})
			out := r.Program.Eval(input)
			if out[0][0] != c.want {
				t.Errorf("label %d, want %d", out[0][0], c.want)
			}
			circuittest.Compile(t, r.Statement).Accepts(input, slices.Concat(out...))
		})
	}
}

// TestTextLabels proves the scores of a classifier whose labels are text, and refuses
// its labels.
func TestTextLabels(t *testing.T) {
	texts := graph.Attr{Strings: []string{"a", "b", "c"}}
	scores := compiler.Options{Reveal: visibility.Scores, Reveals: reveals("raw", "none")}
	mustCompile(t, classifierGraph(texts), scores)
	for _, declared := range []graph.DType{graph.Text, ""} {
		g := classifierGraph(texts)
		g.Outputs[0].DType = declared
		_, err := compiler.Compile(g, compiler.Options{Reveal: visibility.Scores})
		refused(t, err, "the scores of a classifier can be; leave it out with option Reveals raw=none")
	}
	g := classifierGraph(texts)
	g.Nodes = append(g.Nodes, &graph.Node{Name: "copy", Op: "Identity", Opset: 17, Inputs: []string{"raw"},
		Outputs: []string{"label"}})
	g.Outputs[0] = graph.Value{Name: "label"}
	_, err := compiler.Compile(g, compiler.Options{Reveal: visibility.Scores})
	refused(t, err, "copy (Identity): input raw is text")
}

// TestMaps refuses maps that no ZipMap makes.
func TestMaps(t *testing.T) {
	g := classifierGraph(graph.Attr{Ints: []int64{0, 1, 2}})
	g.Nodes[2].Op = "Identity"
	g.Nodes[2].Domain = ""
	_, err := compiler.Compile(g, compiler.Options{Reveal: visibility.Scores})
	refused(t, err, "it is of type sequence of maps, and no tensor of numbers")
}
