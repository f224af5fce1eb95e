// Package compiler turns an ONNX graph into a quantised program and the
// statement that is proved about it: bind and infer, fold, lower, rewrite,
// calibrate, quantise. The stages are functions from one type to the next; the
// rewrites are the table in passes.go. It must not know proving. cmd imports it.
package compiler

import (
	"fmt"
	"maps"
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
// what a quantised model is judged against.
type Model struct {
	Graph  *graph.Graph
	Input  graph.Value // with a shape of numbers
	Shape  []int
	Output string
	nodes  []boundNode
	known  map[string]*tensor.Float
	info   map[string]op.Out
	meter  *budget.Meter
}

// boundNode is a node whose outputs depend on the input.
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
}

// NewModel binds the operators of a graph, infers every shape, and folds what
// depends on no input. A symbolic batch size, the first of an input's sizes,
// becomes 1.
func NewModel(g *graph.Graph, o ModelOptions) (*Model, error) {
	m := &Model{Graph: g, known: map[string]*tensor.Float{}, info: map[string]op.Out{}, meter: budget.NewMeter(g.Name)}
	if err := m.chooseInput(o.Shapes); err != nil {
		return nil, err
	}
	if err := m.chooseOutput(o.Outputs); err != nil {
		return nil, err
	}
	for name, c := range g.Consts {
		m.known[name] = c.Float
		m.info[name] = op.Out{DType: c.DType, Shape: c.Shape}
	}
	needed := m.needed()
	for _, n := range g.Nodes {
		if !slices.ContainsFunc(n.Outputs, func(o string) bool { return needed[o] }) {
			continue
		}
		if err := m.bind(n); err != nil {
			return nil, err
		}
	}
	return m, m.checkOutput()
}

func (m *Model) checkOutput() error {
	if m.known[m.Output] != nil {
		return fmt.Errorf("output %s does not depend on the input: there is nothing to prove", m.Output)
	}
	if m.Output == m.Input.Name {
		return fmt.Errorf("output %s is the input itself: there is nothing to prove", m.Output)
	}
	return nil
}

func (m *Model) chooseInput(shapes map[string][]int) error {
	if len(m.Graph.Inputs) != 1 {
		names := make([]string, len(m.Graph.Inputs))
		for i, v := range m.Graph.Inputs {
			names[i] = v.Name
		}
		return fmt.Errorf("the model has %d inputs %v; models with one input are supported: make the others initialisers", len(names), names)
	}
	m.Input = m.Graph.Inputs[0]
	for name := range shapes {
		if name != m.Input.Name {
			return badShape(name, "the model's input is %s", m.Input.Name)
		}
	}
	shape, err := inputShape(m.Input, shapes[m.Input.Name])
	if err != nil {
		return err
	}
	if n := tensor.Size(shape); n < 1 || n > 1<<22 {
		return fmt.Errorf("input %s of shape %v has %d elements; 1 to %d are supported", m.Input.Name, shape, n, 1<<22)
	}
	m.Shape = shape
	m.info[m.Input.Name] = op.Out{DType: m.Input.DType, Shape: shape}
	return nil
}

func inputShape(v graph.Value, given []int) ([]int, error) {
	if given != nil {
		if len(given) != len(v.Dims) && len(v.Dims) > 0 {
			return nil, badShape(v.Name, "%d sizes given, the model has %d", len(given), len(v.Dims))
		}
		for i, d := range given {
			if d < 1 {
				return nil, badShape(v.Name, "size %d is not positive", d)
			}
			if i < len(v.Dims) && v.Dims[i].Name == "" && v.Dims[i].Size != d && i != 0 {
				return nil, badShape(v.Name, "size %d of the model is %d, not %d", i, v.Dims[i].Size, d)
			}
		}
		return given, nil
	}
	open := v
	open.Dims = slices.Clone(v.Dims)
	if len(open.Dims) > 1 && (open.Dims[0].Name != "" || open.Dims[0].Size == 0) {
		open.Dims[0] = graph.Dim{Size: 1}
	}
	return open.Shape()
}

// checkFormats refuses formats for inputs that the model has not, and what no
// quantisation could have chosen.
func (m *Model) checkFormats(given map[string]InputFormat) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if name != m.Input.Name {
			return &problem.Error{
				Code: problem.Choice, Option: "${InputFormats}", Place: name,
				Supported: fmt.Sprintf("the model's inputs are %q", []string{m.Input.Name}),
			}
		}
		if err := given[name].check(); err != nil {
			return err
		}
	}
	return nil
}

// badShape refuses a shape that was given for an input.
func badShape(name, format string, args ...any) error {
	return &problem.Error{
		Code: problem.Shape, Option: "${Shapes}", Place: name, Got: fmt.Sprintf(format, args...),
	}
}

func (m *Model) chooseOutput(chosen []string) error {
	name := ""
	if len(chosen) > 0 {
		name = chosen[0]
	}
	names := make([]string, len(m.Graph.Outputs))
	for i, v := range m.Graph.Outputs {
		names[i] = v.Name
	}
	switch {
	case len(chosen) > 1:
		return &problem.Error{
			Code: problem.Choice, Got: fmt.Sprintf("%d outputs %v are chosen", len(chosen), chosen), Remedy: "choose one with ${Outputs}",
		}
	case name != "" && !slices.Contains(names, name):
		return &problem.Error{
			Code: problem.Choice, Option: "${Outputs}", Place: name, Supported: fmt.Sprintf("the model's outputs are %v", names),
		}
	case name != "":
		m.Output = name
	case len(names) == 1:
		m.Output = names[0]
	default:
		return &problem.Error{
			Code: problem.Choice, Got: fmt.Sprintf("the model has %d outputs %v", len(names), names),
			Remedy: "choose one with ${Outputs}",
		}
	}
	return nil
}

// needed marks the values that the output depends on.
func (m *Model) needed() map[string]bool {
	needed := map[string]bool{m.Output: true}
	for i := len(m.Graph.Nodes) - 1; i >= 0; i-- {
		n := m.Graph.Nodes[i]
		if slices.ContainsFunc(n.Outputs, func(o string) bool { return o != "" && needed[o] }) {
			for _, in := range n.Inputs {
				needed[in] = true
			}
		}
	}
	return needed
}

// bind infers one node, and folds it where all its inputs are known.
func (m *Model) bind(n *graph.Node) error {
	o, err := op.Bind(n)
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
		b.args[i] = op.Arg{Present: true, DType: info.DType, Shape: info.Shape, Const: m.known[name]}
		constant = constant && m.known[name] != nil
	}
	if b.outs, err = o.Infer(b.args); err != nil {
		return n.Errorf("%w", err)
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
	outs, err := b.op.Float(m.floats(b, m.known))
	if err != nil {
		return b.node.Errorf("%w", err)
	}
	for i, name := range b.node.Outputs {
		if name != "" && i < len(outs) {
			m.known[name] = outs[i]
		}
	}
	return nil
}

// floats gathers a node's inputs.
func (m *Model) floats(b *boundNode, values map[string]*tensor.Float) []*tensor.Float {
	in := make([]*tensor.Float, len(b.args))
	for i, name := range b.node.Inputs {
		if name == "" {
			continue
		}
		if in[i] = values[name]; in[i] == nil {
			in[i] = m.known[name]
		}
	}
	return in
}

// Run computes the model's outputs in float64, as ONNX defines them.
func (m *Model) Run(x Sample) ([][]float64, error) {
	if err := x.check([]string{m.Input.Name}, []int{tensor.Size(m.Shape)}); err != nil {
		return nil, err
	}
	values := map[string]*tensor.Float{m.Input.Name: tensor.Of(x[0], m.Shape...)}
	for i := range m.nodes {
		b := &m.nodes[i]
		outs, err := b.op.Float(m.floats(b, values))
		if err != nil {
			return nil, b.node.Errorf("%w", err)
		}
		for k, name := range b.node.Outputs {
			if name != "" && k < len(outs) {
				values[name] = outs[k]
			}
		}
	}
	return [][]float64{values[m.Output].Data}, nil
}

// OutputShapes are the shapes of the model's outputs.
func (m *Model) OutputShapes() [][]int { return [][]int{m.info[m.Output].Shape} }

// Lower turns the model into the float IR.
func (m *Model) Lower() (*ir.Program, error) {
	p := &ir.Program{}
	ids := map[string]ir.ID{m.Input.Name: p.Value(m.Input.Name, m.Shape)}
	p.Inputs = []ir.ID{ids[m.Input.Name]}
	for i := range m.nodes {
		b := &m.nodes[i]
		l := &op.Lowering{
			Program: p, Node: program.PlainName(fmt.Sprintf("%s (%s)", b.node.Name, b.node.Op)), Name: b.node.Outputs[0],
			In: b.args, ID: make([]ir.ID, len(b.args)), Out: b.outs,
		}
		for k, name := range b.node.Inputs {
			if b.args[k].Present && b.args[k].Const == nil {
				l.ID[k] = ids[name]
			}
		}
		outs, err := b.op.Lower(l)
		if err != nil {
			return nil, b.node.Errorf("%w", err)
		}
		for k, id := range outs {
			if k < len(b.node.Outputs) && m.known[b.node.Outputs[k]] == nil {
				ids[b.node.Outputs[k]] = id
			}
		}
	}
	p.Output = ids[m.Output]
	return p, nil
}
