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
// every model that takes its input in the same format.
func Commit(l visibility.Layout, x []float64) (verifier.Word, verifier.Secrets, error) {
	var none verifier.Word
	if !l.Private.Input {
		return none, verifier.Secrets{}, errPublicInput("")
	}
	words, err := l.Input.Pack(encode(l, x))
	if err != nil {
		return none, verifier.Secrets{}, err
	}
	salt, err := prover.NewInputSalt()
	if err != nil {
		return none, verifier.Secrets{}, err
	}
	w, err := verifier.NewWord(circuits.Commit(circuits.InputDomain.Of(l.Input), salt, words))
	if err != nil {
		return none, verifier.Secrets{}, err
	}
	return w, verifier.Secrets{
		InputSalt: salt.FillBytes(make([]byte, len(w))), InputCommitment: &w, InputFormat: l.Input.Format(),
	}, nil
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
// guess of the input.
func Sign(l visibility.Layout, key *signature.Key, x []float64) (*circuits.Signature, error) {
	message, err := circuits.Message(l.Input, encode(l, x))
	if err != nil {
		return nil, err
	}
	return key.Sign(message)
}
