package main

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/examples/measure"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// hashedRows is the logarithm of mlp400's rows where its weights are hashed.
const hashedRows = 18

// TestHashedModels proves with models that are bound by their hashes, in both
// scenarios that have a private model; with the small one, whatever is revealed.
func TestHashedModels(t *testing.T) {
	reveals := []visibility.Reveal{visibility.Scores, visibility.Class, visibility.Commitment}
	for name, reveals := range map[string][]visibility.Reveal{"tiny": reveals, "mlp400": reveals[1:2]} {
		for _, private := range []visibility.Private{{Model: true}, {Input: true, Model: true}} {
			for _, reveal := range reveals {
				t.Run(fmt.Sprintf("%s, private %s, reveals %s", name, private, reveal), func(t *testing.T) {
					store, err := srs.Open("")
					if err != nil {
						t.Fatal(err)
					}
					if name == "mlp400" && !hasPower(store, hashedRows) {
						t.Skipf("no SRS of 2^%d points is imported: see zkml srs import", hashedRows)
					}
					if name == "mlp400" && testing.Short() {
						t.Skip("a proof of 2^18 rows")
					}
					proveHashed(t, store, name, private, reveal)
				})
			}
		}
	}
}

func hasPower(s *srs.Store, power int) bool {
	return slices.ContainsFunc(s.List(), func(e srs.Entry) bool { return e.Power >= power })
}

func proveHashed(t *testing.T, store *srs.Store, name string, private visibility.Private, reveal visibility.Reveal) {
	m, err := loadModel(name)
	if err != nil {
		t.Fatal(err)
	}
	o := zkml.CompileOptions{Private: private, BindModel: visibility.BindHash, Reveal: reveal}
	if reveal == visibility.Class {
		o.Formats = m.formats[true]
	}
	n := 1
	for _, d := range m.shape {
		n *= d
	}
	s := measure.Session{Dir: t.TempDir(), Store: store}
	r, err := s.Run(context.Background(), &measure.Case{Name: name, Model: m.zkml, Options: o,
		Input: zkml.Sample{make([]float64, n)}})
	if err != nil {
		t.Fatal(err)
	}
	claim, err := verifier.Verify(r.Key, r.Proof)
	if err != nil {
		t.Fatal(err)
	}
	if claim.One(r.Bundle.Manifest.Layout, visibility.RoleModel).Element() == nil {
		t.Error("the proof has no commitment to the model")
	}
	t.Logf("%d rows, padded to %d", r.Cost.Rows, r.Cost.PaddedRows)
}
