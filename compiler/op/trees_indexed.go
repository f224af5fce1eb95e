package op

import (
	"errors"
	"fmt"
	"math"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
)

// indexed are the nodes and leaves of ai.onnx.ml 5, which name each other by position.
type indexed struct {
	features, yes, no, yesLeaf, noLeaf, modes []int
	splits                                    []float64
	leafTargets                               []int
	leafWeights                               []float64
	sets                                      [][]float64
	missing                                   []int // nil for no node
}

func newTreeEnsemble(n *graph.Node) (Op, error) {
	r := &treeRegressor{name: n.Outputs[0]}
	if r.targets = n.Int("n_targets", 0); r.targets < 1 {
		return nil, fmt.Errorf("attribute n_targets is %d; at least 1 is needed", r.targets)
	}
	number := n.Int("aggregate_function", 1)
	if number < 0 || number >= len(aggregates) {
		return nil, fmt.Errorf("attribute aggregate_function is %d; supported are 0 to %d", number, len(aggregates)-1)
	}
	r.aggregate = aggregates[number]
	switch number := n.Int("post_transform", 0); number {
	case 0, 3, 4:
		r.transform = map[int]transform{0: noTransform, 3: softmaxZero, 4: probit}[number]
	default: // onnxruntime has 1 and 2 the other way round than ONNX's definition
		return nil, fmt.Errorf("attribute post_transform is %d; supported are 0 (NONE), 3 (SOFTMAX_ZERO) "+
			"and 4 (PROBIT)", number)
	}
	f := &indexed{}
	if err := f.read(n, r); err != nil {
		return nil, err
	}
	t, err := f.thicket(n.Ints("tree_roots"), r.targets)
	if err != nil {
		return nil, err
	}
	return r, r.grow(t)
}

// read reads the lists.
func (f *indexed) read(n *graph.Node, r *treeRegressor) error {
	if err := listsWithin(n, budget.TreeNodes, "nodes_featureids", "leaf_targetids", "membership_values",
		"tree_roots"); err != nil {
		return err
	}
	f.features, f.leafTargets = n.Ints("nodes_featureids"), n.Ints("leaf_targetids")
	f.yes, f.no = n.Ints("nodes_truenodeids"), n.Ints("nodes_falsenodeids")
	f.yesLeaf, f.noLeaf = n.Ints("nodes_trueleafs"), n.Ints("nodes_falseleafs")
	var members []float64
	for name, to := range map[string]*[]float64{
		"nodes_splits": &f.splits, "leaf_weights": &f.leafWeights, "membership_values": &members,
	} {
		if t := n.Attrs[name].Tensor; t != nil {
			*to, r.double = t.Data, r.double || t.DType == graph.Float64
		}
	}
	if t := n.Attrs["nodes_modes"].Tensor; t != nil {
		for i, m := range t.Data {
			if m != math.Trunc(m) || m < 0 || m >= float64(len(treeRelations)) {
				return fmt.Errorf("node %d: attribute nodes_modes has %v; supported are 0 to %d", i, m,
					len(treeRelations)-1)
			}
			f.modes = append(f.modes, int(m))
		}
	}
	f.missing = n.Ints("nodes_missing_value_tracks_true")
	missing := len(f.missing)
	if missing == 0 {
		missing = len(f.features)
	}
	names := []string{"nodes_featureids", "nodes_truenodeids", "nodes_falsenodeids", "nodes_trueleafs",
		"nodes_falseleafs", "nodes_modes", "nodes_splits", "nodes_missing_value_tracks_true"}
	if err := sameLength(names, len(f.features), len(f.yes), len(f.no), len(f.yesLeaf), len(f.noLeaf), len(f.modes),
		len(f.splits), missing); err != nil {
		return err
	}
	names = []string{"leaf_targetids", "leaf_weights"}
	if err := sameLength(names, len(f.leafTargets), len(f.leafWeights)); err != nil {
		return err
	}
	return f.readSets(members)
}

// readSets gives each node that tests for members its set: each ends with NaN, the last one
// perhaps with the list.
func (f *indexed) readSets(members []float64) error {
	f.sets = make([][]float64, len(f.modes))
	for i, m := range f.modes {
		if treeRelations[m] != member {
			continue
		}
		k := 0
		for k < len(members) && !math.IsNaN(members[k]) {
			if math.IsInf(members[k], 0) {
				return fmt.Errorf("node %d: attribute membership_values has %v", i, members[k])
			}
			k++
		}
		if k == 0 {
			return fmt.Errorf("node %d tests for members, and attribute membership_values has none for it", i)
		}
		f.sets[i], members = members[:k], members[min(k+1, len(members)):]
	}
	if len(members) > 0 {
		return errors.New("attribute membership_values has more sets than nodes test for members")
	}
	return nil
}

// thicket joins nodes and leaves.
func (f *indexed) thicket(roots []int, targets int) (*thicket, error) {
	t := &thicket{told: func(child int32) string {
		if child < 0 {
			return fmt.Sprintf("leaf %d", ^child)
		}
		return fmt.Sprintf("node %d", child)
	}}
	for i, k := range f.leafTargets {
		if w := f.leafWeights[i]; notFinite(w) {
			return nil, fmt.Errorf("leaf %d: attribute leaf_weights has %v", i, w)
		}
		if k < 0 || k >= targets {
			return nil, fmt.Errorf("leaf %d: attribute leaf_targetids has %d, and n_targets is %d", i, k, targets)
		}
		t.leaves = append(t.leaves, []vote{{target: k, weight: f.leafWeights[i]}})
	}
	for i, m := range f.modes {
		b := branch{relation: treeRelations[m], feature: f.features[i], value: f.splits[i], members: f.sets[i],
			missing: len(f.missing) > 0 && f.missing[i] != 0}
		if b.feature < 0 {
			return nil, fmt.Errorf("node %d: attribute nodes_featureids has %d, which is negative", i, b.feature)
		}
		if b.members == nil && notFinite(b.value) {
			return nil, fmt.Errorf("node %d: attribute nodes_splits has %v", i, b.value)
		}
		var err error
		if b.yes, err = f.child(i, f.yes[i], f.yesLeaf[i], "nodes_truenodeids"); err != nil {
			return nil, err
		}
		if b.no, err = f.child(i, f.no[i], f.noLeaf[i], "nodes_falsenodeids"); err != nil {
			return nil, err
		}
		t.branches = append(t.branches, b)
	}
	if err := f.unshared(); err != nil {
		return nil, err
	}
	if len(roots) == 0 {
		return nil, errors.New("attribute tree_roots is empty: there are no trees")
	}
	for _, root := range roots {
		if root < 0 || root >= len(f.modes) {
			return nil, fmt.Errorf("attribute tree_roots has %d, and there are %d nodes", root, len(f.modes))
		}
		// onnxruntime takes such a node for the leaf of the node's own number.
		if b := t.branches[root]; b.yes == b.no && b.yes < 0 && int(^b.yes) != root {
			return nil, fmt.Errorf("node %d is a root with leaf %d on both sides, where leaf %d is expected", root,
				^b.yes, root)
		}
		t.roots = append(t.roots, int32(root))
	}
	return t, nil
}

// child finds a child of a node.
func (f *indexed) child(of, index, leaf int, attribute string) (int32, error) {
	most := len(f.modes)
	if leaf != 0 {
		most = len(f.leafTargets)
	}
	switch {
	case index < 0 || index >= most:
		return 0, fmt.Errorf("node %d: attribute %s has %d, and there are %d", of, attribute, index, most)
	case leaf != 0:
		return int32(^index), nil
	}
	return int32(index), nil
}

// unshared is an error where two attributes name one node as a child, which onnxruntime takes for
// a cycle. Leaves may have several parents.
func (f *indexed) unshared() error {
	type parent struct {
		node      int
		attribute string
	}
	of := map[int]parent{}
	for i := range f.modes {
		for _, side := range []struct {
			child, leaf int
			attribute   string
		}{{f.yes[i], f.yesLeaf[i], "nodes_truenodeids"}, {f.no[i], f.noLeaf[i], "nodes_falsenodeids"}} {
			if side.leaf != 0 {
				continue
			}
			if other, twice := of[side.child]; twice {
				return fmt.Errorf("node %d: attribute %s names node %d, which %s of node %d names too; a node has "+
					"one parent at most: give each its own copy, as leaves alone may be shared", i, side.attribute,
					side.child, other.attribute, other.node)
			}
			of[side.child] = parent{i, side.attribute}
		}
	}
	return nil
}
