package op

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "Imputer", Domain: mlDomain, Since: []int{1}, Tolerance: 1,
		Note: "no input is infinite, and elements of inputs alone can be NaN; another number is replaced where the " +
			"input's format holds it",
		New: takes(1, 1, newImputer),
	})
}

// imputer puts numbers, by column, in the place of one that marks missing values.
type imputer struct {
	replaced float64
	imputed  []float64
	whole    bool // of integers
}

func newImputer(n *graph.Node) (Op, error) {
	floats, ints := n.Attrs["imputed_value_floats"].Floats, n.Ints("imputed_value_int64s")
	if len(floats) > 0 == (len(ints) > 0) {
		return nil, errors.New("one of the attributes imputed_value_floats and imputed_value_int64s must be given")
	}
	if len(floats) > 0 {
		return &imputer{replaced: n.Float("replaced_value_float", 0), imputed: floats}, nil
	}
	m := &imputer{replaced: float64(n.Int("replaced_value_int64", 0)), whole: true}
	for _, v := range ints {
		m.imputed = append(m.imputed, float64(v))
	}
	if slices.ContainsFunc(append(m.imputed, m.replaced), func(v float64) bool { return math.Abs(v) > exact }) {
		return nil, errors.New("an attribute's integer is beyond 2^53, the largest that is supported")
	}
	return m, nil
}

// Infer implements Op.
func (m *imputer) Infer(in []Arg) ([]Out, error) {
	_, columns, err := rowsOf(in[0].Shape)
	if err != nil {
		return nil, err
	}
	if m.whole != (integerType(in[0].DType) != "") || in[0].DType == graph.Bool {
		return nil, fmt.Errorf("the input is of type %s, for which the attributes are not", in[0].DType)
	}
	if len(m.imputed) != columns { // as onnxruntime, which reads the first
		m.imputed = slices.Repeat(m.imputed[:1], columns)
	}
	return sameShape(in)
}

// Float implements Op.
func (m *imputer) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := in[0].Clone()
	for i, x := range out.Data {
		if x == m.replaced || math.IsNaN(x) && math.IsNaN(m.replaced) {
			out.Data[i] = m.imputed[i%len(m.imputed)]
		}
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op: where x is the number that is replaced, the difference of what it
// becomes is added.
func (m *imputer) Lower(l *Lowering) ([]ir.ID, error) {
	n := tensor.Size(l.In[0].Shape)
	switch {
	case math.IsInf(m.replaced, 0): // no input is infinite
		return (&movement{parts: reshaped(l.In, l.In[0].Shape)}).Lower(l)
	case math.IsNaN(m.replaced):
		fill := &ir.Fill{With: slices.Repeat(m.imputed, n/len(m.imputed))}
		for i := range n {
			fill.Index = append(fill.Index, int32(i))
		}
		return []ir.ID{l.Step(fill, l.ID[0])}, nil
	}
	away, err := l.shifted(l.ID[0], 1, -m.replaced, false)
	if err != nil {
		return nil, err
	}
	sum := newAffine(n, l.ID[0], l.Step(&ir.Compare{OrZero: true}, away), l.Step(&ir.Compare{}, away))
	for i := range sum.Group {
		k := i % len(m.imputed)
		sum.Group[i] = k
		sum.term(i, 0, i, 1)
		sum.term(i, 1, i, m.imputed[k]-m.replaced)
		sum.term(i, 2, i, m.replaced-m.imputed[k])
	}
	return sum.emit(l)
}
