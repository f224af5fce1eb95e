package op

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
)

// thicket is an ensemble as a file has it, with places instead of identifiers.
type thicket struct {
	branches []branch
	leaves   [][]vote
	roots    []int32 // each as a child of a branch
	// told names a branch and a leaf for errors.
	told func(child int32) string
}

// branch is a node with two children. A child that is not negative is a branch, another
// one is the leaf ^child.
type branch struct {
	relation string // of treeRelations
	feature  int
	value    float64
	members  []float64 // of BRANCH_MEMBER
	yes, no  int32
	missing  bool // holds where the feature is missing
}

// vote is what a leaf gives a target.
type vote struct {
	target int
	weight float64
}

// treeRelations are the relations of nodes, as ai.onnx.ml 5 numbers them.
var treeRelations = []string{
	"BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", member,
}

const member = "BRANCH_MEMBER"

// numbers reads a list of numbers, which stands in an attribute or, in any float type, in
// one whose name ends in _as_tensor.
func numbers(n *graph.Node, name string) (values []float64, of graph.DType, err error) {
	values, of = n.Attrs[name].Floats, graph.Float32
	if t := n.Attrs[name+"_as_tensor"].Tensor; t != nil && len(t.Data) > 0 {
		if len(values) > 0 {
			return nil, of, fmt.Errorf("both %s and %[1]s_as_tensor are given", name)
		}
		if t.DType != graph.Float32 && t.DType != graph.Float64 {
			return nil, of, fmt.Errorf("attribute %s_as_tensor is of type %s; supported are float and double", name,
				t.DType)
		}
		values, of = t.Data, t.DType
	}
	if i := slices.IndexFunc(values, notFinite); i >= 0 {
		return nil, of, fmt.Errorf("attribute %s: entry %d is NaN or infinite", name, i)
	}
	return values, of, nil
}

// listsWithin holds the lengths of lists together against a limit, before any of them is read.
func listsWithin(n *graph.Node, limit budget.Limit, names ...string) error {
	size := int64(0)
	for _, name := range names {
		size += int64(len(n.Attrs[name].Ints))
		if t := n.Attrs[name].Tensor; t != nil {
			size += int64(len(t.Data))
		}
	}
	return limit.Check("", size)
}

// beyondNone is the node with the largest number for the threshold +Inf of BRANCH_LEQ, which scikit-learn
// writes for a test that a missing value alone fails: no finite number is beyond either.
func beyondNone(n *graph.Node, relations []string) *graph.Node {
	values := n.Attrs["nodes_values"].Floats
	if !slices.ContainsFunc(values, func(v float64) bool { return math.IsInf(v, 1) }) {
		return n
	}
	of := *n
	of.Attrs, values = maps.Clone(n.Attrs), slices.Clone(values)
	for i, v := range values {
		if math.IsInf(v, 1) && i < len(relations) && relations[i] == treeRelations[0] {
			values[i] = math.MaxFloat64
		}
	}
	of.Attrs["nodes_values"] = graph.Attr{Floats: values}
	return &of
}

// sameLength is an error where lists are not as long as the first one.
func sameLength(names []string, lengths ...int) error {
	for i, n := range lengths {
		if n != lengths[0] {
			return fmt.Errorf("attribute %s has %d entries, and %s has %d", names[i], n, names[0], lengths[0])
		}
	}
	return nil
}

// listed reads the nodes of ai.onnx.ml before version 5, one entry of each list a node.
type listed struct {
	trees, ids, features, yes, no []int
	missing                       []int // nil for no node
	relations                     []string
	values                        []float64
	single                        bool // values and weights are all of type float
	place                         map[[2]int]int
	leaf                          []int // by place: the leaf, −1 for a branch
	parents                       [][2]int
}

// readListed reads nodes and the votes of their leaves, whose attributes begin with a word,
// "class" or "target".
func readListed(n *graph.Node, word string, targets int) (*thicket, *listed, []vote, error) {
	if err := listsWithin(n, budget.TreeNodes, "nodes_nodeids"); err != nil {
		return nil, nil, nil, err
	}
	f := &listed{
		trees: n.Ints("nodes_treeids"), ids: n.Ints("nodes_nodeids"), features: n.Ints("nodes_featureids"),
		yes: n.Ints("nodes_truenodeids"), no: n.Ints("nodes_falsenodeids"), relations: n.Attrs["nodes_modes"].Strings,
		single: true,
	}
	var of graph.DType
	var err error
	if f.values, of, err = numbers(beyondNone(n, f.relations), "nodes_values"); err != nil {
		return nil, nil, nil, err
	}
	f.single = of == graph.Float32
	names := []string{"nodes_nodeids", "nodes_treeids", "nodes_featureids", "nodes_truenodeids", "nodes_falsenodeids",
		"nodes_modes", "nodes_values", "nodes_missing_value_tracks_true"}
	f.missing = n.Ints("nodes_missing_value_tracks_true")
	missing := len(f.missing)
	if missing == 0 {
		missing = len(f.ids)
	}
	if err := sameLength(names, len(f.ids), len(f.trees), len(f.features), len(f.yes), len(f.no), len(f.relations),
		len(f.values), missing); err != nil {
		return nil, nil, nil, err
	}
	if len(f.ids) == 0 {
		return nil, nil, nil, fmt.Errorf("attribute nodes_nodeids is empty: there are no trees")
	}
	t := &thicket{}
	if err := f.find(t); err != nil {
		return nil, nil, nil, err
	}
	if err := f.join(t); err != nil {
		return nil, nil, nil, err
	}
	votes, err := f.vote(t, n, word, targets)
	return t, f, votes, err
}

// name names a node for errors.
func (f *listed) name(i int) string { return fmt.Sprintf("node %d of tree %d", f.ids[i], f.trees[i]) }

// find gives every node its place, and finds the roots: the first node of each tree.
func (f *listed) find(t *thicket) error {
	f.place, f.leaf = make(map[[2]int]int, len(f.ids)), make([]int, len(f.ids))
	begun := map[int]bool{}
	var at, leafAt []int
	for i, id := range f.ids {
		key := [2]int{f.trees[i], id}
		if _, twice := f.place[key]; twice {
			return fmt.Errorf("attribute nodes_nodeids lists %s twice", f.name(i))
		}
		f.place[key] = i
		if f.relations[i] == "LEAF" {
			f.leaf[i] = len(t.leaves)
			t.leaves, leafAt = append(t.leaves, nil), append(leafAt, i)
		} else {
			if !slices.Contains(treeRelations[:6], f.relations[i]) {
				return fmt.Errorf("%s: attribute nodes_modes has %q; supported are %q and LEAF", f.name(i),
					f.relations[i], treeRelations[:6])
			}
			f.leaf[i] = -1
			at = append(at, i)
		}
		if i > 0 && f.trees[i] == f.trees[i-1] {
			continue
		}
		if begun[f.trees[i]] {
			return fmt.Errorf("attribute nodes_treeids lists tree %d in two parts", f.trees[i])
		}
		begun[f.trees[i]] = true
		t.roots = append(t.roots, f.child(i, at, leafAt))
	}
	t.told = func(child int32) string {
		if child < 0 {
			return f.name(leafAt[^child])
		}
		return f.name(at[child])
	}
	t.branches = make([]branch, len(at))
	return nil
}

// child is a node that was just placed, as a child.
func (f *listed) child(i int, at, leafAt []int) int32 {
	if f.leaf[i] >= 0 {
		return int32(^(len(leafAt) - 1))
	}
	return int32(len(at) - 1)
}

// join makes the branches. Several may have the same child only where their tests hold:
// exporters write a test for one of several categories so.
func (f *listed) join(t *thicket) error {
	branchOf := make([]int32, len(f.ids))
	k := int32(0)
	for i := range f.ids {
		if branchOf[i] = int32(^f.leaf[i]); f.leaf[i] < 0 {
			branchOf[i] = k
			k++
		}
	}
	f.parents = make([][2]int, len(f.ids))
	for i := range f.ids {
		if f.leaf[i] >= 0 {
			continue
		}
		b := branch{relation: f.relations[i], feature: f.features[i], value: f.values[i],
			missing: len(f.missing) > 0 && f.missing[i] != 0}
		if b.feature < 0 {
			return fmt.Errorf("%s: attribute nodes_featureids has %d, which is negative", f.name(i), b.feature)
		}
		yes, err := f.reach(i, f.yes[i], "nodes_truenodeids")
		if err != nil {
			return err
		}
		no, err := f.reach(i, f.no[i], "nodes_falsenodeids")
		if err != nil {
			return err
		}
		if f.parents[yes][0]++; yes != no {
			f.parents[no][0]++
			f.parents[no][1]++
		}
		b.yes, b.no = branchOf[yes], branchOf[no]
		t.branches[branchOf[i]] = b
	}
	for i, p := range f.parents {
		if p[0] > 1 && p[1] > 0 {
			return fmt.Errorf("%s has %d parents, one of them by attribute nodes_falsenodeids; a node has one",
				f.name(i), p[0])
		}
	}
	return nil
}

// reach finds a child.
func (f *listed) reach(from, id int, attribute string) (int, error) {
	to, ok := f.place[[2]int{f.trees[from], id}]
	if !ok {
		return 0, fmt.Errorf("%s: attribute %s names node %d, which the tree has not", f.name(from), attribute, id)
	}
	return to, nil
}

// vote gives the leaves their votes, and returns those of all entries in order. What
// entries say of branches counts for nothing, as long as it does not look like more.
func (f *listed) vote(t *thicket, n *graph.Node, word string, targets int) ([]vote, error) {
	trees, nodes, ids := n.Ints(word+"_treeids"), n.Ints(word+"_nodeids"), n.Ints(word+"_ids")
	weights, of, err := numbers(n, word+"_weights")
	if err != nil {
		return nil, err
	}
	f.single = f.single && of == graph.Float32
	names := []string{word + "_ids", word + "_treeids", word + "_nodeids", word + "_weights"}
	if err := sameLength(names, len(ids), len(trees), len(nodes), len(weights)); err != nil {
		return nil, err
	}
	all := make([]vote, len(ids))
	for i, id := range ids {
		at, ok := f.place[[2]int{trees[i], nodes[i]}]
		switch {
		case !ok:
			return nil, fmt.Errorf("attribute %s_nodeids: entry %d names node %d of tree %d, which is not there",
				word, i, nodes[i], trees[i])
		case id < 0 || id >= targets:
			return nil, fmt.Errorf("%s: attribute %s_ids has %d, which is not among the %d that there are",
				f.name(at), word, id, targets)
		}
		all[i] = vote{target: id, weight: weights[i]}
		if leaf := f.leaf[at]; leaf >= 0 {
			t.leaves[leaf] = append(t.leaves[leaf], all[i])
		}
	}
	for i, leaf := range f.leaf {
		switch {
		case leaf < 0:
		case len(t.leaves[leaf]) == 0:
			return nil, fmt.Errorf("%s is a leaf, and attribute %s_nodeids gives it no weight", f.name(i), word)
		case targets == 1 && len(t.leaves[leaf]) > 1:
			return nil, fmt.Errorf("%s: attribute %s_nodeids gives the leaf %d weights for one output", f.name(i), word,
				len(t.leaves[leaf]))
		}
	}
	return all, nil
}
