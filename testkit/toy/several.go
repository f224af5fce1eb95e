package toy

import (
	"fmt"

	"github.com/zkml-go/zkml/visibility"
)

// Several covers models with several inputs or outputs. The names of ports are awkward
// where Solidity and TypeScript could mind.
func Several() []Scenario {
	vector := func(name string, bits int, n ...int) visibility.Tensor {
		return visibility.Tensor{Name: name, Shape: n, Bits: bits, Zero: 1 << (bits - 1), Scale: 0.25}
	}
	class := func(name string, n int) visibility.Tensor {
		return visibility.Tensor{Name: name, Shape: []int{n}, Bits: 5, Scale: 1, Classes: true, ClassCount: 21}
	}
	bytes := visibility.Tensor{Name: "left", Shape: []int{3, 11}, Bits: 8, Scale: 1. / 255}
	list := []Scenario{
		{Name: "public and private, three outputs", plan: visibility.Plan{
			Private: visibility.Private{Named: []string{"right"}}, Commit: visibility.CommitEach, Context: true,
			Inputs:  []visibility.Tensor{bytes, vector("right", 12, 9)},
			Outputs: []visibility.Tensor{vector("scores", 16, 4), class("label", 1), vector("embedding", 20, 8)},
			Reveals: map[string]visibility.Reveal{"label": visibility.Class, "scores": visibility.Scores,
				"embedding": visibility.None},
		}},
		{Name: "one commitment to two of three, signed, hashed", plan: visibility.Plan{
			Private: visibility.Private{Named: []string{"input.1", "input 1"}, Model: true}, Bind: visibility.BindHash,
			Context:  true,
			SignedBy: visibility.EdDSA, Signed: "input.1", Purpose: "tests",
			Inputs: []visibility.Tensor{vector("proof", 3, 100), vector("input.1", 8, 5), vector("input 1", 9, 6)},
			Outputs: []visibility.Tensor{class("mapping", 3), vector("__proto__", 7, 2),
				vector("\u6570\u5b57*/", 12, 5)},
			Reveals: map[string]visibility.Reveal{"mapping": visibility.Class, "__proto__": visibility.Commitment,
				"\u6570\u5b57*/": visibility.Scores},
		}},
		{Name: "a commitment each, two classes", plan: visibility.Plan{
			Private: hiddenInput, Commit: visibility.CommitEach, Reveal: visibility.Class,
			Inputs:  []visibility.Tensor{vector("a", 8, 4), vector("A", 8, 4)},
			Outputs: []visibility.Tensor{class("first", 1), class("second", 1)},
		}},
		{Name: "batch of two inputs and two outputs", plan: visibility.Plan{
			Batch: 3, Reveal: visibility.Scores, Context: true,
			Inputs:  []visibility.Tensor{vector("x", 7, 5), vector("y", 7, 5)},
			Outputs: []visibility.Tensor{vector("u", 9, 2), vector("v", 9, 2)},
		}},
		{Name: "one input, scores and their commitment", plan: visibility.Plan{
			Reveals: map[string]visibility.Reveal{"s": visibility.Scores, "t": visibility.Commitment},
			Inputs:  []visibility.Tensor{vector("x", 4, 6)},
			Outputs: []visibility.Tensor{vector("s", 9, 2), vector("t", 9, 2)},
		}},
		{Name: "one commitment to both, one output", plan: visibility.Plan{
			Private: hiddenInput, Reveal: visibility.Scores, Context: true,
			Inputs:  []visibility.Tensor{vector("x", 4, 6), vector("y", 4, 6)},
			Outputs: []visibility.Tensor{vector("s", 9, 2)},
		}},
		integers(),
		many(),
		{Name: "names of Solidity and of other ports", plan: visibility.Plan{
			Inputs: []visibility.Tensor{vector("emit", 4, 6), vector("constructor", 4, 3), vector("receive", 4, 2),
				vector("fallback", 5, 2)},
			Outputs: []visibility.Tensor{vector("Label", 9, 2), class("label", 1), vector("label_2", 9, 1),
				vector("labelClass", 8, 1), vector("label2", 8, 1)},
			Reveal: visibility.Scores, Reveals: map[string]visibility.Reveal{"label": visibility.Class},
		}},
	}
	return laidOut(list)
}

// integers has outputs of all types.
func integers() Scenario {
	return Scenario{Name: "outputs of integers", plan: visibility.Plan{
		Reveal: visibility.Scores, Inputs: []visibility.Tensor{{Name: "x", Shape: []int{6}, Bits: 4, Scale: 1}},
		Outputs: []visibility.Tensor{
			{Name: "real", Shape: []int{2}, Bits: 9, Zero: 1 << 8, Scale: 0.25},
			{Name: "whole", Shape: []int{2}, Bits: 60, Zero: 1 << 59, Scale: 1, Type: visibility.Integer},
			{Name: "truth", Shape: []int{3}, Bits: 1, Scale: 1, Type: visibility.Boolean},
		},
	}}
}

// Integers is a model whose only output is of integers.
func Integers() Scenario {
	return laidOut([]Scenario{{Name: "one output of integers", plan: visibility.Plan{
		Reveal: visibility.Scores, Inputs: []visibility.Tensor{{Name: "x", Shape: []int{6}, Bits: 4, Scale: 1}},
		Outputs: []visibility.Tensor{
			{Name: "whole", Shape: []int{2}, Bits: 60, Zero: 1 << 59, Scale: 1, Type: visibility.Integer},
		},
	}}})[0]
}

// many has eight inputs and eight outputs, all public, and all that a layout has besides.
func many() Scenario {
	plan := visibility.Plan{
		Reveal: visibility.Scores, Reveals: map[string]visibility.Reveal{}, Context: true,
		Private: hiddenModel, Bind: visibility.BindHash, SignedBy: visibility.EdDSA, Signed: "in7",
	}
	for i := range 8 {
		in, out := fmt.Sprintf("in%d", i), fmt.Sprintf("out%d", i)
		plan.Inputs = append(plan.Inputs, visibility.Tensor{Name: in, Shape: []int{2 + i}, Bits: 4 + 3*i, Scale: 1})
		plan.Outputs = append(plan.Outputs, visibility.Tensor{Name: out, Shape: []int{1 + i%3}, Bits: 6 + i, Scale: 1,
			Classes: i%4 == 3})
		if i%4 == 3 {
			plan.Reveals[out] = visibility.Class
		}
	}
	return Scenario{Name: "eight inputs, eight outputs", plan: plan}
}
