package op

import (
	"maps"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// planting is an ensemble being lowered: the tests of all rows are one step, the trees of
// each row another one.
type planting struct {
	*trees
	*Lowering
	bits ir.ID // the tests by row; meaningless where there are none
}

// plant emits the tests. Values have the name of the node's scores.
func (t *trees) plant(l *Lowering, name string) (*planting, error) {
	if l.Secret {
		hidden, err := t.hidden()
		if err != nil {
			return nil, err
		}
		of := *t
		of.forest, t = hidden, &of
	}
	p := &planting{trees: t, Lowering: l.named(name, t.rows, len(t.tests))}
	if len(t.tests) > 0 {
		p.bits = p.Step(t.splits(), l.ID[0])
	}
	return p, nil
}

func (p *planting) step(shape []int, kind ir.Kind, in ...ir.ID) ir.ID {
	return p.named(p.Name, shape...).Step(kind, in...)
}

// add adds trees to a step, with the numbers that each leaf has there.
func (p *planting) add(to *ir.Trees, roots []int32, numbers func([]vote) []float64) {
	nodes, leaves, roots := p.within(roots)
	first, firstLeaf := int32(len(to.Nodes)), int32(len(to.Leaves))
	after := func(child int32) int32 {
		if child < 0 {
			return child - firstLeaf
		}
		return child + first
	}
	for _, n := range nodes {
		to.Nodes = append(to.Nodes, ir.TreeNode{Bit: n.Bit, High: after(n.High), Low: after(n.Low)})
	}
	for _, root := range roots {
		to.Roots = append(to.Roots, after(root))
	}
	for _, leaf := range leaves {
		to.Leaves = append(to.Leaves, numbers(p.leaves[leaf]))
	}
}

// total emits the sums of trees for all rows.
func (p *planting) total(t *ir.Trees) (ir.ID, error) {
	if len(t.Nodes) == 0 {
		return p.constant(t.Eval(nil, len(t.Bias)))
	}
	sums := make([]ir.ID, p.rows)
	for row := range sums {
		of := *t
		of.Nodes = slices.Clone(t.Nodes)
		for i := range of.Nodes {
			of.Nodes[i].Bit += int32(row * len(p.tests))
		}
		sums[row] = p.step([]int{1, len(t.Bias)}, &of, p.bits)
	}
	if p.rows == 1 {
		return sums[0], nil
	}
	all := &ir.Move{}
	for row := range p.rows {
		for k := range t.Bias {
			all.In, all.Index = append(all.In, int32(row)), append(all.Index, int32(k))
		}
	}
	return p.step([]int{p.rows, len(t.Bias)}, all, sums...), nil
}

// constant emits the same numbers for every row.
func (p *planting) constant(values []float64) (ir.ID, error) {
	a := newAffine(p.rows*len(values), p.ID[0])
	for i := range a.Bias {
		a.Bias[i] = values[i%len(values)]
	}
	return only(a.emit(p.named(p.Name, p.rows, len(values))))
}

// within lists the nodes and leaves that some roots reach, in order, with their roots.
func (t *trees) within(roots []int32) (nodes []ir.TreeNode, leaves, moved []int32) {
	place := map[int32]int32{} // by child
	stack := slices.Clone(roots)
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if _, met := place[at]; met {
			continue
		}
		if place[at] = 0; at >= 0 {
			stack = append(stack, t.nodes[at].High, t.nodes[at].Low)
		}
	}
	met := slices.Sorted(maps.Keys(place))
	for _, at := range slices.Backward(met) {
		if at < 0 {
			place[at] = ^int32(len(leaves))
			leaves = append(leaves, ^at)
		}
	}
	for _, at := range met {
		if at >= 0 {
			n := t.nodes[at]
			place[at] = int32(len(nodes))
			nodes = append(nodes, ir.TreeNode{Bit: n.Bit, High: place[n.High], Low: place[n.Low]})
		}
	}
	for _, root := range roots {
		moved = append(moved, place[root])
	}
	return nodes, leaves, moved
}

// columns emits some columns of a value.
func (p *planting) columns(x ir.ID, of ...int) ir.ID {
	all := p.Shapes[x][1]
	m := &ir.Move{}
	for row := range p.rows {
		for _, k := range of {
			m.In, m.Index = append(m.In, 0), append(m.Index, int32(row*all+k))
		}
	}
	return p.step([]int{p.rows, len(of)}, m, x)
}

// sum emits the scores of all rows.
func (p *planting) sum() (ir.ID, error) {
	t := &ir.Trees{Bias: p.beginning(), Single: p.single()}
	p.add(t, p.roots, func(votes []vote) []float64 {
		out := make([]float64, p.targets)
		for _, v := range votes {
			out[v.target] = float64(v.weight * p.times)
		}
		return out
	})
	return p.total(t)
}

// beginning is what scores begin with.
func (t *trees) beginning() []float64 {
	if t.base == nil {
		return make([]float64, t.targets)
	}
	return t.base
}
