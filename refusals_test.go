package zkml_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// signedLayout is a layout whose proofs show who signed an input.
func signedLayout(t *testing.T, l visibility.Layout, name string) visibility.Layout {
	t.Helper()
	plan := l.Plan()
	plan.SignedBy, plan.Signed = visibility.EdDSA, name
	l, err := plan.Layout()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// refusesOtherCommitments gives the prover secrets of other inputs, and another input
// than the one that was committed to: each time the error names the input.
func refusesOtherCommitments(t *testing.T, b *artifact.Bundle, x zkml.Sample, mine verifier.Secrets) {
	t.Helper()
	plan := b.Manifest.Layout.Plan()
	plan.Commit = visibility.CommitTogether
	together, err := plan.Layout()
	if err != nil {
		t.Fatal(err)
	}
	_, grouped, err := zkml.Commit(together, x)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := mine.Renamed("income")
	if err == nil {
		t.Fatalf("the only one of two openings is %v", stranger.Inputs())
	}
	if stranger, err = (verifier.Secrets{Openings: mine.Openings[1:]}).Renamed("income"); err != nil {
		t.Fatal(err)
	}
	changed := zkml.Sample{x[0], slices.Clone(x[1])}
	changed[1][0]++
	for _, c := range []struct {
		name    string
		x       zkml.Sample
		secrets verifier.Secrets
		want    string
	}{
		{"inputs together", x, grouped, `it opens commitments to ["features" "ids"]; the proofs of ` + b.Dir +
			` have commitments to ["features"] and to ["ids"]`},
		{"an input of another name", x, stranger, `it opens commitments to ["income"]`},
		{"another input", changed, mine, `input ["ids"]: it is not the one that was committed to`},
	} {
		_, err := zkml.Prove(t.Context(), b, c.x, zkml.ProveOptions{Commitment: c.secrets})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	again, err := stranger.Renamed("ids")
	if err != nil {
		t.Fatal(err)
	}
	if carried, err := zkml.Carried(b, again); err != nil || !slices.Equal(carried.Openings[0].Names, []string{"ids"}) {
		t.Errorf("renamed: %v, %v", carried.Inputs(), err)
	}
}
