package compiler

import (
	"cmp"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// blend collects the terms of a row by value and element, so that no element
// stands in a row twice.
type blend struct {
	ids   []ir.ID
	terms []ir.Term
}

func newBlend(ids []ir.ID) *blend { return &blend{ids: slices.Clone(ids)} }

func (b *blend) add(id ir.ID, index, tap int32, w float64) {
	b.terms = append(b.terms, ir.Term{In: inputNumber(&b.ids, id), Index: index, Tap: tap, W: w})
}

// row returns the collected row, sorted and merged, and starts the next.
func (b *blend) row() []ir.Term {
	slices.SortStableFunc(b.terms, func(x, y ir.Term) int {
		return cmp.Or(cmp.Compare(x.In, y.In), cmp.Compare(x.Index, y.Index))
	})
	out := make([]ir.Term, 0, len(b.terms))
	for _, t := range b.terms {
		if n := len(out); n > 0 && out[n-1].In == t.In && out[n-1].Index == t.Index {
			out[n-1].W += t.W
			out[n-1].Tap = 0
		} else {
			out = append(out, t)
		}
	}
	b.terms = b.terms[:0]
	return out
}

// finish drops the inputs that no row reads.
func (b *blend) finish(rows [][]ir.Term) ([][]ir.Term, []ir.ID) {
	number := make([]int32, len(b.ids))
	for i := range number {
		number[i] = -1
	}
	var ids []ir.ID
	for _, row := range rows {
		for _, t := range row {
			if number[t.In] < 0 {
				number[t.In] = 0
			}
		}
	}
	for i, n := range number {
		if n == 0 {
			number[i] = int32(len(ids))
			ids = append(ids, b.ids[i])
		}
	}
	for _, row := range rows {
		for i := range row {
			row[i].In = number[row[i].In]
		}
	}
	if len(ids) == 0 { // rows of constants still belong to an input
		ids = b.ids[:1]
	}
	return rows, ids
}

// composeAffine substitutes an affine step into an affine reader, where nobody
// else reads it and the sums do not get longer than the two together.
func composeAffine(x *rewriter, s *ir.Step) (bool, error) {
	outer, ok := s.Kind.(*ir.Affine)
	if !ok {
		return false, nil
	}
	for k, id := range s.In {
		m := x.Producer(id)
		if m == nil || x.Uses(id) != 1 {
			continue
		}
		inner, ok := m.Kind.(*ir.Affine)
		if !ok || composedTerms(outer, k, inner) > outer.Terms()+inner.Terms() {
			continue
		}
		if !inner.Fixed || outer.Fixed {
			s.Node = m.Node + " + " + s.Node
		}
		kind, in := substitute(outer, s.In, k, inner, m.In)
		return true, x.replace(s, kind, in)
	}
	return false, nil
}

// composedTerms counts the terms of the composition before equal elements merge,
// bounded by each row's reach.
func composedTerms(outer *ir.Affine, k int, inner *ir.Affine) int {
	n := 0
	for _, row := range outer.Rows {
		reach := map[int64]bool{}
		for _, t := range row {
			if int(t.In) != k {
				n++
				continue
			}
			for _, u := range inner.Rows[t.Index] {
				reach[int64(u.In)<<32|int64(u.Index)] = true
			}
		}
		n += len(reach)
	}
	return n
}

func substitute(outer *ir.Affine, in []ir.ID, k int, inner *ir.Affine, from []ir.ID) (*ir.Affine, []ir.ID) {
	out := &ir.Affine{Bias: slices.Clone(outer.Bias), Group: slices.Clone(outer.Group), Fixed: outer.Fixed && inner.Fixed}
	b := newBlend(nil)
	rows := make([][]ir.Term, len(outer.Rows))
	for i, row := range outer.Rows {
		for _, t := range row {
			if int(t.In) != k {
				b.add(in[t.In], t.Index, t.Tap, t.W)
				continue
			}
			out.Bias[i] += float64(t.W * inner.Bias[t.Index])
			if outer.Fixed { // the channels are those of the weights
				out.Group[i] = inner.Group[t.Index]
			}
			for _, u := range inner.Rows[t.Index] {
				b.add(from[u.In], u.Index, composedTap(row, inner.Rows[t.Index], t, u), float64(t.W*u.W))
			}
		}
		rows[i] = b.row()
	}
	if len(b.ids) == 0 {
		b.ids = slices.Clone(from)
	}
	var ids []ir.ID
	out.Rows, ids = b.finish(rows)
	return out, ids
}

// composedTap is which of its channel's weights a product t·u is: that of the layer
// whose rows the other only scales.
func composedTap(outer, inner []ir.Term, t, u ir.Term) int32 {
	switch {
	case len(outer) == 1:
		return u.Tap
	case len(inner) == 1:
		return t.Tap
	}
	return 0
}
