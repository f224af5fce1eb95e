package compiler

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/sparse"
)

// checkApart refuses to read elements of an input that have different scales by a step that
// computes with them as they are.
func (q *quantiser) checkApart(r rule, s *ir.Step) error {
	_, moves := s.Kind.(*ir.Move)
	_, splits := s.Kind.(*ir.Splits)
	_, fills := s.Kind.(*ir.Fill)
	for _, id := range s.In {
		at := slices.IndexFunc(q.values[id].missing, func(at *int64) bool { return at != nil })
		if at >= 0 && !splits && !fills && !(moves && len(s.In) == 1) {
			return errMissing(q.p.Names[id], at)
		}
	}
	if a, ok := r.(separate); ok && a.separates(s) {
		return nil
	}
	for _, id := range s.In {
		if q.values[id].apart() {
			return &problem.Error{
				Code: problem.Format, Option: "${InputFormats}",
				Got:    fmt.Sprintf("it reads elements of %s together, which have different scales", q.p.Names[id]),
				Remedy: "give these elements one scale",
			}
		}
	}
	return nil
}

// reread gives an affine step over inputs whose elements have formats of their own as one over
// integers: there the scales are factors of its weights, and the input's scale is 1. In sized
// the weight of an element that takes fewer steps than others is as much smaller: a weight
// needs fewer bits beside the sum, the fewer steps it is multiplied by.
func (q *quantiser) reread(s *ir.Step, a *ir.Affine) (read, sized *ir.Affine, err error) {
	scales, sizes := make([][]float64, len(s.In)), make([][]float64, len(s.In))
	some := false
	for k, id := range s.In {
		if q.values[id].each {
			some = true
			scales[k], sizes[k] = q.elementScales(q.values[id])
		}
	}
	if !some {
		return a, a, nil
	}
	if err := budget.NewMeter(s.Node).Take(budget.Terms, 2*int64(a.Terms())); err != nil {
		return nil, nil, err
	}
	one, other := *a, *a
	one.Rows, other.Rows = a.Rows.Scaled(scales), a.Rows.Scaled(sizes)
	return &one, &other, nil
}

// elementScales lists the scale of each element, and the share of the most steps of one that
// it takes, in its scale.
func (q *quantiser) elementScales(v quantised) (scales, sizes []float64) {
	ranges, most := q.ranges[v.id], int64(1)
	for _, iv := range ranges {
		most = max(most, iv.Hi-iv.Lo)
	}
	for i := range ranges {
		s := v.scale[0]
		if v.group != nil {
			s = v.scale[v.group[i]]
		}
		scales = append(scales, s)
		sizes = append(sizes, float64(s*float64(ranges[i].Hi-ranges[i].Lo))/float64(most))
	}
	return scales, sizes
}

// middles lists for each input of an affine step the integers from which its weights count,
// so that rounding them matters little however far from zero the elements of an input lie; nil
// for what they count from zero in.
func (q *quantiser) middles(s *ir.Step, in []int) [][]int64 {
	out := make([][]int64, len(s.In))
	for k, id := range s.In {
		ranges := q.ranges[in[k]]
		if v := q.values[id]; !v.given || !v.each && !slices.ContainsFunc(ranges, beside) {
			continue
		}
		for _, iv := range ranges {
			out[k] = append(out[k], iv.Lo+(iv.Hi-iv.Lo)/2)
		}
	}
	return out
}

// beside tells whether an interval is on one side of zero.
func beside(iv program.Interval) bool { return iv.Lo > 0 || iv.Hi < 0 }

// roundBiases rounds biases to the scales of their sums, to the nearest. Where weights count
// from other integers than zero, the bias has what they make of these, which is rounded once.
func roundBiases(a *ir.Affine, rows *sparse.Matrix[int64], scales []float64, of func(int) float64, middles [][]int64) (
	[]int64, error,
) {
	biases := make([]int64, len(a.Bias))
	zero := !slices.ContainsFunc(middles, func(m []int64) bool { return m != nil })
	var terms []ir.Term
	var rounded []sparse.Term[int64]
	for i, bias := range a.Bias {
		left, most := 0.0, 0.0
		if !zero {
			terms, rounded = a.Rows.Row(i, terms[:0]), rows.Row(i, rounded[:0])
			for k, t := range terms {
				if middles[t.In] != nil {
					m := float64(middles[t.In][t.Index])
					bias += float64(float64(t.W*scales[t.In]) * m)
					product := float64(float64(rounded[k].W) * m)
					left, most = left+product, most+math.Abs(product)
				}
			}
		}
		b := math.Round(bias / of(i))
		if math.Abs(b) > maxInteger || most > maxInteger {
			return nil, fmt.Errorf("the bias of row %d does not fit 52 bits at the scale of its sum", i)
		}
		biases[i] = int64(b) - int64(left)
	}
	return biases, nil
}
