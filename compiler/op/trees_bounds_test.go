package op_test

import (
	"fmt"
	"maps"
	"math"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	. "github.com/zkml-go/zkml/testkit/optest"
)

var nan, inf = math.NaN(), math.Inf(1)

// indexedOf is a test of two leaves as ai.onnx.ml 5 writes it, with changes.
func indexedOf(changes map[string]any) Case {
	all := map[string]any{
		"n_targets": 1, "tree_roots": []int{0}, "nodes_featureids": []int{0},
		"nodes_modes": Ints(0).As(graph.Uint8).Const, "nodes_splits": Reals([]int{1}, 1).Const,
		"nodes_truenodeids": []int{0}, "nodes_trueleafs": []int{1}, "nodes_falsenodeids": []int{1},
		"nodes_falseleafs": []int{1}, "leaf_targetids": []int{0, 0}, "leaf_weights": Reals([]int{2}, 5, -3).Const,
	}
	maps.Copy(all, changes)
	return Case{Op: "TreeEnsemble", Domain: "ai.onnx.ml", Opset: 5, Attrs: Attrs(all), In: []Input{Var(1, 1)}}
}

// members makes the test one for members.
func members(values ...float64) map[string]any {
	return map[string]any{"nodes_modes": Ints(6).As(graph.Uint8).Const,
		"membership_values": Reals([]int{len(values)}, values...).Const}
}

// pairOf is a node above another one, and what its false side names.
func pairOf(no, noLeaf int) map[string]any {
	return map[string]any{
		"nodes_featureids": []int{0, 0, 0}, "nodes_modes": Ints(0, 0, 0).As(graph.Uint8).Const,
		"nodes_splits": Reals([]int{3}, 1, 2, 3).Const, "nodes_truenodeids": []int{1, 0, 1},
		"nodes_trueleafs": []int{0, 1, 0}, "nodes_falsenodeids": []int{no, 1, 1},
		"nodes_falseleafs": []int{noLeaf, 1, 1},
	}
}

// TestIndexedRefusals gives an ensemble of positions each fault that a file could have.
func TestIndexedRefusals(t *testing.T) {
	tests := []struct {
		changes map[string]any
		says    string
	}{
		{map[string]any{"n_targets": 0}, "attribute n_targets is 0"},
		{map[string]any{"tree_roots": []int{}}, "attribute tree_roots is empty"},
		{map[string]any{"tree_roots": []int{1}}, "attribute tree_roots has 1, and there are 1 nodes"},
		{map[string]any{"nodes_splits": Reals([]int{2}, 1, 2).Const}, "attribute nodes_splits has 2 entries"},
		{map[string]any{"nodes_splits": Reals([]int{1}, nan).Const}, "node 0: attribute nodes_splits has NaN"},
		{map[string]any{"leaf_weights": Reals([]int{2}, 1, inf).Const}, "leaf 1: attribute leaf_weights has +Inf"},
		{map[string]any{"leaf_weights": Reals([]int{1}, 1).Const}, "attribute leaf_weights has 1 entries"},
		{map[string]any{"leaf_targetids": []int{0, 1}}, "leaf 1: attribute leaf_targetids has 1, and n_targets is 1"},
		{map[string]any{"nodes_modes": Ints(7).As(graph.Uint8).Const}, "node 0: attribute nodes_modes has 7"},
		{map[string]any{"nodes_featureids": []int{-2}}, "attribute nodes_featureids has -2, which is negative"},
		{map[string]any{"nodes_truenodeids": []int{2}}, "node 0: attribute nodes_truenodeids has 2, and there are 2"},
		{map[string]any{"nodes_trueleafs": []int{0}}, "node 0 is a descendant of itself"},
		{map[string]any{"nodes_truenodeids": []int{1}}, "with leaf 1 on both sides, where leaf 0 is expected"},
		{map[string]any{"nodes_falsenodeids": []int{0}}, "leaf 1 is reached from no root"},
		{map[string]any{"aggregate_function": 4}, "attribute aggregate_function is 4; supported are 0 to 3"},
		{map[string]any{"post_transform": 1}, "attribute post_transform is 1; supported are 0 (NONE), 3"},
		{map[string]any{"aggregate_function": 2, "n_targets": 2, "leaf_targetids": []int{0, 1}},
			"no tree has a weight of target 0 in all its leaves"},
		{pairOf(1, 0),
			"node 0: attribute nodes_falsenodeids names node 1, which nodes_truenodeids of node 0 names too"},
		{pairOf(2, 0), "node 2: attribute nodes_truenodeids names node 1, which nodes_truenodeids of node 0 names " +
			"too; a node has one parent at most"},
		{members(nan), "node 0 tests for members, and attribute membership_values has none for it"},
		{members(1, inf, nan), "node 0: attribute membership_values has +Inf"},
		{members(1, nan, 2), "attribute membership_values has more sets"},
	}
	for _, c := range tests {
		t.Run(c.says, func(t *testing.T) { refusesTree(t, indexedOf(c.changes), c.says) })
	}
}

// chain is a tree of so many tests, each the child of the one before.
func chain(length int) Case {
	var trees, yes, no, leaves, target, zero []int
	var modes, splits, weights []float64
	for i := range length {
		trees, modes, splits = append(trees, i%2), append(modes, 1), append(splits, float64(i))
		yes, leaves, zero = append(yes, i), append(leaves, 1), append(zero, 0)
		no, target, weights = append(no, i+1), append(target, 0), append(weights, float64(i%7))
	}
	zero[length-1] = 1
	return indexedOf(map[string]any{
		"nodes_featureids": trees, "nodes_modes": Reals([]int{length}, modes...).As(graph.Uint8).Const,
		"nodes_splits":      Reals([]int{length}, splits...).Const,
		"nodes_truenodeids": yes, "nodes_trueleafs": leaves, "nodes_falsenodeids": no, "nodes_falseleafs": zero,
		"leaf_targetids": append(target, 0), "leaf_weights": Reals([]int{length + 1}, append(weights, 9)...).Const,
	})
}

// TestTreeBounds takes a tree of any depth, and refuses one of too many nodes.
func TestTreeBounds(t *testing.T) {
	deep := chain(100_000)
	deep.In = []Input{Var(1, 2)}
	p, err := deep.Program()
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Run([]float64{5e5, 5e5})[p.Outputs[0]][0]; got != 9 {
		t.Errorf("the deepest leaf is %v, want 9", got)
	}
	refusesTree(t, chain(1<<18), fmt.Sprintf("%d nodes of decision trees; at most %d are supported", 1<<19+2, 1<<19))
	roots := indexedOf(map[string]any{"tree_roots": make([]int, 1<<19)})
	refusesTree(t, roots, fmt.Sprintf("%d nodes of decision trees", 1<<19+3))
	// Each of many roots is the first node of the same long chain.
	many := chain(10_000)
	many.In = []Input{Var(1, 2)}
	many.Attrs["tree_roots"] = graph.Attr{Ints: make([]int64, 20_000)}
	refusesTree(t, many, "the node takes more than 134217728 multiplications")
	wide := indexedOf(map[string]any{"aggregate_function": 2, "n_targets": math.MaxInt})
	refusesTree(t, wide, "terms of linear layers")
}

// TestShared counts tests, nodes and leaves: equal ones are there once.
func TestShared(t *testing.T) {
	c := indexedOf(map[string]any{
		"tree_roots": []int{0, 1, 2}, "nodes_featureids": []int{0, 0, 0},
		"nodes_modes":  Ints(0, 3, 0).As(graph.Uint8).Const, // x ≤ 1; x > 1; x ≤ −2
		"nodes_splits": Reals([]int{3}, 1, 1, -2).Const, "nodes_truenodeids": []int{0, 1, 2},
		"nodes_trueleafs": []int{1, 1, 1}, "nodes_falsenodeids": []int{1, 2, 0}, "nodes_falseleafs": []int{1, 1, 1},
		"leaf_targetids": []int{0, 0, 0}, "leaf_weights": Reals([]int{3}, 5, -3, 5).Const,
	})
	p, err := c.Program()
	if err != nil {
		t.Fatal(err)
	}
	splits, trees := p.Steps[0].Kind.(*ir.Splits), p.Steps[1].Kind.(*ir.Trees)
	if len(splits.At) != 1 || len(trees.Nodes) != 1 || len(trees.Leaves) != 2 || len(trees.Roots) != 3 {
		t.Errorf("%v and %v: the first two trees are equal, the third is a leaf", splits, trees)
	}
	if trees.Roots[0] != trees.Roots[1] || trees.Roots[2] >= 0 {
		t.Errorf("roots %v", trees.Roots)
	}
}
