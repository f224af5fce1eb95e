package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// fewestOfDivisor is how many numbers a divisor divides, at least, where its reciprocal pays: for
// fewer a quotient is not much, and exact beside small divisors too.
const fewestOfDivisor = 3

// byReciprocal multiplies by the reciprocal of a function in place of dividing by the function: a
// product is one gate, a quotient many. What the function reads is often the mean of squares, of a
// LayerNormalization that an exporter wrote out: its squares are then summed before they are rounded.
func byReciprocal(x *rewriter, s *ir.Step) (bool, error) {
	q, ok := s.Kind.(*ir.Quotient)
	if !ok || q.Integer || len(s.In) != 2 || x.program.Whole(s.Out) ||
		len(q.B) < fewestOfDivisor*x.program.Size(s.In[1]) {
		return false, nil
	}
	m := x.Producer(s.In[1])
	if m == nil || x.Uses(m.Out) != 1 {
		return false, nil
	}
	f, ok := m.Kind.(*ir.Func)
	if !ok || f.Open || f.GivesIntegers(false) || x.program.Whole(m.Out) {
		return false, nil
	}
	if err := sumSquares(x, m.In[0]); err != nil {
		return false, err
	}
	reciprocal := &ir.Func{Name: "reciprocal of " + f.String(), F: func(v float64) float64 { return 1 / f.F(v) }}
	if err := x.replace(m, reciprocal, slices.Clone(m.In)); err != nil {
		return false, err
	}
	return true, x.replace(s, &ir.Product{A: q.A, B: q.B}, slices.Clone(s.In))
}

// sumSquares looks for means of products behind linear steps, and makes them sums of products, which
// are not rounded before they are summed.
func sumSquares(x *rewriter, id ir.ID) error {
	for {
		s := x.Producer(id)
		if s == nil || x.Uses(id) != 1 || len(s.In) != 1 || x.program.Whole(id) {
			return nil
		}
		a, ok := s.Kind.(*ir.Affine)
		if !ok || x.program.Secret && !a.Fixed {
			return nil // whether weights are alike is a secret model's own
		}
		m := x.Producer(s.In[0])
		if m == nil || x.Uses(m.Out) != 1 || x.program.Whole(m.Out) {
			return nil
		}
		p, ok := m.Kind.(*ir.Product)
		if !ok {
			id = s.In[0]
			continue
		}
		dot, weights := dotOf(a, p)
		if dot == nil {
			return nil
		}
		x.program.Shapes[m.Out] = x.program.Shapes[s.Out]
		if err := x.replace(m, dot, slices.Clone(m.In)); err != nil {
			return err
		}
		return x.replace(s, eachTimes(a, weights), slices.Clone(s.In))
	}
}

// dotOf gives sums of products as a batch of products of vectors, without the weight that all
// products of a row have; nil where rows are of another form.
func dotOf(a *ir.Affine, p *ir.Product) (*ir.Dot, []float64) {
	n := a.Rows.RowTerms(0)
	if n < 2 || a.Terms() > len(p.A) {
		return nil, nil
	}
	d := &ir.Dot{N: 1, K: n, M: 1}
	weights := make([]float64, len(a.Bias))
	var row []ir.Term
	for i := range a.Bias {
		row = a.Rows.Row(i, row[:0])
		if len(row) != n {
			return nil, nil
		}
		first := row[0]
		for k, t := range row {
			next := int32(k)
			if t.W != first.W || p.A[t.Index] != p.A[first.Index]+next || p.B[t.Index] != p.B[first.Index]+next {
				return nil, nil
			}
		}
		weights[i] = first.W
		d.A, d.B = append(d.A, p.A[first.Index]), append(d.B, p.B[first.Index])
	}
	return d, weights
}

// eachTimes is a linear step of one term a row, with the biases and groups of another.
func eachTimes(a *ir.Affine, weights []float64) *ir.Affine {
	b := sparse.NewBuilder[float64]()
	for i, w := range weights {
		b.AddTerms(a.Group[i], []ir.Term{{Index: int32(i), W: w}})
	}
	return &ir.Affine{Rows: b.Matrix(), Bias: a.Bias, Group: a.Group, Fixed: a.Fixed}
}
