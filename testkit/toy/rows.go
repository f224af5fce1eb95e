package toy

import "github.com/zkml-go/zkml/visibility"

// Rows covers inputs whose elements have formats of their own.
func Rows() []Scenario {
	score := []visibility.Tensor{{Name: "score", Shape: []int{1}, Bits: 44, Zero: 1 << 43, Scale: 0.5}}
	return laidOut([]Scenario{
		{Name: "a row, 2", plan: visibility.Plan{Reveal: visibility.Scores, Inputs: []visibility.Tensor{row("row")},
			Outputs: score}},
		{Name: "a batch of 20 rows, context", plan: visibility.Plan{Reveal: visibility.Scores, Batch: 20, Context: true,
			Inputs: []visibility.Tensor{row("row")}, Outputs: score}},
		{Name: "a private row, signed", plan: visibility.Plan{Private: hiddenInput, Reveal: visibility.Class,
			SignedBy: visibility.EdDSA, Inputs: []visibility.Tensor{row("row")}, Outputs: []visibility.Tensor{digit}}},
		{Name: "rows of which one is private, and a picture", plan: visibility.Plan{
			Private: visibility.Private{Named: []string{"b"}}, Reveal: visibility.Scores,
			Inputs: []visibility.Tensor{row("a"), row("b"), {Name: "c", Shape: []int{40}, Bits: 8, Scale: 1},
				row("A")},
			Outputs: score}},
	})
}

// row has a share, an age that may be missing, a constant, an amount, a temperature that may
// be missing, and a count beside an element of the widest format.
func row(name string) visibility.Tensor {
	noAge, noTemperature := int64(145), int64(-128)
	return visibility.Tensor{Name: name, Shape: []int{7}, Elements: []visibility.Element{
		{Bits: 10, Scale: 0.125},
		{Bits: 7, Zero: -18, Scale: 1, Missing: &noAge},
		{Bits: 0, Zero: -3, Scale: 0.5},
		{Bits: 40, Scale: 100},
		{Bits: 8, Zero: 128, Scale: 0.25, Missing: &noTemperature},
		{Bits: 62, Zero: 1 << 61, Scale: 1. / (1 << 10)},
		{Bits: 1, Scale: 1},
	}}
}
