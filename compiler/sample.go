package compiler

import "fmt"

// Sample is what a model is run on: for each of its inputs, in their order, the
// elements, flattened row-major; of a batch, those of one item after the other.
type Sample [][]float64

// check refuses a sample of other sizes than the inputs have. Its values are shown to
// nobody.
func (x Sample) check(names []string, sizes []int) error {
	if len(x) != len(names) {
		return fmt.Errorf("a sample of %d inputs; the model has %d: %q", len(x), len(names), names)
	}
	for k, elements := range x {
		if len(elements) != sizes[k] {
			return fmt.Errorf("a sample has %d elements for the input %q of %d", len(elements), names[k], sizes[k])
		}
	}
	return nil
}

// Samples makes samples of a model that has one input.
func Samples(inputs [][]float64) []Sample {
	out := make([]Sample, len(inputs))
	for i, x := range inputs {
		out[i] = Sample{x}
	}
	return out
}
