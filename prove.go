package zkml

import (
	"context"
	"math/big"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/internal/interrupt"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// ProveOptions are the options of Prove.
type ProveOptions struct {
	// Context, below the field's size r, binds the proof to one use, if the model was
	// compiled with a context.
	Context *big.Int
	// Commitment holds the secrets of an earlier commitment to the input, from Commit,
	// that the proof should have; if it is empty, the proof has a new one.
	Commitment verifier.Secrets
	// Signature is the signature of the input, from Sign, if the model requires one.
	Signature *circuits.Signature
	// Setup's UnsafeSRS is taken from the bundle.
	Setup Setup
}

// ProveResult is a proof and what belongs to it.
type ProveResult struct {
	Proof *verifier.Proof
	// Secrets are the salts of the proof's commitments, for the prover only.
	Secrets verifier.Secrets
	// Seconds is the time from reading the bundle to the checked proof.
	Seconds float64
}

// Prove runs a bundle's integer model on a sample and proves its outputs. Real values
// outside the range of their input's format are clamped to it; Saturated finds them.
// The proof is verified before it is returned.
func Prove(ctx context.Context, b *artifact.Bundle, x Sample, o ProveOptions) (*ProveResult, error) {
	o.Setup.UnsafeSRS = b.Manifest.SRS.Unsafe
	setup, err := o.Setup.options(ctx)
	if err != nil {
		return nil, err
	}
	options := prover.ProveOptions{Options: setup, Context: o.Context, Signature: o.Signature}
	if options.Openings, err = openings(b, o.Commitment); err != nil {
		return nil, err
	}
	in, err := encode(b.Manifest.Layout, x)
	if err != nil {
		return nil, err
	}
	r, err := interrupt.Await(ctx, func() (*prover.Result, error) {
		return prover.Prove(ctx, b, in, options)
	})
	if err != nil {
		return nil, err
	}
	if r.Proof.Arguments, err = solidity.Arguments(b.Manifest.Layout, r.Proof); err != nil {
		return nil, err
	}
	return &ProveResult{Proof: r.Proof, Secrets: r.Secrets, Seconds: r.Seconds}, nil
}

// openings returns the openings of earlier commitments to the bundle's inputs; salts for
// outputs are drawn anew.
func openings(b *artifact.Bundle, s verifier.Secrets) ([]prover.Opening, error) {
	if len(s.Openings) == 0 {
		return nil, nil
	}
	carried, err := Carried(b, s)
	if err != nil {
		return nil, err
	}
	layout := b.Manifest.Layout
	var out []prover.Opening
	for _, p := range layout.Commitments() {
		if x, ok := carried.Of(layout, p); ok {
			out = append(out, prover.Opening{
				Role: p.Role, Name: p.Name, Salt: new(big.Int).SetBytes(x.Salt), Commitment: x.Commitment.Int(),
			})
		}
	}
	return out, nil
}

// Carried are the secrets of earlier commitments to inputs that a proof of the bundle can
// carry, under the names that the bundle's model has for the inputs. There is one at
// least: the error says what the secrets open, and what the model commits to.
func Carried(b *artifact.Bundle, s verifier.Secrets) (verifier.Secrets, error) {
	layout := b.Manifest.Layout
	var carried verifier.Secrets
	var wanted [][]string
	for _, p := range layout.Commitments() {
		if p.Role != visibility.RoleInput {
			continue // an output's salt is another proof's
		}
		names := verifier.CoveredNames(layout, p)
		wanted = append(wanted, names)
		x, ok := s.OfInputs(layout, p)
		if !ok {
			continue
		}
		if want := layout.Format(p); x.Formats != want {
			return verifier.Secrets{}, errOtherFormat(b, x, want, names)
		}
		x.Names = names
		carried.Openings = append(carried.Openings, x)
	}
	switch {
	case len(wanted) == 0:
		return verifier.Secrets{}, errPublicInput(b.Dir)
	case len(carried.Openings) == 0:
		return verifier.Secrets{}, errOtherCommitments(b, s.Inputs(), wanted)
	}
	return carried, nil
}
