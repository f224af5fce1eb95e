package op

import (
	"fmt"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// run is one run of a graph inside of a node: of a body, or of the operators that the node
// is made of. Its inputs are those of the graph, then what it reads of the graph around it.
type run struct {
	*graph.Graph
	nodes []bodyNode
	outs  []Arg // what the graph gives
}

// inputs are the names of what a run reads.
func (r *run) inputs() []string { return append(graph.Names(r.Inputs), r.Outer...) }

// bodyNode is a node of the graph with what is known of its inputs in one run.
type bodyNode struct {
	*graph.Node
	op   Op
	args []Arg
	outs []Out
	know []*tensor.Float // outputs that are known
}

// infer follows one run. The meter grants what it takes.
func (r *run) infer(args []Arg, meter *budget.Meter) error {
	r.nodes, r.outs = nil, nil
	known := map[string]Arg{}
	for name, c := range r.Consts {
		known[name] = Arg{Present: true, DType: c.DType, Shape: c.Shape, Const: c.Float}
	}
	for k, name := range r.inputs() {
		known[name] = args[k]
	}
	for _, n := range r.Nodes {
		b, err := bindBody(n, known, meter)
		if err != nil {
			return err
		}
		r.nodes = append(r.nodes, b)
	}
	for _, out := range r.Outputs {
		r.outs = append(r.outs, known[out.Name])
	}
	return nil
}

// bindBody infers a node, and computes what is known of its outputs.
func bindBody(n *graph.Node, known map[string]Arg, meter *budget.Meter) (bodyNode, error) {
	o, err := Bind(n)
	if err != nil {
		return bodyNode{}, err
	}
	return inferBody(n, o, known, meter)
}

// inferBody is bindBody of a node whose operator is bound.
func inferBody(n *graph.Node, o Op, known map[string]Arg, meter *budget.Meter) (bodyNode, error) {
	b := bodyNode{Node: n, op: o, args: make([]Arg, len(n.Inputs))}
	constant := true
	for i, name := range n.Inputs {
		if b.args[i] = known[name]; b.args[i].DType == graph.Text {
			return b, n.Errorf("input %s is text, which no body takes", name)
		}
		constant = constant && (name == "" || b.args[i].Const != nil)
	}
	var err error
	if err = checkEndless(o, b.args); err == nil {
		b.outs, err = o.Infer(b.args)
	}
	if err == nil {
		err = b.grant(meter)
	}
	if err != nil {
		return b, n.Errorf("%w", err)
	}
	if constant {
		if err = Exactly(o, b.args); err == nil {
			b.know, err = o.Float(consts(b.args))
		}
		if err != nil {
			return b, n.Errorf("%w", err)
		}
	} else if static, ok := o.(Static); ok {
		b.know = static.Static()
	}
	return b, b.define(known)
}

// grant asks for a node whose shapes are inferred, before its outputs are computed.
func (b *bodyNode) grant(meter *budget.Meter) error {
	work := WorkOf(b.op, b.outs)
	if err := meter.Take(budget.Nodes, budget.Sum(inside, work.Nodes)); err != nil {
		return err
	}
	for _, out := range b.outs {
		if err := meter.Take(budget.Elements, budget.Product(out.Shape...)); err != nil {
			return err
		}
	}
	if err := meter.Take(budget.Multiplications, work.Multiplications); err != nil {
		return err
	}
	return meter.Take(budget.Terms, work.Terms)
}

// inside is how many nodes of a graph a node in one run of a body counts for: compilers keep more
// of it.
const inside = 4

// composite is an Op that runs graphs.
type composite interface{ composite() }

func (*composed) composite()    {}
func (*conditional) composite() {}
func (*unrolled) composite()    {}

// define adds what is known of a node's outputs.
func (b *bodyNode) define(known map[string]Arg) error {
	for k, name := range b.Outputs {
		if err := Refusal(b.op, k); err != nil {
			return b.Errorf("output %s: %w", name, err)
		}
		if name == "" || k >= len(b.outs) {
			continue
		}
		out := Arg{Present: true, DType: b.outs[k].DType, Shape: b.outs[k].Shape}
		out.Lowest = b.outs[k].Lowest
		if out.Shape == nil {
			out.Shape = []int{}
		}
		if k < len(b.know) {
			out.Const = b.know[k]
		}
		known[name] = out
	}
	return nil
}

func consts(args []Arg) []*tensor.Float {
	out := make([]*tensor.Float, len(args))
	for i, a := range args {
		out[i] = a.Const
	}
	return out
}

// float computes the graph's outputs.
func (r *run) float(in []*tensor.Float) ([]*tensor.Float, error) {
	values := map[string]*tensor.Float{}
	for name, c := range r.Consts {
		values[name] = c.Float
	}
	for k, name := range r.inputs() {
		values[name] = in[k]
	}
	for i := range r.nodes {
		b := &r.nodes[i]
		in := make([]*tensor.Float, len(b.Inputs))
		for k, name := range b.Inputs {
			if name != "" {
				in[k] = values[name]
			}
		}
		outs, err := b.op.Float(in)
		if err != nil {
			return nil, b.Errorf("%w", err)
		}
		for k, name := range b.Outputs {
			if name != "" && k < len(outs) {
				values[name] = outs[k]
			}
		}
	}
	outs := make([]*tensor.Float, len(r.Outputs))
	for k, out := range r.Outputs {
		if outs[k] = values[out.Name]; out.Name == "" { // one that there is not
			outs[k] = tensor.New[float64](0)
		}
	}
	return outs, nil
}

// lower lowers the nodes into a program, whose values in are the graph's inputs, and returns
// the outputs. plain is asked for the value that stands for one that a node gives.
func (r *run) lower(l *Lowering, into *ir.Program, in []ir.ID, plain func(ir.ID) ir.ID) ([]ir.ID, error) {
	values := map[string]ir.ID{}
	for k, name := range r.inputs() {
		values[name] = in[k]
	}
	for i := range r.nodes {
		b := &r.nodes[i]
		if b.allKnown() {
			continue
		}
		in := &Lowering{
			Program: into, Node: fmt.Sprintf("%s: %s", l.Node, b.Op), Name: l.Name,
			In: b.args, ID: make([]ir.ID, len(b.args)), Out: b.outs,
		}
		for k, name := range b.Inputs {
			in.ID[k] = values[name]
		}
		before := len(into.Steps)
		ids, err := b.op.Lower(in)
		if err != nil {
			return nil, b.Errorf("%w", err)
		}
		if err := MarkIntegers(b.op, into, into.Steps[before:], ids, b.outs); err != nil {
			return nil, b.Errorf("%w", err)
		}
		for k, name := range b.Outputs {
			if k < len(ids) {
				values[name] = plain(ids[k])
			}
		}
	}
	outs := make([]ir.ID, len(r.Outputs))
	for k, out := range r.Outputs {
		outs[k] = values[out.Name]
	}
	return outs, nil
}

// kept is the value that stands for a value where nothing else does.
func kept(id ir.ID) ir.ID { return id }

// allKnown tells whether a node's outputs are known.
func (b *bodyNode) allKnown() bool {
	for k := range b.outs {
		if k >= len(b.Outputs) || b.Outputs[k] == "" {
			continue
		}
		if k >= len(b.know) || b.know[k] == nil {
			return false
		}
	}
	return true
}

// work is the sum over the nodes.
func (r *run) work() Work {
	sum := Work{Nodes: budget.Product(inside, len(r.nodes))}
	for i := range r.nodes {
		sum = sum.plus(WorkOf(r.nodes[i].op, r.nodes[i].outs))
	}
	return sum
}

func (w Work) plus(v Work) Work {
	return Work{
		Multiplications: budget.Sum(w.Multiplications, v.Multiplications),
		Terms:           budget.Sum(w.Terms, v.Terms), Indices: budget.Sum(w.Indices, v.Indices),
		Nodes: budget.Sum(w.Nodes, v.Nodes),
	}
}
