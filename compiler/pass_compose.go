package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// numbering numbers the inputs of a new step in the order in which its rows name
// them.
type numbering struct{ ids []ir.ID }

// of gives how to number the inputs of a step that reads ids.
func (n *numbering) of(ids []ir.ID) func(in int32) int32 {
	return func(in int32) int32 { return inputNumber(&n.ids, ids[in]) }
}

// finish drops the inputs that no row reads.
func (n *numbering) finish(rows *sparse.Matrix[float64]) (*sparse.Matrix[float64], []ir.ID) {
	number := make([]int32, len(n.ids))
	for i := range number {
		number[i] = -1
	}
	for i := range rows.Len() {
		for _, p := range rows.Parts(i) {
			number[p.In] = 0
		}
	}
	var ids []ir.ID
	for i, used := range number {
		if used == 0 {
			number[i] = int32(len(ids))
			ids = append(ids, n.ids[i])
		}
	}
	if len(ids) == 0 { // rows of constants still belong to an input
		return rows, n.ids[:1]
	}
	if len(ids) == len(n.ids) {
		return rows, ids
	}
	return rows.Reordered(number), ids
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
		if !ok || !composable(outer, k, inner) {
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

// composable tells whether the composition's sums are no longer than those of the two
// together, before elements that both read merge.
func composable(outer *ir.Affine, k int, inner *ir.Affine) bool {
	most := outer.Terms() + inner.Terms()
	return sparse.Reach(outer.Rows, int32(k), inner.Rows, most) <= most
}

func substitute(outer *ir.Affine, in []ir.ID, k int, inner *ir.Affine, from []ir.ID) (*ir.Affine, []ir.ID) {
	out := &ir.Affine{Bias: slices.Clone(outer.Bias), Group: slices.Clone(outer.Group), Fixed: outer.Fixed && inner.Fixed}
	var terms []ir.Term
	for i := range out.Bias {
		for _, p := range outer.Rows.Parts(i) {
			if int(p.In) != k {
				continue
			}
			terms = outer.Rows.Expand(p, terms[:0])
			for _, t := range terms {
				out.Bias[i] += float64(t.W * inner.Bias[t.Index])
				if outer.Fixed { // the channels are those of the weights
					out.Group[i] = inner.Group[t.Index]
				}
			}
		}
	}
	n := &numbering{}
	rows := sparse.Substitute(outer.Rows, int32(k), inner.Rows, out.Group, n.of(in), n.of(from))
	if len(n.ids) == 0 {
		n.ids = slices.Clone(from)
	}
	var ids []ir.ID
	out.Rows, ids = n.finish(rows)
	return out, ids
}
