// Package compiler turns an ONNX graph into a quantised program and the
// statement that is proved about it: bind and infer, fold, lower, rewrite,
// calibrate, quantise. The stages are functions from one type to the next; the
// rewrites are the table in passes.go. It must not know proving. cmd imports it.
package compiler

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/tensor"
)

// Model is a float model with all shapes known and everything constant folded:
// what a quantised model is judged against. What its outputs do not depend on is no
// part of it.
type Model struct {
	Graph *graph.Graph
	// Inputs and Outputs stand in the graph's order.
	Inputs, Outputs []Port

	nodes []boundNode
	known map[string]*tensor.Float
	info  map[string]op.Out
	meter *budget.Meter

	survey *Survey // nil in a model that is compiled
}

// boundNode is a node whose outputs depend on the inputs.
type boundNode struct {
	node *graph.Node
	op   op.Op
	args []op.Arg
	outs []op.Out
}

// ModelOptions are what a file may leave open.
type ModelOptions struct {
	// Shapes gives the sizes of inputs by name, where the file does not.
	Shapes map[string][]int
	// Outputs names the outputs to prove; all, where it is empty.
	Outputs []string
	// Classes names the outputs of which the class is revealed: where they are labels, the
	// number of the class takes the place of its label.
	Classes []string
}

// NewModel binds the operators of a graph that the outputs depend on, infers every
// shape, and folds what depends on no input. A symbolic batch size, the first of an
// input's sizes, becomes 1.
func NewModel(g *graph.Graph, o ModelOptions) (*Model, error) {
	m, needed, err := opened(g, o, nil)
	if err != nil {
		return nil, err
	}
	for _, n := range m.Graph.Nodes {
		if !isNeeded(n, needed) {
			continue
		}
		if err := m.bind(n, needed); err != nil {
			return nil, err
		}
	}
	return m, m.settle(o.Classes)
}

// opened chooses the inputs and outputs of a model, and tells which values these need. A survey
// goes on after refusals.
func opened(g *graph.Graph, o ModelOptions, s *Survey) (m *Model, needed map[string]bool, err error) {
	read, err := withMaps(g)
	if err != nil {
		read = g
	}
	m = unboundModel(fused(read))
	m.survey = s
	if err := m.refused(nil, err); err != nil {
		return nil, nil, err
	}
	if err := m.chooseOutputs(o.Outputs); err != nil {
		return nil, nil, err
	}
	needed = m.needed()
	if err := m.chooseInputs(o.Shapes, needed); err != nil {
		return nil, nil, err
	}
	return m, needed, m.tableTexts(needed)
}

// isNeeded tells whether one of a node's outputs is among the needed values.
func isNeeded(n *graph.Node, needed map[string]bool) bool {
	return slices.ContainsFunc(n.Outputs, func(o string) bool { return o != "" && needed[o] })
}

// unboundModel knows the constants of a graph.
func unboundModel(g *graph.Graph) *Model {
	m := &Model{Graph: g, known: map[string]*tensor.Float{}, info: map[string]op.Out{}, meter: budget.NewMeter(g.Name)}
	for name, c := range g.Consts {
		m.known[name] = c.Float
		m.info[name] = op.Out{DType: c.DType, Shape: c.Shape, Meaning: op.Meaning{Texts: c.Texts}}
	}
	return m
}

// needed marks the values that the outputs may depend on, for their shape at least.
func (m *Model) needed() map[string]bool {
	needed := map[string]bool{}
	for _, out := range m.Outputs {
		needed[out.Name] = true
	}
	for i := len(m.Graph.Nodes) - 1; i >= 0; i-- {
		n := m.Graph.Nodes[i]
		if isNeeded(n, needed) {
			for _, in := range n.Inputs {
				needed[in] = true
			}
		}
	}
	return needed
}

// operator binds a node whose needed outputs can be read.
func operator(n *graph.Node, needed map[string]bool) (op.Op, error) {
	o, err := op.Bind(n)
	if err != nil {
		return nil, err
	}
	for k, name := range n.Outputs {
		if err := op.Refusal(o, k); err != nil && name != "" && needed[name] {
			return nil, n.Errorf("output %s: %w", name, err)
		}
	}
	return o, nil
}

// bind infers one node, and folds it where all its inputs are known.
func (m *Model) bind(n *graph.Node, needed map[string]bool) error {
	o, err := operator(n, needed)
	if err != nil {
		return err
	}
	b := boundNode{node: n, op: o, args: make([]op.Arg, len(n.Inputs))}
	constant := true
	for i, name := range n.Inputs {
		if name == "" {
			continue
		}
		info, ok := m.info[name]
		if !ok {
			return n.Errorf("input %s is made by nobody", name)
		}
		b.args[i] = op.Arg{
			Present: true, DType: info.DType, Shape: info.Shape, Const: m.known[name], Meaning: info.Meaning,
		}
		constant = constant && m.known[name] != nil
	}
	if err = op.Read(o, b.args); err == nil {
		b.outs, err = o.Infer(b.args)
	}
	if err != nil {
		return n.Errorf("%w", err)
	}
	if slices.ContainsFunc(b.outs, func(o op.Out) bool { return o.DType == graph.Text && o.Texts == nil }) {
		return n.Errorf("%w", &problem.Error{Got: "it computes texts, which is not supported", Remedy: withoutTexts})
	}
	if err := m.grant(&b, constant); err != nil {
		return err
	}
	for i, name := range n.Outputs {
		if name != "" && i < len(b.outs) {
			m.info[name] = b.outs[i]
		}
	}
	if constant {
		return m.fold(&b)
	}
	if known, ok := o.(op.Static); ok && m.static(&b, known.Static()) {
		return nil
	}
	if err := m.hasElements(&b); err != nil {
		return err
	}
	m.nodes = append(m.nodes, b)
	return nil
}

// static records the outputs that follow from the inputs' shapes, and tells
// whether these are all.
func (m *Model) static(b *boundNode, outs []*tensor.Float) bool {
	all := true
	for i, name := range b.node.Outputs {
		switch {
		case name == "":
		case i < len(outs) && outs[i] != nil:
			m.known[name] = outs[i]
		default:
			all = false
		}
	}
	return all
}

func (m *Model) fold(b *boundNode) error {
	if err := op.Exactly(b.op, b.args); err != nil {
		return b.node.Errorf("%w", err)
	}
	outs, err := b.op.Float(b.floats(nil))
	if err != nil {
		return b.node.Errorf("%w", err)
	}
	for i, name := range b.node.Outputs {
		if name == "" || i >= len(outs) {
			continue
		}
		// What has no inputs is a Constant, whose integers were checked where they were read.
		if len(b.args) > 0 && op.IntegersOf(b.outs[i].DType) != nil && inexact(outs[i], b.floats(nil)) {
			return b.node.Errorf("computes a constant integer beyond 2^53, the largest that is supported")
		}
		m.known[name] = outs[i]
	}
	return nil
}

// inexact tells whether a result has larger integers than a float64 holds all of, and than
// what it was computed from: the ends of ranges are moved about.
func inexact(result *tensor.Float, of []*tensor.Float) bool {
	most := float64(1 << 53)
	for _, t := range of {
		if t != nil {
			most = max(most, magnitude(t))
		}
	}
	return magnitude(result) > most
}

// magnitude is the largest absolute value.
func magnitude(t *tensor.Float) float64 {
	most := 0.0
	for _, v := range t.Data {
		most = max(most, math.Abs(v))
	}
	return most
}

// floats gathers a node's inputs: constants, and of variables the values.
func (b *boundNode) floats(values map[string]*tensor.Float) []*tensor.Float {
	in := make([]*tensor.Float, len(b.args))
	for i, name := range b.node.Inputs {
		if name == "" {
			continue
		}
		if in[i] = b.args[i].Const; in[i] == nil {
			in[i] = values[name]
		}
	}
	return in
}

// Run computes the model's outputs in float64, as ONNX defines them.
func (m *Model) Run(x Sample) ([][]float64, error) {
	if err := x.check(m.Inputs); err != nil {
		return nil, err
	}
	values := map[string]*tensor.Float{}
	for k, in := range m.Inputs {
		values[in.Name] = tensor.Of(x[k], in.Shape...)
	}
	for i := range m.nodes {
		b := &m.nodes[i]
		outs, err := b.op.Float(b.floats(values))
		if err != nil {
			return nil, b.node.Errorf("%w", err)
		}
		for k, name := range b.node.Outputs {
			if name != "" && k < len(outs) {
				values[name] = outs[k]
			}
		}
	}
	out := make([][]float64, len(m.Outputs))
	for k, port := range m.Outputs {
		value := values[port.Name]
		if value == nil {
			value = m.known[port.Name]
		}
		if out[k] = value.Data; port.classes != nil {
			out[k] = port.classesOf(out[k])
		}
	}
	return out, nil
}

// Lower turns the model into the float IR.
func (m *Model) Lower() (*ir.Program, error) { return m.lower(false) }

// lower is Lower, perhaps for a private model.
func (m *Model) lower(private bool) (*ir.Program, error) {
	p := &ir.Program{Secret: private}
	ids := m.lowerInputs(p)
	for i := range m.nodes {
		b := &m.nodes[i]
		if err := b.lower(p, ids, m.known); err != nil {
			return nil, err
		}
	}
	for _, out := range m.Outputs {
		id, ok := ids[out.Name]
		if !ok {
			id = m.constantOutput(p, out)
		}
		if out.classes != nil {
			var err error
			if id, err = out.classID(p, id); err != nil {
				return nil, err
			}
		}
		p.Outputs = append(p.Outputs, id)
	}
	if m.asksMissing() {
		neverMissing(p)
	}
	return p, nil
}

// lowerInputs makes the values of the inputs.
func (m *Model) lowerInputs(p *ir.Program) map[string]ir.ID {
	ids := map[string]ir.ID{}
	for _, in := range m.Inputs {
		id := p.Value(in.Name, in.Shape)
		ids[in.Name] = id
		p.Inputs = append(p.Inputs, id)
		switch r := op.IntegersOf(in.DType); {
		case in.DType == graph.Text:
			p.SetIntegers(id, ir.Integers{Lo: 0, Hi: 1<<in.textFormat().Bits - 1})
		case r != nil:
			p.SetIntegers(id, *r)
		}
	}
	return ids
}

// lower emits a node's steps, and notes the values of its outputs.
func (b *boundNode) lower(p *ir.Program, ids map[string]ir.ID, known map[string]*tensor.Float) error {
	l := &op.Lowering{
		Program: p, Node: program.PlainName(fmt.Sprintf("%s (%s)", b.node.Name, b.node.Op)), Name: b.node.Outputs[0],
		In: b.args, ID: make([]ir.ID, len(b.args)), Out: b.outs,
	}
	for k, name := range b.node.Inputs {
		if b.args[k].Present && b.args[k].Const == nil {
			l.ID[k] = ids[name]
		}
	}
	before := len(p.Steps)
	outs, err := b.op.Lower(l)
	if err == nil {
		err = op.MarkIntegers(b.op, p, p.Steps[before:], outs, b.outs)
	}
	if err != nil {
		return b.node.Errorf("%w", err)
	}
	for k, id := range outs {
		if k < len(b.node.Outputs) && known[b.node.Outputs[k]] == nil {
			ids[b.node.Outputs[k]] = id
		}
	}
	return nil
}
