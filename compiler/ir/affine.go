package ir

import (
	"slices"

	"github.com/zkml-go/zkml/sparse"
)

// numbering numbers the inputs of a new step in the order in which its rows name
// them.
type numbering struct{ ids []ID }

// of gives how to number the inputs of a step that reads ids.
func (n *numbering) of(ids []ID) func(in int32) int32 {
	return func(in int32) int32 { return InputNumber(&n.ids, ids[in]) }
}

// finish drops the inputs that no row reads.
func (n *numbering) finish(rows *sparse.Matrix[float64]) (*sparse.Matrix[float64], []ID) {
	number := make([]int32, len(n.ids))
	for i := range number {
		number[i] = -1
	}
	for i := range rows.Len() {
		for _, p := range rows.Parts(i) {
			number[p.In] = 0
		}
	}
	var ids []ID
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

// Compose is the affine step that reads the inputs of inner, from, in place of the k-th
// of in, which inner makes.
func (a *Affine) Compose(in []ID, k int, inner *Affine, from []ID) (*Affine, []ID) {
	out := &Affine{Bias: slices.Clone(a.Bias), Group: slices.Clone(a.Group), Fixed: a.Fixed && inner.Fixed}
	var terms []Term
	for i := range out.Bias {
		for _, p := range a.Rows.Parts(i) {
			if int(p.In) != k {
				continue
			}
			terms = a.Rows.Expand(p, terms[:0])
			for _, t := range terms {
				out.Bias[i] += float64(t.W * inner.Bias[t.Index])
				if a.Fixed { // the channels are those of the weights
					out.Group[i] = inner.Group[t.Index]
				}
			}
		}
	}
	n := &numbering{}
	rows := sparse.Substitute(a.Rows, int32(k), inner.Rows, out.Group, n.of(in), n.of(from))
	if len(n.ids) == 0 {
		n.ids = slices.Clone(from)
	}
	var ids []ID
	out.Rows, ids = n.finish(rows)
	return out, ids
}

// Without is the step, which reads in, without the terms that are to be dropped, and what it
// then reads.
func (a *Affine) Without(in []ID, drop func(row int, t Term) bool) (*Affine, []ID) {
	b := sparse.NewBuilder[float64]()
	for i, group := range a.Group {
		row := slices.DeleteFunc(a.Rows.Row(i, nil), func(t Term) bool { return drop(i, t) })
		b.AddTerms(group, row)
	}
	n := &numbering{ids: slices.Clone(in)}
	rows, ids := n.finish(b.Matrix())
	return &Affine{Rows: rows, Bias: a.Bias, Group: a.Group, Fixed: a.Fixed}, ids
}

// Through implements Addresser.
func (a *Affine) Through(in []ID, k int, from []ID, move *Move) (Kind, []ID) {
	n := &numbering{ids: slices.Clone(in)}
	kept, moved := n.of(in), n.of(from)
	rows := a.Rows.Renumber(a.Group, func(in, index int32) (int32, int32) {
		if int(in) != k {
			return kept(in), index
		}
		return moved(move.In[index]), move.Index[index]
	})
	rows, ids := n.finish(rows)
	if a.Terms() == 0 && k == 0 { // rows of constants
		ids = from[:1]
	}
	return &Affine{Rows: rows, Bias: a.Bias, Group: a.Group, Fixed: a.Fixed}, ids
}

// Reads implements Reader.
func (a *Affine) Reads() []int32 {
	_, last := a.Rows.Extent(0)
	var out []int32
	for i, read := range a.Rows.Marked(0, last+1) {
		if read {
			out = append(out, int32(i))
		}
	}
	return out
}

// Reread implements Reader.
func (a *Affine) Reread(place map[int32]int32) Kind {
	rows := a.Rows.Renumber(a.Group, func(in, index int32) (int32, int32) { return in, place[index] })
	return &Affine{Rows: rows, Bias: a.Bias, Group: a.Group, Fixed: a.Fixed}
}

// Keep implements Shrinker.
func (a *Affine) Keep(outputs []int32) Kind {
	out := &Affine{Fixed: a.Fixed, Rows: a.Rows.Select(outputs)}
	for _, i := range outputs {
		out.Bias = append(out.Bias, a.Bias[i])
		out.Group = append(out.Group, a.Group[i])
	}
	return out
}
