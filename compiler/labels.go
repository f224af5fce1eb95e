package compiler

import (
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
)

// Labelled tells of each output whether its elements are labels: integers or booleans that
// decisions alone make, as −1 and 1 of an outlier, or 10, 20 and 30 of three classes. Two labels
// are equal or they differ; how far apart they are says nothing.
func (m *Model) Labelled() ([]bool, error) {
	for _, out := range m.Outputs {
		if op.IntegersOf(out.DType) != nil {
			p, err := m.lower(false)
			if err != nil {
				return nil, err
			}
			return m.labelled(p), nil
		}
	}
	return make([]bool, len(m.Outputs)), nil
}

// labelled is Labelled by the steps that the model was lowered to.
func (m *Model) labelled(p *ir.Program) []bool {
	t := &tracer{program: p, producers: map[ir.ID]*ir.Step{}, known: map[element]basis{}}
	for _, s := range p.Steps {
		t.producers[s.Out] = s
	}
	out := make([]bool, len(m.Outputs))
	for k, id := range p.Outputs {
		of := m.Outputs[k].DType
		if out[k] = of == graph.Bool; out[k] || op.IntegersOf(of) == nil || !p.Whole(id) {
			continue
		}
		out[k] = p.Size(id) > 0
		for i := range p.Size(id) {
			out[k] = out[k] && t.basis(element{id, int32(i)}).decided
		}
	}
	return out
}

// element is one of a value.
type element struct {
	of ir.ID
	at int32
}

// basis is the one element from which another one is computed, by itself where there are several;
// decided says that this goes through a decision.
type basis struct {
	element
	decided bool
}

// tracer finds the bases of elements.
type tracer struct {
	program   *ir.Program
	producers map[ir.ID]*ir.Step
	known     map[element]basis
}

// Producer implements producers.
func (t *tracer) Producer(id ir.ID) *ir.Step { return t.producers[id] }

// mostTraced bounds the elements that are looked at.
const mostTraced = 1 << 20

func (t *tracer) basis(e element) basis {
	if o, ok := t.known[e]; ok {
		return o
	}
	o := basis{element: e}
	if s := t.producers[e.of]; s != nil && len(t.known) < mostTraced {
		o = t.through(s, e)
	}
	t.known[e] = o
	return o
}

// through is the basis of an element that a step makes.
func (t *tracer) through(s *ir.Step, e element) basis {
	decided := func(at int32) basis { return basis{t.basis(element{s.In[0], at}).element, true} }
	switch k := s.Kind.(type) {
	case *ir.Compare:
		return decided(e.at)
	case *ir.Splits:
		return decided(k.Index[e.at])
	case *ir.Func:
		if lo, hi := bounds(t, s.Out, deepest); len(k.Counts) > 0 && hi-lo <= 2 { // a sign, or 0 and 1
			return decided(e.at)
		}
		return t.basis(element{s.In[0], e.at})
	case *ir.Clamp:
		return t.basis(element{s.In[0], e.at})
	case *ir.Move:
		return t.basis(element{s.In[k.In[e.at]], k.Index[e.at]})
	case *ir.Product:
		return t.joined(e, element{s.In[0], k.A[e.at]}, element{s.In[1], k.B[e.at]})
	case *ir.Affine:
		row := k.Rows.Row(int(e.at), nil)
		if len(row) == 1 {
			return t.basis(element{s.In[row[0].In], row[0].Index})
		}
		from := make([]element, len(row))
		for i, term := range row {
			from[i] = element{s.In[term.In], term.Index}
		}
		return t.joined(e, from...)
	}
	if gives[classifier](s) {
		return basis{e, true}
	}
	return basis{element: e}
}

// joined is the basis of an element that is computed from several: theirs, where decisions make
// all of them from the same one.
func (t *tracer) joined(e element, from ...element) basis {
	var of basis
	for i, f := range from {
		o := t.basis(f)
		if !o.decided || i > 0 && o != of {
			return basis{element: e}
		}
		of = o
	}
	if len(from) == 0 {
		return basis{element: e}
	}
	return of
}
