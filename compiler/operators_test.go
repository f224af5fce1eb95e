package compiler_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

// TestOperators gives every operator the rest of its examination: the integer
// kernel against the float reference, the circuit against the kernel, wrong
// outputs and lying hints.
func TestOperators(t *testing.T) {
	optest.RunAll(t,
		optest.Stage{Name: "precise", Check: precise},
		optest.Stage{Name: "quantised", Check: examine},
	)
}

// examinationBits is the precision that circuits are examined at, precisions are
// those that the operator must live up to.
const examinationBits = 10

var precisions = []int{8, 10, 12}

// lowered is a case up to the choice of formats.
type lowered struct {
	optest.Subject
	model       *compiler.Model
	ir          *ir.Program
	calibration *compiler.Calibration
}

func lower(t *testing.T, s optest.Subject) *lowered {
	t.Helper()
	m, err := compiler.NewModel(s.Graph, compiler.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Lower()
	if err == nil {
		err = compiler.Optimise(p)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &lowered{s, m, p, compiler.Calibrate(p, inputs(s), func(int) {})}
}

// quantised chooses formats of so many bits.
func (l *lowered) quantised(t *testing.T, bits int) *compiler.Quantised {
	t.Helper()
	knobs := compiler.Knobs{Input: bits, Weight: bits, Activation: bits, Table: bits}
	q, err := compiler.Choose(l.ir, l.calibration, knobs, compiler.PublicWeights)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// precise compares the integers with the float reference at every precision.
func precise(t *testing.T, s optest.Subject) {
	l := lower(t, s)
	for _, bits := range precisions {
		if err := l.agrees(l.quantised(t, bits), bits); err != nil {
			t.Errorf("at %d bits: %v", bits, err)
		}
	}
}

func inputs(s optest.Subject) []compiler.Sample {
	out := make([]compiler.Sample, len(s.Samples))
	for i, x := range s.Samples {
		out[i] = compiler.Sample{x.Data}
	}
	return out
}

// agrees compares the integer program with the float model on the samples, as the
// input's format encodes them: the input's rounding is not the operator's. What it
// allows follows from the case and the number of bits, and from nothing that the
// compiler chose.
func (l *lowered) agrees(q *compiler.Quantised, bits int) error {
	size := 1e-9
	for _, w := range l.Want {
		for _, y := range w.Data {
			size = math.Max(size, math.Abs(y))
		}
	}
	allowed := 1.02 * l.Spec.Allowed() * size / (math.Ldexp(1, bits-1) - 1)
	scale := q.Program.Values[q.Program.Outputs[0]].Scale
	for i, x := range inputs(l.Subject) {
		input := q.Formats.Input.Encode(x[0])
		want, err := l.model.Run(compiler.Sample{decode(input, *q.Formats.Input)})
		if err != nil {
			return err
		}
		for k, v := range q.Program.Eval(input)[0] {
			if diff := math.Abs(float64(v)*scale - want[0][k]); diff > allowed {
				return fmt.Errorf("sample %d, output %d: off by %.3g of %.3g, allowed %.3g", i, k, diff, size, allowed)
			}
		}
	}
	return nil
}

func decode(input []int64, f compiler.InputFormat) []float64 {
	out := make([]float64, len(input))
	for i, v := range input {
		out[i] = float64(v) * f.Scale
	}
	return out
}

// examine has the circuit of a case take what the integers say and nothing else.
func examine(t *testing.T, s optest.Subject) {
	r, err := compiler.Compile(s.Graph, compiler.Options{
		Reveal: visibility.Scores, Samples: inputs(s), Target: compiler.Target{Bits: examinationBits},
	})
	if err != nil {
		t.Fatal(err)
	}
	subject := circuittest.Compile(t, r.Statement)
	rng := rand.New(rand.NewSource(1))
	for i, x := range inputs(s) {
		input := r.Formats.Input.Encode(x[0])
		output := r.Program.Eval(input)[0]
		if i < 2 {
			subject.Accepts(input, output)
			subject.Liar(rng, input, output, 1)
		} else if err := subject.Solve(input, output); err != nil {
			t.Errorf("sample %d: the right output is rejected: %v", i, err)
		}
	}
}

// TestUselessScales plants a fault in every function and every limited value: a
// scale of its output that is too coarse, by little and by much. The examination
// must refuse each at each precision, although the error is within the output's
// own rounding.
func TestUselessScales(t *testing.T) {
	planted := 0
	optest.RunAll(t, optest.Stage{Name: "coarse", Check: func(t *testing.T, s optest.Subject) {
		l := lower(t, s)
		if slices.ContainsFunc(l.ir.Steps, func(s *ir.Step) bool { _, ok := s.Kind.(*ir.Trees); return ok }) {
			return // few sums can come out, which may all lie on a coarse grid too
		}
		for _, bits := range precisions {
			chosen := l.quantised(t, bits).Formats
			for _, factor := range []float64{8, 64} {
				if factor/2 <= s.Spec.Tolerance {
					continue // so coarse a scale errs no more than the operator may
				}
				coarse := coarser(chosen, factor)
				if coarse == nil || s.Spec.Tolerance == 0 {
					return
				}
				q, err := compiler.Quantise(l.ir, coarse, compiler.PublicWeights)
				if err != nil {
					continue // the formats are refused: a limit lies between two integers
				}
				planted++
				if l.agrees(q, bits) == nil {
					t.Errorf("at %d bits, a scale %g times too coarse passes", bits, factor)
				}
			}
		}
	}})
	part := strings.Contains(flag.Lookup("test.run").Value.String(), "/")
	if want := 6 * 20; planted < want && !part {
		t.Errorf("%d faults were planted, fewer than %d for 20 functions", planted, want)
	}
}

// coarser makes the last step's limited values coarser, nil where it has none.
func coarser(f *compiler.Formats, factor float64) *compiler.Formats {
	last := len(f.Steps) - 1
	if last < 0 || f.Steps[last].Limits == nil {
		return nil
	}
	out := *f
	out.Steps = slices.Clone(f.Steps)
	limits := *f.Steps[last].Limits
	limits.Scale *= factor
	out.Steps[last].Limits = &limits
	return &out
}
