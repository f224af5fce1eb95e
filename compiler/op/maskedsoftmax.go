package op

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// maskedSoftmax is the softmax along the last axis over elements that are not left out; those
// give zero. It is made by expansions.
type maskedSoftmax struct {
	left   []bool // by element; nil where none is left out
	others bool   // an element that is alone in its group gives zero too, and not one
	groups [][]int32
	size   int
}

// Infer implements Op.
func (s *maskedSoftmax) Infer(in []Arg) ([]Out, error) {
	s.size = tensor.Size(in[0].Shape)
	s.groups = nil
	for _, g := range fibres(in[0].Shape, len(in[0].Shape)-1) {
		g = slices.DeleteFunc(g, func(i int32) bool { return s.left != nil && s.left[i] })
		if len(g) > 0 && !(s.others && single(g)) {
			s.groups = append(s.groups, g)
		}
	}
	return sameShape(in)
}

// Float implements Op.
func (s *maskedSoftmax) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := (&ir.Softmax{Groups: s.groups}).Eval([][]float64{in[0].Data}, s.size)
	return []*tensor.Float{tensor.Of(out, in[0].Shape...)}, nil
}

// Lower implements Op.
func (s *maskedSoftmax) Lower(l *Lowering) ([]ir.ID, error) {
	out, err := l.softmaxOf(l.ID[0], s.groups)
	return []ir.ID{out}, err
}

// tooFar is how much below the largest of its group an element must be biased for the rest of
// it not to count: masks add −10,000 or less, and scores differ by far less than this.
const tooFar = 1000

// farBias is where masks that depend on the input end: what is so far below others has no
// share of their softmax, and a format still tells the others apart.
const farBias = 64

// softmaxOf is a softmax over groups, as output 0 of the node. Elements that are in none give
// zero, and those that a mask takes far below the others count as such.
func (l *Lowering) softmaxOf(x ir.ID, groups [][]int32) (ir.ID, error) {
	x, groups, masked, err := l.unmasked(x, groups)
	if err != nil {
		return 0, err
	}
	if masked {
		if x, err = l.distances(x, groups); err != nil {
			return 0, err
		}
	}
	size := tensor.Size(l.Out[0].Shape)
	if len(slices.Concat(groups...)) == size && !slices.ContainsFunc(groups, single) {
		return l.Step(&ir.Softmax{Groups: groups}, x), nil
	}
	return l.spreadSoftmax(x, groups)
}

// single tells of a group that its element takes all, whatever it is.
func single(group []int32) bool { return len(group) == 1 }

// spreadSoftmax is the softmax of elements side by side, and then each in its place: one where
// an element is alone in its group, and zero where there is none.
func (l *Lowering) spreadSoftmax(x ir.ID, groups [][]int32) (ir.ID, error) {
	size, one := tensor.Size(l.Out[0].Shape), []int32(nil)
	var packed [][]int32
	var order []int32
	for _, g := range groups {
		if single(g) {
			one = append(one, g[0])
			continue
		}
		packed = append(packed, nil)
		for _, i := range g {
			packed[len(packed)-1] = append(packed[len(packed)-1], int32(len(order)))
			order = append(order, i)
		}
	}
	if len(order) > 0 {
		near := l.named(l.Name, len(order))
		x = near.Step(&ir.Softmax{Groups: packed}, near.Step(&ir.Move{In: make([]int32, len(order)), Index: order}, x))
	}
	out := newAffine(size, x)
	out.Fixed = true
	for i, j := range order {
		out.term(int(j), 0, i, 1)
	}
	for _, j := range one {
		out.Bias[j] = 1
	}
	return only(out.emit(l))
}

// unmasked looks for what a mask adds to scores: constants far below others, whose elements
// leave the groups, or values with such numbers, which are limited. masked tells that elements
// far below others are left.
func (l *Lowering) unmasked(x ir.ID, groups [][]int32) (ir.ID, [][]int32, bool, error) {
	made := l.origin(x)
	a := affineOf(made)
	if a == nil || len(a.Bias) != l.Size(x) {
		return x, groups, false, nil
	}
	if !l.Secret {
		groups = withinReach(a.Bias, groups)
	}
	bias, masked := slices.Clone(a.Bias), false
	for _, g := range groups {
		top := math.Inf(-1)
		for _, i := range g {
			top = max(top, a.Bias[i])
		}
		for _, i := range g {
			if a.Bias[i] < top-tooFar {
				bias[i], masked = top-farBias, true
			}
		}
	}
	in := slices.Clone(made.In)
	for k, id := range in {
		if near, ok := l.nearer(id); ok && addsAlone(a, k) {
			in[k], masked = near, true
		}
	}
	if !masked {
		return x, groups, false, nil
	}
	limited := &ir.Affine{Rows: a.Rows, Bias: bias, Group: a.Group, Fixed: a.Fixed}
	return l.named(l.Name, l.Shapes[x]...).Step(limited, in...), groups, true, nil
}

// withinReach leaves out of each group what constants take far below another element of it.
func withinReach(bias []float64, groups [][]int32) [][]int32 {
	out := make([][]int32, len(groups))
	for k, g := range groups {
		top := math.Inf(-1)
		for _, i := range g {
			top = max(top, bias[i])
		}
		out[k] = slices.DeleteFunc(slices.Clone(g), func(i int32) bool { return bias[i] < top-tooFar })
	}
	return out
}

// addsAlone tells whether every row of a step has an element of an input as it is.
func addsAlone(a *ir.Affine, k int) bool {
	for i := range a.Bias {
		for _, t := range a.Rows.Row(i, nil) {
			if int(t.In) == k && t.W != 1 {
				return false
			}
		}
	}
	return true
}

// nearer is a mask that goes far below zero, but no farther than matters. It is one that has
// an element times a number plus a constant: of bits, or w·(m − 1), where m is one for what is
// left and else zero.
func (l *Lowering) nearer(id ir.ID) (ir.ID, bool) {
	s, moves := l.throughMoves(id)
	a := affineOf(s)
	if a == nil || len(s.In) != 1 {
		return 0, false
	}
	bits, far, near := l.isBit(s.In[0]), false, newAffine(len(a.Bias), s.In[0])
	for i, bias := range a.Bias {
		row := a.Rows.Row(i, nil)
		if len(row) > 1 || len(row) == 1 && !bits && row[0].W != -bias {
			return 0, false
		}
		near.Bias[i] = max(bias, -farBias)
		far = far || bias < -tooFar
		if len(row) == 1 {
			one := bias + row[0].W
			far = far || one < -tooFar
			near.term(i, 0, int(row[0].Index), max(one, -farBias)-near.Bias[i])
		}
	}
	near.Fixed = a.Fixed
	if !far {
		return 0, false
	}
	same := l.named(l.Name, l.Shapes[s.Out]...)
	out := s.Out
	if bits {
		out, _ = only(near.emit(same))
	}
	// also of bits: a limited value has a format that is as fine as scores need
	out = same.Step(&ir.Clamp{Lo: -farBias, Hi: math.Inf(1)}, out)
	for _, m := range moves {
		out = l.named(l.Name, l.Shapes[m.Out]...).Step(m.Kind, out)
	}
	return out, true
}

// isBit tells whether a value's elements are 0 and 1.
func (l *Lowering) isBit(id ir.ID) bool {
	if r, ok := l.Integers[id]; ok && r == (ir.Integers{Lo: 0, Hi: 1}) {
		return true
	}
	s, _ := l.throughMoves(id)
	if s == nil {
		return false
	}
	switch k := s.Kind.(type) {
	case *ir.Compare, *ir.Splits, *ir.Top:
		return true
	case *ir.Move:
		return l.isBit(s.In[0])
	case *ir.Affine: // a copy
		for i, bias := range k.Bias {
			if row := k.Rows.Row(i, nil); bias != 0 || len(row) != 1 || row[0].W != 1 {
				return false
			}
		}
		return len(s.In) == 1 && l.isBit(s.In[0])
	}
	return false
}

// throughMoves is the step that makes the elements of a value, in any order, and the moves
// after it, in order.
func (l *Lowering) throughMoves(id ir.ID) (*ir.Step, []*ir.Step) {
	var moves []*ir.Step
	s := l.Producer(id)
	for s != nil && len(s.In) == 1 {
		if _, ok := s.Kind.(*ir.Move); !ok || l.Producer(s.In[0]) == nil {
			break
		}
		moves = append(moves, s)
		s = l.Producer(s.In[0])
	}
	slices.Reverse(moves)
	return s, moves
}

// distances are those of elements below the largest of their group, up to 24: a softmax is
// the same of them, and their format does not depend on how far below some lie.
func (l *Lowering) distances(x ir.ID, groups [][]int32) (ir.ID, error) {
	const far = 24 // exp(−24) is far below the resolution of a table
	same := l.named(l.Name, l.Shapes[x]...)
	top := l.named(l.Name, len(groups)).Step(&ir.Max{Windows: groups}, x)
	below := newAffine(l.Size(x), x, top)
	below.Fixed = true
	for row, g := range groups {
		for _, j := range g {
			below.term(int(j), 0, int(j), 1)
			below.term(int(j), 1, row, -1)
		}
	}
	distance, err := only(below.emit(same))
	return same.Step(&ir.Clamp{Lo: -far, Hi: 0}, distance), err
}
