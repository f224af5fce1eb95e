package compiler

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// balanceSquares moves the weights of squares of single elements before them, where these weights are
// very different, as the variances of naive Bayes are: what is squared has one scale for all, beside
// which a feature of a short range would be nothing. Factors are powers of two, so that nothing is
// rounded, and the steps stay what they are.
func balanceSquares(x *rewriter, s *ir.Step) (bool, error) {
	outer, ok := s.Kind.(*ir.Affine)
	if !ok || len(s.In) != 1 || x.Uses(s.In[0]) != 1 {
		return false, nil
	}
	p := x.Producer(s.In[0])
	if p == nil || !squares(p) || x.Uses(p.In[0]) != 2 {
		return false, nil
	}
	m := x.Producer(p.In[0])
	if m == nil || x.program.Whole(m.Out) {
		return false, nil
	}
	inner, ok := m.Kind.(*ir.Affine)
	if !ok || longest(inner) > 1 || x.program.Secret && (inner.Fixed || outer.Fixed) {
		return false, nil // a secret factor would make of these what they are not
	}
	by := squareFactors(outer, p.Kind.(*ir.Product), len(inner.Bias))
	if by == nil {
		return false, nil
	}
	if err := x.replace(m, scaledRows(inner, by), m.In); err != nil {
		return false, err
	}
	return true, x.replace(s, weighedBy(outer, p.Kind.(*ir.Product), by), s.In)
}

// squares tells whether a step squares elements.
func squares(s *ir.Step) bool {
	p, ok := s.Kind.(*ir.Product)
	return ok && len(s.In) == 2 && s.In[0] == s.In[1] && slices.Equal(p.A, p.B)
}

// squareFactors are powers of two by which each element that is squared is multiplied, so that the
// squares have about one weight; nil where their weights are not very different.
func squareFactors(outer *ir.Affine, p *ir.Product, elements int) []float64 {
	weights := make([]float64, elements)
	weighed(outer, 0, func(i int32, w float64) {
		weights[p.A[i]] = math.Max(weights[p.A[i]], math.Abs(w))
	})
	largest, least := 0.0, math.Inf(1)
	for _, w := range weights {
		if largest = math.Max(largest, w); w > 0 {
			least = math.Min(least, w)
		}
	}
	if !(largest > coarse*coarse*least) || math.IsInf(largest, 0) {
		return nil
	}
	_, top := math.Frexp(largest)
	by := make([]float64, elements)
	for i, w := range weights {
		_, e := math.Frexp(math.Max(w, least)) // a square of no weight is as good as one of the least
		by[i] = math.Ldexp(1, -((top - e) / 2))
	}
	return by
}

// scaledRows are the rows of a linear step, each times a number.
func scaledRows(a *ir.Affine, by []float64) *ir.Affine {
	out := &ir.Affine{Bias: make([]float64, len(a.Bias)), Group: a.Group}
	b := sparse.NewBuilder[float64]()
	for i, group := range a.Group {
		row := a.Rows.Row(i, nil)
		for k := range row {
			row[k].W = float64(row[k].W * by[i])
		}
		b.AddTerms(group, row)
		out.Bias[i] = float64(a.Bias[i] * by[i])
	}
	out.Rows = b.Matrix()
	return out
}

// weighedBy is a linear step over squares whose elements were multiplied by numbers.
func weighedBy(a *ir.Affine, p *ir.Product, by []float64) *ir.Affine {
	scales := make([]float64, len(p.A))
	for i, j := range p.A {
		scales[i] = 1 / float64(by[j]*by[j])
	}
	return &ir.Affine{Rows: a.Rows.Scaled([][]float64{scales}), Bias: a.Bias, Group: a.Group}
}
