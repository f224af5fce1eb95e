package zkml_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// TestElements: real numbers, missing values among them, are proved, committed to and signed
// as the integers of each element's own format.
func TestElements(t *testing.T) {
	plan := artifacttest.RowsPlan()
	b := artifacttest.Rows(t, plan)
	x := []float64{64, math.NaN(), 1.5, 1234567, -1.1}
	want := []int64{512, 145, 3, 12346, -4}
	r, err := zkml.Prove(t.Context(), b, zkml.Sample{x}, zkml.ProveOptions{Setup: zkml.Setup{UnsafeSRS: true}})
	if err != nil {
		t.Fatal(err)
	}
	claim, err := r.Proof.Claimed(b.Manifest.Layout)
	if err != nil || !slices.Equal(claim[0].Integers, want) ||
		!slices.Equal(claim[1].Integers, artifacttest.RowsProgram().Eval(want)[0]) {
		t.Errorf("proved %v, %v", claim, err)
	}
	if _, err := zkml.Verify(b.Key(), r.Proof); err != nil {
		t.Error(err)
	}
	specs, err := zkml.BundleInputs(b)
	if err != nil || specs[0].Missing == nil || specs[0].Missing(0) || !specs[0].Missing(1) || specs[0].Missing(3) ||
		!specs[0].Missing(4) {
		t.Errorf("the inputs are %+v, %v", specs, err)
	}
	plan.Private.Input, plan.SignedBy = true, visibility.EdDSA
	key, err := signature.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	vouches(t, circuittest.Layout(plan), key, x)
}

// vouches commits to an input and signs it, and is refused for what a format cannot hold.
func vouches(t *testing.T, l visibility.Layout, key *signature.Key, x []float64) {
	t.Helper()
	in := l.Inputs()[0]
	both := func(x []float64) []error {
		_, _, commit := zkml.Commit(l, zkml.Sample{x})
		_, sign := zkml.Sign(l, key, x, zkml.SignOptions{})
		return []error{commit, sign}
	}
	if err := errors.Join(both(x)...); err != nil || zkml.Saturated(in, x) != nil {
		t.Errorf("%v; outside: %v", err, zkml.Saturated(in, x))
	}
	for element, spoilt := range []struct {
		value float64
		reach string
	}{
		{200, "0 to 127.875 for element 0"}, {17, "18 to 144 for element 1"}, {2, "1.5 to 1.5 for element 2"},
		{math.NaN(), "0 to 1.09951e+14 for element 3"}, {-32, "-31.75 to 31.75 for element 4"},
	} {
		far := slices.Clone(x)
		far[element] = spoilt.value
		for _, err := range both(far) {
			var p *problem.Error
			if !errors.As(err, &p) || p.Code != problem.Range || !strings.HasSuffix(p.Got, spoilt.reach) {
				t.Errorf("element %d: %v, want %q", element, err, spoilt.reach)
			}
		}
		if out := zkml.Saturated(in, far); !slices.Equal(out, []int{element}) {
			t.Errorf("outside: %v, not %d", out, element)
		}
		if near := zkml.Limited(in, far); math.IsNaN(spoilt.value) {
			continue // there is nothing near
		} else if zkml.Saturated(in, near) != nil || errors.Join(both(near)...) != nil {
			t.Errorf("element %d is limited to %v", element, near)
		}
	}
}
