package compiler

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// splitsFirst lets splits compare what a step reads in place of what it makes, where each
// element that is compared never decreases in one element that the step reads: the
// thresholds take the step in, at no cost and with nothing rounded.
func splitsFirst(x *rewriter, s *ir.Step) (bool, error) {
	splits, ok := s.Kind.(*ir.Splits)
	if !ok {
		return false, nil
	}
	m := x.Producer(s.In[0])
	if m == nil {
		return false, nil
	}
	if fill, ok := m.Kind.(*ir.Fill); ok {
		return true, x.replace(s, fill.Behind(splits), slices.Clone(m.In))
	}
	a, linear := m.Kind.(*ir.Affine)
	if len(m.In) != 1 {
		if !linear {
			return false, nil
		}
		return splitsOfSeveral(x, s, splits, m, a)
	}
	if linear {
		terms := risingTerms(a, splits.Index)
		if terms == nil {
			return false, nil
		}
		index := make([]int32, len(terms))
		for i, t := range terms {
			index[i] = t.Index
		}
		after := splits.After(index, func(i int, v float64) float64 {
			return float64(terms[i].W*v) + a.Bias[splits.Index[i]]
		})
		after.Missing = splits.Missing // a linear step leaves missing what is missing
		return true, x.replace(s, after, slices.Clone(m.In))
	}
	if r, ok := m.Kind.(ir.Rising); !ok || !r.NeverDecreases() {
		return false, nil
	}
	return true, x.replace(s, splits.After(splits.Index, func(_ int, v float64) float64 {
		return m.Kind.Eval([][]float64{{v}}, 1)[0]
	}), slices.Clone(m.In))
}

// risingTerms lists the terms of rows of a linear step that each have one, and never decrease in
// it; nil where some have others.
func risingTerms(a *ir.Affine, rows []int32) []ir.Term {
	terms := make([]ir.Term, len(rows))
	for i, row := range rows {
		list := a.Rows.Row(int(row), nil)
		if len(list) != 1 || list[0].W < 0 {
			return nil
		}
		terms[i] = list[0]
	}
	return terms
}

// splitsOfSeveral is splitsFirst for a linear step of elements of several values, which becomes the
// move of these elements.
func splitsOfSeveral(x *rewriter, s *ir.Step, splits *ir.Splits, m *ir.Step, a *ir.Affine) (bool, error) {
	if x.Uses(m.Out) != 1 || slices.ContainsFunc(append([]ir.ID{m.Out}, m.In...), x.program.Whole) {
		return false, nil
	}
	n := a.Rows.Len()
	terms := risingTerms(a, indicesOf(n))
	if terms == nil {
		return false, nil
	}
	move := &ir.Move{In: make([]int32, n), Index: make([]int32, n)}
	for i, t := range terms {
		move.In[i], move.Index[i] = t.In, t.Index
	}
	after := splits.After(splits.Index, func(i int, v float64) float64 {
		row := splits.Index[i]
		return float64(terms[row].W*v) + a.Bias[row]
	})
	after.Missing = splits.Missing
	if err := x.replace(m, move, m.In); err != nil {
		return false, err
	}
	return true, x.replace(s, after, s.In)
}

// turnBeforeSplits lets splits take in a function that never decreases though some of its
// values are multiplied by negative numbers before they are compared: these numbers turn
// what the function reads instead.
func turnBeforeSplits(x *rewriter, s *ir.Step) (bool, error) {
	splits, ok := s.Kind.(*ir.Splits)
	if !ok {
		return false, nil
	}
	m := x.Producer(s.In[0])
	if m == nil || len(m.In) != 1 || x.Uses(m.Out) != 1 {
		return false, nil
	}
	a, ok := m.Kind.(*ir.Affine)
	f := x.Producer(m.In[0])
	if !ok || f == nil {
		return false, nil
	}
	if r, ok := f.Kind.(ir.Rising); !ok || !r.NeverDecreases() {
		return false, nil
	}
	n := a.Rows.Len()
	rows, weights := make([][]ir.Term, n), make([]float64, n)
	for i := range rows {
		list := a.Rows.Row(i, nil)
		if len(list) != 1 {
			return false, nil
		}
		weights[i] = list[0].W
		rows[i] = []ir.Term{{Index: list[0].Index, W: math.Copysign(1, list[0].W)}}
	}
	after := splits.After(splits.Index, func(i int, v float64) float64 {
		w := weights[splits.Index[i]]
		v = f.Kind.Eval([][]float64{{float64(math.Copysign(1, w) * v)}}, 1)[0]
		return float64(w*v) + a.Bias[splits.Index[i]]
	})
	turned := &ir.Affine{Rows: sparse.Rows(rows), Bias: make([]float64, n), Group: make([]int, n), Fixed: true}
	if err := x.replace(m, turned, slices.Clone(f.In)); err != nil {
		return false, err
	}
	x.program.SameIntegers(m.Out, f.In[0]) // no longer those that the function rounds to
	return true, x.replace(s, after, s.In)
}

// splitsApart lets splits of elements that come from several values compare those of each value
// by themselves: the values keep their own scales, which bits do not have. It tells whether it
// changed anything.
func splitsApart(p *ir.Program) bool {
	return valuesApart(p, func(kind ir.Kind) (byElement, []int32) {
		if k, ok := kind.(*ir.Splits); ok && !k.Decides && !k.Hidden {
			return k, k.Index
		}
		return nil, nil
	})
}

// valuesApart replaces steps whose elements are moved from several values by steps of each value
// and a move of what these give. of tells which kinds of step, and which element each output
// reads. It tells whether it changed anything.
func valuesApart(p *ir.Program, of func(ir.Kind) (kind byElement, reads []int32)) bool {
	changed := false
	for at := 0; at < len(p.Steps); at++ {
		s := p.Steps[at]
		kind, reads := of(s.Kind)
		if kind == nil {
			continue
		}
		m := p.Producer(s.In[0])
		if m == nil {
			continue
		}
		move, ok := m.Kind.(*ir.Move)
		if !ok || len(m.In) < 2 {
			continue
		}
		parts := partsOf(p, s, kind, reads, m, move)
		p.Steps = slices.Insert(p.Steps, at, parts...)
		at += len(parts)
		changed = true
	}
	return changed
}

// byElement is a kind whose outputs each depend on one element.
type byElement interface {
	ir.Reader
	ir.Shrinker
}

// partsOf are the steps that do what a step does with the elements of each value that a move copies
// from. reads is the element of each output. The step itself becomes a move of theirs.
func partsOf(p *ir.Program, s *ir.Step, kind byElement, reads []int32, m *ir.Step, move *ir.Move) []*ir.Step {
	outputs := make([][]int32, len(m.In)) // of the step, by the move's input
	for i, j := range reads {
		outputs[move.In[j]] = append(outputs[move.In[j]], int32(i))
	}
	all := &ir.Move{In: make([]int32, len(reads)), Index: make([]int32, len(reads))}
	var parts []*ir.Step
	s.In = nil
	for k, list := range outputs {
		if len(list) == 0 {
			continue
		}
		place := map[int32]int32{}
		for i, at := range list {
			place[reads[at]] = move.Index[reads[at]]
			all.In[at], all.Index[at] = int32(len(parts)), int32(i)
		}
		part := kind.Keep(list).(byElement).Reread(place)
		id := p.Value(p.Names[s.Out], []int{len(list)})
		p.SameIntegers(id, s.Out)
		parts = append(parts, &ir.Step{Node: s.Node, Kind: part, In: []ir.ID{m.In[k]}, Out: id})
		s.In = append(s.In, id)
	}
	s.Kind = all
	return parts
}
