package compiler

import (
	"math"
	"math/bits"
	"slices"
	"sort"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/visibility"
)

// A grid is the format of an input that thresholds read: one in which no sample is on
// another side of a threshold than the real number is, and no two thresholds fall
// together. More bits of an input cost little: they make no table and no weight wider.

// What a search for a grid tries.
const (
	leastDecimal = 1e9 // the units of one, of numbers that are written in decimals
	leastGrid    = 16  // bits for those that are not
	spareGrid    = 4   // bits more than samples need, for what they do not show
)

// grids adds the formats of inputs that thresholds read to those that are given.
func (r *Result) grids(given map[int]InputFormat, samples []Sample) {
	for k, id := range r.IR.Inputs {
		if _, ok := given[k]; ok || r.IR.Whole(id) {
			continue
		}
		if g := newGrid(r.IR, id); g != nil {
			for _, x := range samples {
				g.show(x[k])
			}
			if f, ok := g.formats(); ok {
				given[k] = f
			}
		}
	}
}

// grid is what a search for a grid knows of an input.
type grid struct {
	of     [][]threshold // by element, rising
	shown  [][]float64   // what samples show of the elements that are compared
	all    [][]float64   // what they show of every element
	whole  bool          // whether only thresholds read the input
	secret bool          // whether it is hidden which elements are compared: then all count as such
	apart  bool          // whether each element can have a format of its own
	miss   []missing     // by element
	lacks  bool          // whether what nobody reads may be missing: not in a private model
	span                 // of thresholds and samples
	seen   span          // of samples
}

// span is a range; that of one format for several elements is around zero.
type span struct{ lo, hi float64 }

func (s *span) reach(x float64) { s.lo, s.hi = math.Min(s.lo, x), math.Max(s.hi, x) }

func (s span) farthest() float64 { return math.Max(-s.lo, s.hi) }

// newGrid lists the thresholds of an input; nil if there are none.
func newGrid(p *ir.Program, id ir.ID) *grid {
	size := p.Size(id)
	g := &grid{
		of: make([][]threshold, size), shown: make([][]float64, size), all: make([][]float64, size),
		miss: lacking(p, id), lacks: !p.Secret, whole: true, apart: !slices.Contains(p.Outputs, id),
	}
	n := 0
	for _, s := range p.Steps {
		if !slices.Contains(s.In, id) {
			continue
		}
		splits, ok := s.Kind.(*ir.Splits)
		if !ok {
			g.whole, g.apart = false, g.apart && separated(p, s)
			continue
		}
		g.secret = g.secret || splits.Hidden
		g.apart = g.apart && !splits.Hidden // formats of their own would show what is compared
		for i, j := range splits.Index {
			n++
			if place, ok := placeOf(splits, i); ok {
				g.of[j] = append(g.of[j], threshold{splits, i, place})
				g.reach(place)
			}
		}
	}
	if n == 0 {
		return nil
	}
	for _, list := range g.of {
		slices.SortFunc(list, threshold.compare)
	}
	return g
}

// separated tells whether a step, or what reads the copies that it makes, takes elements of several
// formats.
func separated(p *ir.Program, s *ir.Step) bool {
	if a, ok := asRule[separate](s.Kind); !ok || !a.separates(s) {
		return false
	}
	if _, ok := s.Kind.(*ir.Move); !ok {
		return true
	}
	return !slices.Contains(p.Outputs, s.Out) && !slices.ContainsFunc(p.Steps, func(r *ir.Step) bool {
		return slices.Contains(r.In, s.Out) && !separated(p, r)
	})
}

// show takes a sample's elements.
func (g *grid) show(x []float64) {
	for j, v := range x {
		if math.IsNaN(v) {
			g.miss[j].shown = true
			continue
		}
		g.all[j] = append(g.all[j], v)
		if len(g.of[j]) > 0 || g.secret {
			g.shown[j] = append(g.shown[j], v)
		} else if g.whole {
			continue
		}
		g.reach(v)
		g.seen.reach(v)
	}
}

// formats is a grid for each element, where that takes fewer bits than one for all, or one
// for all; false where there is none.
func (g *grid) formats() (InputFormat, bool) {
	one := g.format()
	found := one.Bits > 0 && one.Bits <= maxInputBits
	if !g.apart || !g.whole && len(g.all[0]) < fewest {
		return common(one), found
	}
	list, bits, reserved := make([]visibility.Element, len(g.of)), 0, false
	for j := range list {
		list[j] = g.alone(j)
		reserved = reserved || list[j].Missing != nil
		if list[j].Bits > maxInputBits {
			return common(one), found
		}
		bits += list[j].Bits
	}
	if bits == 0 || found && bits > len(list)*one.Bits*3/4 && !reserved && g.keeps(one) {
		return common(one), found
	}
	return each(list), true
}

// alone is the format of element j by itself. One that nothing compares keeps what samples
// show.
func (g *grid) alone(j int) visibility.Element {
	s := unshown
	for _, x := range g.all[j] {
		s.show(x)
	}
	if len(g.of[j]) == 0 && (g.whole || !varies(s)) {
		e := visibility.Element{Scale: 1}
		if s.lo <= s.hi {
			e = s.fit(DefaultBits)
		}
		if m := g.miss[j]; m.possible() || g.lacks && m.unread() && m.shown {
			e = m.reserve(e, 1<<e.Bits-1)
		}
		return e
	}
	nothing := span{math.Inf(1), math.Inf(-1)}
	a := &grid{of: g.of[j : j+1], shown: g.all[j : j+1], all: g.all[j : j+1], span: nothing, seen: nothing}
	for _, t := range g.of[j] {
		a.reach(t.place)
	}
	if s.lo <= s.hi {
		a.seen = span{s.lo, s.hi}
		if !g.whole {
			s = s.withMargin()
		}
		a.reach(s.lo)
		a.reach(s.hi)
	}
	if g.miss[j].filled > 0 {
		a.reach(g.miss[j].with)
	}
	e := a.format()
	if g.miss[j].possible() && e.Bits > 0 {
		e = g.miss[j].reserve(e, e.Zero+int64(math.Ceil(a.hi/e.Scale))+1)
	}
	return e
}

// format is a grid that keeps samples on their sides: one that reaches all thresholds, or
// else one without thresholds that are far away from all samples.
func (g *grid) format() visibility.Element {
	all := g.reaching()
	for near := *g; all.Bits == 0 || !g.keeps(all); {
		if !near.draw() {
			break
		}
		if f := near.reaching(); f.Bits > 0 && g.keeps(f) {
			return f
		}
	}
	return all
}

// far is how many times farther from zero than all samples a threshold may be left out.
const far = 1 << 10

// draw lets a grid reach half as far, or false where what is left is not far from samples.
func (g *grid) draw() bool {
	most := g.farthest() / 2
	if most < far*g.seen.farthest() || most == 0 {
		return false
	}
	g.span = g.seen
	for _, list := range g.of {
		for _, t := range list {
			if math.Abs(t.place) <= most {
				g.reach(t.place)
			}
		}
	}
	return true
}

// reaching is the coarsest grid of decimals on which all samples lie, or else a fine one;
// none where no scale reaches so far.
func (g *grid) reaching() visibility.Element {
	if math.IsInf(g.hi-g.lo, 0) {
		return visibility.Element{}
	}
	for unit := 1; unit <= leastDecimal; unit *= 10 {
		f := g.at(1 / float64(unit))
		if f.Bits > maxInputBits {
			break
		}
		if g.lies(f) && g.keeps(f) {
			return f
		}
	}
	var f visibility.Element
	for b := leastGrid; b <= maxInputBits; b++ {
		if f = g.of2(b); g.keeps(f) && g.separates(f) {
			return g.of2(min(b+spareGrid, maxInputBits))
		}
	}
	return f
}

// at is the format of a scale that reaches one step beyond all thresholds and samples.
func (g *grid) at(scale float64) visibility.Element {
	if (g.hi-g.lo)/scale > 1<<(maxInputBits+1) || g.farthest()/scale > farZero {
		return visibility.Element{Bits: maxInputBits + 1, Scale: scale}
	}
	zero, last := int64(math.Ceil(-g.lo/scale))+1, int64(math.Ceil(g.hi/scale))+1
	return visibility.Element{Bits: bits.Len64(uint64(zero + last)), Zero: zero, Scale: scale}
}

// of2 is the format of b bits whose scale is the least power of two.
func (g *grid) of2(b int) visibility.Element {
	_, exponent := math.Frexp(g.hi - g.lo)
	f := g.at(math.Ldexp(1, exponent-b))
	for f.Bits > b && f.Scale > 0 {
		f = g.at(float64(f.Scale * 2))
	}
	return f
}

// lies tells whether all samples are written in the format's decimals: of the elements that are
// compared or, where others are read, of all.
func (g *grid) lies(f visibility.Element) bool {
	const rounding = 1.0 / (1 << 22) // of a float32
	shown := g.shown
	if !g.whole {
		shown = g.all
	}
	for _, values := range shown {
		for _, x := range values {
			if math.Abs(decoded(f, x)-x) > math.Abs(x)*rounding {
				return false
			}
		}
	}
	return true
}

// keeps tells whether every sample stays on its side of every threshold.
func (g *grid) keeps(f visibility.Element) bool {
	for j, values := range g.shown {
		if slices.ContainsFunc(values, func(x float64) bool { return g.turns(j, x, f) }) {
			return false
		}
	}
	return true
}

// turns tells whether the format has element j, of the value x, on another side of a
// threshold.
func (g *grid) turns(j int, x float64, f visibility.Element) bool {
	step := func(x float64) int {
		return sort.Search(len(g.of[j]), func(i int) bool { return !g.of[j][i].beyond(x) })
	}
	return step(x) != step(decoded(f, x))
}

// sides lists the inputs whose formats have samples on other sides of thresholds.
func (r *Result) sides(samples []Sample) []ChangedSides {
	var out []ChangedSides
	for k, f := range r.Formats.inputs() {
		g := newGrid(r.IR, r.IR.Inputs[k])
		if g == nil {
			continue
		}
		c, turned := ChangedSides{Input: r.IR.Names[r.IR.Inputs[k]]}, make([]bool, len(g.of))
		for _, x := range samples {
			any := false
			for j, v := range x[k] {
				if len(g.of[j]) > 0 && !math.IsNaN(v) && g.turns(j, v, f.Element(j)) {
					any, turned[j] = true, true
				}
			}
			if any {
				c.Samples++
			}
		}
		name := r.Model.elementNames(k)
		for j, t := range turned {
			if t {
				c.Elements, c.Names = append(c.Elements, j), append(c.Names, name(j))
			}
		}
		if c.Samples > 0 {
			out = append(out, c)
		}
	}
	return out
}

// separates tells whether different thresholds of an element are different ones on the grid.
func (g *grid) separates(f visibility.Element) bool {
	for _, list := range g.of {
		for i := 1; i < len(list); i++ {
			if list[i].compare(list[i-1]) == 0 {
				continue
			}
			at := int64(math.Floor(list[i-1].place/f.Scale)) - 1
			if !list[i-1].between(list[i], f.Scale, at) {
				return false
			}
		}
	}
	return true
}

// between tells whether one of the integers from at on, up to a few, is beyond t and not
// beyond the next threshold.
func (t threshold) between(next threshold, scale float64, at int64) bool {
	for q := at; q <= at+4; q++ {
		if x := float64(float64(q) * scale); t.beyond(x) {
			return !next.beyond(x)
		}
	}
	return false
}
