package compiler

import (
	"fmt"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// sidesProgram compares multiples of two inputs' elements, and sums the bits with weights.
func sidesProgram(weights []float64, orZero bool) *ir.Program {
	p := &ir.Program{}
	p.Inputs = []ir.ID{p.Value("x", []int{2})}
	n := len(weights)
	rows, a := make([][]ir.Term, n), &ir.Affine{Bias: make([]float64, n), Group: make([]int, n)}
	sum := &ir.Affine{Bias: []float64{0.5}, Group: []int{0}}
	var all []ir.Term
	for i, w := range weights {
		rows[i] = []ir.Term{{Index: int32(i % 2), W: w}}
		a.Bias[i] = float64(i - 2)
		all = append(all, ir.Term{Index: int32(i), W: float64(1 + i)})
	}
	a.Rows, sum.Rows = sparse.Rows(rows), sparse.Rows([][]ir.Term{all})
	scaled := p.Emit("scale", "a", []int{n}, a, p.Inputs[0])
	bits := p.Emit("compare", "b", []int{n}, &ir.Compare{OrZero: orZero}, scaled)
	p.Outputs = []ir.ID{p.Emit("sum", "y", []int{1}, sum, bits), bits}
	return p
}

// TestSidesOfInputs: comparisons of inputs are splits, and say the same of every number, also on
// thresholds.
func TestSidesOfInputs(t *testing.T) {
	for _, c := range []struct {
		weights []float64
		secret  bool
		splits  int
	}{
		{[]float64{1, 2, 0.5, 4}, false, 4}, {[]float64{-1, -2, -1, -4}, false, 4}, {[]float64{1, -2, -1, 1}, false, 4},
		{[]float64{1, -2, -1, 1}, true, 0},
	} {
		for _, orZero := range []bool{false, true} {
			t.Run(fmt.Sprint(c, orZero), func(t *testing.T) {
				want, p := sidesProgram(c.weights, orZero), sidesProgram(c.weights, orZero)
				p.Secret = c.secret
				if err := Optimise(p); err != nil {
					t.Fatal(err)
				}
				splits := 0
				for _, s := range p.Steps {
					switch k := s.Kind.(type) {
					case *ir.Splits:
						splits += len(k.At)
					case *ir.Compare:
						if !c.secret {
							t.Errorf("a comparison is left:\n%s", p.Text())
						}
					}
				}
				if splits != c.splits {
					t.Errorf("%d thresholds, want %d:\n%s", splits, c.splits, p.Text())
				}
				for _, x := range []float64{-3, -2, -1, -0.5, 0, 0.25, 0.5, 1, 2, 3} {
					for _, y := range []float64{-2, -0.25, 0, 0.25, 1, 2} {
						got, of := p.Run([]float64{x, y}), want.Run([]float64{x, y})
						for k, id := range p.Outputs {
							if !slices.Equal(got[id], of[want.Outputs[k]]) {
								t.Fatalf("of %g and %g: %v, want %v", x, y, got[id], of[want.Outputs[k]])
							}
						}
					}
				}
			})
		}
	}
}

// TestSidesOfFarRanges compares two features, one of them ten million times as large as the other
// one, in formats of their own: no sample changes sides.
func TestSidesOfFarRanges(t *testing.T) {
	p := &ir.Program{}
	p.Inputs = []ir.ID{p.Value("x", []int{2})}
	a := &ir.Affine{Rows: sparse.Rows([][]ir.Term{{{W: -1}}, {{W: -1}}, {{Index: 1, W: -1}}, {{Index: 1, W: -1}}}),
		Bias: []float64{0.0123, 0.0456, 345678.5, 678912.25}, Group: make([]int, 4)}
	away := p.Emit("away", "a", []int{4}, a, p.Inputs[0])
	bits := p.Emit("less", "b", []int{4}, &ir.Compare{}, away)
	all := []ir.Term{{W: 1}, {Index: 1, W: 1}, {Index: 2, W: 1}, {Index: 3, W: 1}}
	sum := &ir.Affine{Rows: sparse.Rows([][]ir.Term{all}), Bias: []float64{0}, Group: []int{0}}
	p.Outputs = []ir.ID{p.Emit("sum", "y", []int{1}, sum, bits)}
	if err := Optimise(p); err != nil {
		t.Fatal(err)
	}
	var samples []Sample
	for i := range 60 {
		samples = append(samples, Sample{{0.001 * float64(i), 17000 * float64(i)}})
	}
	r := &Result{IR: p}
	given := map[int]InputFormat{}
	r.grids(given, samples)
	if len(given[0].Elements) != 2 {
		t.Fatalf("the formats are %+v", given)
	}
	k := Knobs{Input: 8, Weight: 8, Activation: 8, Table: 8, Given: given}
	q, err := Choose(p, Calibrate(p, samples, func(int) {}), k, PublicWeights)
	if err != nil {
		t.Fatalf("%v: %s", err, p.Text())
	}
	for _, x := range samples {
		got := q.Program.Eval(q.Formats.encode(x)...)[0][0]
		scale := q.Program.Values[q.Program.Outputs[0]].Scale
		if want := p.Run(x...)[p.Outputs[0]][0]; float64(float64(got)*scale) != want {
			t.Errorf("of %v: %d times %g, want %g", x, got, scale, want)
		}
	}
}
