package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "If", Since: []int{1, 11, 13, 16, 19, 21, 23, 24, 25}, Tolerance: 4,
		Note: "of a condition that is known at compile time one branch; of another both, whose outputs have equal " +
			"shapes",
		New: takes(1, anyNumber, newIf),
	})
}

// conditional runs one of two graphs. Where a variable says which, both are lowered, and it
// chooses between what they give.
type conditional struct {
	branches [2]*graph.Graph // of a condition that holds, and of one that does not
	reads    [2][]int        // the node's inputs that each reads
	runs     [2]run
	known    bool
	taken    int       // which is known to be
	choices  []*choice // by output, where it is not
	outs     []Out
}

func newIf(n *graph.Node) (Op, error) {
	c := &conditional{}
	for i, name := range []string{"then_branch", "else_branch"} {
		c.branches[i] = n.Attrs[name].Body
		if c.branches[i] == nil {
			return nil, fmt.Errorf("it has no %s", name)
		}
		if b := c.branches[i]; len(b.Inputs) > 0 || len(b.Outputs) < len(n.Outputs) {
			return nil, fmt.Errorf("its %s has %d inputs and %d outputs, and the node %d outputs", name, len(b.Inputs),
				len(b.Outputs), len(n.Outputs))
		}
		c.reads[i] = captured(n, c.branches[i])
	}
	if len(n.Inputs)-n.Captured != 1 {
		return nil, fmt.Errorf("%d inputs, but the operator takes 1", len(n.Inputs)-n.Captured)
	}
	if a, b := len(c.branches[0].Outputs), len(c.branches[1].Outputs); a != b {
		return nil, fmt.Errorf("its branches have %d and %d outputs", a, b)
	}
	return c, nil
}

// Infer implements Op.
func (c *conditional) Infer(in []Arg) ([]Out, error) {
	if in[0].DType != graph.Bool || tensor.Size(in[0].Shape) != 1 {
		return nil, fmt.Errorf("the condition is of type %s and shape %v, not one boolean", in[0].DType, in[0].Shape)
	}
	meter := budget.NewMeter("")
	c.choices, c.known = nil, in[0].Const != nil
	if c.known {
		if c.taken = 1; in[0].Const.Data[0] != 0 {
			c.taken = 0
		}
		if err := c.follow(c.taken, in, meter); err != nil {
			return nil, err
		}
		c.outs = c.runs[c.taken].results()
		return slices.Clone(c.outs), noTexts(c.outs)
	}
	for i := range c.branches {
		if err := c.follow(i, in, meter); err != nil {
			return nil, err
		}
	}
	c.outs = nil
	for k := range c.runs[0].outs {
		out, err := c.choose(in[0], k)
		if err != nil {
			return nil, fmt.Errorf("output %d: %w", k, err)
		}
		c.outs = append(c.outs, out)
	}
	return slices.Clone(c.outs), noTexts(c.outs)
}

// noTexts refuses outputs of texts.
func noTexts(outs []Out) error {
	if slices.ContainsFunc(outs, func(o Out) bool { return o.DType == graph.Text }) {
		return errors.New("it gives texts, which no sub-graph may")
	}
	return nil
}

// follow infers a branch.
func (c *conditional) follow(i int, in []Arg, meter *budget.Meter) error {
	c.runs[i] = run{Graph: c.branches[i]}
	args := make([]Arg, len(c.reads[i]))
	for k, j := range c.reads[i] {
		args[k] = in[j]
	}
	return c.runs[i].infer(args, meter)
}

// choose infers the choice between the branches' outputs.
func (c *conditional) choose(condition Arg, k int) (Out, error) {
	a, b := c.runs[0].outs[k], c.runs[1].outs[k]
	if !slices.Equal(a.Shape, b.Shape) || a.DType != b.DType {
		return Out{}, fmt.Errorf("the branches give %s%v and %s%v, and the condition depends on the model's input: "+
			"export the model with a condition that is fixed, or with branches of equal shapes", a.DType, a.Shape,
			b.DType, b.Shape)
	}
	w := &choice{}
	c.choices = append(c.choices, w)
	condition.Shape = []int{}
	outs, err := w.Infer([]Arg{condition, a, b})
	if err != nil {
		return Out{}, err
	}
	return outs[0], nil
}

// Float implements Op.
func (c *conditional) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	i := 1
	if in[0].Data[0] != 0 {
		i = 0
	}
	args := make([]*tensor.Float, len(c.reads[i]))
	for k, j := range c.reads[i] {
		args[k] = in[j]
	}
	return c.runs[i].float(args)
}

// Lower implements Op.
func (c *conditional) Lower(l *Lowering) ([]ir.ID, error) {
	if c.known {
		return c.lower(l, c.taken)
	}
	var both [2][]ir.ID
	for i := range both {
		var err error
		if both[i], err = c.lower(l, i); err != nil {
			return nil, err
		}
	}
	outs := make([]ir.ID, len(c.choices))
	for k, w := range c.choices {
		condition := l.In[0]
		condition.Shape = []int{}
		inner := &Lowering{
			Program: l.Program, Node: l.Node, Name: l.Name, In: []Arg{condition, c.runs[0].outs[k], c.runs[1].outs[k]},
			ID: []ir.ID{l.ID[0], both[0][k], both[1][k]}, Out: c.outs[k : k+1],
		}
		before := len(l.Steps)
		ids, err := w.Lower(inner)
		if err == nil {
			err = MarkIntegers(w, l.Program, l.Steps[before:], ids, inner.Out)
		}
		if err != nil {
			return nil, err
		}
		outs[k] = ids[0]
	}
	return outs, nil
}

// lower lowers a branch.
func (c *conditional) lower(l *Lowering, i int) ([]ir.ID, error) {
	ids := make([]ir.ID, len(c.reads[i]))
	for k, j := range c.reads[i] {
		ids[k] = l.ID[j]
	}
	return c.runs[i].lower(l, l.Program, ids, kept)
}

// Static implements Static.
func (c *conditional) Static() []*tensor.Float {
	if !c.known {
		return nil
	}
	return consts(c.runs[c.taken].outs)
}

// Work implements Worker.
func (c *conditional) Work() Work {
	sum := c.runs[0].work().plus(c.runs[1].work())
	for _, w := range c.choices {
		sum = sum.plus(WorkOf(w, []Out{{Shape: w.shape}}))
	}
	return sum
}
