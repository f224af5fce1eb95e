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
		Note: "no input is infinite, and NaN where only trees of a public model read what replaces it: elsewhere " +
			"replacing these changes nothing; another number is replaced where the input's format holds it",
		New: takes(1, 1, newImputer),
	})
}

// Imputer is an operator that puts numbers in the place of missing values, NaN: its result is its
// input elsewhere.
type Imputer interface {
	// Imputes lists these numbers by column of the input; none where NaN stays what it is.
	Imputes() []float64
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

// Imputes implements Imputer.
func (m *imputer) Imputes() []float64 {
	if !math.IsNaN(m.replaced) {
		return nil
	}
	return m.imputed
}

// Lower implements Op: where x is the number that is replaced, the difference of what it
// becomes is added. What replaces NaN is for the compiler, which knows the readers.
func (m *imputer) Lower(l *Lowering) ([]ir.ID, error) {
	if math.IsNaN(m.replaced) || math.IsInf(m.replaced, 0) { // no input is infinite
		return (&movement{parts: reshaped(l.In, l.In[0].Shape)}).Lower(l)
	}
	n := tensor.Size(l.In[0].Shape)
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
