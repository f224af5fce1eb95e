package compiler

import (
	"math"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/ir"
)

// ErrorAt is the mean error of a value on samples, as a part of the largest magnitude that the
// float reference has there; of integers, the share that differ.
type ErrorAt struct {
	// Added is what the step itself adds: the difference of what it computes from the function of
	// real numbers, at the integers that it receives.
	Added float64
	// Error is the difference from the float reference, with all that was added before.
	Error float64
}

// Explanation are the errors of a quantised model's parts.
type Explanation struct {
	// Samples is how many of the samples were run.
	Samples int
	// Inputs are the errors of the inputs' formats.
	Inputs []ErrorAt
	// Steps are by step of the program; nil where a step has no value of its own in the float IR,
	// or one of several scales. What it adds is told of a step behind it.
	Steps []*ErrorAt
}

// Bounds of the work of Explain: multiplications of the float IR, and samples.
const (
	mostExplained  = 50
	mostExplaining = 1 << 32
)

// Explain measures the errors of the parts of a quantised model on the samples that it was
// calibrated with, or on the first of these where they are many.
func (r *Result) Explain(o Options) Explanation {
	samples, _ := r.samples(o)
	samples = r.fewSamples(samples)
	of := r.errors(samples)
	e := Explanation{Samples: len(samples), Steps: make([]*ErrorAt, len(r.Program.Steps))}
	for _, id := range r.IR.Inputs {
		e.Inputs = append(e.Inputs, of[id])
	}
	makes := map[int]int{}
	for i, s := range r.Program.Steps {
		makes[s.Out] = i
	}
	for _, s := range r.IR.Steps {
		v, ok := r.ValueOf[s.Out]
		i, made := makes[v]
		if !ok || !made {
			continue
		}
		if at := e.Steps[i]; at != nil { // two values of the IR that are one of the program
			at.Added, at.Error = at.Added+of[s.Out].Added, math.Max(at.Error, of[s.Out].Error)
			continue
		}
		e.Steps[i] = &of[s.Out]
	}
	return e
}

// fewSamples are as many of the samples as Explain runs.
func (r *Result) fewSamples(samples []Sample) []Sample {
	each := max(r.Model.meter.Used(budget.Multiplications), 1)
	return samples[:min(int64(len(samples)), mostExplained, max(1, mostExplaining/each))]
}

// errors are those of all values of the float IR, by their number. A value that the program does not
// have, or has with several scales, adds nothing.
func (r *Result) errors(samples []Sample) []ErrorAt {
	out, largest := make([]ErrorAt, len(r.IR.Shapes)), make([]float64, len(r.IR.Shapes))
	for _, x := range samples {
		want := r.IR.Run(x...)
		codes := r.Formats.encode(x)
		got := r.Program.Run(codes...)
		has := make([][]float64, len(want))
		for k, id := range r.IR.Inputs {
			has[id] = r.Formats.inputs()[k].decode(codes[k])
			out[id].Added += r.meanError(id, has[id], want[id])
		}
		for _, s := range r.IR.Steps {
			in := make([][]float64, len(s.In))
			for k, id := range s.In {
				in[k] = has[id]
			}
			has[s.Out] = s.Kind.Eval(in, r.IR.Size(s.Out))
			if v, ok := r.ValueOf[s.Out]; ok {
				real := scaled(got[v], r.Program.Values[v].Scale)
				out[s.Out].Added += r.meanError(s.Out, real, has[s.Out])
				has[s.Out] = real
			}
		}
		for id := range out {
			out[id].Error += r.meanError(ir.ID(id), has[id], want[id])
			largest[id] = math.Max(largest[id], largestOf(want[id]))
		}
	}
	for id := range out {
		n := float64(len(samples))
		if largest[id] > 0 && !r.IR.Whole(ir.ID(id)) {
			n = float64(n * largest[id])
		}
		out[id].Added /= n
		out[id].Error /= n
	}
	return out
}

// meanError is the mean difference of a value's elements; of integers, the share that differ.
// Elements that are no numbers are left out.
func (r *Result) meanError(id ir.ID, got, want []float64) float64 {
	sum := 0.0
	for k, y := range want {
		switch d := math.Abs(got[k] - y); {
		case r.IR.Whole(id) && d > 0:
			sum++
		case d <= math.MaxFloat64:
			sum += d
		}
	}
	return sum / float64(max(len(want), 1))
}

// largestOf is the largest magnitude of elements that are numbers.
func largestOf(values []float64) float64 {
	most := 0.0
	for _, v := range values {
		if a := math.Abs(v); a > most && a <= math.MaxFloat64 {
			most = a
		}
	}
	return most
}

// scaled are the real numbers that integers of a scale stand for.
func scaled(integers []int64, scale float64) []float64 {
	out := make([]float64, len(integers))
	for k, v := range integers {
		out[k] = float64(float64(v) * scale)
	}
	return out
}

// decode are the real numbers that an input's integers stand for.
func (f InputFormat) decode(codes []int64) []float64 {
	out := make([]float64, len(codes))
	for i, v := range codes {
		out[i] = f.Element(i).Decode(v)
	}
	return out
}
