package compiler

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
)

func init() { addRule(&ir.Quotient{}, func(k *ir.Quotient) rule { return quotientRule{k} }) }

// quotientRule is the rule of quotients of variables: of integers exact, of real numbers the
// nearest of their format. A divisor that rounds to zero counts as the least positive one.
type quotientRule struct{ *ir.Quotient }

func (r quotientRule) quantise(q *quantiser, s *ir.Step) error {
	k := &program.Quotient{A: r.A, B: r.B, By: circuits.Division{Num: 1, Den: 1}}
	if r.Integer {
		return r.integers(q, s, k)
	}
	n, nScale, err := q.narrowed(s.In[0], q.knobs.activation(q.values[s.In[0]].maker))
	if err != nil {
		return err
	}
	d, dScale, err := q.narrowed(s.In[len(s.In)-1], q.divisorBits(s.In[len(s.In)-1]))
	if err != nil {
		return err
	}
	f := q.format()
	if q.choosing() {
		if f.Limits, err = q.chooseQuotient(s.Out, n, d, nScale/dScale); err != nil {
			return err
		}
	}
	if k.By.Num, k.By.Den, err = fraction(nScale/dScale/f.Limits.Scale, false); err != nil {
		return err
	}
	id, err := q.emit(s.Node, q.p.Shapes[s.Out], f.Limits.Scale, k, n, d)
	if err != nil {
		return err
	}
	lo, hi := q.span(id)
	id, err = q.limited(s.Node+" limited", q.p.Shapes[s.Out], f.Limits.Scale, id, max(f.Limits.Base, lo),
		min(f.Limits.top(), hi))
	q.values[s.Out] = quantised{id: id, scale: []float64{f.Limits.Scale}}
	return err
}

// integers divides integers exactly.
func (r quotientRule) integers(q *quantiser, s *ir.Step, k *program.Quotient) error {
	k.By.Rounding, k.By.Rest = circuits.ToZero, r.Rest
	if r.Down {
		k.By.Rounding = circuits.Down
	}
	var in [2]int
	for i, id := range []ir.ID{s.In[0], s.In[len(s.In)-1]} {
		var err error
		if in[i], _, err = q.operand(s, id); err != nil {
			return err
		}
	}
	id, err := q.emit(s.Node, q.p.Shapes[s.Out], 1, k, in[:]...)
	q.values[s.Out] = quantised{id: id, scale: []float64{1}}
	return err
}

// divisorBits are those of a divisor: some more than others have, for those that are small.
func (q *quantiser) divisorBits(id ir.ID) int {
	const more, most = 6, 20
	return min(q.knobs.activation(q.values[id].maker)+more, most)
}

// fractionBits is the precision of the factors of a quotient, which decide its scale.
const fractionBits = 6

// fraction is about a factor as a quotient of integers: the nearest one that it can be, or one
// that is not above it.
func fraction(factor float64, notAbove bool) (num, den int64, err error) {
	if !(factor >= 1e-9 && factor <= 1e15) {
		return 0, 0, fmt.Errorf("the scales of a quotient are %g times apart: use formats that are nearer", factor)
	}
	_, exponent := math.Frexp(factor)
	shift := max(fractionBits-exponent, 0)
	scaled := math.Ldexp(factor, shift)
	num, den = int64(math.Round(scaled)), 1<<shift
	if notAbove {
		num = int64(math.Floor(scaled))
	}
	common := min(bits.TrailingZeros64(uint64(num)), shift)
	return num >> common, den >> common, nil
}

// chooseQuotient fits the quotients that samples show into a format. The scale is one that
// factors of the quotient of integers give exactly.
func (q *quantiser) chooseQuotient(out ir.ID, n, d int, ratio float64) (*NarrowFormat, error) {
	size := q.cal.size(out)
	if math.IsInf(size, 0) || math.IsNaN(size) {
		return nil, errors.New("a sample divides by zero")
	}
	nLo, _ := q.span(n)
	dLo, _ := q.span(d)
	f := signedFormat(q.knobs.activation(q.step), nLo < 0 || dLo < 0)
	if f.Scale = size / float64(f.top()); f.Scale == 0 {
		f.Scale = ratio
	}
	num, den, err := fraction(ratio/f.Scale, true)
	if err != nil {
		return nil, err
	}
	f.Scale = float64(ratio*float64(den)) / float64(num)
	return f, nil
}

func (r quotientRule) checkFormat(f *StepFormat) error {
	if f.Limits == nil {
		return errors.New("the formats do not say how the quotient is limited")
	}
	return nil
}

func (quotientRule) tunes() tuning { return tuning{activation: true} }

func (quotientRule) levels(*quantiser, *ir.Step, ir.ID) bool { return true }
