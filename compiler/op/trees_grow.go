package op

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// forest is a checked ensemble. Equal tests, nodes and leaves are there once, over all
// trees, unless nodes and leaves are apart.
type forest struct {
	tests  []test        // by feature, then threshold, then those that hold at it first
	nodes  []ir.TreeNode // children before parents; a bit is a test's place
	roots  []int32
	leaves [][]vote // targets ascending, each once
	facts  []facts  // of the roots
	apart  bool     // nodes and leaves are there as often as in the file
	file   *thicket // what it was grown from
	join   func(x, y float64) float64
	// widest is the largest feature that a node tests, and widestAt the node, for errors.
	widest   int
	widestAt string
	// missing are the features of which a node says where missing values go, which others
	// than its own ones follow then. A private model has none: the key would show which nodes
	// say so.
	missing map[int]bool
}

// hidden is the forest for a private model: whether nodes or leaves are equal does not show.
func (f *forest) hidden() (*forest, error) { return grow(f.file, f.join, true) }

// test holds where a feature is more than a number or, with orAt, not less. Where the feature
// is missing, it holds if missing says so.
type test struct {
	feature int
	at      float64
	orAt    bool
	missing bool
}

// facts are what holds of every leaf that a node reaches: the targets that it gives a
// weight, and that one of its weights is positive; and how many nodes are passed at most.
type facts struct {
	always   []int
	positive bool
	depth    int
}

// grower makes a forest from the leaves up.
type grower struct {
	forest
	testAt map[test]int32
	nodeAt map[ir.TreeNode]int32
	ofNode []facts
	leafAt map[string]int32
	ofLeaf []facts
}

// grow checks that the branches are trees, and makes a forest of them. Several votes of a leaf
// for one target are joined.
func grow(t *thicket, join func(x, y float64) float64, apart bool) (*forest, error) {
	g := &grower{testAt: map[test]int32{}, nodeAt: map[ir.TreeNode]int32{}, leafAt: map[string]int32{}}
	g.forest = forest{apart: apart, file: t, join: join, missing: map[int]bool{}}
	for _, b := range t.branches {
		if (b.missing || b.value == math.MaxFloat64) && !apart {
			g.missing[b.feature] = true
		}
	}
	leaves := make([]int32, len(t.leaves))
	for i, votes := range t.leaves {
		leaves[i] = g.addLeaf(combined(votes, join))
	}
	made := make([]int32, len(t.branches)) // as children of the forest
	state := make([]growth, len(t.branches))
	reached := make([]bool, len(t.leaves))
	as := func(child int32) int32 {
		if child < 0 {
			reached[^child] = true
			return leaves[^child]
		}
		return made[child]
	}
	for _, root := range t.roots {
		if err := g.climb(t, root, state, made, as); err != nil {
			return nil, err
		}
		top := as(root)
		g.roots, g.facts = append(g.roots, top), append(g.facts, g.factsOf(top))
	}
	for i, s := range state {
		if s != grown {
			return nil, fmt.Errorf("%s is reached from no root", t.told(int32(i)))
		}
	}
	if i := slices.Index(reached, false); i >= 0 {
		return nil, fmt.Errorf("%s is reached from no root", t.told(int32(^i)))
	}
	for i, b := range t.branches {
		if i == 0 || b.feature > g.widest {
			g.widest, g.widestAt = b.feature, t.told(int32(i))
		}
	}
	g.sort()
	return &g.forest, nil
}

// growth is what was done with a branch.
type growth uint8

const (
	untouched growth = iota
	growing          // its children are not all made
	grown
)

// climb makes the branches below one, children first.
func (g *grower) climb(t *thicket, root int32, state []growth, made []int32, as func(int32) int32) error {
	stack := []int32{root}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		if i < 0 || state[i] == grown {
			stack = stack[:len(stack)-1]
			continue
		}
		b := &t.branches[i]
		if state[i] == growing {
			made[i], state[i] = g.branch(b, as(b.yes), as(b.no)), grown
			continue
		}
		state[i] = growing
		for _, child := range []int32{b.no, b.yes} {
			if child < 0 || state[child] == grown {
				continue
			}
			if state[child] == growing {
				return fmt.Errorf("%s is a descendant of itself: its tree has a cycle", t.told(child))
			}
			stack = append(stack, child)
		}
	}
	return nil
}

// branch makes a node with any relation of nodes that test whether a feature is beyond a
// number.
func (g *grower) branch(b *branch, yes, no int32) int32 {
	at := b.value + 0 // no negative zero
	switch b.relation {
	case "BRANCH_LEQ":
		return g.node(test{b.feature, at, false, !b.missing}, no, yes)
	case "BRANCH_LT":
		return g.node(test{b.feature, at, true, !b.missing}, no, yes)
	case "BRANCH_GTE":
		return g.node(test{b.feature, at, true, b.missing}, yes, no)
	case "BRANCH_GT":
		return g.node(test{b.feature, at, false, b.missing}, yes, no)
	case "BRANCH_EQ":
		return g.among(b.feature, []float64{at}, yes, no, b.missing)
	case "BRANCH_NEQ": // which NaN is, of every number
		return g.among(b.feature, []float64{at}, no, yes, false)
	}
	members := slices.Clone(b.members)
	slices.Sort(members)
	return g.among(b.feature, slices.Compact(members), yes, no, b.missing)
}

// among tests whether a feature is one of some numbers, which ascend, or missing. A missing
// one is beyond all of them, or else between the two tests of one.
func (g *grower) among(feature int, members []float64, yes, no int32, missing bool) int32 {
	top := no
	for _, v := range slices.Backward(members) {
		v += 0
		top = g.node(test{feature, v, false, !missing}, top, g.node(test{feature, v, true, true}, yes, no))
	}
	return top
}

// node finds or makes a node. One with equal children is its child.
func (g *grower) node(t test, high, low int32) int32 {
	if high == low {
		return high
	}
	t.missing = t.missing && g.missing[t.feature]
	bit, ok := g.testAt[t]
	if !ok {
		bit = int32(len(g.tests))
		g.testAt[t], g.tests = bit, append(g.tests, t)
	}
	n := ir.TreeNode{Bit: bit, High: high, Low: low}
	at, ok := g.nodeAt[n]
	if !ok || g.apart {
		at = int32(len(g.nodes))
		g.nodeAt[n], g.nodes = at, append(g.nodes, n)
		a, b := g.factsOf(high), g.factsOf(low)
		g.ofNode = append(g.ofNode, facts{always: common(a.always, b.always), positive: a.positive && b.positive,
			depth: 1 + max(a.depth, b.depth)})
	}
	return at
}

// common are the elements that two ascending lists share.
func common(a, b []int) []int {
	if slices.Equal(a, b) {
		return a
	}
	var out []int
	for len(a) > 0 && len(b) > 0 {
		switch c := cmp.Compare(a[0], b[0]); {
		case c < 0:
			a = a[1:]
		case c > 0:
			b = b[1:]
		default:
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	return out
}

func (g *grower) factsOf(child int32) facts {
	if child < 0 {
		return g.ofLeaf[^child]
	}
	return g.ofNode[child]
}

// combined orders votes by target, and joins those of one.
func combined(votes []vote, join func(x, y float64) float64) []vote {
	votes = slices.Clone(votes)
	slices.SortStableFunc(votes, func(a, b vote) int { return cmp.Compare(a.target, b.target) })
	out := votes[:0]
	for _, v := range votes {
		if k := len(out) - 1; k >= 0 && out[k].target == v.target {
			out[k].weight = join(out[k].weight, v.weight)
			continue
		}
		out = append(out, v)
	}
	return out
}

// addLeaf finds or makes a leaf, and gives it as a child.
func (g *grower) addLeaf(votes []vote) int32 {
	var key []byte
	f := facts{}
	for _, v := range votes {
		key = binary.AppendVarint(key, int64(v.target))
		key = binary.BigEndian.AppendUint64(key, math.Float64bits(v.weight+0))
		f.always, f.positive = append(f.always, v.target), f.positive || v.weight > 0
	}
	at, ok := g.leafAt[string(key)]
	if !ok || g.apart {
		at = int32(len(g.leaves))
		g.leafAt[string(key)], g.leaves, g.ofLeaf = at, append(g.leaves, votes), append(g.ofLeaf, f)
	}
	return ^at
}

// sort orders the tests.
func (g *grower) sort() {
	order := make([]int32, len(g.tests))
	for i := range order {
		order[i] = int32(i)
	}
	tests := g.tests
	slices.SortFunc(order, func(i, j int32) int {
		a, b := tests[i], tests[j]
		if c := cmp.Or(cmp.Compare(a.feature, b.feature), cmp.Compare(a.at, b.at)); c != 0 {
			return c
		}
		if a.orAt != b.orAt {
			return before(a.orAt)
		}
		return before(a.missing)
	})
	place, sorted := make([]int32, len(order)), make([]test, len(order))
	for to, from := range order {
		place[from], sorted[to] = int32(to), tests[from]
	}
	for i := range g.nodes {
		g.nodes[i].Bit = place[g.nodes[i].Bit]
	}
	g.tests = sorted
}

// before orders by a yes, which comes first.
func before(yes bool) int {
	if yes {
		return -1
	}
	return 1
}
