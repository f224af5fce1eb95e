package zkml_test

import (
	"context"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

var errNotToday = errors.New("not today")

// judge accepts proofs that hold, but for some, which it counts from 0, and asks for more gas
// each time.
type judge struct {
	bundle *artifact.Bundle
	refuse map[int]bool
	asked  int
	seen   map[string]bool // the commitments to inputs
}

func (j *judge) ask(_ context.Context, p *verifier.Proof) (zkml.Verdict, error) {
	if _, err := verifier.Verify(j.bundle.Key(), p); err != nil {
		return zkml.Verdict{}, err
	}
	if c := p.Claim.InputCommitment; c != nil {
		if j.seen == nil {
			j.seen = map[string]bool{}
		}
		j.seen[c.String()] = true
	}
	j.asked++
	if j.refuse[j.asked-1] {
		return zkml.Verdict{Refused: errNotToday}, nil
	}
	return zkml.Verdict{Gas: uint64(100 * j.asked)}, nil
}

// TestTry proves samples, of which one proof is refused, and sums up the others.
func TestTry(t *testing.T) {
	b := hidden()
	dark := zkml.Sample{make([]float64, len(input))}
	j := &judge{bundle: b, refuse: map[int]bool{1: true}}
	r, err := zkml.Try(t.Context(), b, []zkml.Sample{sample, sample, dark, sample}, zkml.TryOptions{
		Labels: []int{3, 0, 3, 3}, Ask: j.ask,
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Samples != 4 || r.Proofs != 4 || r.Accepted != 3 || len(j.seen) != 4 {
		t.Errorf("%+v, %d commitments", r, len(j.seen))
	}
	if len(r.Refused) != 1 || r.Refused[0].Sample != 1 || !errors.Is(r.Refused[0].Why, errNotToday) {
		t.Errorf("refused: %+v", r.Refused)
	}
	if *r.Gas != (zkml.GasRange{Least: 100, Mean: 266, Greatest: 400}) {
		t.Errorf("gas %+v", r.Gas)
	}
	// What is compared are the accepted samples alone, as Evaluate compares them.
	want, err := zkml.Evaluate(t.Context(), b, []zkml.Sample{sample, dark, sample},
		zkml.EvaluateOptions{Labels: []int{3, 3, 3}})
	if err != nil {
		t.Fatal(err)
	}
	got := r.Evaluation
	if got.Samples != 3 || *got.Agreement != *want.Agreement || *got.Accuracy != *want.Accuracy ||
		len(got.Confusion) != len(want.Confusion) {
		t.Errorf("%+v, want %+v", got, want)
	}
	j = &judge{bundle: b, refuse: map[int]bool{0: true}}
	r, err = zkml.Try(t.Context(), b, []zkml.Sample{sample}, zkml.TryOptions{Ask: j.ask})
	if err != nil || r.Gas != nil || r.Evaluation != nil || r.Accepted != 0 {
		t.Errorf("none accepted: %+v, %v", r, err)
	}
}

// TestTryAddsUpGreatGas takes a node's word for gas that no sum of one word holds.
func TestTryAddsUpGreatGas(t *testing.T) {
	gas := uint64(math.MaxUint64)
	ask := func(context.Context, *verifier.Proof) (zkml.Verdict, error) {
		gas -= 2
		return zkml.Verdict{Gas: gas}, nil
	}
	r, err := zkml.Try(t.Context(), hidden(), []zkml.Sample{sample, sample, sample}, zkml.TryOptions{Ask: ask})
	if err != nil {
		t.Fatal(err)
	}
	if want := (zkml.GasRange{Least: gas, Mean: gas + 2, Greatest: gas + 4}); *r.Gas != want {
		t.Errorf("gas %+v, want %+v", *r.Gas, want)
	}
}

// TestTryComparesWhatProofsShow changes the class that a proof shows before it is accepted:
// the agreement is of that class, and not of the model's own.
func TestTryComparesWhatProofsShow(t *testing.T) {
	b := hidden()
	class := b.Manifest.Layout.Outputs()[0].Start
	ask := func(_ context.Context, p *verifier.Proof) (zkml.Verdict, error) {
		p.PublicInputs[class][31] ^= 1
		return zkml.Verdict{Gas: 1}, nil
	}
	r, err := zkml.Try(t.Context(), b, []zkml.Sample{sample}, zkml.TryOptions{Ask: ask})
	if err != nil || *r.Evaluation.Agreement != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestTryBatches proves two samples at once, with a context, and shows commitments alone.
func TestTryBatches(t *testing.T) {
	b := bundle("pairs", zkml.CompileOptions{
		Batch: 2, Context: true, Reveal: visibility.Commitment, Setup: zkml.Setup{UnsafeSRS: true},
	})
	j := &judge{bundle: b}
	o := zkml.TryOptions{Ask: j.ask, Context: big.NewInt(7)}
	var stages []string
	o.Setup.Progress = func(stage string, _, _ int) { stages = append(stages, stage) }
	r, err := zkml.Try(t.Context(), b, []zkml.Sample{sample, sample, sample, sample}, o)
	if err != nil || r.Samples != 4 || r.Proofs != 2 || r.Evaluation.Samples != 4 ||
		r.Evaluation.Outputs[0].MaxAbsError == nil {
		t.Errorf("%+v, %v", r, err)
	}
	if got := strings.Join(stages, "; "); got != "prove and ask, 1 of 2; prove and ask, 2 of 2" {
		t.Errorf("stages %s", got)
	}
	for _, n := range []int{0, 1, 3} {
		_, err := zkml.Try(t.Context(), b, make([]zkml.Sample, n), o)
		if err == nil || !strings.Contains(err.Error(), "a proof of this model is about 2; give a multiple of that") {
			t.Errorf("%d samples: %v", n, err)
		}
	}
}

// TestTryStops ends with an error of whoever is asked, of a sample, or of the context.
func TestTryStops(t *testing.T) {
	b := hidden()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	asked := 0
	broken := func(context.Context, *verifier.Proof) (zkml.Verdict, error) {
		asked++
		cancel()
		return zkml.Verdict{}, errNotToday
	}
	two := []zkml.Sample{sample, sample}
	for _, c := range []struct {
		name    string
		ctx     context.Context
		samples []zkml.Sample
		o       zkml.TryOptions
		asked   int
		want    string
	}{
		{"who is asked", t.Context(), two, zkml.TryOptions{Ask: broken}, 1, "sample 0: not today"},
		{"stopped", ctx, two, zkml.TryOptions{Ask: broken}, 0, context.Canceled.Error()},
		{"a short sample", t.Context(), []zkml.Sample{{input[:3]}}, zkml.TryOptions{Ask: broken}, 0,
			"sample 0: input"},
		{"a context too many", t.Context(), two, zkml.TryOptions{Ask: broken, Context: big.NewInt(1)}, 0,
			"option Context"},
		{"labels", t.Context(), two, zkml.TryOptions{Ask: broken, Labels: []int{1}}, 0, "1 labels for 2 samples"},
		{"an output", t.Context(), two, zkml.TryOptions{Ask: broken, Output: "none"}, 0, "option Output"},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked = 0
			_, err := zkml.Try(c.ctx, b, c.samples, c.o)
			if err == nil || !strings.Contains(err.Error(), c.want) || asked != c.asked {
				t.Errorf("asked %d times, %v", asked, err)
			}
		})
	}
}
