package compiler

import (
	"cmp"
	"math"
	"slices"
)

// What a climb does at most.
const (
	mostStarts = 2
	mostClimbs = 4  // rounds of a climb
	mostJudged = 12 // candidates of a round
	fewStarts  = 6  // of a size, the least noisy, that are judged
	hopeless   = 16 // times the target
)

// bySize searches for an error: size by size, from the smallest, for the candidate of the least
// error. Neither which candidates there are nor which of a size is taken depends on the target,
// which tells only at what size to stop. So a stricter target takes no fewer rows, and none more
// than what a looser one found that meets it.
func (f *finder) bySize() error {
	_, problem := f.start()
	fallback := f.best
	f.digit = 0
	at := map[int][]*trial{}
	var sizes []int
	for _, t := range f.grid() {
		n := t.cost.PaddedRows()
		if at[n] == nil {
			sizes = append(sizes, n)
		}
		at[n] = append(at[n], t)
	}
	slices.Sort(sizes)
	for _, size := range sizes {
		if f.spent() || fallback != nil && size > fallback.cost.PaddedRows() {
			break
		}
		best := f.ofSize(size, at[size])
		if best == nil {
			continue
		}
		if f.o.Target.Met(best.report) {
			f.best = best
			return nil
		}
		if f.closest == nil || best.report.MaxAbsError < f.closest.report.MaxAbsError {
			f.closest = best
		}
	}
	switch {
	case fallback != nil:
		f.best = fallback
		return f.price(fallback)
	case f.closest == nil || f.stopped.Load():
		return problem
	}
	return f.outOfReach(f.closest)
}

// grid plans knobs of all sizes, with the same bits for all layers, and the uniform ones that a
// target is held against first.
func (f *finder) grid() []*trial {
	base := f.uniformKnobs(DefaultBits)
	if _, err := f.plan(base); err != nil { // which finds the digit size
		f.digit = (leastDigit + mostDigit) / 2
	}
	all := f.uniforms()
	seen := map[string]bool{}
	for w := leastWeight; w <= mostShifted; w++ {
		for _, input := range []int{-3, -1, 1} {
			for _, activation := range []int{0, 2, mostActivation} {
				for _, table := range []int{-2, 0} {
					k := base
					k.Weight, k.Activation = w, min(w+activation, mostActivation)
					if len(k.free(f.r.IR)) > 0 {
						k.Input = min(max(w+input, leastInput), mostShifted)
					}
					if tableKnob(k, f.r.IR) != nil {
						k.Table = max(w+table, leastTable)
					}
					if key := k.key(); !seen[key] {
						seen[key] = true
						all = append(all, k)
					}
				}
			}
		}
	}
	return f.planAll("plan formats", all, f.sampled)
}

// sampled notes the noise of a candidate for few samples.
func (f *finder) sampled(t *trial) bool {
	t.few = f.facts.noises.get(t.is, func() float64 { return f.scores.first(fewScores).noise(t.Quantised) })
	return true
}

// pool is what there is of one size.
type pool struct {
	f     *finder
	size  int
	seen  map[digest]bool
	least float64 // the error below which nothing counts
	best  *trial
}

// add judges a candidate.
func (p *pool) add(t *trial) float64 {
	p.seen[t.is] = true
	p.f.consider(t)
	if e := t.report.MaxAbsError; e < p.least || p.best != nil && !exacter(t, p.best) {
		return e
	}
	if t.least == nil {
		var err error
		if t.least, err = t.priced(t.layout, p.f.r.effort); err != nil {
			return t.report.MaxAbsError
		}
	}
	if t.least.cost.PaddedRows() == p.size {
		p.best = t
	}
	return t.report.MaxAbsError
}

// exacter orders candidates of one size.
func exacter(a, b *trial) bool {
	return cmp.Or(
		cmp.Compare(a.report.MaxAbsError, b.report.MaxAbsError),
		cmp.Compare(a.cost.Rows(), b.cost.Rows()),
	) < 0
}

// ofSize finds the candidate of a size that has the least error. It begins with the least noisy
// and the most exact of those given. Where these are far from the target, it leaves it at that; so
// that no target knows of more than another, what is as much better than they are counts for none.
func (f *finder) ofSize(size int, of []*trial) *trial {
	slices.SortStableFunc(of, func(a, b *trial) int {
		return cmp.Or(cmp.Compare(a.few, b.few), cmp.Compare(a.cost.Rows(), b.cost.Rows()))
	})
	p := &pool{f: f, size: size, seen: map[digest]bool{}}
	var starts []*trial
	first := math.Inf(1)
	uniform := map[string]bool{}
	for _, k := range f.uniforms() {
		uniform[k.key()] = true
	}
	for _, t := range of {
		if !p.seen[t.is] && (len(starts) < fewStarts || uniform[t.knobs.key()]) {
			first = math.Min(first, p.add(t))
			starts = append(starts, t)
		}
	}
	if first > hopeless*f.o.Target.Error {
		return p.best
	}
	p.least = first / hopeless
	rest := starts[1:]
	slices.SortStableFunc(rest, func(a, b *trial) int {
		return cmp.Compare(a.report.MaxAbsError, b.report.MaxAbsError)
	})
	for _, t := range starts[:min(len(starts), mostStarts)] {
		p.climb(t)
	}
	return p.best
}

// climb goes from a candidate to the most exact of those near it, as long as there is one.
func (p *pool) climb(at *trial) {
	for range mostClimbs {
		if p.f.spent() || p.f.price(at) != nil {
			return
		}
		from := at
		judged := 0
		for _, t := range p.f.exchanges(from, p.size) {
			if judged == mostJudged || p.f.spent() {
				break
			}
			judged++
			if e := p.add(t); e < at.report.MaxAbsError {
				at = t
			}
		}
		if at == from {
			return
		}
	}
}
