package prover_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// TestElementsProve proves rows whose elements have formats of their own, missing values and a
// constant among them: public, private, signed and in batches.
func TestElementsProve(t *testing.T) {
	for i, private := range []bool{false, true} {
		for k, batch := range []int{0, 3} {
			t.Run(fmt.Sprintf("private %t, batch %d", private, batch), func(t *testing.T) {
				plan := artifacttest.RowsPlan()
				plan.Private.Input, plan.Batch = private, batch
				if i == k {
					plan.SignedBy, plan.Purpose = visibility.EdDSA, "a loan"
				}
				b := artifacttest.Rows(t, plan)
				input := artifacttest.RowsInput(max(batch, 1))
				o := prover.ProveOptions{Options: unsafeSRS()}
				if plan.SignedBy != "" {
					o.Signature = signatureOf(t, b.Manifest.Layout.Inputs()[0].Tensor, plan.Purpose, input)
				}
				res, err := prover.Prove(context.Background(), b, [][]int64{input}, o)
				if err != nil {
					t.Fatal(err)
				}
				examine(t, b, input, res)
				for at, want := range map[int]string{
					0: "element 0 does not fit its 10-bit", 1: "element 1 does not fit its 7-bit",
					2: "element 2 does not fit its 0-bit", 4: "element 4 does not fit its 8-bit",
				} {
					wide := slices.Clone(input)
					wide[at] = 1000000
					if _, err := prover.Prove(context.Background(), b, [][]int64{wide}, o); err == nil ||
						!strings.Contains(err.Error(), want) {
						t.Errorf("got %v, want an error with %q", err, want)
					}
				}
			})
		}
	}
}

func signatureOf(t *testing.T, in visibility.Tensor, purpose string, values []int64) *circuits.Signature {
	t.Helper()
	message, err := circuits.Message(in, purpose, values)
	if err != nil {
		t.Fatal(err)
	}
	key, err := signature.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	s, err := key.Sign(message)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestElementsThatDoNotFit: each element of the layout is held against the program's interval
// for it, and not against the widest.
func TestElementsThatDoNotFit(t *testing.T) {
	for want, spoil := range map[string]func(e []visibility.Element){
		"the format of element 0 of input row is [0, 2047], the program takes [0, 1023]": func(e []visibility.Element) {
			e[0].Bits = 11
		},
		"the format of element 2 of input row is [4, 4], the program takes [3, 3]": func(e []visibility.Element) {
			e[2].Zero = -4
		},
	} {
		plan := artifacttest.RowsPlan()
		spoil(plan.Inputs[0].Elements)
		s := &circuits.Statement{Layout: circuittest.Layout(plan), Model: artifacttest.RowsProgram(), Digit: 5}
		if _, err := prover.NewSetup(context.Background(), s, unsafeSRS()); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}
