package toy

import (
	"math/big"
	"strings"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Scenario is a layout with a claim that fits it.
type Scenario struct {
	Name   string
	Layout visibility.Layout
	Claim  visibility.Claim
}

// Shorthands for the tables of tests.
var (
	hiddenInput = visibility.Private{Input: true}
	hiddenModel = visibility.Private{Model: true}
	digit       = visibility.Tensor{Name: "class", Shape: []int{1}, Bits: 4, Scale: 1}
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
		{Name: "input 1 bit, scores, 14", Layout: visibility.Layout{Reveal: visibility.Scores, Input: picture(1), Output: logits}},
		{Name: "input 3 bits, class, context, 12", Layout: visibility.Layout{Reveal: visibility.Class, Input: picture(3), Output: digit, Context: true, Classes: true}},
		{Name: "input 4 bits signed, scores, 23", Layout: visibility.Layout{Reveal: visibility.Scores, Input: picture(4), Output: logits}},
		{Name: "input 8 bits, class, 27", Layout: visibility.Layout{Reveal: visibility.Class, Input: picture(8), Output: digit, Classes: true}},
		{Name: "input 12 bits, commitment, context, 5", Layout: visibility.Layout{Reveal: visibility.Commitment, Input: visibility.Tensor{Name: "x", Shape: []int{50}, Bits: 12, Zero: 2048, Scale: 0.5}, Output: logits, Context: true}},
		{Name: "input 24 bits, three classes, 7", Layout: visibility.Layout{Reveal: visibility.Class, Input: visibility.Tensor{Name: "x", Shape: []int{33}, Bits: 24, Zero: 1 << 23, Scale: 0.5}, Output: visibility.Tensor{Name: "classes", Shape: []int{3}, Bits: 4, Scale: 1}, Classes: true}},
		{Name: "input 31 bits, class, 5", Layout: visibility.Layout{Reveal: visibility.Class, Input: visibility.Tensor{Name: "x", Shape: []int{29}, Bits: 31, Scale: 2}, Output: digit, Classes: true}},
		{Name: "private input, class, 2", Layout: visibility.Layout{Private: hiddenInput, Reveal: visibility.Class, Input: picture(8), Output: digit, Classes: true}},
		{Name: "private input, scores, context, 12", Layout: visibility.Layout{Private: hiddenInput, Reveal: visibility.Scores, Input: picture(8), Output: logits, Context: true}},
		{Name: "private input, commitment, 2", Layout: visibility.Layout{Private: visibility.Private{Input: true, Model: true}, Reveal: visibility.Commitment, Input: picture(8), Output: logits}},
		{Name: "private input, class, context, signed, 5", Layout: visibility.Layout{Private: hiddenInput, Reveal: visibility.Class, Input: picture(8), Output: digit, Context: true, SignedBy: visibility.EdDSA, Classes: true}},
		{Name: "input 3 bits, scores, signed, 22", Layout: visibility.Layout{Reveal: visibility.Scores, Input: picture(3), Output: logits, SignedBy: visibility.EdDSA}},
		{Name: "hashed model, input 3 bits, class, context, 13", Layout: visibility.Layout{Private: hiddenModel, Bind: visibility.BindHash, Reveal: visibility.Class, Input: picture(3), Output: digit, Context: true, Classes: true}},
		{Name: "hashed model, private input, commitment, 3", Layout: visibility.Layout{Private: visibility.Private{Input: true, Model: true}, Bind: visibility.BindHash, Reveal: visibility.Commitment, Input: picture(8), Output: logits}},
	}
	list[2].Layout.Input.Zero = 8
	for i := range list {
		list[i].Claim = fill(list[i].Layout)
	}
	return list
}

// Find gives the scenario whose name begins with a text, and panics without
// one: the names are constants of tests.
func Find(prefix string) Scenario {
	for _, s := range Scenarios() {
		if strings.HasPrefix(s.Name, prefix) {
			return s
		}
	}
	panic("toy: no scenario " + prefix)
}

// About describes a toy key as a safe one, so that tests see the usual case.
func About() verifier.About {
	return verifier.About{
		Tool: "zkml test",
		SRS:  verifier.SRS{Source: "toy", Power: 12, SHA256: strings.Repeat("5", 64)},
	}
}

// fill makes a claim that uses the ends and the middle of each format.
func fill(l visibility.Layout) visibility.Claim {
	var c visibility.Claim
	for _, f := range l.Fields() {
		switch f.Kind {
		case visibility.KindInput:
			c.Input = spread(l.Input)
		case visibility.KindOutput:
			c.Output = spread(l.Output)
		case visibility.KindInputCommitment:
			c.InputCommitment = bigNumber(1001)
		case visibility.KindOutputCommitment:
			c.OutputCommitment = bigNumber(1002)
		case visibility.KindContext:
			c.Context = bigNumber(1003)
		case visibility.KindModelCommitment:
			c.ModelCommitment = bigNumber(1006)
		case visibility.KindSigner:
			c.Signer = []*big.Int{bigNumber(1004), bigNumber(1005)}
		}
	}
	return c
}

// spread walks over a format with a stride that meets no lane's period: the
// lowest value first, the highest second.
func spread(t visibility.Tensor) []int64 {
	out := make([]int64, t.Count())
	mask := int64(1)<<t.Bits - 1
	for i := range out {
		out[i] = (int64(i)*0x5bd1e995+int64(i/2))&mask - t.Zero
	}
	if len(out) > 1 {
		out[1] = mask - t.Zero
	} else {
		out[0] = 7
	}
	return out
}

func bigNumber(seed int64) *big.Int {
	v := big.NewInt(seed)
	return v.Exp(v, big.NewInt(25), new(big.Int).Lsh(big.NewInt(1), 253))
}
