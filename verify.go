package zkml

import (
	"errors"
	"time"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// VerifyResult is the result of checking a proof. Of the fields after Accepted, those are
// set that the proof shows, and none if it was rejected.
type VerifyResult struct {
	Accepted bool `json:"accepted"`
	// About is what every proof of the key is about; Outputs below is what this one
	// shows.
	About About `json:"about"`
	// Output is set if a proof is about one output, and empty if it does not show it.
	Output *verifier.Output `json:"output,omitempty"`
	// Outputs are all outputs, in the layout's order.
	Outputs []verifier.NamedOutput `json:"outputs"`
	// InputCommitment is set if inputs have exactly one commitment, and
	// InputCommitments if it does not cover all inputs or there are several.
	InputCommitment  *verifier.Word             `json:"input_commitment,omitempty"`
	InputCommitments []verifier.NamedCommitment `json:"input_commitments,omitempty"`
	OutputCommitment *verifier.Word             `json:"output_commitment,omitempty"`
	Context          *verifier.Word             `json:"context,omitempty"`
	ModelCommitment  *verifier.Word             `json:"model_commitment,omitempty"`
	Signer           []verifier.Word            `json:"signer,omitempty"`
	// UnsafeSRS says that anybody can forge proofs for this key.
	UnsafeSRS bool    `json:"unsafe_srs"`
	Seconds   float64 `json:"seconds"`
}

// Verify checks a proof against a key. It needs no bundle, no model and no SRS. If the
// proof is invalid, the error is verifier.ErrRejected, together with a result; any other
// error means that the proof cannot be checked against this key.
func Verify(key *verifier.Key, proof *verifier.Proof) (*VerifyResult, error) {
	begin := time.Now()
	claim, verdict := verifier.Verify(key, proof)
	if verdict == nil {
		verdict = solidity.CheckArguments(key.Layout, proof)
	}
	if verdict != nil && !errors.Is(verdict, verifier.ErrRejected) {
		return nil, verdict
	}
	r := &VerifyResult{Accepted: verdict == nil, Outputs: []verifier.NamedOutput{}, UnsafeSRS: key.SRS.Unsafe,
		About: AboutOf(key.Layout)}
	if len(key.Layout.Outputs()) == 1 {
		r.Output = &verifier.Output{}
	}
	if r.Accepted {
		s := verifier.InWords(key.Layout, claim)
		r.Outputs, r.InputCommitments = s.Outputs, s.InputCommitments
		r.InputCommitment, r.OutputCommitment, r.Context = s.InputCommitment, s.OutputCommitment, s.Context
		r.ModelCommitment, r.Signer = s.ModelCommitment, s.Signer
		if s.Output != nil {
			r.Output = s.Output
		}
	}
	r.Seconds = time.Since(begin).Seconds()
	return r, verdict
}
