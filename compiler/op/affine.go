package op

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
	"github.com/zkml-go/zkml/tensor"
)

// affine collects the rows of an ir.Affine over some values, in any order: by parts,
// whose patterns and kernels are stored once, and by single terms.
type affine struct {
	ir.Affine
	*sparse.Builder[float64]
	parts []sparse.Part // by row; In is −1 where a row has none
	terms [][]ir.Term   // by row; nil where no row has any
	in    []ir.ID       // the values, each once
	slot  []int32       // of each listed value, its index in in
	bad   bool          // a weight is not finite
}

// newAffine starts an affine step of some rows over values, which may repeat.
func newAffine(rows int, values ...ir.ID) *affine {
	a := &affine{
		Affine:  ir.Affine{Bias: make([]float64, rows), Group: make([]int, rows)},
		Builder: sparse.NewBuilder[float64](),
		parts:   slices.Repeat([]sparse.Part{{In: -1}}, rows),
	}
	for _, v := range values {
		at := slices.Index(a.in, v)
		if at < 0 {
			at = len(a.in)
			a.in = append(a.in, v)
		}
		a.slot = append(a.slot, int32(at))
	}
	return a
}

// Kernel adds weights that rows share.
func (a *affine) Kernel(ws []float64) int32 {
	a.bad = a.bad || slices.ContainsFunc(ws, notFinite)
	return a.Builder.Kernel(ws)
}

// equalWeights is a kernel of n times the same weight.
func (a *affine) equalWeights(n int, w float64) int32 {
	return a.Whole(slices.Repeat([]float64{w}, n))
}

// part gives a row the elements of a pattern, from element first of a value on, times
// a kernel. The value is numbered as it was listed. A row has one part.
func (a *affine) part(row, value int, pattern, kernel int32, first int) {
	a.parts[row] = sparse.Part{In: a.slot[value], Pattern: pattern, Kernel: kernel, First: int32(first)}
}

// term adds w times element index of a value to a row.
func (a *affine) term(row, value, index int, w float64) {
	a.bad = a.bad || notFinite(w)
	if a.terms == nil {
		a.terms = make([][]ir.Term, len(a.parts))
	}
	a.terms[row] = append(a.terms[row], ir.Term{In: a.slot[value], Index: int32(index), W: w})
}

// plus adds w times an operand that broadcasts to the rows' shape: its values
// where it is constant, else the variable of that number.
func (a *affine) plus(x Arg, number int, shape []int, w float64) {
	for row, j := range tensor.BroadcastIndex(x.Shape, shape) {
		if x.Const != nil {
			a.Bias[row] += float64(w * finite(x.Const.Data[j]))
			continue
		}
		a.term(row, number, j, w)
	}
}

// emit sorts every row into ir.Affine's order and emits the step as output 0 of the
// node. It refuses weights that are not finite.
func (a *affine) emit(l *Lowering) ([]ir.ID, error) {
	if a.bad || slices.ContainsFunc(a.Bias, notFinite) {
		return nil, errors.New("a constant is NaN, infinite or too large; repair the model's weights")
	}
	for i := range a.parts {
		a.row(i)
	}
	a.Rows = a.Matrix()
	return []ir.ID{l.Step(&a.Affine, a.in...)}, nil
}

// row adds row i to the matrix.
func (a *affine) row(i int) {
	p, terms := a.parts[i], []ir.Term(nil)
	if a.terms != nil {
		terms = a.terms[i]
	}
	if p.In < 0 || slices.ContainsFunc(terms, func(t ir.Term) bool { return t.In == p.In }) {
		if p.In >= 0 {
			terms = append(a.Expand(p, nil), terms...)
		}
		a.AddTerms(a.Group[i], sparse.Merge(terms))
		return
	}
	parts := []sparse.Part{p}
	terms = sparse.Merge(terms)
	for len(terms) > 0 {
		n := 1
		for n < len(terms) && terms[n].In == terms[0].In {
			n++
		}
		parts = append(parts, a.Part(a.Group[i], terms[:n]))
		terms = terms[n:]
	}
	slices.SortFunc(parts, func(x, y sparse.Part) int { return cmp.Compare(x.In, y.In) })
	a.Add(parts...)
}

func notFinite(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }
