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

// Labelled covers inputs and outputs whose numbers stand for texts.
func Labelled() []Scenario {
	color := visibility.Tensor{Name: "color", Shape: []int{2}, Bits: 3, Scale: 1, Type: visibility.Integer,
		Texts: texts(0, "red", "*/ contract Evil {} /*", "\"; } // ü"), Others: true}
	city := visibility.Tensor{Name: "city", Shape: []int{1}, Bits: 3, Scale: 1, Type: visibility.Integer,
		Texts: texts(0, "", "Zürich", "東京")}
	species := digit
	species.Name, species.ClassCount, species.Texts = "species", 3, texts(0, "setosa", `back\slash`, "${1}`")
	grade := visibility.Tensor{Name: "grade", Shape: []int{2}, Bits: 5, Zero: 16, Scale: 1, Type: visibility.Integer,
		Texts: texts(-1, "loss", "even", "win")}
	below := grade
	below.Name, below.Texts = "below", texts(-3, "low", "lower")
	return laidOut([]Scenario{
		{Name: "texts of an input and a class", plan: visibility.Plan{Reveal: visibility.Class,
			Inputs: []visibility.Tensor{color}, Outputs: []visibility.Tensor{species}}},
		{Name: "texts of several inputs and outputs", plan: visibility.Plan{Reveal: visibility.Scores,
			Reveals: map[string]visibility.Reveal{"species": visibility.Class},
			Inputs:  []visibility.Tensor{row("row"), city, color},
			Outputs: []visibility.Tensor{species, grade, below}}},
		{Name: "texts of a private input alone", plan: visibility.Plan{Private: hiddenInput, Reveal: visibility.Scores,
			Inputs: []visibility.Tensor{city}, Outputs: []visibility.Tensor{logits}}},
	})
}

// texts are those of numbers from one on.
func texts(from int64, list ...string) []visibility.Text {
	out := make([]visibility.Text, len(list))
	for k, text := range list {
		out[k] = visibility.Text{Number: from + int64(k), Text: text}
	}
	return out
}
