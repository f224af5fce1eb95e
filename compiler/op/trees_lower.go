package op

import (
	"maps"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// planting is an ensemble being lowered: the tests of all rows are one step, the trees of
// each row another one.
type planting struct {
	*trees
	*Lowering
	name string // of the scores
	bits ir.ID  // the tests by row; meaningless where there are none
}

// plant emits the tests.
func (t *trees) plant(l *Lowering, name string) *planting {
	p := &planting{trees: t, Lowering: l, name: name}
	if len(t.tests) > 0 {
		p.bits = p.step("tests", []int{t.rows, len(t.tests)}, t.splits(), l.ID[0])
	}
	return p
}

func (p *planting) step(what string, shape []int, kind ir.Kind, in ...ir.ID) ir.ID {
	return p.Emit(p.Node, p.name+" "+what, shape, kind, in...)
}

// total emits the sums of some trees for all rows, which begin with a bias and add what
// weights gives for a leaf.
func (p *planting) total(roots []int32, bias []float64, weights func([]vote) []float64) (ir.ID, error) {
	bias, shape := slices.Clone(bias), []int{p.rows, len(bias)}
	var standing []int32
	for _, root := range roots {
		if root >= 0 {
			standing = append(standing, root)
			continue
		}
		for k, w := range weights(p.leaves[^root]) {
			bias[k] += w
		}
	}
	if len(standing) == 0 {
		return p.constant(bias)
	}
	nodes, leaves, standing := p.within(standing)
	step := ir.Trees{Roots: standing, Bias: bias}
	for _, leaf := range leaves {
		step.Leaves = append(step.Leaves, weights(p.leaves[leaf]))
	}
	sums := make([]ir.ID, p.rows)
	for row := range sums {
		of := step
		of.Nodes = slices.Clone(nodes)
		for i := range of.Nodes {
			of.Nodes[i].Bit += int32(row * len(p.tests))
		}
		sums[row] = p.step("sums", []int{1, len(bias)}, &of, p.bits)
	}
	if p.rows == 1 {
		return sums[0], nil
	}
	all := &ir.Move{}
	for row := range p.rows {
		for k := range bias {
			all.In, all.Index = append(all.In, int32(row)), append(all.Index, int32(k))
		}
	}
	return p.step("sums of all rows", shape, all, sums...), nil
}

// constant emits the same numbers for every row.
func (p *planting) constant(values []float64) (ir.ID, error) {
	a := newAffine(p.rows*len(values), p.ID[0])
	for i := range a.Bias {
		a.Bias[i] = values[i%len(values)]
	}
	err := a.finish()
	return p.step("sums", []int{p.rows, len(values)}, &a.Affine, p.ID[0]), err
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

// sum emits the scores of all rows.
func (p *planting) sum() (ir.ID, error) {
	return p.total(p.roots, p.beginning(), func(votes []vote) []float64 {
		out := make([]float64, p.targets)
		for _, v := range votes {
			out[v.target] = float64(v.weight * p.times)
		}
		return out
	})
}

// beginning is what scores begin with.
func (t *trees) beginning() []float64 {
	if t.base == nil {
		return make([]float64, t.targets)
	}
	return t.base
}

// linear emits the same affine map of every row of a value with some columns: each output
// column is a bias and a factor of one column.
func (p *planting) linear(what string, x ir.ID, columns int, of []int, factor, bias []float64) (ir.ID, error) {
	a := newAffine(p.rows*len(of), x)
	for i := range a.Bias {
		row, k := i/len(of), i%len(of)
		a.term(i, 0, row*columns+of[k], factor[k])
		a.Bias[i], a.Group[i] = bias[k], k
	}
	err := a.finish()
	return p.step(what, []int{p.rows, len(of)}, &a.Affine, x), err
}

// transformed emits a transform of scores with some columns.
func (p *planting) transformed(f transform, x ir.ID, columns int) ir.ID {
	shape := []int{p.rows, columns}
	switch f {
	case logistic:
		return p.step("logistic", shape, &ir.Func{Name: "sigmoid", F: sigmoid, Monotone: true, Strict: true}, x)
	case probit:
		return p.step("probit", shape, &ir.Func{Name: "probit", F: probitOf, Monotone: true}, x)
	case softmaxed:
		return p.step("softmax", shape, &ir.Softmax{Groups: fibres(shape, 1)}, x)
	}
	return x
}

// of is the transform of scores, row by row.
func (f transform) of(x *tensor.Float) []*tensor.Float {
	switch f {
	case logistic:
		return []*tensor.Float{tensor.Map(x, sigmoid)}
	case probit:
		return []*tensor.Float{tensor.Map(x, probitOf)}
	case softmaxed:
		out, _ := (&softmax{groups: fibres(x.Shape, 1)}).Float([]*tensor.Float{x})
		return out
	}
	return []*tensor.Float{x}
}
