package compiler_test

import (
	"maps"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/optest"
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
		{"words", map[string]any{"classlabels_strings": []string{"no", "yes"}}, "of type string"},
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
		"n_targets": 1 << 40, "tree_roots": []int{0}, "nodes_featureids": []int{0},
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
