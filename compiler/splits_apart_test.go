package compiler

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// TestSplitsApart compares elements of several inputs, of which the scaler comes before they are
// joined, or after it, each in its own format: nothing changes sides, as it would in one scale for
// all.
func TestSplitsApart(t *testing.T) {
	for _, after := range []bool{false, true} {
		t.Run(fmt.Sprintf("scaled after: %t", after), func(t *testing.T) { splitApart(t, after) })
	}
}

func splitApart(t *testing.T, after bool) {
	p := &ir.Program{}
	a, b := p.Value("a", []int{2}), p.Value("b", []int{1})
	p.Inputs = []ir.ID{a, b}
	scaler := &ir.Affine{Rows: sparse.Rows([][]ir.Term{{{Index: 0, W: 0.5}}, {{Index: 1, W: 3}}}),
		Bias: []float64{-1, 2}, Group: []int{0, 1}}
	order := &ir.Move{In: []int32{0, 1, 0}, Index: []int32{1, 0, 0}}
	var joined ir.ID
	if after {
		scaler.Rows = sparse.Rows([][]ir.Term{{{Index: 0, W: 3}}, {{Index: 1, W: 1}}, {{Index: 2, W: 0.5}}})
		scaler.Bias, scaler.Group = []float64{2, 0, -1}, []int{0, 1, 2}
		joined = p.Emit("concat", "c", []int{3}, order, a, b)
		joined = p.Emit("scaler", "s", []int{3}, scaler, joined)
	} else {
		joined = p.Emit("concat", "c", []int{3}, order, p.Emit("scaler", "s", []int{2}, scaler, a), b)
	}
	splits := &ir.Splits{
		Index: []int32{1, 0, 2, 1, 0}, At: []float64{200000, 2.3, 0.1, 100000.5, 5}, OrAt: make([]bool, 5),
	}
	p.Outputs = []ir.ID{p.Emit("trees", "bits", []int{5}, splits, joined)}
	r := rand.New(rand.NewSource(1))
	var samples []Sample
	var want [][]float64
	for range 100 {
		x := Sample{{float64(r.Intn(40)) / 10, float64(r.Intn(20)) / 10}, {float64(100000 + r.Intn(200000))}}
		samples, want = append(samples, x), append(want, p.Run(x...)[p.Outputs[0]])
	}
	if err := Optimise(p); err != nil {
		t.Fatal(err)
	}
	of := []ir.ID{}
	for _, s := range p.Steps {
		if _, ok := s.Kind.(*ir.Splits); ok {
			of = append(of, s.In...)
		}
	}
	slices.Sort(of)
	if !slices.Equal(of, p.Inputs) {
		t.Errorf("splits read %v\n%s", of, p.Text())
	}
	k := Knobs{Input: 8, Weight: 8, Activation: 8, Table: 8, Given: map[int]InputFormat{}}
	(&Result{IR: p}).grids(k.Given, samples)
	q, err := Choose(p, Calibrate(p, samples, func(int) {}), k, PublicWeights)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range samples {
		for j, bit := range q.Program.Eval(q.Formats.encode(x)...)[0] {
			if float64(bit) != want[i][j] {
				t.Errorf("sample %v: bit %d is %d", x, j, bit)
			}
		}
	}
}
