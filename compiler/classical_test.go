package compiler_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/testkit/optest"
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

// TestTextLabels proves labels that are texts as numbers of classes, each with its text.
func TestTextLabels(t *testing.T) {
	texts, others := []string{"a", "b \"c\"", "ü"}, []visibility.Text{{Number: 1, Text: "3"}, {Number: 2, Text: "-11"}}
	of := []visibility.Text{{Number: 0, Text: "a"}, {Number: 1, Text: "b \"c\""}, {Number: 2, Text: "ü"}}
	cases := []struct {
		name    string
		labels  graph.Attr
		reveals map[string]visibility.Reveal
		copied  bool
		want    []visibility.Text
	}{
		{"labels", graph.Attr{Strings: texts}, nil, false, of},
		{"by class", graph.Attr{Strings: texts}, reveals("raw", "class"), false, of},
		{"a copy", graph.Attr{Strings: texts}, nil, true, of},
		{"numbers by class", graph.Attr{Ints: []int64{7, 3, -11}}, reveals("label", "class"), false,
			append([]visibility.Text{{Number: 0, Text: "7"}}, others...)},
		{"numbers of classes", graph.Attr{Ints: []int64{0, 1, 2}}, reveals("label", "class"), false, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := classifierGraph(c.labels)
			if g.Outputs[0].DType = ""; c.copied {
				g.Nodes = append(g.Nodes, &graph.Node{Name: "copy", Op: "Identity", Opset: 17, Inputs: []string{"raw"},
					Outputs: []string{"label"}})
				g.Outputs[0].Name = "label"
			}
			r := mustCompile(t, g, compiler.Options{
				Reveal: visibility.Scores, Reveals: c.reveals, Target: compiler.Target{Top1: 1},
				Samples: []compiler.Sample{{{0, -2}}, {{1, 2}}, {{-1, 0.5}}},
			})
			out := r.Statement.Layout.Outputs()[0]
			if !out.Classes || out.ClassCount != 3 || !slices.Equal(out.Texts, c.want) {
				t.Fatalf("the label is %+v", out.Tensor)
			}
			if report := r.Report.Outputs[0]; !report.Classes || report.Top1 != 1 {
				t.Errorf("the label's report is %+v", report)
			}
			if got := r.Program.Eval(r.Formats.Input.Encode([]float64{0, -2})); got[0][0] != 2 {
				t.Errorf("class %d, want 2", got[0][0])
			}
			again, err := compiler.NewModel(g, compiler.OptionsOf(r.Statement.Layout))
			if err != nil {
				t.Fatal(err)
			}
			if y, err := again.Run(compiler.Sample{{0, -2}}); err != nil || y[0][0] != 2 {
				t.Errorf("the float model has the class %v, error %v", y, err)
			}
		})
	}
}

// TestPickedTextLabels proves labels that the number of a class picks from a row of texts, as
// skl2onnx writes naive Bayes, bagging and AdaBoost.
func TestPickedTextLabels(t *testing.T) {
	for _, reveal := range []visibility.Reveal{visibility.Scores, visibility.Class} {
		n := newNetwork(graph.Dim{Size: 1}, graph.Dim{Size: 3})
		n.node("ArgMax", "best", optest.Attrs(map[string]any{"axis": 1}), "x")
		n.Consts["classes"] = &graph.Const{DType: graph.Text, Float: tensor.Of([]float64{0, 1, 2}, 3),
			Texts: []string{"low", "mid", "a, b"}}
		n.node("ArrayFeatureExtractor", "label", nil, "classes", "best")
		last := n.Nodes[len(n.Nodes)-1]
		last.Domain, last.Opset = "ai.onnx.ml", 1
		n.Outputs = []graph.Value{{Name: "label", DType: graph.Text}}
		input := []float64{1, 2, 3}
		r := mustCompile(t, &n.Graph, compiler.Options{Reveal: reveal, Target: compiler.Target{Bits: 8},
			Samples: compiler.Samples([][]float64{input, {3, 2, 1}, {1, 3, 2}})})
		want := []visibility.Text{{Number: 0, Text: "low"}, {Number: 1, Text: "mid"}, {Number: 2, Text: "a, b"}}
		if out := r.Statement.Layout.Outputs()[0]; !slices.Equal(out.Texts, want) {
			t.Errorf("%v: the texts are %+v", reveal, out.Texts)
		}
		if got := r.Program.Eval(r.Formats.Input.Encode(input)); got[0][0] != 2 {
			t.Errorf("%v: class %d, want 2", reveal, got[0][0])
		}
	}
}

// TestScoresByLabels names the class of scores whose columns have labels.
func TestScoresByLabels(t *testing.T) {
	g := classifierGraph(graph.Attr{Strings: []string{"a", "b", "c"}})
	g.Nodes[2].Attrs = map[string]graph.Attr{"classlabels_strings": {Strings: []string{"a", "b", "c"}}}
	r := mustCompile(t, g, compiler.Options{
		Reveal: visibility.Class, Model: compiler.ModelOptions{Outputs: []string{"probabilities"}},
	})
	out := r.Statement.Layout.Outputs()[0]
	if text, _ := out.Label(2); !out.Classes || text != "c" {
		t.Errorf("the class is %+v", out.Tensor)
	}
}

// TestLabelsShown refuses labels that cannot be told apart, or that no terminal should show.
func TestLabelsShown(t *testing.T) {
	for want, labels := range map[string]graph.Attr{
		`the text "a" is listed twice; leave it out`:         {Strings: []string{"a", "a", "b"}},
		"holds the character U+001B, which is not printable": {Strings: []string{"a", "\x1b[2J", "b"}},
		"is not UTF-8":           {Strings: []string{"a", "\xff", "b"}},
		"1025 bytes of one text": {Strings: []string{"a", strings.Repeat("b", 1025), "c"}},
	} {
		g := classifierGraph(labels)
		g.Outputs[0].DType = graph.Text
		_, err := compiler.Compile(g, compiler.Options{Reveal: visibility.Scores})
		refused(t, err, want)
		mustCompile(t, g, compiler.Options{Reveal: visibility.Scores, Reveals: reveals("raw", "none")})
	}
}

// TestMaps refuses maps that no ZipMap makes.
func TestMaps(t *testing.T) {
	g := classifierGraph(graph.Attr{Ints: []int64{0, 1, 2}})
	g.Nodes[2].Op = "Identity"
	g.Nodes[2].Domain = ""
	_, err := compiler.Compile(g, compiler.Options{Reveal: visibility.Scores})
	refused(t, err, "it is of type sequence of maps, and no tensor of numbers")
}
