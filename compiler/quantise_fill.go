package compiler

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
)

func init() {
	addRule(&ir.Fill{}, func(k *ir.Fill) rule { return fillRule{k} })
}

// fillRule is the rule of numbers in the place of missing elements. A bit tells whether an element
// is the integer for a missing value, and chooses between the element and the nearest integer to
// the number, in the element's own format.
type fillRule struct{ *ir.Fill }

func (r fillRule) quantise(q *quantiser, s *ir.Step) error {
	v := q.values[s.In[0]]
	if !slices.ContainsFunc(r.Index, func(j int32) bool { return v.missingAt(j) != nil }) {
		return q.move(s, &ir.Move{In: make([]int32, len(r.Index)), Index: r.Index})
	}
	asks := &program.Splits{} // from the lowest number, or from the highest integer, on
	rows, chosen := make([]program.LinearRow, len(r.Index)), []program.LinearRow{}
	limit := int64(0)
	for i, j := range r.Index {
		rows[i].Terms = []circuits.RowTerm{{Index: j, W: 1}}
		at := v.missingAt(j)
		if at == nil {
			continue
		}
		if q.weights == HashedWeights || math.IsNaN(r.With[i]) {
			return errMissing(q.p.Names[s.In[0]], int(j))
		}
		bit := int32(len(chosen))
		rows[i].Terms = append(rows[i].Terms, circuits.RowTerm{Index: int32(len(q.ranges[v.id])) + bit, W: 1})
		iv := q.ranges[v.id][j]
		from, row := filledRow(bit, r.nearest(v, i, iv)-*at, *at == iv.Lo)
		asks.Index, asks.From, chosen = append(asks.Index, j), append(asks.From, *at+from), append(chosen, row)
		limit = max(limit, iv.Hi-iv.Lo)
	}
	out := q.moved(v, r.Index, v.id) // of its scales
	out.missing = nil
	bits, err := q.emit(s.Node, []int{len(chosen)}, 1, asks, v.id)
	if err != nil {
		return err
	}
	steps := program.NewLinear(chosen...)
	if q.weights != PublicWeights {
		steps.Secret, steps.Limit = true, limit
	}
	if bits, err = q.emit(s.Node, []int{len(chosen)}, 1, steps, bits); err != nil {
		return err
	}
	scale := 0.0
	if out.uniform() {
		scale = out.scale[0]
	}
	out.id, err = q.emit(s.Node, q.p.Shapes[s.Out], scale, program.NewLinear(rows...), v.id, bits)
	q.values[s.Out] = out
	return err
}

// filledRow is what is added to an element that is the integer for a missing value, as a sum over
// the bits: by where the bit is 1. Where that integer is the lowest, the bit is 1 for all others.
// from is how far from it the bit becomes 1.
func filledRow(bit int32, by int64, lowest bool) (from int64, row program.LinearRow) {
	if lowest {
		return 1, program.LinearRow{Terms: []circuits.RowTerm{{Index: bit, W: -by}}, Bias: by}
	}
	return 0, program.LinearRow{Terms: []circuits.RowTerm{{Index: bit, W: by}}}
}

// nearest is the integer of the format of what row i reads that is nearest to the number in its
// place and stands for a number.
func (r fillRule) nearest(v quantised, i int, iv program.Interval) int64 {
	j, scale := r.Index[i], v.scale[0]
	if v.group != nil {
		scale = v.scale[v.group[j]]
	}
	if at := v.missingAt(j); *at == iv.Hi {
		iv.Hi--
	} else {
		iv.Lo++
	}
	n := math.Floor(r.With[i]/scale + 0.5)
	return int64(math.Min(math.Max(n, float64(iv.Lo)), float64(iv.Hi)))
}

// separates: every element has its own number.
func (fillRule) separates(*ir.Step) bool { return true }
