package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// sidesOfInputs makes splits of comparisons of inputs with constants, as KBinsDiscretizer and
// Binarizer have them: all thresholds of an element are then one staircase, and the input's
// format is one in which no sample is on another side. A private model keeps its comparisons,
// which show nothing of the order of its constants.
func sidesOfInputs(x *rewriter, s *ir.Step) (bool, error) {
	k, ok := s.Kind.(*ir.Compare)
	if !ok || k.Decides || x.program.Secret {
		return false, nil
	}
	n := x.program.Size(s.Out)
	splits := &ir.Splits{Index: indicesOf(n), At: make([]float64, n), OrAt: slices.Repeat([]bool{k.OrZero}, n)}
	if slices.Contains(x.program.Inputs, s.In[0]) {
		return true, x.replace(s, splits, s.In)
	}
	m := x.Producer(s.In[0])
	if m == nil || x.Uses(m.Out) != 1 {
		return false, nil
	}
	a, ok := m.Kind.(*ir.Affine)
	other := func(id ir.ID) bool { return !slices.Contains(x.program.Inputs, id) }
	if !ok || !single(a) || slices.ContainsFunc(m.In, other) {
		return false, nil
	}
	if risingTerms(a, splits.Index) != nil { // splits look through that by themselves
		return true, x.replace(s, splits, s.In)
	}
	if len(m.In) != 1 {
		return false, nil
	}
	return true, fallingSides(x, s, m, a, k.OrZero)
}

// fallingSides compares elements of an input in place of multiples of them, some of which are
// negative: the bit of such a one is the other one of what splits say.
func fallingSides(x *rewriter, s, m *ir.Step, a *ir.Affine, orZero bool) error {
	n := a.Rows.Len()
	splits := &ir.Splits{At: make([]float64, n), Of: make([]func(float64) float64, n)}
	bits := &ir.Affine{Bias: make([]float64, n), Group: make([]int, n), Fixed: true}
	rows := make([][]ir.Term, n)
	for i, bias := range a.Bias {
		t, sign := a.Rows.Row(i, nil)[0], 1.0
		if t.W < 0 {
			sign, bits.Bias[i] = -1, 1
		}
		splits.Index, splits.OrAt = append(splits.Index, t.Index), append(splits.OrAt, orZero == (sign > 0))
		splits.Of[i] = func(v float64) float64 { return float64(sign * (float64(t.W*v) + bias)) }
		rows[i] = []ir.Term{{Index: int32(i), W: sign}}
	}
	bits.Rows = sparse.Rows(rows)
	if err := x.replace(m, splits, slices.Clone(m.In)); err != nil {
		return err
	}
	x.program.SameIntegers(m.Out, s.Out)
	return x.replace(s, bits, s.In)
}
