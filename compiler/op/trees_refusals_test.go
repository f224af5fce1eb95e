package op_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// stumpOf is a tree of one test, with votes for the first of two classes, and changes.
func stumpOf(changes map[string]any) Case {
	all := map[string]any{
		"nodes_treeids": []int{0, 0, 0}, "nodes_nodeids": []int{0, 1, 2}, "nodes_featureids": []int{0, 0, 0},
		"nodes_modes": []string{"BRANCH_LEQ", "LEAF", "LEAF"}, "nodes_values": []float64{1, 0, 0},
		"nodes_truenodeids": []int{1, 0, 0}, "nodes_falsenodeids": []int{2, 0, 0},
		"classlabels_int64s": []int{0, 1}, "class_ids": []int{0, 0}, "class_weights": []float64{0.5, 0.75},
		"class_treeids": []int{0, 0}, "class_nodeids": []int{1, 2},
	}
	maps.Copy(all, changes)
	return Case{Op: "TreeEnsembleClassifier", Domain: "ai.onnx.ml", Opset: 3, Attrs: Attrs(all), In: []Input{Var(1, 1)},
		Outputs: 2, Reads: 1}
}

// chainOf is a tree of 5 nodes: node 0 tests, then node 2; nodes 1, 3 and 4 are leaves.
func chainOf(changes map[string]any) Case {
	all := map[string]any{
		"nodes_treeids": []int{0, 0, 0, 0, 0}, "nodes_nodeids": []int{0, 1, 2, 3, 4},
		"nodes_featureids": []int{0, 0, 0, 0, 0},
		"nodes_modes":      []string{"BRANCH_EQ", "LEAF", "BRANCH_EQ", "LEAF", "LEAF"},
		"nodes_values":     []float64{1, 0, 2, 0, 0}, "nodes_truenodeids": []int{1, 0, 3, 0, 0},
		"nodes_falsenodeids": []int{2, 0, 4, 0, 0}, "class_ids": []int{0, 0, 0},
		"class_weights": []float64{0.5, 0.75, 1},
		"class_treeids": []int{0, 0, 0}, "class_nodeids": []int{1, 3, 4},
	}
	maps.Copy(all, changes)
	return stumpOf(all)
}

// several is the stump with other votes of three leaves' classes.
func several(classes int, ids []int, nodes []int, changes map[string]any) Case {
	all := map[string]any{"class_ids": ids, "class_nodeids": nodes, "class_treeids": make([]int, len(ids)),
		"class_weights": make([]float64, len(ids)), "classlabels_int64s": make([]int, classes)}
	maps.Copy(all, changes)
	return stumpOf(all)
}

// reads is a case that reads an output.
func reads(c Case, output int) Case {
	c.Reads = output
	return c
}

var treeRefusals = []struct {
	Case
	says string
}{
	{stumpOf(map[string]any{"nodes_values": []float64{1, 0}}),
		"attribute nodes_values has 2 entries, and nodes_nodeids has 3"},
	{stumpOf(map[string]any{"nodes_missing_value_tracks_true": []int{1}}),
		"nodes_missing_value_tracks_true has 1 entries"},
	{stumpOf(map[string]any{"nodes_values_as_tensor": Reals([]int{1}, 1).Const}),
		"both nodes_values and nodes_values_as_tensor are given"},
	{stumpOf(map[string]any{"class_weights": []float64{1}}),
		"attribute class_weights has 1 entries, and class_ids has 2"},
	{stumpOf(map[string]any{"nodes_values": []float64{nan, 0, 0}}),
		"attribute nodes_values: entry 0 is NaN or infinite"},
	{stumpOf(map[string]any{"class_weights": []float64{1, inf}}),
		"attribute class_weights: entry 1 is NaN or infinite"},
	{stumpOf(map[string]any{"nodes_modes": []string{"BRANCH_MEMBER", "LEAF", "LEAF"}}),
		`node 0 of tree 0: attribute nodes_modes has "BRANCH_MEMBER"`},
	{stumpOf(map[string]any{"nodes_nodeids": []int{0, 1, 1}}), "attribute nodes_nodeids lists node 1 of tree 0 twice"},
	{stumpOf(map[string]any{"nodes_featureids": []int{-1, 0, 0}}), "nodes_featureids has -1, which is negative"},
	{stumpOf(map[string]any{"nodes_featureids": []int{1, 0, 0}}),
		"node 0 of tree 0: attribute nodes_featureids has 1, and the input has 1 features"},
	{stumpOf(map[string]any{"nodes_truenodeids": []int{7, 0, 0}}),
		"nodes_truenodeids names node 7, which the tree has not"},
	{stumpOf(map[string]any{"nodes_falsenodeids": []int{-1, 0, 0}}), "nodes_falsenodeids names node -1"},
	{stumpOf(map[string]any{"nodes_falsenodeids": []int{1, 0, 0}}), "node 2 of tree 0 is reached from no root"},
	{stumpOf(map[string]any{"nodes_truenodeids": []int{0, 0, 0}}), "node 0 of tree 0 is a descendant of itself"},
	{stumpOf(map[string]any{"class_ids": []int{0, 2}}), "node 2 of tree 0: attribute class_ids has 2"},
	{stumpOf(map[string]any{"class_nodeids": []int{1, 3}}), "entry 1 names node 3 of tree 0, which is not there"},
	{stumpOf(map[string]any{"class_nodeids": []int{1, 1}}),
		"node 2 of tree 0 is a leaf, and attribute class_nodeids gives"},
	{stumpOf(map[string]any{"classlabels_strings": []string{"a", "b"}}),
		"one of the attributes classlabels_int64s and"},
	{stumpOf(map[string]any{"classlabels_int64s": []int{}}), "one of the attributes classlabels_int64s and"},
	{stumpOf(map[string]any{"post_transform": "NORM"}), `post_transform is "NORM"`},
	{stumpOf(map[string]any{"post_transform": "PROBIT"}), "PROBIT"},
	{stumpOf(map[string]any{"base_values": []float64{1, 2}}), "attribute base_values has 2 entries"},
	{chainOf(map[string]any{"nodes_truenodeids": []int{1, 0, 0, 0, 0}}), "node 0 of tree 0 is a descendant of itself"},
	{chainOf(map[string]any{"nodes_falsenodeids": []int{2, 0, 1, 0, 0}}), "node 1 of tree 0 has 2 parents"},
	{chainOf(map[string]any{"nodes_falsenodeids": []int{3, 0, 0, 0, 0}, "nodes_truenodeids": []int{1, 0, 2, 0, 0}}),
		"node 2 of tree 0 is reached from no root"},
	{chainOf(map[string]any{"nodes_featureids": []int{0, 0, 3, 0, 0}}),
		"node 2 of tree 0: attribute nodes_featureids has 3, and the input has 1 features"},
	{chainOf(map[string]any{"nodes_treeids": []int{0, 0, 1, 0, 0}}),
		"attribute nodes_treeids lists tree 0 in two parts"},
	{reads(several(2, []int{0, 0, 1, 1}, []int{1, 2, 1, 2}, nil), 0),
		"output y0: for two classes with weights each onnxruntime's label is 1 where the second score is positive"},
	{reads(several(2, []int{0, 0, 1, 1}, []int{1, 2, 1, 2}, map[string]any{"classlabels_int64s": []int{0, 2}}), 0),
		"output y0: for two classes with weights each"},
	{reads(several(1, []int{0, 0}, []int{1, 2}, nil), 0),
		"output y0: for a single class onnxruntime's labels are 0 and 1"},
	{several(2, []int{0, 1}, []int{1, 2}, nil), "only some leaves of each tree have a weight of the second class"},
	{several(1, []int{0, 0, 0}, []int{1, 2, 2}, nil), "gives the leaf 2 weights for one output"},
	{several(3, []int{0, 1}, []int{1, 2}, map[string]any{"base_values": []float64{1}}),
		"attribute base_values has 1 entries; supported are 0 or 3"},
	{reads(several(3, []int{0, 1}, []int{1, 2}, nil), 0), "class 0 has weights in some leaves only"},
	{several(2, []int{0, 0, 1}, []int{1, 2, 0}, nil), "gives branches weights of a class for which leaves have none"},
	{Case{Op: "TreeEnsembleClassifier", Domain: "ai.onnx.ml", Opset: 3, Attrs: stumpOf(nil).Attrs, Outputs: 2,
		In: []Input{Var(1)}}, "supported is [rows, features]"},
	{Case{Op: "TreeEnsembleClassifier", Domain: "ai.onnx.ml", Opset: 3, Attrs: stumpOf(nil).Attrs, Outputs: 2,
		In: []Input{Var(1, 1).As(graph.Bool)}}, "the input is of type bool"},
	{stumpOf(map[string]any{"nodes_values": []float64{},
		"nodes_values_as_tensor": Reals([]int{3}, 1, 0, 0).As(graph.Float64).Const}), "both have to be double"},
}

// TestTreeRefusals gives an ensemble of lists each fault that a file could have.
func TestTreeRefusals(t *testing.T) {
	for _, c := range treeRefusals {
		t.Run(c.says, func(t *testing.T) { refusesTree(t, c.Case, c.says) })
	}
}

func refusesTree(t *testing.T, c Case, says string) {
	t.Helper()
	_, err := c.Program()
	if err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("%v, want %q", err, says)
	}
	if err != nil && !strings.HasPrefix(err.Error(), "subject ("+c.Op+"): ") {
		t.Errorf("%v does not name the node first", err)
	}
}
