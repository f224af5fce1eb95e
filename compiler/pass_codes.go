package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// codesFirst has a function to codes take in the function or the limits before it, where these are
// of a number that codes stand for: then both are one table of few entries, and nothing between
// them is rounded.
func codesFirst(x *rewriter, s *ir.Step) (bool, error) {
	outer, ok := s.Kind.(*ir.Func)
	if !ok || outer.Whole == nil {
		return false, nil
	}
	m := x.Producer(s.In[0])
	if m == nil || x.Uses(m.Out) != 1 || !x.ofCodes(m.In[0]) {
		return false, nil
	}
	var inner func(float64) float64
	rises := false
	switch k := m.Kind.(type) {
	case *ir.Clamp:
		inner, rises = func(v float64) float64 { return min(max(v, k.Lo), k.Hi) }, true
	case *ir.Func:
		if k.GivesIntegers(false) {
			return false, nil
		}
		inner, rises = func(v float64) float64 { return k.F(float64(float32(v))) }, k.Monotone
	default:
		return false, nil
	}
	both := &ir.Func{
		Name: outer.String() + " of " + m.Kind.String(), Monotone: outer.Monotone && rises, Whole: outer.Whole,
		F: func(v float64) float64 { return outer.F(inner(v)) },
	}
	return true, x.replace(s, both, slices.Clone(m.In))
}

// ofCodes tells whether a value is of real numbers that codes stand for.
func (x *rewriter) ofCodes(id ir.ID) bool {
	m := x.Producer(id)
	return m != nil && !x.program.Whole(id) && dequantises(x.program, m)
}

// dequantises tells whether a step gives an integer times a number, and a number added, for each
// element.
func dequantises(p *ir.Program, s *ir.Step) bool {
	a, ok := s.Kind.(*ir.Affine)
	if !ok || !a.Fixed || len(s.In) != 1 || !p.Whole(s.In[0]) {
		return false
	}
	for i := range a.Bias {
		if a.Rows.RowTerms(i) != 1 {
			return false
		}
	}
	return true
}
