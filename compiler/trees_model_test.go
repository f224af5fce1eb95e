package compiler_test

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

// stumpModel is a model of one test with votes for two classes, with changes.
func stumpModel(changes map[string]any) *graph.Graph {
	attrs := map[string]any{
		"nodes_treeids": []int{0, 0, 0}, "nodes_nodeids": []int{0, 1, 2}, "nodes_featureids": []int{0, 0, 0},
		"nodes_modes": []string{"BRANCH_LEQ", "LEAF", "LEAF"}, "nodes_values": []float64{1, 0, 0},
		"nodes_truenodeids": []int{1, 0, 0}, "nodes_falsenodeids": []int{2, 0, 0},
		"class_ids": []int{0, 0}, "class_weights": []float64{-1, 1},
		"class_treeids": []int{0, 0}, "class_nodeids": []int{1, 2},
	}
	maps.Copy(attrs, changes)
	g := newNetwork(sizes(1, 1)...)
	g.Nodes = []*graph.Node{{Name: "trees", Op: "TreeEnsembleClassifier", Domain: "ai.onnx.ml", Opset: 3,
		Attrs: optest.Attrs(attrs), Inputs: []string{"x"}, Outputs: []string{"label", "scores"}}}
	g.Outputs = []graph.Value{{Name: "label", DType: graph.Int64}, {Name: "scores", DType: graph.Float32}}
	return &g.Graph
}

// TestLabelsRefused: a label that cannot be read leaves the scores to be proved.
func TestLabelsRefused(t *testing.T) {
	rows := []struct {
		name    string
		changes map[string]any
		want    string
	}{
		{"numbers", map[string]any{"classlabels_int64s": []int{3, 5}}, ""},
		{"words", map[string]any{"classlabels_strings": []string{"no", "yes"}}, "its nodes compute string"},
		{"one class", map[string]any{"classlabels_int64s": []int{1}}, "output label: for a single class"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			if _, err := compiler.NewModel(stumpModel(r.changes), compiler.ModelOptions{}); !refused(t, err, r.want) {
				return
			}
			m, err := compiler.NewModel(stumpModel(r.changes), compiler.ModelOptions{Outputs: []string{"scores"}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.Lower(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestTreesWithinBudget refuses outputs that a few bytes of a file ask for.
func TestTreesWithinBudget(t *testing.T) {
	attrs := map[string]any{
		"n_targets": int64(1 << 40), "tree_roots": []int{0}, "nodes_featureids": []int{0},
		"nodes_modes": optest.Ints(0).As(graph.Uint8).Const, "nodes_splits": optest.Reals([]int{1}, 1).Const,
		"nodes_truenodeids": []int{0}, "nodes_trueleafs": []int{1}, "nodes_falsenodeids": []int{1},
		"nodes_falseleafs": []int{1}, "leaf_targetids": []int{0, 0}, "leaf_weights": optest.Reals([]int{2}, 1, 2).Const,
	}
	for rows, want := range map[int]string{1: "elements of all values", 1 << 20: "at most 262144 are supported"} {
		g := newNetwork(sizes(rows, 1)...)
		g.Nodes = []*graph.Node{{Name: "trees", Op: "TreeEnsemble", Domain: "ai.onnx.ml", Opset: 5,
			Attrs: optest.Attrs(attrs), Inputs: []string{"x"}, Outputs: []string{"y"}}}
		_, err := compiler.NewModel(g.outputs("y"), compiler.ModelOptions{})
		refused(t, err, want)
	}
}

// TestLabelsBySums decides labels by sums of leaves to the last bit, whatever the bits of
// activations and whichever side of half a vote samples show.
func TestLabelsBySums(t *testing.T) {
	for name, c := range map[string]struct {
		rows  int
		votes []float64
	}{
		"beyond samples": {1, []float64{0.2503, 0.7501}}, "thirds": {1, []float64{1. / 3, 2. / 3}},
		"close": {1, []float64{0.4999, 0.5001}}, "a vote": {1, []float64{0, 1}}, "rows": {2, []float64{0.2503, 0.7501}},
	} {
		t.Run(name, func(t *testing.T) {
			g := stumpModel(map[string]any{"class_weights": c.votes, "classlabels_int64s": []int{0, 1}})
			g.Inputs = newNetwork(sizes(c.rows, 1)...).Inputs
			low, high := slices.Repeat([]float64{1}, c.rows), slices.Repeat([]float64{2}, c.rows)
			r := mustCompile(t, g, compiler.Options{Reveal: visibility.Scores, Target: compiler.Target{Bits: 8},
				Samples: []compiler.Sample{{low}}, Inputs: map[string]compiler.InputFormat{"x": {Bits: 2, Scale: 1}}})
			for label, x := range [][]float64{low, high} {
				out := r.Program.Eval(r.Formats.Input.Encode(x))
				if want := slices.Repeat([]int64{int64(label)}, c.rows); !slices.Equal(out[0], want) {
					t.Errorf("labels of %v are %v", x, out[0])
				}
				scale := r.Program.Values[r.Program.Outputs[1]].Scale
				if d := math.Abs(float64(float64(out[1][1])*scale) - c.votes[label]); d > 1e-8 {
					t.Errorf("the score of %v is %g off", x, d)
				}
			}
		})
	}
}
