package compiler

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// Sample is what a model is run on: for each of its inputs, in their order, the
// elements, flattened row-major; of a batch, those of one item after the other.
type Sample [][]float64

// check refuses a sample of other sizes than the inputs have. Its values are shown to
// nobody.
func (x Sample) check(inputs []Port) error {
	if len(x) != len(inputs) {
		return fmt.Errorf("a sample of %d inputs; the model has %d: %q", len(x), len(inputs), namesOf(inputs))
	}
	for k, in := range inputs {
		if n := tensor.Size(in.Shape); len(x[k]) != n {
			return fmt.Errorf("a sample has %d elements for the input %q of %d", len(x[k]), in.Name, n)
		}
	}
	return nil
}

// checkIntegers refuses elements of integer inputs that are none.
func (x Sample) checkIntegers(p *ir.Program) error {
	for k, id := range p.Inputs {
		if _, ok := p.Integers[id]; !ok {
			continue
		}
		for i, v := range x[k] {
			if v != math.Trunc(v) || math.Abs(v) > maxSampleInteger {
				return fmt.Errorf("element %d of input %q is no integer of at most %d bits", i, p.Names[id],
					maxInputBits)
			}
		}
	}
	return nil
}

// checkFit refuses samples with integers that the formats of their inputs cannot hold.
func checkFit(p *ir.Program, formats []InputFormat, samples []Sample) error {
	for k, id := range p.Inputs {
		if _, ok := p.Integers[id]; !ok {
			continue
		}
		for i, x := range samples {
			for j, v := range x[k] {
				if e := formats[k].Element(j); v < float64(e.Lowest()) || v > float64(e.Highest()) {
					return fmt.Errorf("sample %d: element %d of input %q is outside the range of its format, "+
						"%d to %d", i, j, p.Names[id], e.Lowest(), e.Highest())
				}
			}
		}
	}
	return nil
}

// maxSampleInteger is the largest magnitude that an input's format holds.
const maxSampleInteger = 1<<maxInputBits - 1

// Samples makes samples of a model that has one input.
func Samples(inputs [][]float64) []Sample {
	out := make([]Sample, len(inputs))
	for i, x := range inputs {
		out[i] = Sample{x}
	}
	return out
}
