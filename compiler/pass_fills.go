package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// fillsApart lets a fill of elements that come from several values fill those of each by
// themselves: the values keep their own scales. It tells whether it changed anything.
func fillsApart(p *ir.Program) bool {
	return valuesApart(p, func(kind ir.Kind) (byElement, []int32) {
		if k, ok := kind.(*ir.Fill); ok {
			return k, k.Index
		}
		return nil, nil
	})
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
