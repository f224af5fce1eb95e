package toy

import (
	"math/big"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Scenario is a layout with a claim that fits it.
type Scenario struct {
	Name   string
	Layout visibility.Layout
	Claim  visibility.Claim
	plan   visibility.Plan
}

// Shorthands for the tables of tests.
var (
	hiddenInput = visibility.Private{Input: true}
	hiddenModel = visibility.Private{Model: true}
	hiddenBoth  = visibility.Private{Input: true, Model: true}
	digit       = visibility.Tensor{Name: "class", Shape: []int{1}, Bits: 4, Scale: 1, Classes: true, ClassCount: 10}
	logits      = visibility.Tensor{Name: "logits", Shape: []int{1, 10}, Bits: 16, Zero: 1 << 15, Scale: 0.0625}
)

func picture(bits int) visibility.Tensor {
	return visibility.Tensor{Name: "pixels", Shape: []int{1, 28, 28}, Bits: bits, Scale: 1 / float64(int(1)<<bits)}
}

// Scenarios covers every way to publish an input and an output, and input
// formats of every width class: below a byte, a byte, and wider. Names tell
// the number of public inputs.
func Scenarios() []Scenario {
	list := []Scenario{
		{Name: "input 1 bit, scores, 14", plan: visibility.Plan{Reveal: visibility.Scores,
			Inputs: []visibility.Tensor{picture(1)}, Outputs: []visibility.Tensor{logits}}},
		{Name: "input 3 bits, class, context, 12", plan: visibility.Plan{Reveal: visibility.Class,
			Inputs: []visibility.Tensor{picture(3)}, Outputs: []visibility.Tensor{digit}, Context: true}},
		{Name: "input 4 bits signed, scores, 23", plan: visibility.Plan{Reveal: visibility.Scores,
			Inputs: []visibility.Tensor{picture(4)}, Outputs: []visibility.Tensor{logits}}},
		{Name: "input 8 bits, class, 27", plan: visibility.Plan{Reveal: visibility.Class,
			Inputs: []visibility.Tensor{picture(8)}, Outputs: []visibility.Tensor{digit}}},
		{Name: "input 12 bits, commitment, context, 5", plan: visibility.Plan{Reveal: visibility.Commitment,
			Inputs:  []visibility.Tensor{{Name: "x", Shape: []int{50}, Bits: 12, Zero: 2048, Scale: 0.5}},
			Outputs: []visibility.Tensor{logits}, Context: true}},
		{Name: "input 24 bits, three classes, 7", plan: visibility.Plan{Reveal: visibility.Class,
			Inputs:  []visibility.Tensor{{Name: "x", Shape: []int{33}, Bits: 24, Zero: 1 << 23, Scale: 0.5}},
			Outputs: []visibility.Tensor{{Name: "classes", Shape: []int{3}, Bits: 4, Scale: 1, Classes: true}}}},
		{Name: "input 31 bits, class, 5", plan: visibility.Plan{Reveal: visibility.Class,
			Inputs:  []visibility.Tensor{{Name: "x", Shape: []int{29}, Bits: 31, Scale: 2}},
			Outputs: []visibility.Tensor{digit}}},
		{Name: "private input, class, 2", plan: visibility.Plan{Private: hiddenInput, Reveal: visibility.Class,
			Inputs: []visibility.Tensor{picture(8)}, Outputs: []visibility.Tensor{digit}}},
		{Name: "private input, scores, context, 12", plan: visibility.Plan{Private: hiddenInput,
			Reveal: visibility.Scores, Inputs: []visibility.Tensor{picture(8)}, Outputs: []visibility.Tensor{logits},
			Context: true}},
		{Name: "private input, commitment, 2", plan: visibility.Plan{Private: hiddenBoth, Reveal: visibility.Commitment,
			Inputs: []visibility.Tensor{picture(8)}, Outputs: []visibility.Tensor{logits}}},
		{Name: "private input, class, context, signed, 5", plan: visibility.Plan{Private: hiddenInput,
			Reveal: visibility.Class, Inputs: []visibility.Tensor{picture(8)}, Outputs: []visibility.Tensor{digit},
			Context: true, SignedBy: visibility.EdDSA}},
		{Name: "input 3 bits, scores, signed, 22", plan: visibility.Plan{Reveal: visibility.Scores,
			Inputs: []visibility.Tensor{picture(3)}, Outputs: []visibility.Tensor{logits}, SignedBy: visibility.EdDSA}},
		{Name: "hashed model, input 3 bits, class, context, 13",
			plan: visibility.Plan{Private: hiddenModel, Bind: visibility.BindHash, Reveal: visibility.Class,
				Inputs: []visibility.Tensor{picture(3)}, Outputs: []visibility.Tensor{digit}, Context: true}},
		{Name: "hashed model, private input, commitment, 3",
			plan: visibility.Plan{Private: hiddenBoth, Bind: visibility.BindHash, Reveal: visibility.Commitment,
				Inputs: []visibility.Tensor{picture(8)}, Outputs: []visibility.Tensor{logits}}},
	}
	list[2].plan.Inputs[0].Zero = 8
	return laidOut(list)
}

// laidOut completes scenarios with their layouts and claims.
func laidOut(list []Scenario) []Scenario {
	for i := range list {
		l, err := list[i].plan.Layout()
		if err != nil {
			panic(err) // the plans are constants
		}
		list[i].Layout, list[i].Claim = l, fill(l)
	}
	return list
}

// Of is the scenario of a plan that has a layout.
func Of(name string, plan visibility.Plan) Scenario {
	return laidOut([]Scenario{{Name: name, plan: plan}})[0]
}

// Find gives the scenario whose name begins with a text, and panics without
// one: the names are constants of tests.
func Find(prefix string) Scenario {
	for _, s := range slices.Concat(Scenarios(), Several(), Rows()) {
		if strings.HasPrefix(s.Name, prefix) {
			return s
		}
	}
	panic("toy: no scenario " + prefix)
}

// About describes a toy key as a safe one, so that tests see the usual case.
func About() verifier.About {
	return verifier.About{
		Tool: "0.0.0-test",
		SRS:  verifier.SRS{Source: "toy", Power: 12, SHA256: strings.Repeat("5", 64)},
	}
}

// numbers seed the field elements of a claim, by the kind of port.
var numbers = map[string]int64{
	"input_commitment": 1001, "output_commitment": 1002, "context": 1003, "signer": 1004, "model_commitment": 1006,
}

// fill makes a claim that uses the ends and the middle of each format.
func fill(l visibility.Layout) visibility.Claim {
	c := make(visibility.Claim, len(l.Ports))
	for i := range l.Ports {
		p := &l.Ports[i]
		switch {
		case p.Is(visibility.FormPacked), p.Is(visibility.FormElements):
			c[i].Integers = spread(p.Tensor)
		default:
			for k := range p.Words {
				c[i].Elements = append(c[i].Elements, bigNumber(numbers[p.Kind().Name]+int64(k)))
			}
		}
	}
	return c
}

// spread walks over a format with a stride that meets no lane's period: the
// lowest value first, the highest second.
func spread(t visibility.Tensor) []int64 {
	out := make([]int64, t.Count())
	for i := range out {
		e := t.Element(i)
		out[i] = (int64(i)*0x5bd1e995+int64(i/2))&(1<<e.Bits-1) - e.Zero
	}
	if len(out) > 1 {
		out[1] = t.HighestOf(1)
	} else {
		out[0] = 7
	}
	return out
}

func bigNumber(seed int64) *big.Int {
	v := big.NewInt(seed)
	return v.Exp(v, big.NewInt(25), new(big.Int).Lsh(big.NewInt(1), 253))
}

// With is a claim that differs in what it says of the only port of a role; it is the
// claim itself where that says nothing of it.
func With(
	l visibility.Layout, c visibility.Claim, role visibility.Role, change func(*visibility.Value),
) visibility.Claim {
	out := slices.Clone(c)
	for i := range l.Ports {
		if l.Ports[i].Role == role && l.Ports[i].Words > 0 {
			out[i] = visibility.Value{Integers: slices.Clone(c[i].Integers), Elements: slices.Clone(c[i].Elements)}
			change(&out[i])
		}
	}
	return out
}
