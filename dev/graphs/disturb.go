package main

import (
	"math"
	"math/rand/v2"

	"github.com/zkml-go/zkml/compiler/ir"
)

// runs is how often a model is disturbed.
const runs = 100

// disturbed runs a model's float IR with errors in its values, to see what errors of their size lead
// to. Integers stay as they are.
type disturbed struct {
	program *ir.Program
	samples []sample
	largest []float64 // the largest number of each value over all samples
	known   map[spot]span
}

// spot is an output of a sample, and by what share values are disturbed.
type spot struct {
	sample, output int
	share          float64
}

// reach is what the elements of output k of sample i reach where each value is disturbed by up to a
// share of its largest number.
func (d *disturbed) reach(i, k int, share float64) span {
	at := spot{i, k, share}
	if s, ok := d.known[at]; ok {
		return s
	}
	if d.known == nil {
		d.known, d.largest = map[spot]span{}, make([]float64, len(d.program.Shapes))
		for _, s := range d.samples {
			for id, numbers := range d.program.Run(s.Inputs...) {
				for _, v := range numbers {
					d.largest[id] = max(d.largest[id], math.Abs(v))
				}
			}
		}
	}
	var s span
	random := rand.New(rand.NewPCG(1, uint64(i)))
	for run := range runs {
		numbers := d.run(d.samples[i].Inputs, share, random)[d.program.Outputs[k]]
		if run == 0 {
			s.lo, s.hi = append(s.lo, numbers...), append(s.hi, numbers...)
		}
		for j, v := range numbers {
			s.lo[j], s.hi[j] = min(s.lo[j], v), max(s.hi[j], v)
		}
	}
	d.known[at] = s
	return s
}

// run is the program's own, with disturbed values.
func (d *disturbed) run(inputs [][]float64, share float64, random *rand.Rand) [][]float64 {
	p := d.program
	values := make([][]float64, len(p.Shapes))
	for n, id := range p.Inputs {
		values[id] = d.disturb(id, inputs[n], float64(share*d.largest[id]), random)
	}
	for _, s := range p.Steps {
		in := make([][]float64, len(s.In))
		for n, id := range s.In {
			in[n] = values[id]
		}
		values[s.Out] = d.disturb(s.Out, s.Kind.Eval(in, p.Size(s.Out)), float64(share*d.size(s)), random)
	}
	return values
}

// logarithms is the number that the table of a log-softmax rounds like.
const logarithms = 8

// size is what the steps of a value are a share of: its largest number or, as limits and elements that
// come together are rounded to the steps of what the step reads, the largest of these.
func (d *disturbed) size(s *ir.Step) float64 {
	largest := d.largest[s.Out]
	switch k := s.Kind.(type) {
	case *ir.Clamp, *ir.Move, *ir.Fill:
		for _, id := range s.In {
			largest = max(largest, d.largest[id])
		}
	case *ir.Softmax:
		if k.Log {
			largest = max(largest, logarithms)
		}
	}
	return largest
}

// disturb adds up to most to each number that is no integer.
func (d *disturbed) disturb(id ir.ID, numbers []float64, most float64, random *rand.Rand) []float64 {
	if d.program.Whole(id) {
		return numbers
	}
	out := make([]float64, len(numbers))
	for j, v := range numbers {
		out[j] = v + float64(most*(2*random.Float64()-1))
	}
	return out
}
