package sparse

import (
	"cmp"
	"slices"
)

// renumbered is the result for a part: parts of other inputs; none where two of its
// elements become one, which a pattern cannot express.
type renumbered struct {
	parts   []Part // without kernels
	merging bool
}

// renumberer makes a matrix that reads other elements.
type renumberer[W Weight] struct {
	*rewriter[W]
	from *Matrix[W]
	at   func(in, index int32) (int32, int32)
	made map[Part]renumbered
}

// Renumber gives the matrix whose rows read element at(in, index) in place of
// element index of input in. at is asked in the order of rows and terms. group
// numbers the channel of each row.
func (m *Matrix[W]) Renumber(group []int, at func(in, index int32) (int32, int32)) *Matrix[W] {
	r := &renumberer[W]{rewriter: newRewriter[W](group), from: m, at: at, made: map[Part]renumbered{}}
	r.m.kernels = slices.Clone(m.kernels)
	for i := range m.Len() {
		whole := true
		r.parts = r.parts[:0]
		for _, p := range m.Parts(i) {
			n := r.part(p)
			whole = whole && !n.merging
			for _, q := range n.parts {
				q.Kernel = p.Kernel
				r.parts = append(r.parts, q)
			}
		}
		if whole && r.row() {
			continue
		}
		r.terms = m.Row(i, r.terms[:0])
		for j := range r.terms {
			t := &r.terms[j]
			t.In, t.Index = at(t.In, t.Index)
		}
		r.AddTerms(group[i], Merge(r.terms))
	}
	return r.Matrix()
}

// part renumbers a part, once for all kernels.
func (r *renumberer[W]) part(p Part) renumbered {
	p.Kernel = 0
	if n, ok := r.made[p]; ok {
		return n
	}
	type element struct{ in, index, place, tap int32 }
	pattern := &r.from.patterns[p.Pattern]
	elements := make([]element, len(pattern.delta))
	for j, d := range pattern.delta {
		e := element{place: pattern.at(j)}
		e.in, e.index = r.at(p.In, p.First+d)
		if pattern.tap != nil {
			e.tap = pattern.tap[j]
		}
		elements[j] = e
	}
	order := func(x, y element) int { return cmp.Or(cmp.Compare(x.in, y.in), cmp.Compare(x.index, y.index)) }
	slices.SortStableFunc(elements, order)
	out := renumbered{}
	for len(elements) > 0 {
		n := 1
		for n < len(elements) && elements[n].in == elements[0].in {
			out.merging = out.merging || elements[n].index == elements[n-1].index
			n++
		}
		q := Part{In: elements[0].in, First: elements[0].index}
		var delta, place, tap []int32
		for _, e := range elements[:n] {
			delta, place, tap = append(delta, e.index-q.First), append(place, e.place), append(tap, e.tap)
		}
		q.Pattern = r.Pattern(delta, place, tap)
		out.parts = append(out.parts, q)
		elements = elements[n:]
	}
	r.made[p] = out
	return out
}
