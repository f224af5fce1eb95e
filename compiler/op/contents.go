package op

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
)

// Shown is an Op that can tell what people look for in a classical model. It is asked after
// New, with the node that New had.
type Shown interface {
	Contents(n *graph.Node) (*Contents, error)
}

// Contents are what an operator of a classical model holds. Features are columns of its input.
type Contents struct {
	Kind    string
	Classes []string // their labels
	Scores  []Score
	Trees   *TreeCounts
	Vectors *VectorCounts
	// Features are those that the operator reads, ascending.
	Features []FeatureUse
}

// The kinds of contents.
const (
	LinearContents = "linear"
	TreeContents   = "trees"
	VectorContents = "support vectors"
)

// Score is a weighted sum of features.
type Score struct {
	Name      string
	Intercept float64
}

// FeatureUse is what an operator does with a feature.
type FeatureUse struct {
	Column       int
	Coefficients []float64 // by score
	// Splits are the nodes of trees that test the feature, and Thresholds the numbers that
	// they compare it with, each once, ascending.
	Splits     int
	Thresholds []float64
	// Cover is the sum of these nodes' hit rates.
	Cover float64
}

// TreeCounts are the sizes of an ensemble, as the file has it.
type TreeCounts struct {
	Trees, Branches, Leaves int
	Depths                  []int // by depth, how many trees are as deep
	// Cover tells that the file has hit rates which say anything: some exporters write 1
	// for every node.
	Cover bool
}

// VectorCounts are the sizes of a support vector machine.
type VectorCounts struct {
	Kernel               string
	Gamma, Coef0, Degree float64 // meaningless for a linear kernel
	Count                int
	PerClass             []int // empty where there are no classes
}

// scoreNames names scores by classes, where there are as many, or one of two.
func (c classLabels) scoreNames(scores int) []string {
	labels := c.names()
	if scores == 1 && len(labels) == 2 {
		labels = labels[1:]
	}
	if len(labels) != scores {
		return numbered("score", scores)
	}
	out := make([]string, scores)
	for i, l := range labels {
		out[i] = "class " + l
	}
	return out
}

// numbered are names of which nothing but a number is known.
func numbered(word string, count int) []string {
	out := make([]string, count)
	for i := range out {
		out[i] = fmt.Sprintf("%s %d", word, i)
	}
	return out
}

// Linear are the contents of weighted sums, with their coefficients by sum and feature.
func Linear(names []string, coefficients [][]float64, intercepts []float64) (*Contents, error) {
	if err := budget.Terms.Check("", budget.Product(len(names), len(coefficients[0]))); err != nil {
		return nil, err
	}
	c := &Contents{Kind: LinearContents}
	for i, name := range names {
		if notFinite(intercepts[i]) || slices.ContainsFunc(coefficients[i], notFinite) {
			return nil, fmt.Errorf("a coefficient or the intercept of %s is NaN or infinite", name)
		}
		c.Scores = append(c.Scores, Score{name, intercepts[i]})
	}
	for column := range coefficients[0] {
		use := FeatureUse{Column: column, Coefficients: make([]float64, len(names))}
		for i, of := range coefficients {
			use.Coefficients[i] = of[column]
		}
		c.Features = append(c.Features, use)
	}
	return c, nil
}

// contents are those of a linear model's scores.
func (m *linearModel) contents(names []string) (*Contents, error) {
	if len(names) == 0 || len(m.coefficients)%len(names) != 0 {
		return nil, fmt.Errorf("attribute coefficients has %d elements for %d scores", len(m.coefficients), len(names))
	}
	rows := slices.Collect(slices.Chunk(m.coefficients, len(m.coefficients)/len(names)))
	return Linear(names, rows, m.intercepts)
}

// Contents implements Shown.
func (c *linearClassifier) Contents(*graph.Node) (*Contents, error) {
	out, err := c.linearModel.contents(c.scoreNames(len(c.intercepts)))
	if err == nil {
		out.Classes = c.names()
	}
	return out, err
}

// Contents implements Shown.
func (r *linearRegressor) Contents(*graph.Node) (*Contents, error) {
	return r.linearModel.contents(numbered("target", len(r.intercepts)))
}

// contents are those of sums of a kernel's values. A linear kernel's sums are weighted sums
// of features.
func (m *machine) contents(names []string, sums []weighted) (*Contents, error) {
	c := &Contents{Kind: VectorContents}
	if m.f == nil {
		if err := budget.Terms.Check("", budget.Product(len(sums), len(m.vectors)/m.count)); err != nil {
			return nil, err
		}
		rows, intercepts := make([][]float64, len(sums)), make([]float64, len(sums))
		for i, s := range sums {
			rows[i], intercepts[i] = m.joined(s), s.plus
		}
		var err error
		if c, err = Linear(names, rows, intercepts); err != nil {
			return nil, err
		}
		c.Kind = VectorContents
	}
	c.Vectors = &VectorCounts{Kernel: m.name, Gamma: m.gamma, Coef0: m.coef0, Degree: m.degree, Count: m.count}
	return c, nil
}

// Contents implements Shown.
func (c *svmClassifier) Contents(n *graph.Node) (*Contents, error) {
	labels := c.names()
	var names []string
	c.eachPair(func(_, i, j int) { names = append(names, fmt.Sprintf("class %s over %s", labels[i], labels[j])) })
	out, err := c.machine.contents(names, c.pairs)
	if err == nil {
		out.Classes, out.Vectors.PerClass = labels, n.Ints("vectors_per_class")
	}
	return out, err
}

// Contents implements Shown.
func (r *svmRegressor) Contents(*graph.Node) (*Contents, error) {
	return r.machine.contents([]string{"target 0"}, r.sums)
}

// tally counts what the nodes of an ensemble test.
type tally struct {
	features map[int]*FeatureUse
	rates    []float64 // by branch; nil where the file has none
	branches int
}

// add counts a branch.
func (t *tally) add(feature int, values ...float64) {
	use := t.features[feature]
	if use == nil {
		use = &FeatureUse{Column: feature}
		t.features[feature] = use
	}
	use.Splits++
	use.Thresholds = append(use.Thresholds, values...)
	if t.rates != nil {
		use.Cover += t.rates[t.branches]
	}
	t.branches++
}

// contents are those of the ensemble that was counted.
func (t *tally) contents(of *thicket) *Contents {
	c := &Contents{Kind: TreeContents, Trees: &TreeCounts{
		Trees: len(of.roots), Branches: len(of.branches), Leaves: len(of.leaves), Depths: of.depths(),
		Cover: t.rates != nil,
	}}
	for _, use := range slices.SortedFunc(maps.Values(t.features), func(a, b *FeatureUse) int {
		return cmp.Compare(a.Column, b.Column)
	}) {
		slices.Sort(use.Thresholds)
		use.Thresholds = slices.Compact(use.Thresholds)
		c.Features = append(c.Features, *use)
	}
	return c
}

// hitRates are the rates of some nodes, out of all that the file lists; nil where it has none,
// or where they are all equal.
func hitRates(n *graph.Node, nodes int, of []int) []float64 {
	all := n.Attrs["nodes_hitrates"].Floats
	for _, name := range []string{"nodes_hitrates", "nodes_hitrates_as_tensor"} {
		if t := n.Attrs[name].Tensor; t != nil && len(all) == 0 {
			all = t.Data
		}
	}
	if len(all) != nodes || slices.ContainsFunc(all, notFinite) {
		return nil
	}
	out, same := make([]float64, len(of)), true
	for k, i := range of {
		out[k] = all[i]
		same = same && all[i] == all[of[0]]
	}
	if same {
		return nil
	}
	return out
}

// contents are those of nodes that were joined to a thicket.
func (f *listed) contents(n *graph.Node, t *thicket) *Contents {
	var of []int
	for i, leaf := range f.leaf {
		if leaf < 0 {
			of = append(of, i)
		}
	}
	count := &tally{features: map[int]*FeatureUse{}, rates: hitRates(n, len(f.ids), of)}
	for _, i := range of {
		count.add(f.features[i], f.values[i])
	}
	return count.contents(t)
}

// contents are those of nodes that were joined to a thicket.
func (f *indexed) contents(n *graph.Node, t *thicket) *Contents {
	of := make([]int, len(f.modes))
	for i := range of {
		of[i] = i
	}
	count := &tally{features: map[int]*FeatureUse{}, rates: hitRates(n, len(f.modes), of)}
	for i := range f.modes {
		if f.sets[i] != nil {
			count.add(f.features[i], f.sets[i]...)
		} else {
			count.add(f.features[i], f.splits[i])
		}
	}
	return count.contents(t)
}

// Contents implements Shown.
func (c *treeClassifier) Contents(n *graph.Node) (*Contents, error) {
	t, f, _, err := readListed(n, "class", c.count())
	if err != nil {
		return nil, err
	}
	out := f.contents(n, t)
	out.Classes = c.names()
	return out, nil
}

// Contents implements Shown.
func (r *treeRegressor) Contents(n *graph.Node) (*Contents, error) {
	if r.dtype != "" {
		t, f, _, err := readListed(n, "target", r.targets)
		if err != nil {
			return nil, err
		}
		return f.contents(n, t), nil
	}
	f := &indexed{}
	if err := f.read(n, &treeRegressor{}); err != nil {
		return nil, err
	}
	t, err := f.thicket(n.Ints("tree_roots"), r.targets)
	if err != nil {
		return nil, err
	}
	return f.contents(n, t), nil
}

// depths counts the trees of each depth. The branches are trees: grow has checked them.
func (t *thicket) depths() []int {
	const unknown = -1
	depth := slices.Repeat([]int{unknown}, len(t.branches))
	of := func(child int32) int {
		if child < 0 {
			return 0
		}
		return depth[child]
	}
	var out []int
	for _, root := range t.roots {
		for stack := []int32{root}; len(stack) > 0; {
			at := stack[len(stack)-1]
			if of(at) != unknown {
				stack = stack[:len(stack)-1]
				continue
			}
			b := t.branches[at]
			if yes, no := of(b.yes), of(b.no); yes != unknown && no != unknown {
				depth[at] = 1 + max(yes, no)
			} else {
				stack = append(stack, b.yes, b.no)
			}
		}
		out = append(out, make([]int, max(of(root)+1-len(out), 0))...)
		out[of(root)]++
	}
	return out
}
