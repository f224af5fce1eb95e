package compiler

import (
	"fmt"
	"maps"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/visibility"
)

// Proved are the options of the model whose outputs are proved: the chosen ones, or all,
// but for those that are revealed by visibility.None.
func (o *Options) Proved(g *graph.Graph) (ModelOptions, error) {
	m := o.Model
	names := graph.Names(g.Outputs)
	for _, name := range slices.Sorted(maps.Keys(o.Reveals)) {
		if !slices.Contains(names, name) {
			return m, &problem.Error{
				Code: problem.Choice, Option: "${Reveals}", Place: name,
				Supported: fmt.Sprintf("the model's outputs are %q", names),
			}
		}
		if len(m.Outputs) > 0 && o.Reveals[name] != visibility.None && !slices.Contains(m.Outputs, name) {
			return m, &problem.Error{
				Code: problem.Conflict, Option: "${Reveals}", Place: name,
				Got:    "the output is not among those that are chosen",
				Remedy: "add it to ${Outputs}, or say nothing of it",
			}
		}
	}
	chosen := m.Outputs
	if len(chosen) == 0 {
		chosen = names
	}
	plan := o.plan()
	proved := slices.DeleteFunc(slices.Clone(chosen),
		func(name string) bool { return plan.RevealOf(name) == visibility.None })
	if len(proved) == 0 && len(chosen) > 0 {
		return m, &problem.Error{
			Code: problem.Conflict, Option: "${Reveal}",
			Got:    "none is revealed of every output: there is nothing to prove",
			Remedy: "reveal something of one",
		}
	}
	if len(proved) < len(names) {
		m.Outputs = proved
	}
	for _, name := range proved {
		if plan.RevealOf(name) == visibility.Class {
			m.Classes = append(m.Classes, name)
		}
	}
	return m, nil
}

// checkOutputs refuses to ask for a class where there is one only, and a target that
// says nothing of an output.
func (o *Options) checkOutputs(m *Model, p *ir.Program, thresholds map[string]float64, labelled []bool) error {
	plan, labels := o.plan(), labellings(p)
	for k, id := range p.Outputs {
		name, shape := m.Outputs[k].Name, p.Shapes[id]
		of := "the output"
		if len(p.Outputs) > 1 {
			of = fmt.Sprintf("the output %q", name)
		}
		_, decided := thresholds[name]
		switch {
		case classes(p, id) || decided:
		case (labels[id] != nil || labelled[k]) && plan.RevealOf(name) != visibility.Class:
		case plan.RevealOf(name) == visibility.Class && lastAxis(shape) == 1:
			return fmt.Errorf("%s, of shape %v, has one element along its last axis: "+
				"its class is 0 for every input; reveal scores",
				of, shape)
		case o.Target.Top1 > 0 && o.Target.Error == 0 && p.Size(id) == 1:
			return o.Target.withoutError(of, len(p.Outputs))
		}
	}
	return nil
}

// withoutError refuses a target of classes for an output that has none.
func (t Target) withoutError(of string, outputs int) error {
	if outputs == 1 {
		return fmt.Errorf("the target %s asks for the class of an output that has one element: "+
			"give error=0.01 or bits=8", t)
	}
	return fmt.Errorf("the target %s asks for classes, and %s has one element: give %s,error=0.01", t, of, t)
}

// lastAxis is the size of the axis along which the class is the largest element.
func lastAxis(shape []int) int {
	if len(shape) == 0 {
		return 1
	}
	return shape[len(shape)-1]
}

// appendClasses makes the class of each output that is revealed by it.
func (o *Options) appendClasses(m *Model, p *ir.Program, thresholds map[string]float64) {
	plan := o.plan()
	for k, out := range m.Outputs {
		if t, decided := thresholds[out.Name]; decided {
			p.Outputs[k] = p.Emit(classNode(p, k, "threshold"), "class", []int{1}, out.Decision(t).step(), p.Outputs[k])
		} else if plan.RevealOf(out.Name) == visibility.Class {
			appendArgMax(p, k)
		}
	}
}

// classNode is the name of the node that makes the class of an output.
func classNode(p *ir.Program, k int, by string) string {
	if len(p.Outputs) > 1 {
		return program.PlainName(fmt.Sprintf("class of %s (%s)", p.Names[p.Outputs[k]], by))
	}
	return fmt.Sprintf("class (%s)", by)
}

// appendArgMax makes the class of an output: the position of the largest element along
// the last axis. One that an argmax gives is a class already.
func appendArgMax(p *ir.Program, k int) {
	from := p.Outputs[k]
	if classes(p, from) {
		return
	}
	last := lastAxis(p.Shapes[from])
	a := &ir.ArgMax{}
	for start := 0; start < p.Size(from); start += last {
		group := make([]int32, last)
		for k := range group {
			group[k] = int32(start + k)
		}
		a.Groups = append(a.Groups, group)
	}
	p.Outputs[k] = p.Emit(classNode(p, k, "argmax"), "class", []int{len(a.Groups)}, a, from)
}

// classes tells whether a value of the program are positions found by an argmax.
func classes(p *ir.Program, id ir.ID) bool { return gives[classifier](p.Producer(id)) }

// sides tells whether a value of the program are the classes of two that scores mean.
func sides(p *ir.Program, id ir.ID) bool {
	s := p.Producer(id)
	if s == nil {
		return false
	}
	c, ok := s.Kind.(*ir.Compare)
	return ok && c.Decides
}

// labellings are, by value, the argmax from whose positions alone its integers are made:
// positions themselves, and labels of classes.
func labellings(p *ir.Program) map[ir.ID]*ir.Step {
	of := map[ir.ID]*ir.Step{}
	for _, s := range p.Steps {
		if gives[classifier](s) {
			of[s.Out] = s
			continue
		}
		if len(s.In) == 0 { // constants
			continue
		}
		made := of[s.In[0]]
		other := func(id ir.ID) bool { return of[id] != made }
		if made != nil && p.Whole(s.Out) && !slices.ContainsFunc(s.In, other) {
			of[s.Out] = made
		}
	}
	return of
}

// finishClasses has what makes classes make each output of integers that moves take from it.
func finishClasses(m *Model, p *ir.Program) {
	for k, id := range p.Outputs {
		moved := indicesOf(p.Size(id))
		s := p.Producer(id)
		for s != nil && len(s.In) == 1 {
			move, ok := s.Kind.(*ir.Move)
			if !ok {
				break
			}
			for i, j := range moved {
				moved[i] = move.Index[j]
			}
			s = p.Producer(s.In[0])
		}
		if s == nil || s.Out == id || op.IntegersOf(m.Outputs[k].DType) == nil {
			continue
		}
		if same := indicesOf(p.Size(s.Out)); gives[classifier](s) && slices.Equal(p.Shapes[id], p.Shapes[s.Out]) &&
			slices.Equal(moved, same) {
			p.Outputs[k] = s.Out
			continue
		}
		from := s.In
		var kind ir.Kind
		switch a := s.Kind.(type) {
		case *ir.ArgMax:
			out := &ir.ArgMax{Last: a.Last}
			for _, i := range moved {
				out.Groups = append(out.Groups, a.Groups[i])
			}
			kind = out
		case *ir.Compare:
			if !a.Decides {
				continue
			}
			move := &ir.Move{In: make([]int32, len(moved)), Index: moved}
			from, kind = []ir.ID{p.Emit(s.Node, p.Names[id], p.Shapes[id], move, from...)}, a
		default:
			continue
		}
		p.Outputs[k] = p.Emit(s.Node, p.Names[id], p.Shapes[id], kind, from...)
		p.SameIntegers(p.Outputs[k], id)
	}
}

// indicesOf lists 0 to n − 1.
func indicesOf(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// outputTensor is the format of an output: enough bits for its range, in two's
// complement, or without a sign for positions and booleans.
func outputTensor(
	name string, shape []int, scale float64, ranges []program.Interval, positions bool, of visibility.Type,
) visibility.Tensor {
	lo, hi := ranges[0].Lo, ranges[0].Hi
	for _, iv := range ranges {
		lo, hi = min(lo, iv.Lo), max(hi, iv.Hi)
	}
	bits := circuits.Cover(0, max(hi, -lo-1)).Bits + 1
	t := visibility.Tensor{Name: name, Shape: shape, Bits: bits, Zero: 1 << (bits - 1), Scale: scale}
	switch {
	case positions:
		t.Bits, t.Zero, t.Classes, t.ClassCount = max(circuits.Cover(0, hi).Bits, 1), 0, true, hi+1
	case of == visibility.Boolean:
		t.Bits, t.Zero, t.Type = 1, 0, of
	default:
		t.Type = of
	}
	return t
}
