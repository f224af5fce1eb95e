package compiler

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/problem"
)

// Hiding declares how large the trees of a private ensemble may be, whose structure is hidden:
// as many full trees of a depth are proved, whatever the model's are. 0 is for the model's own.
type Hiding struct {
	Depth int `json:"depth"`
	Trees int `json:"trees"`
}

// deepestTree bounds the depth of full trees, which double with each level.
const deepestTree = 20

// hidingForms says how a hiding is written.
const hidingForms = "write depth=6,trees=100 for full trees of that depth, depth=6 or trees=100 for the model's own " +
	"other number, or own for both"

// ParseHiding reads "depth=6,trees=100", either of them alone, or "own".
func ParseHiding(text string) (*Hiding, error) {
	h := &Hiding{}
	refused := &problem.Error{
		Code: problem.Choice, Option: "${HideStructure}", Place: strconv.Quote(text), Remedy: hidingForms,
	}
	if text == "own" {
		return h, nil
	}
	for _, part := range strings.Split(text, ",") {
		name, value, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(value)
		at := map[string]*int{"depth": &h.Depth, "trees": &h.Trees}[name]
		if err != nil || at == nil || *at != 0 || n < 1 {
			return nil, refused
		}
		*at = n
	}
	return h, nil
}

func (h Hiding) String() string { return fmt.Sprintf("depth=%d,trees=%d", h.Depth, h.Trees) }

// errHiding refuses a hiding with what was got and a remedy.
func errHiding(got, remedy string) error {
	return &problem.Error{Code: problem.Conflict, Option: "${HideStructure}", Got: got, Remedy: remedy}
}

// hide makes full trees of all trees of a program, as the options or given formats declare them.
// It tells how large they are; nil if nothing is hidden.
func (o *Options) hide(p *ir.Program) (*Hiding, error) {
	declared := o.Hide
	if o.Formats != nil {
		given := o.Formats.HideStructure
		if declared != nil && (given == nil || *declared != (Hiding{}) && *declared != *given) {
			return nil, errHiding("the formats are of trees of another structure",
				"leave it out: the formats say what is hidden")
		}
		declared = given
	}
	if declared == nil {
		return nil, nil
	}
	if !o.Private.Model {
		return nil, errHiding("the model is public", "make it private with ${Private} model")
	}
	h := *declared
	depth, trees := 0, 0
	for _, s := range p.Steps {
		if t, ok := s.Kind.(*ir.Trees); ok {
			depth, trees = max(depth, depthOf(t)), max(trees, len(t.Roots))
		}
	}
	if trees == 0 {
		return nil, errHiding("the model has no trees", "leave it out")
	}
	if h.Depth == 0 {
		h.Depth = depth
	}
	if h.Trees == 0 {
		h.Trees = trees
	}
	if h.Depth < depth || h.Trees < trees || h.Depth > deepestTree {
		return nil, errHiding(fmt.Sprintf("trees beyond what is declared, or deeper than %d, are not proved: the "+
			"model has %d trees, the deepest of depth %d", deepestTree, trees, depth), "declare at least as much")
	}
	if err := budget.TreeNodes.Check("", budget.Product(h.Trees, 1<<h.Depth)); err != nil {
		return nil, errHiding(fmt.Sprintf("full trees of %s have more than %d nodes", h, budget.TreeNodes.Most),
			"declare fewer trees, or shallower ones")
	}
	return &h, hideTrees(p, h)
}

// depthOf is how many nodes the longest path of a forest has.
func depthOf(t *ir.Trees) int {
	depth, most := make([]int, len(t.Nodes)), 0
	below := func(child int32) int {
		if child < 0 {
			return 0
		}
		return depth[child]
	}
	for i, n := range t.Nodes {
		depth[i] = 1 + max(below(n.High), below(n.Low))
	}
	for _, at := range t.Roots {
		most = max(most, below(at))
	}
	return most
}

// hideTrees replaces each step of trees by one of full trees, and the splits before it by one
// test for each node, whose element is a secret too.
func hideTrees(p *ir.Program, h Hiding) error {
	index, err := ir.NewIndex(p)
	if err != nil {
		return err
	}
	full := map[*ir.Step]*ir.Splits{}
	for _, s := range p.Steps {
		t, ok := s.Kind.(*ir.Trees)
		if !ok {
			continue
		}
		tests := index.Producer(s.In[0])
		var splits *ir.Splits
		if tests != nil {
			splits, ok = tests.Kind.(*ir.Splits)
		}
		if tests == nil || !ok || len(splits.At) == 0 {
			return fmt.Errorf("%s: %w", s.Node, errHiding("its trees do not read tests of numbers alone",
				"leave it out"))
		}
		out := full[tests]
		if out == nil {
			out = &ir.Splits{Single: splits.Single, Hidden: true}
			full[tests] = out
		}
		f := &filler{from: t, tests: splits, to: &ir.Trees{Bias: t.Bias, Single: t.Single}, made: out}
		s.Kind = f.fill(h)
	}
	for _, s := range p.Steps {
		splits, ok := full[s]
		if !ok {
			continue
		}
		only := true
		index.Readers(s.Out, func(at int) {
			_, ok := index.Step(at).Kind.(*ir.Trees)
			only = only && ok
		})
		if !only {
			return fmt.Errorf("%s: %w", s.Node, errHiding("its tests are read by other steps than trees",
				"leave it out"))
		}
		s.Kind, p.Shapes[s.Out] = splits, []int{len(splits.At)}
	}
	return nil
}

// filler makes full trees of others. Their tests come in the order of their nodes.
type filler struct {
	from  *ir.Trees
	tests *ir.Splits
	to    *ir.Trees
	made  *ir.Splits
}

// fill makes so many trees of a depth. Those that are missing have leaves of zero.
func (f *filler) fill(h Hiding) *ir.Trees {
	for _, at := range f.from.Roots {
		f.to.Roots = append(f.to.Roots, f.tree(at, h.Depth))
	}
	zero := int32(len(f.from.Leaves))
	f.from = &ir.Trees{Nodes: f.from.Nodes,
		Leaves: append(f.from.Leaves[:zero:zero], make([]float64, len(f.from.Bias)))}
	for len(f.to.Roots) < h.Trees {
		f.to.Roots = append(f.to.Roots, f.tree(^zero, h.Depth))
	}
	return f.to
}

// tree copies what is below a child, down to a depth: a leaf that is reached before stands below
// tests of whatever number.
func (f *filler) tree(at int32, depth int) int32 {
	if depth == 0 {
		f.to.Leaves = append(f.to.Leaves, f.from.Leaves[^at])
		return -int32(len(f.to.Leaves))
	}
	n := ir.TreeNode{Bit: 0, High: at, Low: at}
	if at >= 0 {
		n = f.from.Nodes[at]
	}
	high, low := f.tree(n.High, depth-1), f.tree(n.Low, depth-1)
	f.to.Nodes = append(f.to.Nodes, ir.TreeNode{Bit: int32(len(f.made.At)), High: high, Low: low})
	f.made.Index, f.made.At = append(f.made.Index, f.tests.Index[n.Bit]), append(f.made.At, f.tests.At[n.Bit])
	f.made.OrAt = append(f.made.OrAt, f.tests.OrAt[n.Bit])
	if f.tests.Of != nil {
		f.made.Of = append(f.made.Of, f.tests.Of[n.Bit])
	}
	return int32(len(f.to.Nodes) - 1)
}
