package compiler_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
	. "github.com/zkml-go/zkml/testkit/optest"
)

const ml = "ai.onnx.ml"

// floats is an input of so many features.
func floats(name string, features int) graph.Value {
	return graph.Value{Name: name, DType: graph.Float32, Dims: []graph.Dim{{Name: "N"}, {Size: features}}}
}

// stumps are two trees as ai.onnx.ml 5 has them: x1 ≤ 2 or x1 ≤ 5, and x0 ∈ {3, 7}.
func stumps(reads string, changes map[string]any) *graph.Node {
	attrs := map[string]any{
		"n_targets": 1, "tree_roots": []int{0, 2}, "nodes_featureids": []int{1, 1, 0},
		"nodes_modes":  Ints(0, 0, 6).As(graph.Uint8).Const,
		"nodes_splits": Reals([]int{3}, 2, 5, 0).Const, "membership_values": Reals([]int{3}, 7, 3, math.NaN()).Const,
		"nodes_truenodeids": []int{1, 0, 2}, "nodes_trueleafs": []int{0, 1, 1},
		"nodes_falsenodeids": []int{1, 2, 3}, "nodes_falseleafs": []int{1, 1, 1},
		"leaf_targetids": []int{0, 0, 0, 0}, "leaf_weights": Reals([]int{4}, 1, 2, 3, 4).Const,
	}
	for k, v := range changes {
		attrs[k] = v
	}
	return &graph.Node{Name: "trees", Op: "TreeEnsemble", Domain: ml, Opset: 5, Inputs: []string{reads},
		Outputs: []string{"y"}, Attrs: Attrs(attrs)}
}

func standard(op string, attrs map[string]any, out string, in ...string) *graph.Node {
	return &graph.Node{Name: out, Op: op, Opset: 17, Inputs: in, Outputs: []string{out}, Attrs: Attrs(attrs)}
}

// featuresOf gives the features of a graph's only part, as JSON.
func featuresOf(t *testing.T, g *graph.Graph) string {
	t.Helper()
	c, err := compiler.ContentsOf(g)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Parts) != 1 {
		t.Fatalf("%d parts", len(c.Parts))
	}
	text, err := json.Marshal(c.Parts[0].Features)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestContentsOfTrees: sizes, splits, cover and thresholds of an ensemble.
func TestContentsOfTrees(t *testing.T) {
	rates := Reals([]int{3}, 10, 5, 5).Const
	g := &graph.Graph{
		Inputs: []graph.Value{floats("x", 2)}, Outputs: []graph.Value{{Name: "y"}},
		Nodes:    []*graph.Node{stumps("x", map[string]any{"nodes_hitrates": rates})},
		Metadata: map[string]string{"feature_names": `["age", "monthly income"]`},
	}
	c, err := compiler.ContentsOf(g)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"inputs":[{"name":"x","type":"float","shape":["N",2]}],"outputs":[{"name":"y","type":"","shape":[]}],` +
		`"operators":{"TreeEnsemble":1},"parts":[{"node":"trees (TreeEnsemble)","kind":"trees",` +
		`"trees":{"trees":2,"branches":3,"leaves":4,"depths":[{"depth":1,"trees":1},{"depth":2,"trees":1}]},` +
		`"features":[{"name":"age","splits":1,"share":0.3333333333333333,"cover":0.25,"thresholds":[3,7]},` +
		`{"name":"monthly income","splits":2,"share":0.6666666666666666,"cover":0.75,"thresholds":[2,5]}]}]}`
	if string(text) != want {
		t.Errorf("%s\nwant\n%s", text, want)
	}
}

// TestHitRates: rates that are all equal, of another number or not finite say nothing.
func TestHitRates(t *testing.T) {
	for name, rates := range map[string]*graph.Const{
		"equal": Reals([]int{3}, 1, 1, 1).Const, "few": Reals([]int{2}, 1, 2).Const,
		"infinite": Reals([]int{3}, 1, 2, math.Inf(1)).Const,
	} {
		g := &graph.Graph{Inputs: []graph.Value{floats("x", 2)},
			Nodes: []*graph.Node{stumps("x", map[string]any{"nodes_hitrates": rates})}}
		if text := featuresOf(t, g); strings.Contains(text, "cover") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestFeatureNames: what the file's metadata cannot mean is not used, and a note says why.
func TestFeatureNames(t *testing.T) {
	two := []graph.Value{floats("x", 2)}
	for _, c := range []struct {
		text   string
		inputs []graph.Value
		name   string // of the second feature
		note   string
	}{
		{"age, income", two, "income", ""},
		{`["age","in,come"]`, two, "in,come", ""},
		{"age", two, "x[1]", "they are 1, and input x has 2 elements"},
		{"a,b\x1b[31m", two, "x[1]", `holds the character U+001B`},
		{"a,b", []graph.Value{floats("x", 2), floats("z", 2)}, "x[1]", "the model has 2 inputs"},
		{"a,b", []graph.Value{{Name: "x", Dims: []graph.Dim{{Name: "N"}, {Name: "F"}}}}, "x[1]", "has 1 elements"},
	} {
		g := &graph.Graph{Inputs: c.inputs, Nodes: []*graph.Node{stumps("x", nil)},
			Metadata: map[string]string{"feature_names": c.text}}
		got, err := compiler.ContentsOf(g)
		if err != nil {
			t.Fatal(err)
		}
		if name := got.Parts[0].Features[1].Name; name != c.name {
			t.Errorf("%q: %s, want %s", c.text, name, c.name)
		}
		if note := strings.Join(got.Notes, " "); !strings.Contains(note, c.note) || (c.note == "") != (note == "") {
			t.Errorf("%q: %q", c.text, note)
		}
	}
}

// TestWaysOfFeatures: names follow features through nodes that move them or change each by
// itself, and no further.
func TestWaysOfFeatures(t *testing.T) {
	inputs := []graph.Value{floats("a", 1), floats("b", 3), floats("c", 2)}
	join := standard("Concat", map[string]any{"axis": 1}, "all", "a", "b", "c")
	consts := map[string]*graph.Const{
		"two": {DType: graph.Int64, Float: tensor.Of([]float64{3, 0}, 2)},
		"k":   {DType: graph.Float32, Float: tensor.Of([]float64{1 << 52}, 1, 1)},
		"w":   {DType: graph.Float32, Float: tensor.Of([]float64{1, 2, 3, 4}, 2, 2)},
	}
	pick := standard("Gather", map[string]any{"axis": 1}, "picked", "all", "two")
	for _, c := range []struct {
		nodes []*graph.Node
		reads string
		want  string // the two features
	}{
		{[]*graph.Node{join, pick}, "picked", "b[2] a"},
		{[]*graph.Node{join, pick, standard("Cast", map[string]any{"to": 1}, "cast", "picked"),
			standard("Mul", nil, "scaled", "cast", "k")}, "scaled", "b[2] a after Mul"},
		{[]*graph.Node{standard("Concat", map[string]any{"axis": 1}, "both", "k", "a")}, "both", "both[0] both[1]"},
		{[]*graph.Node{standard("Concat", map[string]any{"axis": 1}, "both", "a", "a")}, "both", "a a"},
		{[]*graph.Node{standard("Add", nil, "sum", "c", "c")}, "sum", "sum[0] sum[1]"},
		{[]*graph.Node{standard("MatMul", nil, "first", "c", "w"), standard("MatMul", nil, "mixed", "first", "w")},
			"mixed", "mixed[0] mixed[1]"},
		{[]*graph.Node{standard("Unheard", nil, "strange", "c")}, "strange", "strange[0] strange[1]"},
	} {
		g := &graph.Graph{Inputs: inputs, Consts: consts, Nodes: append(c.nodes, stumps(c.reads, nil))}
		got, err := compiler.ContentsOf(g)
		if err != nil {
			t.Fatal(err)
		}
		p := got.Parts[len(got.Parts)-1]
		text := p.Features[0].Name + " " + p.Features[1].Name
		if len(p.After) > 0 {
			text += " after " + strings.Join(p.After, ", ")
		}
		if text != c.want {
			t.Errorf("%s: %s, want %s", c.reads, text, c.want)
		}
	}
}

// TestOnlyLayer: one layer is a linear model, with what is added behind it; where its sums are
// distances but one constant is another, they are no centroids.
func TestOnlyLayer(t *testing.T) {
	graphOf := func(norm float64) *graph.Graph {
		return &graph.Graph{
			Inputs: []graph.Value{floats("x", 2)},
			Consts: map[string]*graph.Const{
				"w": {DType: graph.Float32, Float: tensor.Of([]float64{1, 2, 3, 4}, 2, 2)},
				"n": {DType: graph.Float32, Float: tensor.Of([]float64{5, norm}, 2)},
			},
			Nodes: []*graph.Node{
				standard("ReduceSumSquare", map[string]any{"axes": []int{1}}, "squares", "x"),
				standard("Gemm", map[string]any{"alpha": -2.0, "transB": 1}, "products", "x", "w"),
				standard("Add", nil, "sums", "products", "squares"), standard("Add", nil, "distances", "n", "sums"),
				standard("ArgMin", map[string]any{"axis": 1}, "label", "distances"),
			},
		}
	}
	want := `[{"name":"x[0]","centroids":[1,3]},{"name":"x[1]","centroids":[2,4]}]`
	if got := featuresOf(t, graphOf(25)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	want = `[{"name":"x[0]","coefficients":[-2,-6]},{"name":"x[1]","coefficients":[-4,-8]}]`
	if got := featuresOf(t, graphOf(26)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestContentsOfDamaged: a part that is damaged is an error with the node; a deep one is not.
func TestContentsOfDamaged(t *testing.T) {
	g := &graph.Graph{Inputs: []graph.Value{floats("x", 2)},
		Nodes: []*graph.Node{stumps("x", map[string]any{"nodes_trueleafs": []int{0, 0, 1}})}}
	if _, err := compiler.ContentsOf(g); err == nil ||
		!strings.HasPrefix(err.Error(), "trees (TreeEnsemble): node 0 is a descendant of itself") {
		t.Error(err)
	}
	const depth = 100_000
	var yes, no, leaves, target []int
	modes, splits := make([]float64, depth), make([]float64, depth)
	for i := range depth {
		yes, no, leaves, target = append(yes, i), append(no, i+1), append(leaves, 1), append(target, 0)
	}
	deep := stumps("x", map[string]any{
		"tree_roots": []int{0}, "nodes_featureids": make([]int, depth), "membership_values": Reals([]int{0}).Const,
		"nodes_modes":       Reals([]int{depth}, modes...).As(graph.Uint8).Const,
		"nodes_splits":      Reals([]int{depth}, splits...).Const,
		"nodes_truenodeids": yes, "nodes_trueleafs": leaves, "nodes_falsenodeids": no,
		"nodes_falseleafs": append(make([]int, depth-1), 1), "leaf_targetids": append(target, 0),
		"leaf_weights": Reals([]int{depth + 1}, make([]float64, depth+1)...).Const,
	})
	c, err := compiler.ContentsOf(&graph.Graph{Inputs: []graph.Value{floats("x", 2)}, Nodes: []*graph.Node{deep}})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(c.Parts[0].Trees.Depths); got != fmt.Sprintf("[{%d 1}]", depth) {
		t.Errorf("depths %s", got)
	}
}
