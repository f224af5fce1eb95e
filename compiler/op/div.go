package op

import (
	"errors"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "Div", Since: []int{7, 13, 14}, Tolerance: 5,
		Note: "with broadcasting; integers truncate, the least of a type by −1 is the largest, and a variable " +
			"divisor of zero counts as 1; a quotient of real variables is the nearest of its format, where one that " +
			"rounds to zero counts as the least positive one; where the dividend is a constant, or the divisor is " +
			"broadcast to more than 128 elements, a table of reciprocals, coarse near zero; 1 / (1 + exp(x)) is a " +
			"logistic",
		New: takes(2, 2, func(n *graph.Node) (Op, error) {
			return &quotient{itself: n.Inputs[0] == n.Inputs[1]}, nil
		}),
	})
}

// fewQuotients is up to how many elements a broadcast divisor divides each by itself: beyond
// it, a table of reciprocals and a product for each element take fewer rows.
const fewQuotients = 128

// quotient is the elementwise quotient; of integers, truncated toward zero.
type quotient struct {
	operands
	itself bool // the divisor is the dividend
	each   bool // a divisor that is broadcast divides each element by itself, however many there are
}

// Static implements Static: what is divided by itself is one, at zero too, where ONNX has NaN.
func (q *quotient) Static() []*tensor.Float {
	if !q.itself {
		return nil
	}
	out := tensor.New[float64](q.shape...)
	for i := range out.Data {
		out.Data[i] = 1
	}
	return []*tensor.Float{out}
}

// Infer implements Op.
func (q *quotient) Infer(in []Arg) ([]Out, error) {
	out, err := q.infer(in)
	if err != nil {
		return nil, err
	}
	if q.integer == "" && in[0].Const != nil {
		return out, nil
	}
	return out, noZero(in[1])
}

// noZero refuses a constant divisor that holds a zero.
func noZero(divisor Arg) error {
	if divisor.Const != nil && slices.Contains(divisor.Const.Data, 0) {
		return errors.New("the divisor holds a zero; repair the model's constants")
	}
	return nil
}

// Float implements Op.
func (q *quotient) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	t, whole := integerTypes[q.integer]
	return q.fold(in, func(a, b float64) float64 {
		switch {
		case q.itself:
			return 1
		case whole:
			_, most := t.limits()
			return min((a-left(a, b, false))/divisor(b), most)
		}
		return a / b
	})
}

// divisor is a divisor of integers, of which a zero counts as 1.
func divisor(b float64) float64 {
	if b == 0 {
		return 1
	}
	return b
}

// left is what the division of integers leaves: of the dividend's sign, or of the divisor's
// with down.
func left(a, b float64, down bool) float64 {
	b = divisor(b)
	out := math.Mod(a, b) // exact
	if down && out != 0 && out < 0 != (b < 0) {
		out += b
	}
	return out
}

// Lower implements Op.
func (q *quotient) Lower(l *Lowering) ([]ir.ID, error) {
	switch broadcast := tensor.Size(q.shape) > tensor.Size(l.In[1].Shape); {
	case q.integer != "":
		out, err := q.divide(l, &ir.Quotient{Integer: true})
		if err != nil {
			return nil, err
		}
		return []ir.ID{q.inType(l, out)}, nil
	case l.In[1].Const != nil:
		return q.scaled(l, 0, 1, func(d float64) float64 { return 1 / d })
	case l.In[0].Const != nil, broadcast && !q.each && tensor.Size(q.shape) > fewQuotients:
		factors := *l
		factors.ID = slices.Clone(l.ID)
		factors.ID[1] = l.named(l.Name, l.In[1].Shape...).reciprocal(l.ID[1])
		return (&times{q.operands}).Lower(&factors)
	}
	out, err := q.divide(l, &ir.Quotient{})
	return []ir.ID{out}, err
}

// reciprocal is a table, of 1 + exp(x) a logistic.
func (l *Lowering) reciprocal(id ir.ID) ir.ID {
	if x, ok := l.exponent(id); ok {
		return l.Step(logisticStep(), l.Step(scaled(l.Size(id), -1), x))
	}
	return l.Step(&ir.Func{Name: "reciprocal", F: func(x float64) float64 { return 1 / x }}, id)
}

// inType limits a quotient of integers to its type, which no other quotient leaves than the
// least number by −1.
func (q *quotient) inType(l *Lowering, out ir.ID) ir.ID {
	t, ok := integerTypes[q.integer]
	if !ok || !t.signed {
		return out
	}
	lo, hi := t.limits()
	return l.Step(&ir.Clamp{Lo: lo, Hi: hi}, out)
}

// divide emits a quotient of both operands, of which one may be a constant.
func (o *operands) divide(l *Lowering, k *ir.Quotient) (ir.ID, error) {
	var in [2]ir.ID
	for i, x := range l.In {
		if in[i] = l.ID[i]; x.Const == nil {
			continue
		}
		known := newAffine(len(x.Const.Data), l.ID[1-i])
		copy(known.Bias, x.Const.Data)
		for row := range known.Group {
			known.Group[row] = row
		}
		var err error
		if in[i], err = only(known.emit(l.named(l.Name, x.Shape...))); err != nil {
			return 0, err
		}
	}
	for _, i := range o.index(l.In[0].Shape) {
		k.A = append(k.A, int32(i))
	}
	for _, i := range o.index(l.In[1].Shape) {
		k.B = append(k.B, int32(i))
	}
	return l.Step(k, in[0], in[1]), nil
}
