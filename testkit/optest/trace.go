package optest

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/tensor"
)

// value is what is known of one value of a graph on one sample.
type value struct {
	arg   op.Arg
	float *tensor.Float
	id    ir.ID // where arg.Const is nil
}

// traced is a graph evaluated and lowered node by node on one sample.
type traced struct {
	values  map[string]value
	program *ir.Program
	inputs  [][]float64
	refused map[string]error // why a value may not be read
}

// trace evaluates a graph on a sample of its inputs, which are variables, and
// lowers it.
func trace(g *graph.Graph, sample []*tensor.Float) (*traced, error) {
	return traceTexts(g, sample, nil)
}

// traceTexts is trace of inputs of texts, which are those of the tables. An input without a
// table has the texts that the node knows.
func traceTexts(g *graph.Graph, sample []*tensor.Float, texts map[string][]string) (*traced, error) {
	w := &traced{values: map[string]value{}, program: &ir.Program{}, refused: map[string]error{}}
	for name, c := range g.Consts {
		w.constant(name, c)
	}
	for i, in := range g.Inputs {
		w.variable(in.Name, in.DType, sample[i], texts[in.Name])
	}
	return w, w.nodes(g)
}

// nodes evaluates all nodes and looks for the outputs.
func (w *traced) nodes(g *graph.Graph) error {
	for _, n := range g.Nodes {
		if err := w.node(n); err != nil {
			return err
		}
	}
	for _, out := range g.Outputs {
		if err := w.refused[out.Name]; err != nil {
			return err
		}
		if _, ok := w.values[out.Name]; !ok {
			return fmt.Errorf("output %s is not computed", out.Name)
		}
	}
	return nil
}

func (w *traced) constant(name string, c *graph.Const) {
	w.values[name] = value{arg: op.Arg{
		Present: true, DType: c.DType, Shape: c.Shape, Const: c.Float, Meaning: op.Meaning{Texts: c.Texts},
	}, float: c.Float}
}

func (w *traced) variable(name string, d graph.DType, v *tensor.Float, texts []string) {
	id := w.program.Value(name, v.Shape)
	if r := op.IntegersOf(d); r != nil {
		w.program.SetIntegers(id, *r)
	}
	w.program.Inputs = append(w.program.Inputs, id)
	w.inputs = append(w.inputs, v.Data)
	w.values[name] = value{
		arg: op.Arg{Present: true, DType: d, Shape: v.Shape, Meaning: op.Meaning{Texts: texts}}, float: v, id: id,
	}
}

// node evaluates one node and, unless its outputs are known, lowers it.
func (w *traced) node(n *graph.Node) error {
	o, err := op.Bind(n)
	if err != nil {
		return err
	}
	l := &op.Lowering{Program: w.program, Node: fmt.Sprintf("%s (%s)", n.Name, n.Op), Name: n.Outputs[0]}
	floats, folded := make([]*tensor.Float, len(n.Inputs)), true
	for i, name := range n.Inputs {
		v, ok := w.values[name]
		if name != "" && !ok {
			return n.Errorf("input %s is not computed", name)
		}
		l.In, l.ID, floats[i] = append(l.In, v.arg), append(l.ID, v.id), v.float
		folded = folded && (name == "" || v.arg.Const != nil)
	}
	for k, a := range l.In {
		if r, ok := o.(op.TextReader); ok && a.DType == graph.Text && a.Texts == nil {
			l.In[k].Texts, _ = r.ReadsTexts()
		}
	}
	if err = op.Read(o, l.In); err == nil {
		l.Out, err = o.Infer(l.In)
	}
	if err != nil {
		return n.Errorf("%w", err)
	}
	for k, a := range l.In {
		if a.Const != nil {
			floats[k] = a.Const
		}
	}
	outs, err := o.Float(floats)
	if err != nil {
		return n.Errorf("%w", err)
	}
	if err := fits(n, l.Out, outs); err != nil {
		return err
	}
	known := outs
	if !folded {
		known = static(o, len(outs))
	}
	return w.store(n, o, l, outs, known)
}

// store records a node's outputs: those in known as constants, the others with
// the values that Lower gives them.
func (w *traced) store(n *graph.Node, o op.Op, l *op.Lowering, outs, known []*tensor.Float) error {
	var ids []ir.ID
	if slices.Contains(known, nil) {
		before := len(w.program.Steps)
		var err error
		if ids, err = o.Lower(l); err == nil {
			err = op.MarkIntegers(o, w.program, w.program.Steps[before:], ids, l.Out)
		}
		if err != nil {
			return n.Errorf("%w", err)
		}
	}
	for k, name := range n.Outputs {
		if name == "" {
			continue
		}
		if err := op.Refusal(o, k); err != nil {
			w.refused[name] = n.Errorf("output %s: %w", name, err)
			continue
		}
		w.values[name] = value{
			arg: op.Arg{
				Present: true, DType: l.Out[k].DType, Shape: l.Out[k].Shape, Const: known[k], Meaning: l.Out[k].Meaning,
			},
			float: outs[k],
		}
		if known[k] == nil {
			if k >= len(ids) {
				return n.Errorf("output %d was not lowered", k)
			}
			v := w.values[name]
			v.id = ids[k]
			w.values[name] = v
		}
	}
	return nil
}

// static lists the outputs that are known although an input is a variable.
func static(o op.Op, count int) []*tensor.Float {
	known := make([]*tensor.Float, count)
	if s, ok := o.(op.Static); ok {
		copy(known, s.Static())
	}
	return known
}

// fits checks that a node's outputs are as many as it names, with the shapes
// that Infer promised.
func fits(n *graph.Node, promised []op.Out, got []*tensor.Float) error {
	for k, name := range n.Outputs {
		if name != "" && (k >= len(promised) || k >= len(got)) {
			return n.Errorf("output %d is not supported", k)
		}
	}
	for k, t := range got {
		if !slices.Equal(t.Shape, promised[k].Shape) {
			return n.Errorf("output %d has shape %v, inferred %v", k, t.Shape, promised[k].Shape)
		}
	}
	return nil
}

// check runs the lowered program and compares every value with the reference.
func (w *traced) check(tol tolerance) error {
	results := w.program.Run(w.inputs...)
	for name, v := range w.values {
		if v.arg.Const != nil {
			continue
		}
		if !slices.Equal(w.program.Shapes[v.id], v.arg.Shape) {
			return fmt.Errorf("%s: lowered to shape %v, inferred %v", name, w.program.Shapes[v.id], v.arg.Shape)
		}
		got := slices.Clone(results[v.id])
		for i := range got {
			if v.arg.Endless() && v.arg.Lowest[i] { // nothing reads what is there
				got[i] = math.Inf(-1)
			}
		}
		if err := near(got, v.float.Data, tol); err != nil {
			return fmt.Errorf("%s: lowered program: %w", name, err)
		}
	}
	return nil
}

// overflows tells whether the lowered program computes integers that their type does not hold.
func (w *traced) overflows() bool {
	results := w.program.Run(w.inputs...)
	for _, v := range w.values {
		r := op.IntegersOf(v.arg.DType)
		if v.arg.Const == nil && r != nil && slices.ContainsFunc(results[v.id], func(x float64) bool {
			return x < float64(r.Lo) || x > float64(r.Hi)
		}) {
			return true
		}
	}
	return false
}

// tolerance is a bound on |got − want|: absolute + relative·|want|.
type tolerance struct{ absolute, relative float64 }

// near compares two lists; NaN equals NaN.
func near(got, want []float64, tol tolerance) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d elements, want %d", len(got), len(want))
	}
	for i, w := range want {
		if got[i] == w || math.IsNaN(got[i]) && math.IsNaN(w) {
			continue
		}
		if !(math.Abs(got[i]-w) <= tol.absolute+tol.relative*math.Abs(w)) || math.IsInf(w, 0) {
			return fmt.Errorf("element %d is %v, want %v", i, got[i], w)
		}
	}
	return nil
}
