package compiler

import (
	"math"
	"math/bits"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/visibility"
)

// apart says of an input whose elements get a format each what is known of them.
type apart struct {
	set  []int // of each element: those of one number get one format
	seen []seen
}

// seen is what samples show of the elements that get one format.
type seen struct {
	lo, hi float64
	whole  bool // all of them are integers
}

// show adds a number; NaN says that the element is missing.
func (s *seen) show(x float64) {
	if math.IsNaN(x) {
		return
	}
	if s.lo > s.hi {
		*s = seen{x, x, true}
	}
	s.lo, s.hi = math.Min(s.lo, x), math.Max(s.hi, x)
	s.whole = s.whole && x == math.Trunc(x) && math.Abs(x) <= maxSampleInteger
}

// varies tells whether more than one number was seen.
func varies(s seen) bool { return s.lo < s.hi }

// margin is the share of the range of samples that an element's own format reaches farther on
// either side: other inputs than samples lie there too.
const margin = 1.0 / 8

// withMargin reaches beyond what was seen, but not across zero. A constant stays one.
func (s seen) withMargin() seen {
	wider := float64((s.hi - s.lo) * margin)
	if s.whole {
		wider = math.Floor(wider)
	}
	of := span{s.lo, s.hi}.wider(wider, wider)
	return seen{of.lo, of.hi, s.whole}
}

// fewest is how many samples show the ranges of single elements.
const fewest = 30

// unshown has seen nothing.
var unshown = seen{lo: math.Inf(1), hi: math.Inf(-1)}

// coarse is how many times wider the steps of one format for all elements of an input may be
// than those of a format for each, as weights see them. Pictures, whose elements have about
// one range, have a small number; features of a table that nobody scaled, hundreds.
const coarse = 8

// newApart tells how to give the elements of a real input a format each; nil where nothing
// is gained by it, or a reader takes all elements together.
func newApart(p *ir.Program, n int, samples []Sample) *apart {
	id := p.Inputs[n]
	if p.Whole(id) || len(samples) == 0 {
		return nil
	}
	sets := newSets(p.Size(id))
	readers := &elementReaders{p: p, sets: sets, weights: make([]float64, p.Size(id))}
	index := make([]int32, p.Size(id))
	for i := range index {
		index[i] = int32(i)
	}
	readers.of(id, index)
	a := &apart{set: sets.numbers()}
	a.seen = slices.Repeat([]seen{unshown}, slices.Max(a.set)+1)
	for i, m := range lacking(p, id) {
		if m.possible() && m.filled > 0 {
			a.seen[a.set[i]].show(m.with)
		}
	}
	for _, x := range samples {
		for i, v := range x[n] {
			a.seen[a.set[i]].show(v)
		}
	}
	if a.gain(readers.weights) < coarse || !slices.ContainsFunc(a.seen, varies) {
		return nil
	}
	return a
}

// separate lets the elements of inputs have a format each, where that gains something.
func (f *finder) separate(samples []Sample) {
	f.apart = map[int]*apart{}
	if len(samples) < fewest {
		return
	}
	for n := range f.r.IR.Inputs {
		if _, given := f.given[n]; given {
			continue
		}
		if a := newApart(f.r.IR, n, samples[:min(len(samples), calibrationSamples)]); a != nil {
			f.apart[n] = a
		}
	}
}

// gain is how many times finer the steps of a format for each element are than those of one
// for all, by the mean over elements in which each counts as much as its weights.
func (a *apart) gain(weights []float64) float64 {
	all := seen{0, 0, true} // a common format holds zero
	for _, s := range a.seen {
		all.lo, all.hi = math.Min(all.lo, s.lo), math.Max(all.hi, s.hi)
	}
	one, own := 0.0, 0.0
	for i, w := range weights {
		s := a.seen[a.set[i]]
		if s.lo == 0 && s.hi == 0 {
			continue // as it is in both
		}
		one += float64(w * (all.hi - all.lo))
		own += float64(w * (s.hi - s.lo))
	}
	switch {
	case one == 0 || math.IsInf(one, 0) || math.IsNaN(one):
		return 0
	case own == 0: // of constants
		return math.Inf(1)
	}
	return one / own
}

// choose fits the ranges into numbers of bits, with an integer more for each element that can be
// missing.
func (a *apart) choose(bits int, lacks []missing) InputFormat {
	list := make([]visibility.Element, len(a.set))
	for i, k := range a.set {
		if list[i] = a.seen[k].withMargin().fit(bits); lacks != nil && lacks[i].possible() {
			list[i] = lacks[i].reserve(list[i], 1<<list[i].Bits-1)
		}
	}
	return each(list)
}

// leastStep is the least step of a format beside what lies farthest from zero: float64
// numbers are no finer.
const leastStep = 1.0 / (1 << 44)

// fit is the format of so many bits for what was seen. Integers that need no more keep what
// they are, and a constant takes no bits.
func (s seen) fit(most int) visibility.Element {
	farthest := math.Max(math.Abs(s.lo), math.Abs(s.hi))
	switch {
	case s.whole && bits.Len64(uint64(s.hi-s.lo)) <= most:
		return visibility.Element{Bits: bits.Len64(uint64(s.hi - s.lo)), Zero: -int64(s.lo), Scale: 1}
	case s.lo == s.hi:
		return visibility.Element{Zero: -int64(math.Copysign(1, s.lo)), Scale: farthest}
	}
	scale := evenScale(math.Max((s.hi-s.lo)/float64(int64(1)<<most-1), farthest*leastStep))
	return visibility.Element{Bits: most, Zero: int64(math.Floor(-s.lo/scale + 0.5)), Scale: scale}
}

// elementReaders walks what reads the elements of an input, and copies of them.
type elementReaders struct {
	p       *ir.Program
	sets    *sets
	weights []float64 // of each element: the sum of the magnitudes
}

// of takes the readers of a value whose elements are those of the input that index lists.
func (r *elementReaders) of(id ir.ID, index []int32) {
	for _, s := range r.p.Steps {
		if !slices.Contains(s.In, id) {
			continue
		}
		if a, ok := asRule[separate](s.Kind); !ok || !a.separates(s) {
			r.sets.join(index)
			continue
		}
		switch k := s.Kind.(type) {
		case *ir.Affine:
			r.weigh(k, int32(slices.Index(s.In, id)), index)
		case *ir.Move:
			moved := make([]int32, len(k.Index))
			for i, j := range k.Index {
				moved[i] = index[j]
			}
			r.of(s.Out, moved)
		case *ir.Fill:
			filled := make([]int32, len(k.Index))
			for i, j := range k.Index {
				filled[i] = index[j]
			}
			r.of(s.Out, filled)
		}
	}
	if slices.Contains(r.p.Outputs, id) {
		r.sets.join(index)
	}
}

func (r *elementReaders) weigh(a *ir.Affine, in int32, index []int32) {
	weighed(a, in, func(j int32, w float64) { r.weights[index[j]] += math.Abs(w) })
}

// weighed calls of for each term of a linear step that reads input number in.
func weighed(a *ir.Affine, in int32, of func(element int32, w float64)) {
	for i := range a.Rows.Len() {
		for _, p := range a.Rows.Parts(i) {
			if p.In != in {
				continue
			}
			for j, w := range a.Rows.Elements(p) {
				of(j, w)
			}
		}
	}
}

// sets are disjoint sets of elements.
type sets struct{ parent []int32 }

func newSets(n int) *sets {
	s := &sets{make([]int32, n)}
	for i := range s.parent {
		s.parent[i] = int32(i)
	}
	return s
}

func (s *sets) root(i int32) int32 {
	for s.parent[i] != i {
		s.parent[i] = s.parent[s.parent[i]]
		i = s.parent[i]
	}
	return i
}

// join makes one set of those of some elements.
func (s *sets) join(elements []int32) {
	for _, i := range elements {
		s.parent[s.root(i)] = s.root(elements[0])
	}
}

// numbers gives each element the number of its set.
func (s *sets) numbers() []int {
	number := map[int32]int{}
	out := make([]int, len(s.parent))
	for i := range out {
		root := s.root(int32(i))
		n, ok := number[root]
		if !ok {
			n = len(number)
			number[root] = n
		}
		out[i] = n
	}
	return out
}
