package compiler

import (
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
)

func init() {
	addRule(&ir.Compare{}, func(k *ir.Compare) rule {
		if k.Decides {
			return sideRule{compareRule{k}}
		}
		return compareRule{k}
	})
}

// sideRule is the rule of comparisons by which scores mean one of two classes.
type sideRule struct{ compareRule }

// classifies: the bits are classes.
func (sideRule) classifies() {}

// compareRule is the rule of comparisons. They need no formats: the sign of an integer
// is that of the real value whatever the scale, and nothing is rounded.
type compareRule struct{ *ir.Compare }

func (r compareRule) quantise(q *quantiser, s *ir.Step) error {
	k := &program.Compare{From: 1}
	if r.OrZero {
		k.From = 0
	}
	id, err := q.emit(s.Node, q.p.Shapes[s.Out], 1, k, q.values[s.In[0]].id)
	q.values[s.Out] = quantised{id: id, scale: []float64{1}}
	return err
}

// separates: each element has a scale of its own, and all keep the sign.
func (compareRule) separates(*ir.Step) bool { return true }

// levels: each channel has a scale of its own, and all keep the sign.
func (compareRule) levels(*quantiser, *ir.Step, ir.ID) bool { return true }
