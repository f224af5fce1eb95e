package op

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// expansion is an operator that nodes of other operators make up, as ONNX defines many by
// functions. The nodes are written when the shapes of the inputs are known.
type expansion struct {
	node  *graph.Node
	write func(w *writer) []string // the values that are the outputs; "" for one that there is not
	*writer
	outs []string
}

// expands is a constructor of expansions. read checks the attributes.
func expands(read func(n *graph.Node) error, write func(w *writer) []string) func(*graph.Node) (Op, error) {
	return func(n *graph.Node) (Op, error) { return &expansion{node: n, write: write}, read(n) }
}

// anyAttributes are read where they are used.
func anyAttributes(*graph.Node) error { return nil }

// writtenOpset is the opset of the nodes that are written.
const writtenOpset = 23

// writer writes nodes one by one, and knows the shapes of their values. It keeps the first
// error, after which it writes nothing.
type writer struct {
	*graph.Node // which is expanded
	known       map[string]Arg
	nodes       []bodyNode
	meter       *budget.Meter
	err         error
}

// Infer implements Op.
func (e *expansion) Infer(in []Arg) ([]Out, error) {
	e.writer = &writer{Node: e.node, known: map[string]Arg{}, meter: budget.NewMeter("")}
	for k, a := range in {
		if a.Present {
			e.known[inputName(k)] = a
		}
	}
	if e.outs = e.write(e.writer); e.err != nil {
		return nil, e.err
	}
	outs := make([]Out, len(e.outs))
	for k, name := range e.outs {
		switch a, ok := e.known[name]; {
		case ok:
			outs[k] = Out{DType: a.DType, Shape: slices.Clone(a.Shape), Meaning: Meaning{Lowest: a.Lowest}}
		case e.wants(k):
			return nil, fmt.Errorf("output %d does not belong to these inputs", k)
		default:
			outs[k] = Out{DType: graph.Float32, Shape: []int{0}}
		}
	}
	return outs, nil
}

func inputName(k int) string { return fmt.Sprintf("input %d", k) }

// input names an input of the operator, "" where it is absent.
func (w *writer) input(k int) string {
	if _, ok := w.known[inputName(k)]; ok {
		return inputName(k)
	}
	return ""
}

// wants tells whether the node has an output.
func (w *writer) wants(k int) bool { return k < len(w.Outputs) && w.Outputs[k] != "" }

// shape is that of a value; nil after an error.
func (w *writer) shape(name string) []int { return w.known[name].Shape }

// size is the size of an axis, counted from either end; 1 after an error.
func (w *writer) size(name string, at int) int {
	shape := w.shape(name)
	if at < 0 {
		at += len(shape)
	}
	if at < 0 || at >= len(shape) {
		w.fail("a value of shape %v has no axis %d", shape, at)
		return 1
	}
	return shape[at]
}

// fail keeps the first error.
func (w *writer) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

// constant is a known value.
func (w *writer) constant(d graph.DType, shape []int, values ...float64) string {
	name := fmt.Sprintf("constant %d", len(w.known))
	if shape == nil {
		shape = []int{}
	}
	w.known[name] = Arg{Present: true, DType: d, Shape: shape, Const: tensor.Of(values, shape...)}
	return name
}

// ints is a known list of integers.
func (w *writer) ints(values ...int) string {
	list := make([]float64, len(values))
	for i, v := range values {
		list[i] = float64(v)
	}
	return w.constant(graph.Int64, []int{len(list)}, list...)
}

// real is a known number of the type of a value.
func (w *writer) real(like string, v float64) string {
	if notFinite(v) {
		w.fail("a number of the node, %g, is not finite; repair the model", v)
	}
	return w.constant(w.known[like].DType, nil, v)
}

// node writes a node with one output, which it names.
func (w *writer) node(operator string, in ...string) string { return w.with(nil, operator, in...) }

// attributes are those of a node, as an int, float64, []int or string each.
type attributes map[string]any

// with writes a node that has attributes.
func (w *writer) with(attrs attributes, operator string, in ...string) string {
	n := w.written(operator, in...)
	n.Attrs = map[string]graph.Attr{}
	for name, v := range attrs {
		var a graph.Attr
		switch v := v.(type) {
		case int:
			a.Int = int64(v)
		case float64:
			a.Float = v
		case string:
			a.String = v
		case []int:
			for _, i := range v {
				a.Ints = append(a.Ints, int64(i))
			}
		}
		n.Attrs[name] = a
	}
	return w.add(n, nil)
}

// written is a node with one output.
func (w *writer) written(operator string, in ...string) *graph.Node {
	return &graph.Node{
		Name: w.Name, Op: operator, Opset: writtenOpset, Inputs: in,
		Outputs: []string{fmt.Sprintf("value %d", len(w.nodes))},
	}
}

// apply writes a node of an operator that has no name in ONNX.
func (w *writer) apply(what string, o Op, in ...string) string {
	return w.add(w.written(what, in...), o)
}

// add binds a node that is written, to its operator where that is given, and names its first
// output.
func (w *writer) add(n *graph.Node, o Op) string {
	if w.err == nil && o == nil {
		o, w.err = Bind(n)
	}
	if w.err != nil {
		return ""
	}
	b, err := inferBody(n, o, w.known, w.meter)
	if err != nil {
		w.err = err
		return ""
	}
	w.nodes = append(w.nodes, b)
	return n.Outputs[0]
}

// split writes a Split into parts of the given sizes.
func (w *writer) split(x string, at int, sizes ...int) []string {
	n := &graph.Node{
		Name: w.Name, Op: "Split", Opset: writtenOpset, Inputs: []string{x, w.ints(sizes...)},
		Attrs: map[string]graph.Attr{"axis": {Int: int64(at)}},
	}
	for k := range sizes {
		n.Outputs = append(n.Outputs, fmt.Sprintf("value %d.%d", len(w.nodes), k))
	}
	w.add(n, nil)
	return slices.Clone(n.Outputs)
}

// reshape, transpose and the following are nodes that are written often.
func (w *writer) reshape(x string, shape ...int) string {
	if slices.Equal(w.shape(x), shape) {
		return x
	}
	return w.with(attributes{"allowzero": 1}, "Reshape", x, w.ints(shape...))
}

func (w *writer) transpose(x string, perm ...int) string {
	if slices.IsSorted(perm) {
		return x
	}
	return w.with(attributes{"perm": perm}, "Transpose", x)
}

// scale multiplies by a number.
func (w *writer) scale(x string, by float64) string {
	if by == 1 {
		return x
	}
	return w.node("Mul", x, w.real(x, by))
}

// plus adds a value that may be absent.
func (w *writer) plus(x, y string) string {
	if y == "" {
		return x
	}
	return w.node("Add", x, y)
}

// Float implements Op.
func (e *expansion) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	values := map[string]*tensor.Float{}
	for k, x := range in {
		values[inputName(k)] = x
	}
	of := func(name string) *tensor.Float {
		if x := values[name]; x != nil || name == "" {
			return x
		}
		return e.known[name].Const
	}
	for i := range e.nodes {
		b := &e.nodes[i]
		args := make([]*tensor.Float, len(b.Inputs))
		for k, name := range b.Inputs {
			args[k] = of(name)
		}
		outs, err := b.op.Float(args)
		if err != nil {
			return nil, b.Errorf("%w", err)
		}
		for k, name := range b.Outputs {
			if name != "" && k < len(outs) {
				values[name] = outs[k]
			}
		}
	}
	outs := make([]*tensor.Float, len(e.outs))
	for k, name := range e.outs {
		if outs[k] = of(name); outs[k] == nil {
			outs[k] = tensor.New[float64](0)
		}
	}
	return outs, nil
}

// Lower implements Op.
func (e *expansion) Lower(l *Lowering) ([]ir.ID, error) {
	ids := map[string]ir.ID{}
	for k, id := range l.ID {
		ids[inputName(k)] = id
	}
	for i := range e.nodes {
		b := &e.nodes[i]
		if b.allKnown() {
			continue
		}
		inner := &Lowering{
			Program: l.Program, Node: fmt.Sprintf("%s: %s", l.Node, b.Op), Name: l.Name, In: b.args,
			ID: make([]ir.ID, len(b.args)), Out: b.outs,
		}
		for k, name := range b.Inputs {
			inner.ID[k] = ids[name]
		}
		before := len(l.Steps)
		outs, err := b.op.Lower(inner)
		if err != nil {
			return nil, b.Errorf("%w", err)
		}
		l.markWhole(l.Steps[before:], outs, b.outs)
		for k, id := range outs {
			if k < len(b.Outputs) {
				ids[b.Outputs[k]] = id
			}
		}
	}
	outs := make([]ir.ID, len(e.outs))
	for k, name := range e.outs {
		outs[k] = ids[name]
	}
	return outs, nil
}

// Static implements Static.
func (e *expansion) Static() []*tensor.Float {
	outs := make([]*tensor.Float, len(e.outs))
	for k, name := range e.outs {
		outs[k] = e.known[name].Const
	}
	return outs
}

// Work implements Worker.
func (e *expansion) Work() Work {
	return (&run{nodes: e.nodes}).work()
}

func (*expansion) composite() {}

// markWhole says which values of a node inside are integers. A value of an integer type that is
// copied from elsewhere is what it was there; outputs are checked as those of every node.
func (l *Lowering) markWhole(steps []*ir.Step, ids []ir.ID, outs []Out) {
	for _, s := range steps {
		if !l.GivesIntegers(s) {
			continue
		}
		if k := slices.Index(ids, s.Out); k < 0 {
			l.SetIntegers(s.Out, ir.AllIntegers)
		} else if r := IntegersOf(outs[k].DType); r != nil {
			l.SetIntegers(s.Out, *r)
		}
	}
}

// realInputs refuses inputs of several types, or of one that is not real.
func (w *writer) realInputs(inputs ...int) {
	var in []Arg
	for _, k := range inputs {
		if a, ok := w.known[inputName(k)]; ok {
			in = append(in, a)
		}
	}
	if _, err := realType(in); err != nil && w.err == nil {
		w.err = err
	}
}

// notNegativeAttribute reads an attribute that is a finite number, and not negative.
func notNegativeAttribute(n *graph.Node, name string, missing float64) (float64, error) {
	v := n.Float(name, missing)
	if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return 0, errors.New("attribute " + name + " is negative or not finite; repair the model")
	}
	return v, nil
}
