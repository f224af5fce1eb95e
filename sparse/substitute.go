package sparse

// substitution puts the rows of inner in place of the elements of input k of outer.
type substitution[W Weight] struct {
	*rewriter[W]
	outer, inner             *Matrix[W]
	k                        int32
	outerIn, innerIn         func(in int32) int32
	outerPatterns            []int32
	innerPatterns            []int32
	outerKernel, innerKernel int32
	row1, row2               []Term[W]
}

// Substitute puts the rows of inner in place of the elements of input k of outer.
// outerIn and innerIn renumber the inputs, and are called in the order of rows and
// terms. group numbers the channel of each row of the result.
func Substitute[W Weight](
	outer *Matrix[W], k int32, inner *Matrix[W], group []int, outerIn, innerIn func(in int32) int32,
) *Matrix[W] {
	s := &substitution[W]{
		rewriter: newRewriter[W](group), outer: outer, inner: inner, k: k, outerIn: outerIn, innerIn: innerIn,
	}
	s.outerPatterns, s.outerKernel = s.adopt(outer)
	s.innerPatterns, s.innerKernel = s.adopt(inner)
	for i := range outer.Len() {
		if !s.byParts(i) {
			s.byTerms(i)
		}
	}
	return s.Matrix()
}

// byParts makes row i from parts, if it reads at most one of inner's rows. It tells
// whether it did.
func (s *substitution[W]) byParts(i int) bool {
	parts, terms := s.outer.Parts(i), s.outer.RowTerms(i)
	s.parts = s.parts[:0]
	for _, p := range parts {
		if p.In != s.k {
			s.parts = append(s.parts, Part{
				In:      s.outerIn(p.In),
				Pattern: s.outerPatterns[p.Pattern],
				Kernel:  s.outerKernel + p.Kernel,
				First:   p.First,
			})
			continue
		}
		if s.outer.Size(p) != 1 {
			return false
		}
		s.row1 = s.outer.Expand(p, s.row1[:0])
		t := s.row1[0]
		if terms > 1 && s.inner.RowTerms(int(t.Index)) == 1 { // the tap is t's
			return false
		}
		for _, u := range s.inner.Parts(int(t.Index)) {
			q := Part{In: s.innerIn(u.In), Pattern: s.innerPatterns[u.Pattern], First: u.First}
			q.Kernel = s.scale(s.innerKernel+u.Kernel, t.W)
			if terms > 1 {
				q.Pattern = s.withoutTaps(q.Pattern)
			}
			s.parts = append(s.parts, q)
		}
	}
	return s.row()
}

// byTerms makes row i from its terms.
func (s *substitution[W]) byTerms(i int) {
	s.row1, s.terms = s.outer.Row(i, s.row1[:0]), s.terms[:0]
	for _, t := range s.row1 {
		if t.In != s.k {
			t.In = s.outerIn(t.In)
			s.terms = append(s.terms, t)
			continue
		}
		s.row2 = s.inner.Row(int(t.Index), s.row2[:0])
		for _, u := range s.row2 {
			u.Tap = composedTap(len(s.row1), len(s.row2), t.Tap, u.Tap)
			u.In, u.W = s.innerIn(u.In), W(t.W*u.W)
			s.terms = append(s.terms, u)
		}
	}
	s.AddTerms(s.group[i], Merge(s.terms))
}

// composedTap is the tap of a product of two weights: the tap in the layer whose rows
// the other layer only scales.
func composedTap(outerTerms, innerTerms int, outer, inner int32) int32 {
	switch {
	case outerTerms == 1:
		return inner
	case innerTerms == 1:
		return outer
	}
	return 0
}

// Reach counts the different elements that the rows of outer read once the rows of
// inner replace its input k: the size of Substitute's result before weights of one
// element of different inputs are added up. It stops beyond most.
func Reach[W Weight](outer *Matrix[W], k int32, inner *Matrix[W], most int) int {
	c := counter[W]{inner: inner, rows: make([]int32, inner.Len()), elements: map[int32][]int32{}}
	known := map[[2]int32]int{}
	n := 0
	for i := range outer.Len() {
		for _, p := range outer.Parts(i) {
			if p.In != k {
				n += outer.Size(p)
				continue
			}
			key := [2]int32{p.Pattern, p.First}
			reach, ok := known[key]
			if !ok {
				reach = c.reach(outer.patterns[p.Pattern].delta, p.First)
				known[key] = reach
			}
			n += reach
		}
		if n > most {
			break
		}
	}
	return n
}

// counter marks what was counted with the number of the current count.
type counter[W Weight] struct {
	inner    *Matrix[W]
	count    int32
	rows     []int32           // by Inputs of a row
	elements map[int32][]int32 // by input
}

// reach counts the elements that the given rows of inner read.
func (c *counter[W]) reach(delta []int32, first int32) int {
	c.count++
	n := 0
	for _, d := range delta {
		row := int(first + d)
		if class := c.inner.Inputs(row); class < len(c.rows) {
			if c.rows[class] == c.count {
				continue
			}
			c.rows[class] = c.count
		}
		for _, p := range c.inner.Parts(row) {
			marks := c.elements[p.In]
			for _, e := range c.inner.patterns[p.Pattern].delta {
				at := int(p.First + e)
				for at >= len(marks) {
					marks = append(marks, 0)
				}
				if marks[at] != c.count {
					marks[at] = c.count
					n++
				}
			}
			c.elements[p.In] = marks
		}
	}
	return n
}
