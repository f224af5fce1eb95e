package compiler

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
)

// imputed lists of values of a float IR what stands in the place of a missing element: of each
// element a number, or NaN where a missing one stays missing. The IR itself copies NaN; thresholds
// that read such values say on which side the number is.
type imputed map[ir.ID][]float64

// add takes the result of a node that puts numbers in the place of missing values.
func (m imputed) add(b *boundNode, p *ir.Program, id ir.ID) {
	o, ok := b.op.(op.Imputer)
	if !ok {
		return
	}
	if columns := o.Imputes(); columns != nil {
		m[id] = slices.Repeat(columns, p.Size(id)/len(columns))
	}
}

// reach lets thresholds that read imputed values take a missing element to the side of the number
// in its place. It is false where something else than thresholds reads such values, or a private
// model hides these: then nothing of the model may be missing, since what reads past the imputed
// values may say another thing of a missing one.
func (m imputed) reach(p *ir.Program) bool {
	if len(m) > 0 && p.Secret {
		return false
	}
	for _, s := range p.Steps {
		if !slices.ContainsFunc(s.In, m.has) {
			continue
		}
		switch k := s.Kind.(type) {
		case *ir.Move:
			m.move(s, k)
		case *ir.Splits:
			m.turn(k, m[s.In[0]])
		default:
			return false
		}
	}
	return !slices.ContainsFunc(p.Outputs, m.has)
}

func (m imputed) has(id ir.ID) bool { return m[id] != nil }

// move follows copies of elements. What was imputed first is not missing any more.
func (m imputed) move(s *ir.Step, k *ir.Move) {
	if m[s.Out] == nil {
		m[s.Out] = slices.Repeat([]float64{math.NaN()}, len(k.Index))
	}
	for i, j := range k.Index {
		if from := m[s.In[k.In[i]]]; from != nil && !math.IsNaN(from[j]) {
			m[s.Out][i] = from[j]
		}
	}
}

// turn says of thresholds on which side the numbers are.
func (imputed) turn(s *ir.Splits, numbers []float64) {
	if s.Missing == nil {
		s.Missing = make([]ir.Missing, len(s.Index))
	}
	for i, j := range s.Index {
		switch x := numbers[j]; {
		case math.IsNaN(x):
		case s.Beyond(i, x):
			s.Missing[i] = ir.MissingBeyond
		default:
			s.Missing[i] = ir.MissingBelow
		}
	}
}
