package compiler

import (
	"math"

	"github.com/zkml-go/zkml/compiler/ir"
)

// decide makes splits of a comparison with zero, or of a rounding to 0 or 1, where a function
// goes before: the splits take that in, and it takes no table then.
func decide(x *rewriter, s *ir.Step) (bool, error) {
	if x.program.Secret || len(s.In) != 1 || !followsFunction(x, s.In[0]) {
		return false, nil
	}
	n := x.program.Size(s.Out)
	splits := &ir.Splits{Index: indicesOf(n), At: make([]float64, n), OrAt: make([]bool, n)}
	switch k := s.Kind.(type) {
	case *ir.Compare:
		if k.Decides { // no threshold of the layout's
			return false, nil
		}
		for i := range n {
			splits.OrAt[i] = k.OrZero
		}
	case *ir.Func:
		if lo, hi := bounds(x, s.Out, deepest); len(k.Counts) == 0 || lo != 0 || hi != 1 {
			return false, nil
		}
		splits.Of = make([]func(float64) float64, n)
		for i := range n {
			splits.At[i], splits.Of[i] = 0.5, k.F
		}
	default:
		return false, nil
	}
	return true, x.replace(s, splits, s.In)
}

// producers knows the step that makes a value; it has none for an input.
type producers interface{ Producer(id ir.ID) *ir.Step }

// deepest is how many steps are looked through for what bounds a value.
const deepest = 16

// followsFunction tells whether a value is made by a function that never decreases, up to
// factors and limits of single elements.
func followsFunction(p producers, id ir.ID) bool {
	for range deepest {
		s := p.Producer(id)
		if s == nil || len(s.In) != 1 {
			return false
		}
		switch k := s.Kind.(type) {
		case *ir.Func:
			return k.Monotone
		case *ir.Affine:
			if !single(k) {
				return false
			}
		case *ir.Clamp:
		default:
			return false
		}
		id = s.In[0]
	}
	return false
}

// single tells whether every row of an affine step is of one element.
func single(a *ir.Affine) bool {
	for i := range a.Bias {
		if a.Rows.RowTerms(i) != 1 {
			return false
		}
	}
	return true
}

// bounds are what no element of a value is beyond, by the steps that make it, of which so
// many are looked through.
func bounds(p producers, id ir.ID, depth int) (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	s := p.Producer(id)
	if s == nil || depth == 0 {
		return lo, hi
	}
	of := func() (float64, float64) { return bounds(p, s.In[0], depth-1) }
	switch k := s.Kind.(type) {
	case *ir.Compare, *ir.Splits:
		return 0, 1
	case *ir.Move:
		if len(s.In) == 1 {
			return of()
		}
	case *ir.Affine:
		if len(s.In) == 1 && single(k) {
			return multiples(k, lo, hi, of)
		}
	case ir.Rising:
		if !k.NeverDecreases() {
			break
		}
		from, to := of()
		ends := s.Kind.Eval([][]float64{{from, to}}, 2)
		if !math.IsNaN(ends[0]) && !math.IsNaN(ends[1]) {
			return ends[0], ends[1]
		}
	}
	return lo, hi
}

// multiples are the bounds of rows of one element each, which has the bounds of.
func multiples(a *ir.Affine, least, most float64, of func() (float64, float64)) (lo, hi float64) {
	from, to := of()
	lo, hi = math.Inf(1), math.Inf(-1)
	for i, bias := range a.Bias {
		w := a.Rows.Row(i, nil)[0].W
		x, y := float64(w*from)+bias, float64(w*to)+bias
		if math.IsNaN(x) || math.IsNaN(y) {
			return least, most
		}
		lo, hi = min(lo, x, y), max(hi, x, y)
	}
	return lo, hi
}
