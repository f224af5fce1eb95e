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
		Name: "Mod", Since: []int{10, 13}, Tolerance: 2,
		Note: "integers, of the divisor's sign, or with fmod of the dividend's, where a variable divisor of zero " +
			"leaves zero; real variables by one constant, with fmod",
		New: takes(2, 2, func(n *graph.Node) (Op, error) { return &remainder{fmod: n.Int("fmod", 0) != 0}, nil }),
	})
}

// remainder is the operator Mod: what a division leaves.
type remainder struct {
	operands
	fmod bool
}

// Infer implements Op.
func (m *remainder) Infer(in []Arg) ([]Out, error) {
	out, err := m.infer(in)
	switch {
	case err != nil:
		return nil, err
	case m.integer != "":
		return out, noZero(in[1])
	case !m.fmod:
		return nil, fmt.Errorf("operands are of type %s, for which attribute fmod must be 1", in[0].DType)
	case in[0].Const != nil && in[1].Const != nil:
		return out, noZero(in[1])
	case in[1].Const == nil:
		return nil, errors.New("the divisor of a real number depends on the model's input, but must be a constant")
	case len(in[1].Const.Data) == 0 || slices.Max(in[1].Const.Data) != slices.Min(in[1].Const.Data):
		return nil, errors.New("the divisor has different elements; only one for all is supported for real numbers")
	case notFinite(in[1].Const.Data[0]):
		return nil, errors.New("the divisor is NaN or infinite")
	}
	return out, noZero(in[1])
}

// Float implements Op.
func (m *remainder) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	return m.fold(in, func(a, b float64) float64 {
		if m.integer == "" {
			return math.Mod(a, b)
		}
		return left(a, b, !m.fmod)
	})
}

// Lower implements Op: of a real number, its multiple of the divisor is counted and subtracted.
func (m *remainder) Lower(l *Lowering) ([]ir.ID, error) {
	if m.integer != "" {
		out, err := m.divide(l, &ir.Quotient{Integer: true, Down: !m.fmod, Rest: true})
		return []ir.ID{out}, err
	}
	by := math.Abs(l.In[1].Const.Data[0])
	whole := l.named(l.Name, l.In[0].Shape...).Step(&ir.Func{
		Name: "multiples", Params: []float64{by}, Monotone: true,
		F:      func(x float64) float64 { return math.Trunc(x / by) },
		Counts: []ir.Count{{At: by, Every: by, OrAt: true, Side: 1}, {Every: by, Side: -1}},
	}, l.ID[0])
	a := newAffine(tensor.Size(m.shape), l.ID[0], whole)
	for i, j := range m.index(l.In[0].Shape) {
		a.term(i, 0, j, 1)
		a.term(i, 1, j, -by)
	}
	return a.emit(l)
}
