package circuits_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/testkit/adversary"
	"github.com/zkml-go/zkml/visibility"
)

// TestSignatureIsOfOneInput: a key that signed another input, for another purpose or in
// another format has not signed this one.
func TestSignatureIsOfOneInput(t *testing.T) {
	plan := crossingPlan()
	plan.Private = visibility.Private{Input: true}
	key, err := signature.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	signed := func(in visibility.Tensor, purpose string, values []int64) *circuits.Signature {
		s, err := key.Sign(messageOf(t, in, purpose, values))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	const x, y = 0, 1
	wider := plan.Inputs[y]
	wider.Bits++
	shifted := plan.Inputs[y]
	shifted.Zero++
	in := crossed()
	p := portedBy(t, plan, in)
	same := [][]int64{in[y], in[y], in[2]}
	for _, c := range []struct {
		name   string
		inputs [][]int64
		by     *circuits.Signature
		admits bool
	}{
		{"of y", in, signed(plan.Inputs[y], "a loan", in[y]), true},
		{"of x", in, signed(plan.Inputs[x], "a loan", in[x]), false},
		{"of z", in, signed(plan.Inputs[2], "a loan", in[2]), false},
		{"without a purpose", in, signed(plan.Inputs[y], "", in[y]), false},
		{"for another purpose", in, signed(plan.Inputs[y], "a loan ", in[y]), false},
		{"of more bits", in, signed(wider, "a loan", in[y]), false},
		{"of another zero", in, signed(shifted, "a loan", in[y]), false},
		{"of y, which is x too", same, signed(plan.Inputs[y], "a loan", in[y]), true},
		{"of x, which is y too: a message names no input", same, signed(plan.Inputs[x], "a loan", in[y]), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i := range p.Salts.Signatures {
				if p.Salts.Signatures[i] != nil {
					p.Salts.Signatures[i] = c.by
				}
			}
			if got := p.solves(p.assign(p.claim(c.inputs), c.inputs, p.Salts)); got != c.admits {
				t.Errorf("admitted: %t, want %t", got, c.admits)
			}
		})
	}
}

// TestSignerOfNobody: a layout whose signer signs no input proves nothing of one.
func TestSignerOfNobody(t *testing.T) {
	p := portedBy(t, crossingPlan(), crossed())
	for _, of := range []string{"", "w", "sum"} { // an output is no input
		p.Statement.Layout = p.Statement.Layout.Clone()
		p.Statement.Layout.Signers()[0].Of = of
		if _, err := p.Statement.Count(); err == nil || !strings.Contains(err.Error(), "for its signer") {
			t.Errorf("a signer of %q: %v", of, err)
		}
	}
}

// TestSharedCommitmentIsOfEachInput: a commitment to several inputs is to each of them
// in its place, so that no element goes from one to another.
func TestSharedCommitmentIsOfEachInput(t *testing.T) {
	plan := crossingPlan()
	plan.Private = visibility.Private{Input: true}
	plan.SignedBy, plan.Signed, plan.Purpose = "", "", ""
	in := crossed()
	p := portedBy(t, plan, in)
	promised := p.claim(in)
	if commitments := p.Statement.Layout.Commitments(); len(commitments) != 3 ||
		!p.solves(p.assign(promised, in, p.Salts)) {
		t.Fatalf("%d commitments, or the honest prover is rejected", len(commitments))
	}
	for name, other := range map[string][][]int64{
		"x and y exchanged":       {in[1], in[0], in[2]},
		"x twice":                 {in[0], in[0], in[2]},
		"an element goes over":    {{1, 3, in[1][0]}, {in[0][2], -4, 0}, in[2]},
		"another order of z":      {in[0], in[1], {0, 7, 31, 5}},
		"one element, one higher": {in[0], in[1], {7, 0, 31, 6}},
	} {
		claim := p.claim(other)
		if !p.solves(p.assign(claim, other, p.Salts)) {
			t.Errorf("%s: a promise of these is rejected", name)
		}
		claim[0] = promised[0]
		if p.solves(p.assign(claim, other, p.Salts)) {
			t.Errorf("%s: the commitment to others is admitted", name)
		}
	}
}

// TestPlacesOfASharedCommitment: equal words are committed to as what they are of: how
// many inputs, with how many elements each.
func TestPlacesOfASharedCommitment(t *testing.T) {
	tensor := func(name string, n int) visibility.Tensor {
		return visibility.Tensor{Name: name, Shape: []int{n}, Bits: 8, Scale: 1}
	}
	seen := map[string]string{}
	for name, inputs := range map[string][]visibility.Tensor{
		"one input":             {tensor("x", 62)},
		"two inputs":            {tensor("x", 31), tensor("z", 31)},
		"two and an odd length": {tensor("x", 30), tensor("z", 31)},
		"hostile names":         {tensor("x | 31 elements, 8 bits", 31), tensor("", 29)},
	} {
		inputs[len(inputs)-1].Name = "z; for \"a\""
		plan := crossingPlan()
		plan.Inputs, plan.Private = inputs, visibility.Private{Input: true}
		plan.SignedBy, plan.Signed, plan.Purpose = "", "", ""
		l, err := plan.Layout()
		if err != nil {
			t.Fatal(err)
		}
		zeros := map[int][]int64{}
		for i, x := range inputs {
			zeros[i] = make([]int64, x.Count())
		}
		c, err := circuits.CommitPort(l, l.Inputs()[0], big.NewInt(7), zeros)
		if err != nil {
			t.Fatal(err)
		}
		if other, twice := seen[c.String()]; twice {
			t.Errorf("%s and %s have one commitment", name, other)
		}
		seen[c.String()] = name
	}
}

// TestPurposesDiffer: no two purposes make one message, however they are written.
func TestPurposesDiffer(t *testing.T) {
	in := visibility.Tensor{Name: "x", Shape: []int{2}, Bits: 8, Scale: 1}
	seen := map[string]string{}
	for _, purpose := range []string{
		"", " ", `"`, `""`, `\"`, "a", "a\n", `a\n`, `a"; for "a`, "é", `\u00e9`, `"\u00e9"`, "e\u0301", "\ufffd",
		`\ufffd`, "a; 2 elements",
		"\U0001fae8", `\U0001fae8`, // a character of a Unicode that is newer than some compilers
	} {
		m := messageOf(t, in, purpose, []int64{1, 2}).String()
		if other, twice := seen[m]; twice {
			t.Errorf("purposes %q and %q make one message", purpose, other)
		}
		seen[m] = purpose
	}
}

// TestOneSaltForTwo: what two commitments with one salt tell, and why a prover draws
// one for each: whether the values are equal.
func TestOneSaltForTwo(t *testing.T) {
	plan := crossingPlan()
	plan.Private, plan.Commit = visibility.Private{Input: true}, visibility.CommitEach
	plan.SignedBy, plan.Signed, plan.Purpose = "", "", ""
	in := crossed()
	in[1] = slices.Clone(in[0])
	p := portedBy(t, plan, in)
	equal := func() bool {
		claim := p.claim(in)
		return claim[0].Element().Cmp(claim[1].Element()) == 0
	}
	if equal() {
		t.Error("commitments with salts of their own tell that the values are equal")
	}
	if p.Salts.Salts[1] = p.Salts.Salts[0]; !equal() {
		t.Error("equal values with one salt have two commitments")
	}
}

// attackPorts attacks a statement of several ports under every plan but for signatures,
// which have a case of their own.
func attackPorts(t *testing.T, r *adversary.Records) {
	for name, plan := range portPlans() {
		plan.SignedBy, plan.Signed, plan.Purpose = "", "", ""
		t.Run(name, func(t *testing.T) {
			inputs := portInputs(plan)
			p := portedBy(t, plan, inputs)
			s, err := adversary.Statement(p.Statement, nil)
			if err != nil {
				t.Fatal(err)
			}
			tally, err := s.Attack(slices.Concat(inputs...), slices.Concat(crossing().Eval(inputs...)...), attackLies(),
				1)
			if err != nil {
				t.Fatal(err)
			}
			r.Attacked(t, "ports", name, s.Open, tally)
			r.Pinned(t, "ports", name, s.Open.Pins())
		})
	}
}
