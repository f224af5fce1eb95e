package compiler_test

import (
	"math"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/ir"
)

// ofOneVariable is the program of a function of n numbers.
func ofOneVariable(name string, n int, f func(float64) float64) *ir.Program {
	p := &ir.Program{}
	in := p.Value("x", []int{n})
	p.Inputs = []ir.ID{in}
	p.Outputs = []ir.ID{p.Emit("node", "y", []int{n}, &ir.Func{Name: name, F: f}, in)}
	return p
}

// TestFunctionFormats checks that a function's format is fitted to what samples
// show of it, whatever it does elsewhere in its argument's format, and that it
// saturates there.
func TestFunctionFormats(t *testing.T) {
	wide := compiler.InputFormat{Bits: 8, Zero: 128, Scale: 1. / 32}
	reciprocal := func(x float64) float64 { return 1 / x }
	tests := []struct {
		name      string
		f         func(float64) float64
		samples   []float64
		size      float64 // what bits are spent on
		at, given float64 // beyond the samples, and what it gives there
	}{
		{name: "infinite at zero", f: reciprocal, samples: []float64{0.5, 4}, size: 2, at: 0, given: 2},
		{name: "large near zero", f: reciprocal, samples: []float64{-4, -0.5, 0.5, 4}, size: 2, at: -0.05, given: -2},
		{name: "small on the wider side", f: math.Exp, samples: []float64{-4, 2}, size: math.Exp(2), at: 4,
			given: math.Exp(2)},
		{name: "zero on all samples", f: func(x float64) float64 { return max(0, x-2) }, samples: []float64{-4, 0, 1},
			size: 127./32 - 2, at: 4, given: 127./32 - 2},
		{name: "zero everywhere", f: func(float64) float64 { return 0 }, samples: []float64{-4, 4}, at: 4},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := ofOneVariable(test.name, 1, test.f)
			var samples []compiler.Sample
			for _, x := range test.samples {
				samples = append(samples, compiler.Sample{{x}})
			}
			knobs := compiler.Knobs{Given: map[int]compiler.InputFormat{0: wide}, Activation: 8, Table: 8}
			q, err := compiler.Choose(p, compiler.Calibrate(p, samples, func(int) {}), knobs, compiler.PublicWeights)
			if err != nil {
				t.Fatal(err)
			}
			scale := q.Program.Values[q.Program.Outputs[0]].Scale
			if finest, coarsest := test.size/(1<<8-1), test.size/(1<<7-1); test.size > 0 &&
				(scale < 0.99*finest || scale > 1.01*coarsest) {
				t.Errorf("scale %g for values up to %g in 8 bits", scale, test.size)
			}
			x := q.Formats.Input.Encode([]float64{test.at})
			got := float64(q.Program.Eval(x)[0][0]) * scale
			if math.Abs(got-test.given) > 0.04*test.size {
				t.Errorf("%g gives %g, not %g", test.at, got, test.given)
			}
			again, err := compiler.Quantise(p, q.Formats, compiler.PublicWeights)
			if err != nil {
				t.Fatal(err)
			}
			if again.Program.Eval(x)[0][0] != q.Program.Eval(x)[0][0] {
				t.Error("another program in the same formats")
			}
		})
	}
}

// TestFunctionsThatCannotBe checks what is refused: functions that are no number
// somewhere, samples at which one is infinite, and formats that fit no function.
func TestFunctionsThatCannotBe(t *testing.T) {
	knobs := compiler.Knobs{Input: 8, Activation: 8, Table: 8}
	choose := func(f func(float64) float64, samples ...[]float64) (*compiler.Quantised, error) {
		p := ofOneVariable("odd", len(samples[0]), f)
		return compiler.Choose(p, compiler.Calibrate(p, compiler.Samples(samples), func(int) {}), knobs,
			compiler.PublicWeights)
	}
	if _, err := choose(math.Log, []float64{1, -1}); err == nil || !strings.Contains(err.Error(), "not a number") {
		t.Errorf("no number for a negative argument: %v", err)
	}
	reciprocal := func(x float64) float64 { return 1 / x }
	if _, err := choose(reciprocal, []float64{0, 1}); err == nil || !strings.Contains(err.Error(), "not finite") {
		t.Errorf("infinite at a sample: %v", err)
	}
	q, err := choose(reciprocal, []float64{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	p := ofOneVariable("odd", 2, reciprocal)
	limits := *q.Formats.Steps[0].Limits
	for name, f := range map[string]compiler.StepFormat{
		"neither limits nor scale": {},
		"limits and scale":         {Limits: &limits, Out: limits.Scale},
		"scale of an infinity":     {Out: limits.Scale}, // as earlier versions wrote it
	} {
		formats := &compiler.Formats{Input: q.Formats.Input, Steps: []compiler.StepFormat{f}}
		if _, err := compiler.Quantise(p, formats, compiler.PublicWeights); err == nil {
			t.Errorf("formats with %s: no error", name)
		}
	}
}

// TestEarlierFunctionFormats checks that formats with a scale and no limits, which
// earlier versions wrote, give the tables that they gave.
func TestEarlierFunctionFormats(t *testing.T) {
	p := ofOneVariable("square", 1, func(x float64) float64 { return x * x })
	formats := &compiler.Formats{
		Input: &compiler.InputFormat{Bits: 4, Zero: 8, Scale: 0.5},
		Steps: []compiler.StepFormat{{Out: 0.25}},
	}
	q, err := compiler.Quantise(p, formats, compiler.PublicWeights)
	if err != nil {
		t.Fatal(err)
	}
	for x := int64(-8); x < 8; x++ {
		if got := q.Program.Eval([]int64{x})[0][0]; got != x*x {
			t.Errorf("%d gives %d, not %d", x, got, x*x)
		}
	}
}
