package sparse

import (
	"math"
	"slices"
)

// Builder makes a matrix row by row. It compares rows that it gets as lists of terms
// with earlier rows, so that equal patterns and kernels are stored once.
type Builder[W Weight] struct {
	m        *Matrix[W]
	patterns lists
	byWeight map[uint64][]int32 // kernels that are whole lists, by their hash
	byTap    map[[2]int]int32   // the latest kernel of an input and a channel
	known    map[int32][]bool   // of such a kernel, the weights that rows have used
	last     map[int32]int32    // the latest pattern of an input
	delta    []int32            // scratch
	place    []int32
	tap      []int32
	ws       []W
}

// lists numbers lists of numbers; equal lists have equal numbers.
type lists map[uint64][]int32

// NewBuilder starts a matrix.
func NewBuilder[W Weight]() *Builder[W] {
	return &Builder[W]{
		m: &Matrix[W]{starts: []int32{0}}, patterns: lists{}, byWeight: map[uint64][]int32{},
		byTap: map[[2]int]int32{}, known: map[int32][]bool{}, last: map[int32]int32{},
	}
}

// Rows makes a matrix of lists of terms. In each list the terms of one input follow
// each other.
func Rows[W Weight](rows [][]Term[W]) *Matrix[W] {
	b := NewBuilder[W]()
	for _, row := range rows {
		b.AddTerms(0, row)
	}
	return b.Matrix()
}

// Matrix ends the matrix, and drops kernels that no row reads. The builder must not be
// used afterwards.
func (b *Builder[W]) Matrix() *Matrix[W] {
	read := make([]bool, len(b.m.kernels))
	for _, p := range b.m.parts {
		read[p.Kernel] = true
	}
	for i := range read {
		if !read[i] {
			b.m.kernels[i] = nil
		}
	}
	return b.m
}

// Kernel adds a list of weights and gives its number. The matrix keeps the list.
func (b *Builder[W]) Kernel(ws []W) int32 {
	b.m.kernels = append(b.m.kernels, ws)
	return int32(len(b.m.kernels) - 1)
}

// Pattern gives the number of a pattern: distances from the first element, which is
// at 0; place is the index of each element's weight in the kernel, nil for their
// order; tap is the terms' Tap, nil for zeros. The lists may be changed afterwards.
func (b *Builder[W]) Pattern(delta, place, tap []int32) int32 {
	if place != nil && InOrder(place) {
		place = nil
	}
	if !slices.ContainsFunc(tap, func(t int32) bool { return t != 0 }) {
		tap = nil
	}
	h := hash(hash(hash(0, delta), place), tap)
	for _, n := range b.patterns[h] {
		if b.m.patterns[n].equal(delta, place, tap) {
			return n
		}
	}
	n := int32(len(b.m.patterns))
	b.m.patterns = append(b.m.patterns, pattern{slices.Clone(delta), slices.Clone(place), slices.Clone(tap)})
	b.patterns[h] = append(b.patterns[h], n)
	return n
}

func (p *pattern) equal(delta, place, tap []int32) bool {
	return (p.place == nil) == (place == nil) && (p.tap == nil) == (tap == nil) &&
		slices.Equal(p.delta, delta) && slices.Equal(p.place, place) && slices.Equal(p.tap, tap)
}

// InOrder tells whether a list is 0, 1, 2 and so on.
func InOrder(list []int32) bool {
	for i, v := range list {
		if int(v) != i {
			return false
		}
	}
	return true
}

func hash(h uint64, list []int32) uint64 {
	h = mix(h, uint64(len(list)))
	for _, v := range list {
		h = mix(h, uint64(uint32(v)))
	}
	return h
}

func mix(h, v uint64) uint64 {
	h = (h ^ v) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// Expand appends the terms of a part to buf.
func (b *Builder[W]) Expand(p Part, buf []Term[W]) []Term[W] { return b.m.Expand(p, buf) }

// Add adds a row by its parts, which are of different inputs, in ascending order.
func (b *Builder[W]) Add(parts ...Part) {
	for _, p := range parts {
		if n := b.m.Size(p); n > 0 {
			b.m.parts = append(b.m.parts, p)
			b.m.terms += n
		}
	}
	b.m.starts = append(b.m.starts, int32(len(b.m.parts)))
}

// AddTerms adds a row by its terms, one input after the other. Taps number the weights
// of a channel: terms of one channel, input and tap share a weight where they can.
func (b *Builder[W]) AddTerms(channel int, terms []Term[W]) {
	for len(terms) > 0 {
		n := 1
		for n < len(terms) && terms[n].In == terms[0].In {
			n++
		}
		b.m.parts = append(b.m.parts, b.Part(channel, terms[:n]))
		b.m.terms += n
		terms = terms[n:]
	}
	b.m.starts = append(b.m.starts, int32(len(b.m.parts)))
}

// Part finds the pattern and the kernel of terms of one input, as AddTerms does.
func (b *Builder[W]) Part(channel int, terms []Term[W]) Part {
	p := Part{In: terms[0].In, First: terms[0].Index}
	tapped := true
	b.delta, b.tap, b.ws = b.delta[:0], b.tap[:0], b.ws[:0]
	for _, t := range terms {
		b.delta, b.tap, b.ws = append(b.delta, t.Index-p.First), append(b.tap, t.Tap), append(b.ws, t.W)
		tapped = tapped && t.Tap > 0
	}
	b.place = b.place[:0]
	if tapped {
		for _, t := range b.tap {
			b.place = append(b.place, t-1)
		}
		if p.Kernel, tapped = b.fit(p.In, channel); tapped {
			p.Pattern = b.again(p.In, b.place)
			return p
		}
	}
	p.Kernel, p.Pattern = b.Whole(b.ws), b.again(p.In, nil)
	return p
}

// again is Pattern for a pattern that is likely to be the latest one of the input.
func (b *Builder[W]) again(in int32, place []int32) int32 {
	if n, ok := b.last[in]; ok {
		if p := &b.m.patterns[n]; p.tap != nil && p.equal(b.delta, place, b.tap) {
			return n
		}
	}
	n := b.Pattern(b.delta, place, b.tap)
	b.last[in] = n
	return n
}

// Whole gives the number of a list of weights, which is that of an equal list where
// there is one. The list may be changed afterwards.
func (b *Builder[W]) Whole(ws []W) int32 {
	h := mix(0, uint64(len(ws)))
	for _, w := range ws {
		h = mix(h, math.Float64bits(float64(w)))
	}
	for _, n := range b.byWeight[h] {
		if slices.Equal(b.m.kernels[n], ws) {
			return n
		}
	}
	n := b.Kernel(slices.Clone(ws))
	b.byWeight[h] = append(b.byWeight[h], n)
	return n
}

// fit finds or makes a kernel that has the weights b.ws at b.place: the last one of
// the input and channel, unless it has other weights there. It fails where one place has
// two weights.
func (b *Builder[W]) fit(in int32, channel int) (kernel int32, ok bool) {
	key := [2]int{int(in), channel}
	n, ok := b.byTap[key]
	known := b.known[n]
	for j, at := range b.place {
		if ok && int(at) < len(known) && known[at] && b.m.kernels[n][at] != b.ws[j] {
			ok = false
			break
		}
	}
	if !ok {
		n = b.Kernel(nil)
		known = nil
		b.byTap[key] = n
	}
	ws := b.m.kernels[n]
	if grow := int(slices.Max(b.place)) + 1 - len(ws); grow > 0 {
		ws, known = append(ws, make([]W, grow)...), append(known, make([]bool, grow)...)
	}
	ok = true
	for j, at := range b.place {
		ok = ok && (!known[at] || ws[at] == b.ws[j])
		ws[at], known[at] = b.ws[j], true
	}
	b.m.kernels[n], b.known[n] = ws, known
	return n, ok
}
