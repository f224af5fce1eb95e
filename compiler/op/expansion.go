package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

// expands is a constructor of operators that nodes of others make up, as ONNX defines many by
// functions. The nodes are written when the shapes of the inputs are known: write names the values that
// are the outputs, "" for one that there is not. read checks the attributes.
func expands(read func(n *graph.Node) error, write func(w *writer) []string) func(*graph.Node) (Op, error) {
	return func(n *graph.Node) (Op, error) {
		return &composed{build: func(in []Arg) (*run, error) { return written(n, in, write) }}, read(n)
	}
}

// anyAttributes are read where they are used.
func anyAttributes(*graph.Node) error { return nil }

// writtenOpset is the opset of the nodes that are written.
const writtenOpset = 23

// writer writes nodes one by one, and knows the shapes of their values. It keeps the first
// error, after which it writes nothing.
type writer struct {
	*graph.Node // which is expanded
	run         *run
	known       map[string]Arg
	meter       *budget.Meter
	err         error
}

// written has write make the nodes of an operator with these inputs.
func written(n *graph.Node, in []Arg, write func(w *writer) []string) (*run, error) {
	w := &writer{
		Node: n, known: map[string]Arg{}, meter: budget.NewMeter(""),
		run: &run{Graph: &graph.Graph{Consts: map[string]*graph.Const{}}},
	}
	for k, a := range in {
		w.run.Inputs = append(w.run.Inputs, graph.Value{Name: inputName(k)})
		if a.Present {
			w.known[inputName(k)] = a
		}
	}
	outs := write(w)
	if w.err != nil {
		return nil, w.err
	}
	for k, name := range outs {
		a, ok := w.known[name]
		switch {
		case ok:
		case w.wants(k):
			return nil, fmt.Errorf("output %d does not belong to these inputs", k)
		default:
			a = Arg{DType: graph.Float32, Shape: []int{0}}
		}
		w.run.Outputs, w.run.outs = append(w.run.Outputs, graph.Value{Name: name}), append(w.run.outs, a)
	}
	return w.run, nil
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
	c := &graph.Const{DType: d, Float: tensor.Of(values, shape...)}
	w.run.Consts[name] = c
	w.known[name] = Arg{Present: true, DType: d, Shape: shape, Const: c.Float}
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
	n := w.one(operator, in...)
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

// one is a node with one output.
func (w *writer) one(operator string, in ...string) *graph.Node {
	return &graph.Node{
		Name: w.Name, Op: operator, Opset: writtenOpset, Inputs: in,
		Outputs: []string{fmt.Sprintf("value %d", len(w.run.nodes))},
	}
}

// apply writes a node of an operator that has no name in ONNX.
func (w *writer) apply(what string, o Op, in ...string) string {
	return w.add(w.one(what, in...), o)
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
	w.run.nodes = append(w.run.nodes, b)
	return n.Outputs[0]
}

// split writes a Split into parts of the given sizes.
func (w *writer) split(x string, at int, sizes ...int) []string {
	n := &graph.Node{
		Name: w.Name, Op: "Split", Opset: writtenOpset, Inputs: []string{x, w.ints(sizes...)},
		Attrs: map[string]graph.Attr{"axis": {Int: int64(at)}},
	}
	for k := range sizes {
		n.Outputs = append(n.Outputs, fmt.Sprintf("value %d.%d", len(w.run.nodes), k))
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
	if notFinite(v) || v < 0 {
		return 0, errors.New("attribute " + name + " is negative or not finite; repair the model")
	}
	return v, nil
}
