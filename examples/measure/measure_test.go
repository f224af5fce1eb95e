package measure

import (
	"os"
	"testing"

	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

func TestMain(m *testing.M) {
	Child()
	os.Exit(m.Run())
}

// TestBare proves a small circuit in a process of its own.
func TestBare(t *testing.T) {
	store, err := srs.Open("")
	if err != nil {
		t.Fatal(err)
	}
	s := &Session{Dir: t.TempDir(), Store: store}
	for _, hiding := range []bool{false, true} {
		seconds, peak, err := s.Bare(t.Context(), 1<<10, hiding)
		if err != nil || seconds <= 0 || peak < 1<<20 {
			t.Errorf("hiding %t: %g s, %d bytes, %v", hiding, seconds, peak, err)
		}
	}
	if _, _, err := s.Bare(t.Context(), 1000, false); err == nil {
		t.Error("a circuit has 1000 padded rows")
	}
}

func TestAnotherClass(t *testing.T) {
	plan := visibility.Plan{
		Private: visibility.Private{Input: true}, Reveal: visibility.Class,
		Inputs:  []visibility.Tensor{{Name: "x", Shape: []int{4}, Bits: 8, Scale: 1}},
		Outputs: []visibility.Tensor{{Name: "y", Shape: []int{1}, Bits: 4, Scale: 1, Classes: true}},
	}
	l := circuittest.Layout(plan)
	at := l.Outputs()[0].Start
	honest := &verifier.Proof{PublicInputs: make([]verifier.Word, 2)}
	honest.PublicInputs[at][31] = 7
	forged, err := anotherClass(l, honest)
	if err != nil || forged.PublicInputs[at][31] != 6 || honest.PublicInputs[at][31] != 7 {
		t.Errorf("forged %v of %v, %v", forged, honest, err)
	}
	plan.Reveal = visibility.Commitment
	if _, err := anotherClass(circuittest.Layout(plan), honest); err == nil {
		t.Error("a class is forged that is not revealed")
	}
}

func TestFileName(t *testing.T) {
	if got := fileName("mlp784 private input, public model"); got != "mlp784-private-input--public-model" {
		t.Error(got)
	}
}
