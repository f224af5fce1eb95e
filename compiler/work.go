package compiler

import (
	"fmt"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/tensor"
)

// grant asks the budget of the whole graph for a node whose shapes are inferred:
// before its outputs are computed where they are constant, and else before it is
// lowered.
func (m *Model) grant(b *boundNode, constant bool) error {
	meter := m.meter.At(fmt.Sprintf("%s (%s)", b.node.Name, b.node.Op))
	for _, out := range b.outs {
		if err := meter.Take(budget.Elements, budget.Product(out.Shape...)); err != nil {
			return err
		}
	}
	work := op.WorkOf(b.op, b.outs)
	if err := meter.Take(budget.Nodes, work.Nodes); err != nil {
		return err
	}
	if err := meter.Take(budget.Multiplications, work.Multiplications); err != nil {
		return err
	}
	if constant {
		return meter.Take(budget.Growth, b.growth())
	}
	if err := meter.Take(budget.Terms, work.Terms); err != nil {
		return err
	}
	return meter.Take(budget.Indices, work.Indices)
}

// growth is how many elements the outputs of a constant node have beyond its inputs.
func (b *boundNode) growth() int64 {
	n := 0
	for _, out := range b.outs {
		n += tensor.Size(out.Shape)
	}
	for _, a := range b.args {
		if a.Present {
			n -= tensor.Size(a.Shape)
		}
	}
	if b.node.Op == "Constant" { // it stands in the file
		return 0
	}
	return int64(max(n, 0))
}

// hasElements refuses a node that depends on the input and computes nothing: a size
// of zero would reach every stage behind.
func (m *Model) hasElements(b *boundNode) error {
	for i, name := range b.node.Outputs {
		if name == "" || i >= len(b.outs) || m.known[name] != nil {
			continue
		}
		if shape := b.outs[i].Shape; tensor.Size(shape) == 0 {
			return b.node.Errorf("output %s has shape %v, which holds no elements; "+
				"give the input other sizes, or leave the node out of the model",
				name, shape)
		}
	}
	return nil
}
