package sparse

import (
	"cmp"
	"slices"
)

// Merge sorts the terms of a row by input and element, and adds up the weights of
// terms of one element in their original order. It works in place.
func Merge[W Weight](row []Term[W]) []Term[W] {
	order := func(x, y Term[W]) int {
		return cmp.Or(cmp.Compare(x.In, y.In), cmp.Compare(x.Index, y.Index))
	}
	if !slices.IsSortedFunc(row, order) {
		slices.SortStableFunc(row, order)
	}
	out := row[:0]
	for _, t := range row {
		if n := len(out); n > 0 && order(out[n-1], t) == 0 {
			out[n-1].W += t.W
			out[n-1].Tap = 0
			continue
		}
		out = append(out, t)
	}
	return out
}

// Select keeps the given rows.
func (m *Matrix[W]) Select(rows []int32) *Matrix[W] {
	out := &Matrix[W]{patterns: m.patterns, kernels: m.kernels, starts: []int32{0}}
	for _, i := range rows {
		out.parts = append(out.parts, m.Parts(int(i))...)
		out.starts = append(out.starts, int32(len(out.parts)))
		out.terms += m.RowTerms(int(i))
	}
	return out
}

// Reordered gives the matrix in which input in has become input number[in]. The order
// of the inputs that rows read must stay the same.
func (m *Matrix[W]) Reordered(number []int32) *Matrix[W] {
	out := &Matrix[W]{
		patterns: m.patterns,
		kernels:  m.kernels,
		starts:   m.starts,
		terms:    m.terms,
		parts:    slices.Clone(m.parts),
	}
	for i := range out.parts {
		out.parts[i].In = number[out.parts[i].In]
	}
	return out
}

// Map gives a matrix of the same patterns with other weights over other elements.
// place gives a part's new input and first element. A part's new kernel depends on its
// old one and on key; kernel makes it.
func Map[V, W Weight, K comparable](m *Matrix[V], place func(p Part) (in, first int32),
	key func(row int, p Part) K, kernel func(old []V, k K) []W) *Matrix[W] {
	out := &Matrix[W]{patterns: m.patterns, starts: m.starts, terms: m.terms, parts: make([]Part, len(m.parts))}
	type from struct {
		kernel int32
		key    K
	}
	made := map[from]int32{}
	for i := range m.Len() {
		for j, p := range m.Parts(i) {
			f := from{p.Kernel, key(i, p)}
			n, ok := made[f]
			if !ok {
				n = int32(len(out.kernels))
				made[f] = n
				out.kernels = append(out.kernels, kernel(m.kernels[p.Kernel], f.key))
			}
			q := Part{Pattern: p.Pattern, Kernel: n}
			q.In, q.First = place(p)
			out.parts[int(m.starts[i])+j] = q
		}
	}
	return out
}

// Filled is the matrix with w in place of every weight. Nothing in it depends on the
// weights that were there.
func (m *Matrix[W]) Filled(w W) *Matrix[W] {
	b := NewBuilder[W]()
	kernel := b.Kernel([]W{w})
	patterns := make([]int32, len(m.patterns))
	for i, p := range m.patterns {
		patterns[i] = b.Pattern(p.delta, make([]int32, len(p.delta)), nil)
	}
	b.m.starts, b.m.terms, b.m.parts = m.starts, m.terms, slices.Clone(m.parts)
	for i := range b.m.parts {
		b.m.parts[i].Pattern, b.m.parts[i].Kernel = patterns[b.m.parts[i].Pattern], kernel
	}
	return b.Matrix()
}

// rewriter makes rows out of the parts of other matrices.
type rewriter[W Weight] struct {
	*Builder[W]
	group    []int
	parts    []Part
	terms    []Term[W]
	scaled   map[scaling[W]]int32
	untapped map[int32]int32
}

type scaling[W Weight] struct {
	kernel int32
	by     W
}

func newRewriter[W Weight](group []int) *rewriter[W] {
	return &rewriter[W]{
		Builder:  NewBuilder[W](),
		group:    group,
		scaled:   map[scaling[W]]int32{},
		untapped: map[int32]int32{},
	}
}

// adopt adds the patterns and kernels of a matrix, and returns their new numbers.
func (r *rewriter[W]) adopt(m *Matrix[W]) (patterns []int32, firstKernel int32) {
	firstKernel = int32(len(r.m.kernels))
	r.m.kernels = append(r.m.kernels, m.kernels...)
	for _, p := range m.patterns {
		patterns = append(patterns, r.Pattern(p.delta, p.place, p.tap))
	}
	return patterns, firstKernel
}

// scale gives the kernel times w.
func (r *rewriter[W]) scale(kernel int32, w W) int32 {
	if w == 1 {
		return kernel
	}
	s := scaling[W]{kernel, w}
	n, ok := r.scaled[s]
	if !ok {
		ws := make([]W, len(r.m.kernels[kernel]))
		for i, v := range r.m.kernels[kernel] {
			ws[i] = W(w * v)
		}
		n = r.Kernel(ws)
		r.scaled[s] = n
	}
	return n
}

// withoutTaps gives the pattern with no taps.
func (r *rewriter[W]) withoutTaps(n int32) int32 {
	u, ok := r.untapped[n]
	if !ok {
		p := r.m.patterns[n]
		u = r.Pattern(p.delta, p.place, nil)
		r.untapped[n] = u
	}
	return u
}

// row adds r.parts as a row, if they are all of different inputs. It tells whether it did.
func (r *rewriter[W]) row() bool {
	slices.SortFunc(r.parts, func(a, b Part) int { return cmp.Compare(a.In, b.In) })
	for i := 1; i < len(r.parts); i++ {
		if r.parts[i].In == r.parts[i-1].In {
			return false
		}
	}
	r.Add(r.parts...)
	return true
}
