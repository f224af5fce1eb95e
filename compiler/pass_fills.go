package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// fillsApart lets a fill of elements that come from several values fill those of each by
// themselves: the values keep their own scales. It tells whether it changed anything.
func fillsApart(p *ir.Program) bool {
	changed := false
	for at := 0; at < len(p.Steps); at++ {
		s := p.Steps[at]
		fill, ok := s.Kind.(*ir.Fill)
		if !ok {
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
		parts := partsOf(p, s, fill, fill.Index, m, move)
		p.Steps = slices.Insert(p.Steps, at, parts...)
		at += len(parts)
		changed = true
	}
	return changed
}

// plainFills makes moves of fills that read no real input: elements of inputs alone can be missing.
// It tells whether it changed anything.
func plainFills(p *ir.Program) bool {
	changed := false
	for _, s := range p.Steps {
		fill, ok := s.Kind.(*ir.Fill)
		if !ok || slices.Contains(p.Inputs, s.In[0]) && !p.Whole(s.In[0]) {
			continue
		}
		s.Kind = &ir.Move{In: make([]int32, len(fill.Index)), Index: fill.Index}
		changed = true
	}
	return changed
}
