package compiler

import (
	"reflect"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/visibility"
)

// The digit sizes that range checks are tried with.
const (
	leastDigit = 3
	mostDigit  = 12
)

// price is what a model costs in a layout at the digit size that suits it best.
type price struct {
	layout visibility.Layout
	digit  int
	cost   circuits.Cost
}

// priced finds the digit size at which the quantised model costs least. One at which
// the circuit cannot be made is none; the error is of where there is no other.
func (q *Quantised) priced(layout visibility.Layout, e *effort) (*price, error) {
	s := circuits.Statement{Layout: layout, Model: q.bounded}
	p := &price{layout: layout}
	var problem error
	for s.Digit = leastDigit; s.Digit <= mostDigit; s.Digit++ {
		e.count(len(q.Program.Steps))
		c, err := s.Count()
		if err != nil {
			problem = err
		} else if p.digit == 0 || c.Rows() < p.cost.Rows() {
			p.digit, p.cost = s.Digit, c
		}
	}
	if p.digit == 0 {
		return nil, problem
	}
	return p, nil
}

// state makes the statement of the quantised program, with the digit size that
// costs least. known is a price of the program, if somebody has one: in the same layout
// it is not counted again.
func (r *Result) state(o Options, known *price) error {
	layout, err := r.layout(o)
	if err != nil {
		return err
	}
	if known == nil || !reflect.DeepEqual(known.layout, layout) {
		if known, err = r.priced(layout, r.effort); err != nil {
			return err
		}
	}
	r.Statement = &circuits.Statement{Layout: layout, Model: r.Program, Digit: known.digit}
	r.Cost = known.cost
	return r.pickTechniques()
}
