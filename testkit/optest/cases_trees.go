package optest

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
)

// stump is a tree of one test, x ≤ 1 where nothing else is said, as attributes of lists; its
// leaves are nodes 1 and 2.
func stump(pairs map[string]any) map[string]graph.Attr {
	all := map[string]any{
		"nodes_treeids": []int{0, 0, 0}, "nodes_nodeids": []int{0, 1, 2}, "nodes_featureids": []int{0, 0, 0},
		"nodes_modes": []string{"BRANCH_LEQ", "LEAF", "LEAF"}, "nodes_values": []float64{1, 0, 0},
		"nodes_truenodeids": []int{1, 0, 0}, "nodes_falsenodeids": []int{2, 0, 0},
	}
	for name, v := range pairs {
		all[name] = v
	}
	return Attrs(all)
}

// votes adds the weights of classes to the stump: each class has one weight a leaf.
func votes(classes []int, weights []float64, pairs map[string]any) map[string]graph.Attr {
	all := map[string]any{"classlabels_int64s": []int{0, 1}, "class_ids": classes, "class_weights": weights}
	var trees, nodes []int
	for i := range classes {
		trees, nodes = append(trees, 0), append(nodes, 1+i%2)
	}
	all["class_treeids"], all["class_nodeids"] = trees, nodes
	for name, v := range pairs {
		all[name] = v
	}
	return stump(all)
}

// weights adds the weights of targets to the stump, as votes does.
func weights(targets []int, values []float64, pairs map[string]any) map[string]graph.Attr {
	all := map[string]any{"n_targets": 1, "target_ids": targets, "target_weights": values}
	var trees, nodes []int
	for i := range targets {
		trees, nodes = append(trees, 0), append(nodes, 1+i%2)
	}
	all["target_treeids"], all["target_nodeids"] = trees, nodes
	for name, v := range pairs {
		all[name] = v
	}
	return stump(all)
}

// three are inputs below, at and beyond the stump's threshold.
var three = Var(3, 1).With(0, 1, 2).In(-1, 3)

// treeClassifierCases are all computed by onnxruntime 1.32.
var treeClassifierCases = []Case{
	{Name: "label at a half", Attrs: votes([]int{0, 0}, []float64{0.5, 0.75}, nil), Shape: []int{3},
		Want: []float64{0, 0, 1}},
	{Name: "scores at a half", Attrs: votes([]int{0, 0}, []float64{0.5, 0.75}, nil), Reads: 1, Shape: []int{3, 2},
		Want: []float64{0.5, 0.5, 0.5, 0.5, 0.25, 0.75}},
	{Name: "label at zero", Attrs: votes([]int{0, 0}, []float64{-0.25, 0.75},
		map[string]any{"classlabels_int64s": []int{10, 20}}), Shape: []int{3}, Want: []float64{10, 10, 20}},
	{Name: "scores at zero", Attrs: votes([]int{0, 0}, []float64{-0.25, 0.75}, nil), Reads: 1, Shape: []int{3, 2},
		Want: []float64{0.25, -0.25, 0.25, -0.25, -0.75, 0.75}},
	{Name: "logistic", Attrs: votes([]int{0, 0}, []float64{-0.3, 0.7}, map[string]any{"post_transform": "LOGISTIC"}),
		Reads: 1, Shape: []int{3, 2},
		Want: []float64{0.574442517, 0.425557483, 0.574442517, 0.425557483, 0.331812228, 0.668187772}},
	{Name: "logistic of positive weights", Attrs: votes([]int{0, 0}, []float64{0.3, 0.7},
		map[string]any{"post_transform": "LOGISTIC", "base_values": []float64{0.25}}), Reads: 1, Shape: []int{3, 2},
		Want: []float64{0.365864409, 0.634135591, 0.365864409, 0.634135591, 0.278884818, 0.721115182}},
	{Name: "base value", Attrs: votes([]int{0, 0}, []float64{0.25, 0.75},
		map[string]any{"base_values": []float64{-0.25}}), Shape: []int{3}, Want: []float64{0, 0, 0}},
	{Name: "second class alone", Attrs: votes([]int{1, 1}, []float64{-0.3, 0.7},
		map[string]any{"post_transform": "SOFTMAX"}), Reads: 1, Shape: []int{3, 2},
		Want: []float64{0.574442517, 0.425557483, 0.574442517, 0.425557483, 0.331812228, 0.668187772}},
	{Name: "label of the second class alone", Attrs: votes([]int{1, 1}, []float64{0.25, 0.75}, nil), Shape: []int{3},
		Want: []float64{0, 0, 1}},
	{Name: "two classes with weights", Attrs: votes([]int{0, 0, 1, 1}, []float64{1, 0.25, 0.125, 0.5}, nil), Reads: 1,
		Shape: []int{3, 2}, Want: []float64{1, 0.125, 1, 0.125, 0.25, 0.5}},
	{Name: "label of opposite weights", Attrs: votes([]int{0, 0, 1, 1}, []float64{0.25, -0.5, -0.25, 0.5}, nil),
		Shape: []int{3}, Want: []float64{0, 0, 1}},
	{Name: "words", Attrs: votes([]int{0, 0}, []float64{0.5, 0.75},
		map[string]any{"classlabels_int64s": []int{}, "classlabels_strings": []string{"no", "yes"}}), Reads: 1,
		Shape: []int{3, 2}, Want: []float64{0.5, 0.5, 0.5, 0.5, 0.25, 0.75}},
	{Name: "one class", Attrs: votes([]int{0, 0}, []float64{0.25, -0.75},
		map[string]any{"classlabels_int64s": []int{7}, "post_transform": "LOGISTIC"}), Reads: 1,
		Shape: []int{3, 1}, Want: []float64{0.25, 0.25, -0.75}},
	{Name: "ties go to the first", Attrs: votes([]int{0, 0, 1, 1, 2, 2}, []float64{-1, 5, -2, 5, -3, 1},
		map[string]any{"classlabels_int64s": []int{0, 1, 2}}), Shape: []int{3}, Want: []float64{0, 0, 0}},
	{Name: "even labels", Attrs: votes([]int{0, 0, 1, 1, 2, 2}, []float64{1, 5, 2, 6, 3, 1},
		map[string]any{"classlabels_int64s": []int{10, 20, 30}}), Shape: []int{3}, Want: []float64{30, 30, 20}},
	{Name: "uneven labels", Attrs: votes([]int{0, 0, 1, 1, 2, 2}, []float64{1, 5, 2, 6, 3, 1},
		map[string]any{"classlabels_int64s": []int{10, -20, 7}}), Shape: []int{3}, Want: []float64{7, 7, -20}},
	{Name: "a class without weights", Attrs: votes([]int{1, 1, 2, 2}, []float64{-1, -4, -2, -3},
		map[string]any{"classlabels_int64s": []int{0, 1, 2}}), Shape: []int{3}, Want: []float64{1, 1, 2}},
	{Name: "softmax", Attrs: votes([]int{0, 0, 1, 1, 2, 2}, []float64{0.1, 0.5, 0.2, 0.5, 0.3, 0},
		map[string]any{"classlabels_int64s": []int{0, 1, 2}, "post_transform": "SOFTMAX"}), Reads: 1,
		Shape: []int{3, 3}, Want: []float64{0.3006096, 0.3322250, 0.3671654, 0.3006096, 0.3322250, 0.3671654,
			0.3836517, 0.3836517, 0.2326965}},
	{Name: "base values of three", Attrs: votes([]int{1, 1, 2, 2}, []float64{-1, 0, 0, -2}, map[string]any{
		"classlabels_int64s": []int{0, 1, 2}, "base_values": []float64{-1.5, -1, -1}}), Reads: 1, Shape: []int{3, 3},
		Want: []float64{-1.5, -2, -1, -1.5, -2, -1, -1.5, -1, -3}},
	{Name: "integers", Attrs: votes([]int{0, 0}, []float64{0.25, 0.75},
		map[string]any{"nodes_values": []float64{1.5, 0, 0}}),
		In: []Input{Var(2, 1).As(graph.Int64).With(1, 2)}, Shape: []int{2}, Want: []float64{0, 1}},
	{Name: "a leaf alone", Attrs: Attrs(map[string]any{
		"nodes_treeids": []int{0}, "nodes_nodeids": []int{0}, "nodes_featureids": []int{0},
		"nodes_modes": []string{"LEAF"}, "nodes_values": []float64{0}, "nodes_truenodeids": []int{0},
		"nodes_falsenodeids": []int{0},
		"class_treeids":      []int{0}, "class_nodeids": []int{0}, "class_ids": []int{0},
		"class_weights": []float64{0.75}, "classlabels_int64s": []int{0, 1},
	}), Reads: 1, Shape: []int{3, 2}, Want: []float64{0.25, 0.75, 0.25, 0.75, 0.25, 0.75}},
}

// treeRegressorCases are computed by hand.
var treeRegressorCases = []Case{
	{Name: "leq", Attrs: weights([]int{0, 0}, []float64{5, -3}, nil), Shape: []int{3, 1}, Want: []float64{5, 5, -3}},
	{Name: "lt", Attrs: mode("BRANCH_LT"), Shape: []int{3, 1}, Want: []float64{5, -3, -3}},
	{Name: "gte", Attrs: mode("BRANCH_GTE"), Shape: []int{3, 1}, Want: []float64{-3, 5, 5}},
	{Name: "gt", Attrs: mode("BRANCH_GT"), Shape: []int{3, 1}, Want: []float64{-3, -3, 5}},
	{Name: "eq", Attrs: mode("BRANCH_EQ"), Shape: []int{3, 1}, Want: []float64{-3, 5, -3}},
	{Name: "neq", Attrs: mode("BRANCH_NEQ"), Shape: []int{3, 1}, Want: []float64{5, -3, 5}},
	{Name: "two targets", Attrs: weights([]int{0, 0, 1, 1}, []float64{5, -3, 2, 4},
		map[string]any{"n_targets": 2, "base_values": []float64{0.5, -1}, "aggregate_function": "AVERAGE"}),
		Shape: []int{3, 2}, Want: []float64{5.5, 1, 5.5, 1, -2.5, 3}},
	{Name: "logistic of two targets", Attrs: weights([]int{0, 0, 1, 1}, []float64{0.3, 0.7, 0.2, 0.1},
		map[string]any{"n_targets": 2, "post_transform": "LOGISTIC"}), Shape: []int{3, 2},
		Want: []float64{0.574442517, 0.549833997, 0.574442517, 0.549833997, 0.668187772, 0.524979187}},
	{Name: "logistic of one target", Attrs: weights([]int{0, 0}, []float64{0.3, 0.7},
		map[string]any{"post_transform": "LOGISTIC"}), Shape: []int{3, 1}, Want: []float64{0.3, 0.3, 0.7}},
	{Name: "probit", Attrs: weights([]int{0, 0}, []float64{0.3, 0.7}, map[string]any{"post_transform": "PROBIT"}),
		Shape: []int{3, 1}, Want: []float64{-0.5244459, -0.5244459, 0.5244459}},
	{Name: "smallest", Attrs: weights([]int{0, 0, 0, 0}, []float64{5, -3, 2, -1},
		map[string]any{"n_targets": 2, "aggregate_function": "MIN", "base_values": []float64{1, 8}}),
		Shape: []int{3, 2}, Want: []float64{3, 8, 3, 8, -2, 8}},
	{Name: "largest of two trees", Attrs: Attrs(map[string]any{
		"nodes_treeids": []int{0, 0, 0, 4}, "nodes_nodeids": []int{0, 1, 2, 0}, "nodes_featureids": []int{0, 0, 0, 0},
		"nodes_modes": []string{"BRANCH_LEQ", "LEAF", "LEAF", "LEAF"}, "nodes_values": []float64{1, 0, 0, 0},
		"nodes_truenodeids": []int{1, 0, 0, 0}, "nodes_falsenodeids": []int{2, 0, 0, 0}, "n_targets": 1,
		"target_treeids": []int{4, 0, 0}, "target_nodeids": []int{0, 1, 2}, "target_ids": []int{0, 0, 0},
		"target_weights": []float64{0.5, -1, 2}, "aggregate_function": "MAX",
	}), Shape: []int{3, 1}, Want: []float64{0.5, 0.5, 2}},
	{Name: "doubles", Attrs: weights([]int{0, 0}, nil, map[string]any{
		"nodes_values": []float64{}, "nodes_values_as_tensor": Reals([]int{3}, 1, 0, 0).As(graph.Float64).Const,
		"target_weights_as_tensor": Reals([]int{2}, 5, -3).As(graph.Float64).Const,
	}), In: []Input{Var(2, 1).As(graph.Float64).With(1, 1+1e-12)}, Shape: []int{2, 1}, Want: []float64{5, -3}},
	{Name: "floats are rounded", Attrs: weights([]int{0, 0}, []float64{5, -3}, nil),
		In: []Input{Var(2, 1).With(1+1e-7, 1+1e-12)}, Shape: []int{2, 1}, Want: []float64{-3, 5}},
}

// mode is a stump with a node mode.
func mode(name string) map[string]graph.Attr {
	return weights([]int{0, 0}, []float64{5, -3}, map[string]any{"nodes_modes": []string{name, "LEAF", "LEAF"}})
}

// treeEnsembleCases are computed by hand.
var treeEnsembleCases = []Case{
	{Attrs: indexed(nil), Shape: []int{3, 1}, Want: []float64{5, 5, -3}},
	{Name: "members", Attrs: indexed(map[string]any{
		"nodes_modes":       Ints(6).As(graph.Uint8).Const,
		"membership_values": Reals([]int{3}, 2, 0, math.NaN()).Const}), Shape: []int{3, 1}, Want: []float64{5, -3, 5}},
	{Name: "two trees with one leaf", Attrs: indexed(map[string]any{"tree_roots": []int{0, 1, 0},
		"nodes_featureids": []int{0, 0}, "nodes_modes": Ints(0, 3).As(graph.Uint8).Const,
		"nodes_splits": Reals([]int{2}, 1, 0).Const, "nodes_truenodeids": []int{0, 1}, "nodes_trueleafs": []int{1, 1},
		"nodes_falsenodeids": []int{1, 1}, "nodes_falseleafs": []int{1, 1}, "aggregate_function": 0}),
		Shape: []int{3, 1}, Want: []float64{7. / 3, 7. / 3, -3}},
	{Name: "doubles", Attrs: indexed(map[string]any{"nodes_splits": Reals([]int{1}, 1).As(graph.Float64).Const,
		"leaf_weights": Reals([]int{2}, 0.5, 0.75).As(graph.Float64).Const, "post_transform": 4,
		"aggregate_function": 3}),
		In: []Input{Var(2, 1).As(graph.Float64).With(1, 1+1e-12)}, Shape: []int{2, 1}, Want: []float64{0, 0.674574}},
}

// indexed is the stump as attributes of positions.
func indexed(pairs map[string]any) map[string]graph.Attr {
	all := map[string]any{
		"n_targets": 1, "tree_roots": []int{0}, "nodes_featureids": []int{0},
		"nodes_modes":  Ints(0).As(graph.Uint8).Const,
		"nodes_splits": Reals([]int{1}, 1).Const, "nodes_truenodeids": []int{0}, "nodes_trueleafs": []int{1},
		"nodes_falsenodeids": []int{1}, "nodes_falseleafs": []int{1}, "leaf_targetids": []int{0, 0},
		"leaf_weights": Reals([]int{2}, 5, -3).Const,
	}
	for name, v := range pairs {
		all[name] = v
	}
	return Attrs(all)
}

// treeCases are cases of ensembles: where they say nothing else, of the stump on three rows.
var treeCases = slices.Concat(
	ensembles("TreeEnsembleClassifier", 3, treeClassifierCases),
	ensembles("TreeEnsembleRegressor", 3, treeRegressorCases),
	ensembles("TreeEnsemble", 5, treeEnsembleCases))

func ensembles(name string, opset int, cases []Case) []Case {
	out := slices.Clone(cases)
	for i := range out {
		c := &out[i]
		c.Op, c.Domain, c.Opset = name, ml, opset
		if name == "TreeEnsembleClassifier" {
			c.Outputs = 2
		}
		if c.In == nil {
			c.In = []Input{three}
		}
	}
	return out
}
