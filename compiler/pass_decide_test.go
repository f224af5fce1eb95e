package compiler

import (
	"math"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
)

// TestClassesStay: a comparison that gives the classes of an output stays its last step, where
// scores are moved before it.
func TestClassesStay(t *testing.T) {
	p := &ir.Program{}
	p.Inputs = []ir.ID{p.Value("x", []int{1, 2})}
	moved := p.Emit("move", "m", []int{2, 1}, &ir.Move{In: []int32{0, 0}, Index: []int32{1, 0}}, p.Inputs[0])
	p.Outputs = []ir.ID{p.Emit("label", "y", []int{2}, &ir.Compare{Decides: true}, moved)}
	p.SetIntegers(p.Outputs[0], ir.AllIntegers)
	if err := Optimise(p); err != nil {
		t.Fatal(err)
	}
	if !classes(p, p.Outputs[0]) {
		t.Errorf("the output is no class of\n%s", p.Text())
	}
}

// TestRoundingsThatTurn: a factor before a function that rounds, and that splits take in, is of
// the real numbers that the function reads.
func TestRoundingsThatTurn(t *testing.T) {
	p := &ir.Program{}
	p.Inputs = []ir.ID{p.Value("x", []int{1})}
	f := &ir.Func{Name: "floor", F: math.Floor, Monotone: true, Counts: []ir.Count{{At: 1, Every: 1, OrAt: true}}}
	whole := p.Emit("floor", "f", []int{1}, f, p.Inputs[0])
	minus := p.Emit("minus", "m", []int{1}, constant(0, 1), whole)
	p.Steps[1].Kind = &ir.Affine{Rows: everyTimes(1, -1.0), Bias: []float64{0}, Group: []int{0}, Fixed: true}
	p.Outputs = []ir.ID{p.Emit("compare", "y", []int{1}, &ir.Compare{}, minus)}
	for _, id := range []ir.ID{whole, minus, p.Outputs[0]} {
		p.SetIntegers(id, ir.AllIntegers)
	}
	if err := Optimise(p); err != nil {
		t.Fatal(err)
	}
	samples := []Sample{{{-1.5}}, {{-0.25}}, {{0}}, {{0.5}}, {{3}}}
	q, err := Choose(p, Calibrate(p, samples, func(int) {}), Knobs{Input: 10, Weight: 10, Activation: 10, Table: 10},
		PublicWeights)
	if err != nil {
		t.Fatalf("%v: %s", err, p.Text())
	}
	for _, x := range samples {
		if got := q.Program.Eval(q.Formats.encode(x)...)[0][0]; (got == 1) != (math.Floor(x[0][0]) < 0) {
			t.Errorf("%g gives %d", x[0][0], got)
		}
	}
}
