package compiler_test

import (
	"math"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

// TestOperators gives every operator the rest of its examination: the integer
// kernel against the float reference, the circuit against the kernel, wrong
// outputs and lying hints.
func TestOperators(t *testing.T) {
	optest.RunAll(t, optest.Stage{Name: "quantised", Check: examine})
}

// examinationBits is the precision that operators are examined at.
const examinationBits = 10

func examine(t *testing.T, s optest.Subject) {
	samples := make([][]float64, len(s.Samples))
	for i, x := range s.Samples {
		samples[i] = x.Data
	}
	r, err := compiler.Compile(s.Graph, compiler.Options{
		Reveal: visibility.Scores, Samples: samples, Target: compiler.Target{Bits: examinationBits},
	})
	if err != nil {
		t.Fatal(err)
	}
	scale := r.Program.Values[r.Program.Output].Scale
	size := 1e-9
	for _, w := range s.Want {
		for _, y := range w.Data {
			size = math.Max(size, math.Abs(y))
		}
	}
	allowed := s.Spec.Tolerance*size + 0.51*scale // and the output's own rounding
	subject := circuittest.Compile(t, r.Statement)
	rng := rand.New(rand.NewSource(1))
	for i, x := range samples {
		input := r.Formats.Input.Encode(x)
		output := r.Program.Eval(input)
		want, err := r.Model.Run(decode(input, r.Formats.Input)) // the input's rounding is not the operator's
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range output {
			if diff := math.Abs(float64(v)*scale - want[k]); diff > allowed {
				t.Errorf("sample %d, output %d: off by %.3g of %.3g, allowed %.3g", i, k, diff, size, allowed)
			}
		}
		if i < 2 {
			subject.Accepts(input, output)
			subject.Liar(rng, input, output, 1)
		} else if err := subject.Solve(input, output); err != nil {
			t.Errorf("sample %d: the right output is rejected: %v", i, err)
		}
	}
}

func decode(input []int64, f compiler.InputFormat) []float64 {
	out := make([]float64, len(input))
	for i, v := range input {
		out[i] = float64(v) * f.Scale
	}
	return out
}
