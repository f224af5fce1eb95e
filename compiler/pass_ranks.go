package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// rankSimpler gives a step that only ranks elements simpler ones of the same order. It looks
// behind the sign that the smallest ones are ranked by: at a function that increases, and at
// squared distances of one point from several, of which the square of the point is a part of all.
func rankSimpler(x *rewriter, s *ir.Step) (bool, error) {
	ranker, ok := s.Kind.(ir.Ranker)
	if !ok {
		return false, nil
	}
	m := x.Producer(s.In[0])
	if m == nil || x.Uses(m.Out) != 1 {
		return false, nil
	}
	sign, ok := m.Kind.(*ir.Affine)
	if !ok || len(m.In) != 1 || !sign.Fixed {
		return false, nil
	}
	from, by, ok := copies(sign)
	f := x.Producer(m.In[0])
	if !ok || f == nil {
		return false, nil
	}
	switch k := f.Kind.(type) {
	case *ir.Func:
		if k.Strict || k.StrictFrom0 && x.sumOfSquares(f.In[0]) {
			return true, x.replace(m, sign, slices.Clone(f.In))
		}
	case *ir.Dot:
		a, in := x.differences(k, f)
		if a == nil || x.program.Secret && !a.Fixed {
			return false, nil // whether secret weights are ones would show in the structure
		}
		if d := distanceRows(a, k, from, by, ranker.Ranks()); d != nil {
			return true, x.replace(m, d, in)
		}
	}
	return false, nil
}

// copies tells whether each row of a step is one element times the same number, and which.
func copies(a *ir.Affine) (from []int32, by float64, ok bool) {
	from = make([]int32, len(a.Bias))
	for i, bias := range a.Bias {
		row := a.Rows.Row(i, nil)
		if bias != 0 || len(row) != 1 || i > 0 && row[0].W != by {
			return nil, 0, false
		}
		from[i], by = row[0].Index, row[0].W
	}
	return from, by, by != 0
}

// sumOfSquares tells whether a value's elements are sums of squares.
func (x *rewriter) sumOfSquares(id ir.ID) bool {
	s := x.Producer(id)
	if s == nil {
		return false
	}
	d, ok := s.Kind.(*ir.Dot)
	return ok && squared(d, s)
}

// squared tells whether a step multiplies rows by themselves.
func squared(d *ir.Dot, s *ir.Step) bool {
	return d.N == 1 && d.M == 1 && s.In[0] == s.In[1] && slices.Equal(d.A, d.B)
}

// differences are the linear step whose rows are squared and added, and what it reads.
func (x *rewriter) differences(d *ir.Dot, s *ir.Step) (*ir.Affine, []ir.ID) {
	if !squared(d, s) {
		return nil, nil
	}
	m := x.Producer(s.In[0])
	if m == nil || len(m.In) != 1 {
		return nil, nil
	}
	a, _ := m.Kind.(*ir.Affine)
	return a, slices.Clone(m.In)
}

// distanceRows are the sums Σ (w_k·x_k + b_k)² of the rows of d, times a number, less Σ x_k²: it
// is the same for all elements of a group where these sums read the same x_k, and every w_k is 1
// or −1, as in the difference of two tensors. It is nil where that is not so.
func distanceRows(a *ir.Affine, d *ir.Dot, from []int32, by float64, groups [][]int32) ir.Kind {
	rows := make([][]ir.Term, len(from))
	out := &ir.Affine{Bias: make([]float64, len(from)), Group: make([]int, len(from)), Fixed: a.Fixed}
	reads := make([][]int32, len(from))
	for i, j := range from {
		for k := range d.K {
			at := int(d.A[j]) + k
			row := a.Rows.Row(at, nil)
			if len(row) != 1 || row[0].W != 1 && row[0].W != -1 {
				return nil
			}
			b := a.Bias[at]
			reads[i] = append(reads[i], row[0].Index)
			rows[i] = append(rows[i], ir.Term{Index: row[0].Index, W: float64(2 * by * row[0].W * b)})
			out.Bias[i] += float64(by * float64(b*b))
		}
		rows[i] = sparse.Merge(rows[i])
		slices.Sort(reads[i])
	}
	for _, g := range groups {
		for _, i := range g {
			if !slices.Equal(reads[i], reads[g[0]]) {
				return nil
			}
		}
	}
	out.Rows = sparse.Rows(rows)
	return out
}
