package zkml

import (
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Commit makes the salted commitments to the private inputs of a sample that a later
// proof will have as its public inputs: pass the secrets to Prove as
// ProveOptions.Commitment. Public inputs are ignored, and may be nil. The layout
// is a key's or a bundle's; a commitment serves every model that takes its inputs in the
// same formats. An input with elements that its format cannot hold is refused
// (problem.Range); Limited clamps it.
func Commit(l visibility.Layout, x Sample) ([]verifier.NamedCommitment, verifier.Secrets, error) {
	var made []verifier.NamedCommitment
	var secrets verifier.Secrets
	if private := l.Private(); !private.Hidden() {
		return nil, secrets, errPublicInput("")
	}
	integers, err := hiddenIntegers(l, x)
	if err != nil {
		return nil, verifier.Secrets{}, err
	}
	for _, p := range l.Commitments() {
		if p.Role != visibility.RoleInput {
			continue
		}
		o, err := commitTo(l, p, integers)
		if err != nil {
			return nil, verifier.Secrets{}, err
		}
		made = append(made, verifier.NamedCommitment{Inputs: o.Names, Commitment: o.Commitment})
		secrets.Openings = append(secrets.Openings, o)
	}
	return made, secrets, nil
}

// hiddenIntegers encodes the private inputs of a sample, keyed by port index.
func hiddenIntegers(l visibility.Layout, x Sample) (map[int][]int64, error) {
	inputs := l.Inputs()
	if len(x) != len(inputs) {
		return nil, errInputCount(len(x), l)
	}
	out, k := map[int][]int64{}, 0
	for i := range l.Ports {
		in := &l.Ports[i]
		if k == len(inputs) || in != inputs[k] {
			continue
		}
		if in.Kind().Hides {
			var err error
			if out[i], err = vouched(l, in, x[k]); err != nil {
				return nil, err
			}
		}
		k++
	}
	return out, nil
}

// commitTo makes the commitment of one port.
func commitTo(l visibility.Layout, p *visibility.Port, integers map[int][]int64) (verifier.Opening, error) {
	salt, err := prover.NewInputSalt()
	if err != nil {
		return verifier.Opening{}, err
	}
	made, err := circuits.CommitPort(l, p, salt, integers)
	if err != nil {
		return verifier.Opening{}, err
	}
	w, err := verifier.NewWord(made)
	return verifier.Opening{
		Role: p.Role, Names: verifier.CoveredNames(l, p), Salt: salt.FillBytes(make([]byte, len(w))),
		Commitment: w, Formats: l.Format(p),
	}, err
}

// ModelCommitment returns the commitment to the weights of a model that is bound by its
// hash: the public input that all its proofs share.
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

// SignOptions say what is signed.
type SignOptions struct {
	// Input is the name of the input, or empty: only the input whose signature the layout
	// requires can be signed.
	Input string
	// Purpose is what the signature is for: empty, or what the layout requires.
	Purpose string
}

// Signed returns the input of a layout that Sign would sign, and the purpose.
func (o SignOptions) Signed(l visibility.Layout) (in *visibility.Port, purpose string, err error) {
	name := o.Input
	if signers := l.Signers(); name == "" && len(signers) == 1 {
		name = signers[0].Of
	}
	if in, err = findInput(l, name); err != nil {
		return nil, "", err
	}
	s := l.Signer(in.Name)
	if s == nil {
		return nil, "", errUnasked(l, in)
	}
	if o.Purpose != "" && o.Purpose != s.Purpose {
		return nil, "", errPurpose(s)
	}
	return in, s.Purpose, nil
}

// Sign signs the elements of an input, flattened row-major, for models that require it:
// pass the signature to Prove. The layout is a key's or a bundle's; the signature serves
// every model that takes its input in the same format and for the same purpose. The
// signature is private: it lets anybody test a guess of the input. An input with elements
// that the format cannot hold is refused, as by Commit.
func Sign(l visibility.Layout, key *signature.Key, x []float64, o SignOptions) (*circuits.Signature, error) {
	in, purpose, err := o.Signed(l)
	if err != nil {
		return nil, err
	}
	integers, err := vouched(l, in, x)
	if err != nil {
		return nil, err
	}
	message, err := circuits.Message(in.Tensor, purpose, integers)
	if err != nil {
		return nil, err
	}
	return key.Sign(message)
}
