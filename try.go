package zkml

import (
	"context"
	"fmt"
	"math/big"
	"math/bits"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// TryOptions are the options of Try.
type TryOptions struct {
	// Context binds every proof, if the model was compiled with a context.
	Context *big.Int
	// Labels and Output are as for Evaluate.
	Labels []int
	Output string
	// Ask shows a proof to whoever decides about it, as a contract. An error ends
	// everything; a refusal does not.
	Ask func(ctx context.Context, p *verifier.Proof) (Verdict, error)
	// Setup's UnsafeSRS is taken from the bundle.
	Setup Setup
}

// Verdict is what was said of a proof.
type Verdict struct {
	// Refused is nil if the proof was accepted.
	Refused error
	// Gas is what a transaction with an accepted proof would use.
	Gas uint64
}

// TryResult is what was said of the proofs of a data set.
type TryResult struct {
	Samples int
	// Proofs are as many as the samples, or fewer if the model is one of batches.
	Proofs, Accepted int
	// Gas is nil if no proof was accepted.
	Gas     *GasRange
	Refused []Refusal
	// Evaluation compares what the accepted proofs show with the float model and with
	// the labels. It is nil if no proof was accepted.
	Evaluation *EvaluateResult
}

// GasRange sums up the gas of several transactions.
type GasRange struct {
	Least    uint64 `json:"least"`
	Mean     uint64 `json:"mean"`
	Greatest uint64 `json:"greatest"`
}

// Refusal is a proof that was refused: its first sample and the reason.
type Refusal struct {
	Sample int
	Why    error
}

// Try proves each sample, asks about each proof, and compares what the accepted proofs
// show with the float model and the labels. A model of batches takes several samples for a
// proof. No proof is kept, and no salt.
func Try(ctx context.Context, b *artifact.Bundle, samples []Sample, o TryOptions) (*TryResult, error) {
	if o.Labels != nil && len(o.Labels) != len(samples) {
		return nil, errLabelCount(len(o.Labels), len(samples))
	}
	items := b.Manifest.Layout.Items()
	if len(samples) == 0 || len(samples)%items != 0 {
		return nil, errUnfilled(len(samples), items)
	}
	e, err := newEvaluation(b)
	if err != nil {
		return nil, err
	}
	labelled, err := e.choose(EvaluateOptions{Labels: o.Labels, Output: o.Output})
	if err != nil {
		return nil, err
	}
	t := &trial{evaluation: e, bundle: b, options: o, result: &TryResult{Samples: len(samples)}}
	stage := o.Setup.Progress.stage(ctx)
	for first := 0; first < len(samples); first += items {
		stage(fmt.Sprintf("prove and ask, %d of %d", first/items+1, len(samples)/items))
		err := problem.Guard(func() error { return t.one(ctx, samples[first:first+items], first) })
		if err != nil {
			return nil, fmt.Errorf("sample %d: %w", first, err)
		}
	}
	if r := t.result; r.Accepted > 0 {
		r.Gas = &GasRange{Least: t.least, Mean: t.sum.mean(r.Accepted), Greatest: t.greatest}
		r.Evaluation = e.result(t.answers, labelled, t.labels)
	}
	return t.result, nil
}

// trial is what Try has so far: of accepted proofs, their answers, labels and gas.
type trial struct {
	*evaluation
	bundle          *artifact.Bundle
	options         TryOptions
	answers         [][]answer
	labels          []int
	least, greatest uint64
	sum             sum
	result          *TryResult
}

// sum adds up numbers, which may be a node's invention: it has two words.
type sum struct{ high, low uint64 }

func (s *sum) add(n uint64) {
	low, carry := bits.Add64(s.low, n, 0)
	s.high, s.low = s.high+carry, low
}

func (s *sum) mean(n int) uint64 {
	mean, _ := bits.Div64(s.high, s.low, uint64(n)) // high is less than n
	return mean
}

// one proves the samples of one proof, whose first has the given index, and asks about it.
func (t *trial) one(ctx context.Context, group []Sample, first int) error {
	options := ProveOptions{Context: t.options.Context, Setup: t.options.Setup}
	options.Setup.Progress = nil
	made, err := Prove(ctx, t.bundle, joined(group), options)
	if err != nil {
		return err
	}
	verdict, err := t.options.Ask(ctx, made.Proof)
	if err != nil {
		return err
	}
	r := t.result
	r.Proofs++
	if verdict.Refused != nil {
		r.Refused = append(r.Refused, Refusal{Sample: first, Why: verdict.Refused})
		return nil
	}
	if r.Accepted == 0 || verdict.Gas < t.least {
		t.least = verdict.Gas
	}
	t.sum.add(verdict.Gas)
	t.greatest = max(t.greatest, verdict.Gas)
	r.Accepted++
	if t.options.Labels != nil {
		t.labels = append(t.labels, t.options.Labels[first:first+len(group)]...)
	}
	return t.keep(group, made.Proof)
}

// joined is the sample of a batch.
func joined(group []Sample) Sample {
	if len(group) == 1 {
		return group[0]
	}
	out := make(Sample, len(group[0]))
	for _, x := range group {
		for k := range out {
			out[k] = append(out[k], x[k]...)
		}
	}
	return out
}

// keep compares what a proof shows of each of its samples with the float model. An output
// of which it shows a commitment alone is the integer model's.
func (t *trial) keep(group []Sample, p *verifier.Proof) error {
	shown, err := shownOutputs(t.bundle.Manifest.Layout, p)
	if err != nil {
		return err
	}
	for i, x := range group {
		got, err := t.integers(x)
		if err != nil {
			return err
		}
		for k, all := range shown {
			if n := len(all) / len(group); n > 0 {
				got[k] = all[i*n : (i+1)*n]
			}
		}
		answers, err := t.compare(x, got)
		if err != nil {
			return err
		}
		t.answers = append(t.answers, answers)
	}
	return nil
}

// shownOutputs returns the integers that a proof shows of each output, none where it shows
// a commitment.
func shownOutputs(l visibility.Layout, p *verifier.Proof) ([][]int64, error) {
	claim, err := p.Claimed(l)
	if err != nil {
		return nil, err
	}
	var out [][]int64
	for i := range l.Ports {
		if l.Ports[i].Role == visibility.RoleOutput {
			out = append(out, claim[i].Integers)
		}
	}
	return out, nil
}
