package compiler

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
)

// codesOf reports what becomes of the codes of a model that was quantised before.
func (r *Result) codesOf(report *Report) {
	report.Unrounded = len(r.Model.Graph.Unrounded)
	report.Exact = report.Unrounded == 0 && exact(r.IR, r.Formats.inputs())
}

// exact tells whether a quantised model's program computes the model itself, for every input that
// is a number of its codes: all codes come from codes alone, and real numbers are nothing but
// copies of what codes stand for. Models without codes are never called that.
func exact(p *ir.Program, formats []InputFormat) bool {
	e := &exactness{p: p, of: make([]bool, len(p.Shapes)), codes: make([]int64, len(p.Shapes))}
	for k, id := range p.Inputs {
		f, ok := quantisedInput(p, k)
		g := formats[k]
		same := ok && g.Elements == nil && g.Bits == f.Bits && g.Zero == f.Zero && g.Scale == f.Scale
		if e.of[id] = p.Whole(id) || same; same {
			e.codes[id] = 1 << f.Bits
		}
	}
	for _, s := range p.Steps {
		e.of[s.Out] = !slices.ContainsFunc(s.In, func(id ir.ID) bool { return !e.of[id] }) && e.keeps(s)
	}
	return e.quantised && !slices.ContainsFunc(p.Outputs, func(id ir.ID) bool { return !e.of[id] })
}

// exactness is what is known of a program's values: which are exact, and of how many codes a real
// one is at most.
type exactness struct {
	p         *ir.Program
	of        []bool
	codes     []int64
	quantised bool // there is a function to codes
}

// keeps tells whether a step of exact values gives exact ones.
func (e *exactness) keeps(s *ir.Step) bool {
	switch k := s.Kind.(type) {
	case *ir.Func:
		e.quantised = e.quantised || k.Whole != nil
		known := e.p.Whole(s.In[0]) || e.codes[s.In[0]] > 0 && e.codes[s.In[0]] <= stairTable || k.Name == "quantise"
		return k.Whole != nil && k.Name != op.NearSum && known
	case *ir.Move, *ir.Max:
		if e.codes[s.Out] = e.codes[s.In[0]]; len(s.In) > 1 && !e.p.Whole(s.Out) {
			return false // of several scales perhaps
		}
		return true
	case *ir.Affine:
		if e.p.Whole(s.Out) {
			return true
		}
		if len(s.In) == 0 { // constants, rounded
			return false
		}
		if r := e.p.Integers[s.In[0]]; r.Declared() && dequantises(e.p, s) {
			e.codes[s.Out] = r.Hi - r.Lo + 1
		}
		return oneScale(k) && !slices.ContainsFunc(s.In, func(id ir.ID) bool { return !e.p.Whole(id) })
	case *ir.ArgMax:
		return true
	}
	return e.p.Whole(s.Out) && !slices.ContainsFunc(s.In, func(id ir.ID) bool { return !e.p.Whole(id) })
}

// oneScale tells whether all weights of a step are the same, and the biases multiples of it: its
// values are integers of that scale.
func oneScale(a *ir.Affine) bool {
	first, same := 0.0, a.Fixed
	a.Rows.EachWeight(oneGroup, func(_ int, _ int32, w float64) {
		if first == 0 {
			first = w
		}
		same = same && w == first
	})
	return same && first != 0 && !slices.ContainsFunc(a.Bias, func(b float64) bool {
		n := b / first
		return math.Abs(n-math.Round(n)) > 1e-9*max(1, math.Abs(n))
	})
}
