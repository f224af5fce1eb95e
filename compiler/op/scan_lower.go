package op

import (
	"fmt"
	"maps"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
	"github.com/zkml-go/zkml/tensor"
)

// element is where the elements of a value of a round begin in a value of the program; of a
// value that is known, Const has them.
type element struct {
	id    ir.ID
	first int
	Const *tensor.Float
}

// rolled are the steps of all rounds, apart from the program.
type rolled struct {
	*ir.Program           // whose first values are those of the program around it
	outer       int       // how many these are
	ends        []int     // by round: the steps up to its end
	states      []element // after the last round
	outs        []element // by round, what is of all rounds
}

// Lower implements Op: it lowers each round by itself. Where a step reads the same steps of its
// own round, or what all rounds read, all rounds take it together.
func (s *unrolled) Lower(l *Lowering) ([]ir.ID, error) {
	r, err := s.unroll(l)
	if err != nil {
		return nil, err
	}
	place := r.together(l)
	if place == nil {
		place = r.apart(l)
	}
	known := s.Static()
	outs := make([]ir.ID, len(s.shapes))
	for k := range outs {
		if known[k] != nil {
			continue
		}
		if k < s.states {
			if e := r.states[k]; int(e.id) < r.outer {
				outs[k] = e.id
				continue
			}
		}
		outs[k] = s.output(l, r, k, place)
	}
	return outs, nil
}

// output emits an output that depends on a variable.
func (s *unrolled) output(l *Lowering, r *rolled, k int, place func(ir.ID) element) ir.ID {
	p := moved{shape: s.shapes[k], from: make([]source, tensor.Size(s.shapes[k]))}
	var in []Arg
	var ids []ir.ID
	take := func(e element, at []int) {
		if e.Const == nil {
			e = place(e.id)
		}
		from := int32(slices.IndexFunc(ids, func(id ir.ID) bool { return e.Const == nil && id == e.id }))
		if from < 0 {
			from = int32(len(ids))
			in, ids = append(in, Arg{Const: e.Const}), append(ids, e.id)
		}
		for i, j := range at {
			p.from[j] = source{from, int32(e.first + i)}
		}
	}
	if k < s.states {
		take(r.states[k], indices(len(p.from)))
	} else {
		for t := range s.runs {
			take(r.outs[t*(len(s.shapes)-s.states)+k-s.states], s.outs[k-s.states].at(p.shape, t))
		}
	}
	return l.gathered(p, in, ids)
}

// gathered emits the step that copies elements of values, which are known or not.
func (l *Lowering) gathered(p moved, in []Arg, ids []ir.ID) ir.ID {
	number, variables := make([]int, len(in)), []ir.ID{}
	for i, a := range in {
		if number[i] = -1; a.Const == nil {
			number[i] = len(variables)
			variables = append(variables, ids[i])
		}
	}
	if len(variables) == 0 { // constants belong to some value
		variables = []ir.ID{l.some()}
	}
	return l.Emit(l.Node, l.Name, p.shape, p.kind(in, number), variables...)
}

// some is any variable among the node's inputs.
func (l *Lowering) some() ir.ID {
	ids, _ := l.variables()
	return ids[0]
}

// unroll lowers every round.
func (s *unrolled) unroll(l *Lowering) (*rolled, error) {
	r := &rolled{outer: len(l.Shapes), Program: &ir.Program{
		Shapes: slices.Clone(l.Shapes), Names: slices.Clone(l.Names), Integers: maps.Clone(l.Integers),
	}}
	for _, f := range s.feeds {
		if f.state {
			r.states = append(r.states, element{id: l.ID[f.in], Const: l.In[f.in].Const})
		}
	}
	for t := range s.runs {
		ids, state := make([]ir.ID, len(s.feeds)), 0
		for k, f := range s.feeds {
			switch {
			case f.counted != nil:
			case f.state:
				ids[k] = r.states[state].id
				state++
			case f.sliced && l.In[f.in].Const == nil:
				ids[k] = r.cut(l, l.ID[f.in], l.In[f.in].Shape, f.scanned, t)
			default:
				ids[k] = l.ID[f.in]
			}
		}
		outs, err := s.runs[t].lower(l, r.Program, ids, r.plain)
		if err != nil {
			return nil, err
		}
		for k, a := range s.runs[t].outs {
			e := element{id: outs[k], Const: a.Const}
			switch at := k - s.head; {
			case at < 0:
			case at < s.states:
				r.states[at] = e
			default:
				r.outs = append(r.outs, e)
			}
		}
		r.ends = append(r.ends, len(r.Steps))
	}
	return r, nil
}

// cut emits the slice of an input.
func (r *rolled) cut(l *Lowering, id ir.ID, shape []int, c scanned, t int) ir.ID {
	m := &ir.Move{}
	for _, j := range c.at(shape, t) {
		m.In, m.Index = append(m.In, 0), append(m.Index, int32(j))
	}
	out := r.Emit(l.Node, l.Name, slices.Delete(slices.Clone(shape), c.axis, c.axis+1), m, id)
	r.SameIntegers(out, id)
	return out
}

// plain is the value that another one is a copy of, if it is one, in the same type.
func (r *rolled) plain(id ir.ID) ir.ID {
	s := r.Steps[len(r.Steps)-1]
	m, ok := s.Kind.(*ir.Move)
	if !ok || s.Out != id || len(s.In) != 1 || len(m.Index) != r.Size(s.In[0]) || r.Whole(id) != r.Whole(s.In[0]) {
		return id
	}
	for i, j := range m.Index {
		if int(j) != i {
			return id
		}
	}
	r.Steps = r.Steps[:len(r.Steps)-1]
	return s.In[0]
}

// apart emits the steps of all rounds one by one.
func (r *rolled) apart(l *Lowering) func(ir.ID) element {
	to := map[ir.ID]ir.ID{}
	of := func(id ir.ID) ir.ID {
		if int(id) < r.outer {
			return id
		}
		return to[id]
	}
	for _, s := range r.Steps {
		in := make([]ir.ID, len(s.In))
		for k, id := range s.In {
			in[k] = of(id)
		}
		to[s.Out] = l.Emit(s.Node, l.Name, r.Shapes[s.Out], s.Kind, in...)
		l.carry(to[s.Out], r.Program, s.Out)
	}
	return func(id ir.ID) element { return element{id: of(id)} }
}

// carry gives a value the type that it has in another program.
func (l *Lowering) carry(id ir.ID, p *ir.Program, as ir.ID) {
	if t, whole := p.Integers[as]; whole {
		l.SetIntegers(id, t)
	}
}

// together emits each step once for all rounds: a value's elements are those of the first
// round, then those of the second. It is nil where the rounds' steps differ, or one round
// reads another.
func (r *rolled) together(l *Lowering) func(ir.ID) element {
	rounds := len(r.ends)
	if rounds == 0 || len(r.Steps) != rounds*r.ends[0] {
		return nil
	}
	n := r.ends[0]
	at := map[ir.ID]int{} // position of the step that makes a value
	for i, s := range r.Steps {
		at[s.Out] = i
	}
	kinds := make([]ir.Kind, n)
	for k := range kinds {
		same := make([]*ir.Step, rounds)
		for t := range same {
			if same[t] = r.Steps[t*n+k]; r.ends[t] != (t+1)*n || !r.alike(same[0], same[t], at, n) {
				return nil
			}
		}
		if kinds[k] = r.merged(same); kinds[k] == nil {
			return nil
		}
	}
	to := make([]ir.ID, n)
	for k, s := range r.Steps[:n] {
		in := make([]ir.ID, len(s.In))
		for i, id := range s.In {
			if in[i] = id; int(id) >= r.outer {
				in[i] = to[at[id]]
			}
		}
		to[k] = l.Emit(s.Node, l.Name, append([]int{rounds}, r.Shapes[s.Out]...), kinds[k], in...)
		l.carry(to[k], r.Program, s.Out)
	}
	return func(id ir.ID) element {
		if int(id) < r.outer {
			return element{id: id}
		}
		return element{id: to[at[id]%n], first: at[id] / n * r.Size(id)}
	}
}

// alike tells whether a step reads in its round what another one reads in the first.
func (r *rolled) alike(first, s *ir.Step, at map[ir.ID]int, n int) bool {
	if len(first.In) != len(s.In) || r.Size(first.Out) != r.Size(s.Out) {
		return false
	}
	for k, id := range s.In {
		outer := int(id) < r.outer
		if outer != (int(first.In[k]) < r.outer) || outer && id != first.In[k] {
			return false
		}
		if !outer && (at[id]%n != at[first.In[k]]%n || at[id]/n != at[s.Out]/n || at[first.In[k]] >= n) {
			return false
		}
	}
	return true
}

// merged is the kind that does what one step of each round does; nil where there is none.
func (r *rolled) merged(same []*ir.Step) ir.Kind {
	shift := func(t int, in int32) int32 { // of the elements that round t reads
		if id := same[t].In[in]; int(id) >= r.outer {
			return int32(t * r.Size(id))
		}
		return 0
	}
	switch first := same[0].Kind.(type) {
	case *ir.Affine:
		return mergedAffine(same, shift)
	case *ir.Product:
		out := &ir.Product{}
		for t, s := range same {
			k, ok := s.Kind.(*ir.Product)
			if !ok {
				return nil
			}
			for i := range k.A {
				out.A, out.B = append(out.A, k.A[i]+shift(t, 0)), append(out.B, k.B[i]+shift(t, 1))
			}
		}
		return out
	case *ir.Dot:
		out := &ir.Dot{N: first.N, K: first.K, M: first.M}
		for t, s := range same {
			k, ok := s.Kind.(*ir.Dot)
			if !ok || k.N != out.N || k.K != out.K || k.M != out.M {
				return nil
			}
			for i := range k.A {
				out.A, out.B = append(out.A, k.A[i]+shift(t, 0)), append(out.B, k.B[i]+shift(t, 1))
			}
		}
		return out
	case *ir.Move:
		out := &ir.Move{}
		for t, s := range same {
			k, ok := s.Kind.(*ir.Move)
			if !ok {
				return nil
			}
			for i, in := range k.In {
				out.In, out.Index = append(out.In, in), append(out.Index, k.Index[i]+shift(t, in))
			}
		}
		return out
	case ir.Elementwise:
		for _, s := range same {
			if int(s.In[0]) < r.outer || fmt.Sprintf("%T %v", s.Kind, s.Kind) != fmt.Sprintf("%T %v", first, first) {
				return nil
			}
		}
		return same[0].Kind
	}
	return nil
}

// mergedAffine has the rows of the first round, then those of the second.
func mergedAffine(same []*ir.Step, shift func(t int, in int32) int32) ir.Kind {
	out := &ir.Affine{Fixed: true}
	rows := sparse.NewBuilder[float64]()
	for t, s := range same {
		k, ok := s.Kind.(*ir.Affine)
		if !ok {
			return nil
		}
		for i := range k.Bias {
			terms := k.Rows.Row(i, nil)
			for j := range terms {
				terms[j].Index += shift(t, terms[j].In)
			}
			rows.AddTerms(k.Group[i], terms)
		}
		out.Bias, out.Group = append(out.Bias, k.Bias...), append(out.Group, k.Group...)
		out.Fixed = out.Fixed && k.Fixed
	}
	out.Rows = rows.Matrix()
	return out
}
