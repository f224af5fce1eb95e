package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// composed is an operator that is made of others: a run of them, whose inputs are the node's.
type composed struct {
	run
	build func(in []Arg) (*run, error)
}

// Infer implements Op.
func (c *composed) Infer(in []Arg) ([]Out, error) {
	r, err := c.build(in)
	if err != nil {
		return nil, err
	}
	c.run = *r
	return c.results(), nil
}

// following builds a run of the graph that a function makes.
func following(build func(in []Arg) (*graph.Graph, error)) func(in []Arg) (*run, error) {
	return func(in []Arg) (*run, error) {
		g, err := build(in)
		if err != nil {
			return nil, err
		}
		r := &run{Graph: g}
		return r, r.infer(in, budget.NewMeter(""))
	}
}

// results are what is known of the outputs.
func (r *run) results() []Out {
	outs := make([]Out, len(r.outs))
	for k, a := range r.outs {
		outs[k] = Out{DType: a.DType, Shape: slices.Clone(a.Shape), Meaning: Meaning{Lowest: a.Lowest}}
	}
	return outs
}

// Float implements Op.
func (c *composed) Float(in []*tensor.Float) ([]*tensor.Float, error) { return c.float(in) }

// Lower implements Op.
func (c *composed) Lower(l *Lowering) ([]ir.ID, error) { return c.lower(l, l.Program, l.ID, kept) }

// Static implements Static.
func (c *composed) Static() []*tensor.Float { return consts(c.outs) }

// Work implements Worker.
func (c *composed) Work() Work { return c.work() }

// composedOpset is the version of the operators that others are made of.
const composedOpset = 22

// composer makes a graph.
type composer struct {
	*graph.Graph
	dtype  graph.DType // of its real numbers
	values int
	outer  *composer // of the graph around it
}

// newComposer begins a graph with an input for each of a node's: in0, in1 and so on.
func newComposer(in []Arg) *composer {
	c := &composer{Graph: &graph.Graph{Consts: map[string]*graph.Const{}}, dtype: in[0].DType}
	for k := range in {
		c.Inputs = append(c.Inputs, graph.Value{Name: fmt.Sprintf("in%d", k)})
	}
	return c
}

// body begins a body with named inputs. What else it reads are values of c.
func (c *composer) body(inputs ...string) *composer {
	b := &composer{Graph: &graph.Graph{Consts: map[string]*graph.Const{}}, dtype: c.dtype, outer: c}
	for _, name := range inputs {
		b.Inputs = append(b.Inputs, graph.Value{Name: name})
	}
	return b
}

// name is a new name for a value; those of bodies differ from all around them.
func (c *composer) name(of string) string {
	prefix := ""
	if c.outer != nil {
		prefix = "body."
	}
	c.values++
	return fmt.Sprintf("%s%s.%d", prefix, of, c.values)
}

// read notes what a body takes from the graph around it.
func (c *composer) read(name string) {
	if c.outer == nil || name == "" || slices.Contains(c.Outer, name) || c.Consts[name] != nil ||
		slices.ContainsFunc(c.Inputs, func(v graph.Value) bool { return v.Name == name }) ||
		slices.ContainsFunc(c.Nodes, func(n *graph.Node) bool { return slices.Contains(n.Outputs, name) }) {
		return
	}
	c.Outer = append(c.Outer, name)
}

// several adds a node of so many outputs.
func (c *composer) several(op string, outputs int, attrs map[string]graph.Attr, in ...string) []string {
	n := &graph.Node{Op: op, Opset: composedOpset, Inputs: in, Attrs: attrs}
	for range outputs {
		n.Outputs = append(n.Outputs, c.name(op))
	}
	for _, name := range in {
		c.read(name)
	}
	n.Name = n.Outputs[0]
	c.Nodes = append(c.Nodes, n)
	return slices.Clone(n.Outputs)
}

// node adds a node of one output and no attributes.
func (c *composer) node(op string, in ...string) string { return c.several(op, 1, nil, in...)[0] }

// with adds a node of one output with an attribute.
func (c *composer) with(op, attr string, value graph.Attr, in ...string) string {
	return c.several(op, 1, map[string]graph.Attr{attr: value}, in...)[0]
}

// running adds a node that runs a body, whose captured values come after the other inputs.
func (c *composer) running(op string, outputs int, attrs map[string]graph.Attr, b *composer, in ...string) []string {
	out := c.several(op, outputs, attrs, append(slices.Clone(in), b.Outer...)...)
	n := c.Nodes[len(c.Nodes)-1]
	n.Captured = len(b.Outer)
	n.Attrs["body"] = graph.Attr{Body: b.Graph}
	return out
}

// constant adds a constant of real numbers.
func (c *composer) constant(shape []int, values ...float64) string {
	return c.typed(c.dtype, shape, values...)
}

// ints adds a constant list.
func (c *composer) ints(values ...int) string {
	list := make([]float64, len(values))
	for i, v := range values {
		list[i] = float64(v)
	}
	return c.typed(graph.Int64, []int{len(values)}, list...)
}

func (c *composer) typed(d graph.DType, shape []int, values ...float64) string {
	name := c.name("constant")
	c.Consts[name] = &graph.Const{DType: d, Float: tensor.Of(values, shape...)}
	return name
}

// split cuts a value along its last axis into parts of these sizes.
func (c *composer) split(x string, sizes ...int) []string {
	if len(sizes) == 1 {
		return []string{x}
	}
	return c.several("Split", len(sizes), map[string]graph.Attr{"axis": {Int: -1}}, x, c.ints(sizes...))
}

// one picks an element of the first axis.
func (c *composer) one(x string, at int) string {
	return c.with("Gather", "axis", graph.Attr{}, x, c.typed(graph.Int64, nil, float64(at)))
}

// output adds an output.
func (c *composer) output(name string) {
	c.read(name)
	c.Outputs = append(c.Outputs, graph.Value{Name: name})
}
