// Package sparse owns the matrices of linear layers: rows of weighted sums over
// the elements of a few inputs. A convolution's rows repeat one pattern of inputs
// at every position and one list of weights, its kernel, at every position of a
// channel. Both are stored once, so that memory grows with weights and rows, not
// with multiplications; terms are listed for one row at a time.
//
// It must not know models, formats of integers or circuits. compiler/ir has such
// matrices of floats, program has them of integers.
package sparse

import (
	"iter"
	"sync"
)

// Weight is the type of weights: floats before quantisation, integers after.
type Weight interface{ float64 | int64 }

// Term is one summand of a row: W times element Index of input In. Tap numbers the
// weight among those of the row's channel, from 1 on, where the layer uses one
// weight in several rows, as a convolution does; else it is 0.
type Term[W Weight] struct {
	In, Index int32
	Tap       int32
	W         W
}

// Part stands for the summands of a row over one input: the elements of a pattern,
// which starts at element First of input In, times weights of a kernel.
type Part struct{ In, Pattern, Kernel, First int32 }

// Matrix is a list of rows. It is made by a Builder and does not change.
type Matrix[W Weight] struct {
	patterns []pattern
	kernels  [][]W
	parts    []Part
	starts   []int32 // the parts of row i are parts[starts[i]:starts[i+1]]
	terms    int
	once     sync.Once
	inputs   []int32
	weights  []int32
}

// pattern lists distances from a first element, and for each distance the index of its
// weight in the kernel (nil: in order) and its tap (nil: 0).
type pattern struct{ delta, place, tap []int32 }

func (p *pattern) at(j int) int32 {
	if p.place == nil {
		return int32(j)
	}
	return p.place[j]
}

// Len is the number of rows.
func (m *Matrix[W]) Len() int { return len(m.starts) - 1 }

// Terms counts the summands of all rows.
func (m *Matrix[W]) Terms() int { return m.terms }

// Parts lists row i by input. The list is the matrix's own.
func (m *Matrix[W]) Parts(i int) []Part { return m.parts[m.starts[i]:m.starts[i+1]] }

// Kernel is a list of weights of the matrix. Weights that no row reads are arbitrary.
func (m *Matrix[W]) Kernel(n int32) []W { return m.kernels[n] }

// Size is the number of terms of a part.
func (m *Matrix[W]) Size(p Part) int { return len(m.patterns[p.Pattern].delta) }

// RowTerms counts the summands of row i.
func (m *Matrix[W]) RowTerms(i int) int {
	n := 0
	for _, p := range m.Parts(i) {
		n += m.Size(p)
	}
	return n
}

// Row appends the terms of row i to buf.
func (m *Matrix[W]) Row(i int, buf []Term[W]) []Term[W] {
	for _, p := range m.Parts(i) {
		buf = m.Expand(p, buf)
	}
	return buf
}

// Expand appends the terms of a part to buf.
func (m *Matrix[W]) Expand(p Part, buf []Term[W]) []Term[W] {
	pattern, kernel := &m.patterns[p.Pattern], m.kernels[p.Kernel]
	for j, d := range pattern.delta {
		t := Term[W]{In: p.In, Index: p.First + d, W: kernel[pattern.at(j)]}
		if pattern.tap != nil {
			t.Tap = pattern.tap[j]
		}
		buf = append(buf, t)
	}
	return buf
}

// Elements yields the element and the weight of each term of a part.
func (m *Matrix[W]) Elements(p Part) iter.Seq2[int32, W] {
	return func(yield func(int32, W) bool) {
		pattern, kernel := &m.patterns[p.Pattern], m.kernels[p.Kernel]
		for j, d := range pattern.delta {
			if !yield(p.First+d, kernel[pattern.at(j)]) {
				return
			}
		}
	}
}

// Weights appends the weights of a part's terms to buf.
func (m *Matrix[W]) Weights(p Part, buf []W) []W {
	pattern, kernel := &m.patterns[p.Pattern], m.kernels[p.Kernel]
	if pattern.place == nil {
		return append(buf, kernel[:len(pattern.delta)]...)
	}
	for _, at := range pattern.place {
		buf = append(buf, kernel[at])
	}
	return buf
}

// Sum adds the terms of row i to sum, one after the other: in[k] are the elements of
// input k.
func (m *Matrix[W]) Sum(i int, sum W, in [][]W) W {
	for _, p := range m.Parts(i) {
		pattern, kernel, x := &m.patterns[p.Pattern], m.kernels[p.Kernel], in[p.In]
		if pattern.place == nil {
			kernel = kernel[:len(pattern.delta)]
			for j, d := range pattern.delta {
				sum += W(kernel[j] * x[p.First+d])
			}
			continue
		}
		for j, d := range pattern.delta {
			sum += W(kernel[pattern.place[j]] * x[p.First+d])
		}
	}
	return sum
}

// Used calls f once for each different combination of a kernel, the pattern that
// reads it, the input, and by(row): enough to see every weight in each of its roles.
func (m *Matrix[W]) Used(by func(row int) int, f func(row int, p Part)) {
	type role struct {
		in, pattern, kernel int32
		by                  int
	}
	seen := map[role]bool{}
	for i := range m.Len() {
		for _, p := range m.Parts(i) {
			r := role{p.In, p.Pattern, p.Kernel, by(i)}
			if !seen[r] {
				seen[r] = true
				f(i, p)
			}
		}
	}
}

// EachWeight calls f for every weight in each of its roles, as Used has them.
func (m *Matrix[W]) EachWeight(by func(row int) int, f func(row int, in int32, w W)) {
	m.Used(by, func(row int, p Part) {
		pattern, kernel := &m.patterns[p.Pattern], m.kernels[p.Kernel]
		for j := range pattern.delta {
			f(row, p.In, kernel[pattern.at(j)])
		}
	})
}

// Marked tells which of the first n elements of an input any row reads.
func (m *Matrix[W]) Marked(in int32, n int) []bool {
	out := make([]bool, n)
	seen := map[Part]bool{}
	for _, p := range m.parts {
		where := Part{Pattern: p.Pattern, First: p.First}
		if p.In != in || seen[where] {
			continue
		}
		seen[where] = true
		for _, d := range m.patterns[p.Pattern].delta {
			out[p.First+d] = true
		}
	}
	return out
}

// Extent gives the least and the largest element that any row reads of an input;
// (0, −1) where none does.
func (m *Matrix[W]) Extent(in int32) (least, largest int) {
	type ends struct{ lo, hi int32 }
	of := make([]ends, len(m.patterns))
	for i, p := range m.patterns {
		for j, d := range p.delta {
			if j == 0 {
				of[i] = ends{d, d}
			}
			of[i].lo, of[i].hi = min(of[i].lo, d), max(of[i].hi, d)
		}
	}
	found := false
	least, largest = 0, -1
	for _, p := range m.parts {
		if p.In != in {
			continue
		}
		lo, hi := int(p.First)+int(of[p.Pattern].lo), int(p.First)+int(of[p.Pattern].hi)
		if !found {
			least, largest, found = lo, hi, true
		}
		least, largest = min(least, lo), max(largest, hi)
	}
	return least, largest
}

// weightAt is the weight of the n-th term of a row.
func (m *Matrix[W]) weightAt(i, n int) W {
	for _, p := range m.Parts(i) {
		if size := m.Size(p); n >= size {
			n -= size
			continue
		}
		return m.kernels[p.Kernel][m.patterns[p.Pattern].at(n)]
	}
	panic("sparse: a row has fewer terms")
}

// Every lists each stride-th weight of all terms of all rows, in order.
func (m *Matrix[W]) Every(stride int) []W {
	var out []W
	next := stride - 1
	for i := range m.Len() {
		n := m.RowTerms(i)
		for ; next < n; next += stride {
			out = append(out, m.weightAt(i, next))
		}
		next -= n
	}
	return out
}
