package zkml

import (
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Commit makes the salted commitment to a private input, flattened row-major, that a
// later proof will have as its public input: hand the secrets to Prove as
// ProveOptions.Commitment. The layout is a key's or a bundle's; the commitment serves
// every model that takes its input in the same format. An input with elements that the
// format cannot hold is refused (problem.Range); Limited gives one that is not.
func Commit(l visibility.Layout, x []float64) (verifier.Word, verifier.Secrets, error) {
	var none verifier.Word
	if private := l.Private(); !private.Hidden() {
		return none, verifier.Secrets{}, errPublicInput("")
	}
	integers, err := vouched(l, x)
	if err != nil {
		return none, verifier.Secrets{}, err
	}
	salt, err := prover.NewInputSalt()
	if err != nil {
		return none, verifier.Secrets{}, err
	}
	in := l.Inputs()[0]
	made, err := circuits.CommitPort(l, in, salt, map[int][]int64{0: integers})
	if err != nil {
		return none, verifier.Secrets{}, err
	}
	w, err := verifier.NewWord(made)
	if err != nil {
		return none, verifier.Secrets{}, err
	}
	return w, verifier.Secrets{Openings: []verifier.Opening{{
		Role: in.Role, Names: verifier.CoveredNames(l, in), Salt: salt.FillBytes(make([]byte, len(w))),
		Commitment: w, Formats: l.Format(in),
	}}}, nil
}

// ModelCommitment is the commitment to the weights of a model that is bound by its
// hash: the public input that its proofs have in common.
func ModelCommitment(b *artifact.Bundle) (verifier.Word, error) {
	if !b.Manifest.Layout.Hashed() {
		return verifier.Word{}, errBoundByKey(b.Dir)
	}
	s, err := b.Statement()
	if err != nil {
		return verifier.Word{}, err
	}
	w, err := modelCommitment(s)
	if err != nil {
		return verifier.Word{}, err
	}
	return *w, nil
}

// Sign signs an input, flattened row-major, for models that require it: hand the
// signature to Prove. The layout is a key's or a bundle's; the signature serves every
// model that takes its input in the same format. It is private: it lets anybody test a
// guess of the input. An input with elements that the format cannot hold is refused, as
// by Commit.
func Sign(l visibility.Layout, key *signature.Key, x []float64) (*circuits.Signature, error) {
	in, purpose := l.Inputs()[0], ""
	if s := l.Signer(in.Name); s != nil {
		purpose = s.Purpose
	}
	integers, err := vouched(l, x)
	if err != nil {
		return nil, err
	}
	message, err := circuits.Message(in.Tensor, purpose, integers)
	if err != nil {
		return nil, err
	}
	return key.Sign(message)
}
