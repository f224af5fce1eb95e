package verifier

import (
	"fmt"
	"io"
	"strings"

	plonk "github.com/consensys/gnark/backend/plonk/bn254"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/visibility"
)

// ProofVersion is the version of proof.json that this package reads and writes.
const ProofVersion = 2

// Proof is proof.json: a proof and what it asserts, and nothing secret.
type Proof struct {
	Version  int    `json:"version"`
	VKSHA256 string `json:"vk_sha256"`
	// Proof is exactly the bytes that PlonkVerifier.Verify takes.
	Proof Hex `json:"proof"`
	// PublicInputs are in the verifier's order.
	PublicInputs []Word `json:"public_inputs"`
	// Claim repeats the public inputs in words; Verify compares the two.
	Claim     Statement `json:"claim"`
	UnsafeSRS bool      `json:"unsafe_srs"`
	// Arguments repeat the public inputs and the proof as the calls of the exported
	// contract take them: see solidity.Arguments. Verify does not read them.
	Arguments []Argument `json:"arguments,omitempty"`
}

// Argument is what an argument of a contract's call takes.
type Argument struct {
	Name string `json:"name"`
	// Type is that of Solidity's ABI: tuple for a struct.
	Type string `json:"type"`
	// Value is a text, or a list of texts for an array: integers in decimal, everything
	// else in hex. It is nil for a struct, whose fields are Components.
	Value      any        `json:"value,omitempty"`
	Components []Argument `json:"components,omitempty"`
}

// NewProof makes proof.json from a proof that was made for key with
// solidity.WithProverTargetSolidityVerifier(backend.PLONK). It encodes the claim
// and does not check it: Verify does that. The error says which part of the
// claim is missing or does not fit the layout.
func NewProof(key *Key, proof *plonk.Proof, claim visibility.Claim) (*Proof, error) {
	numbers, err := key.Layout.Public(claim)
	if err != nil {
		return nil, fmt.Errorf("proof: %w", err)
	}
	words := make([]Word, len(numbers))
	for i, v := range numbers {
		if words[i], err = NewWord(v); err != nil {
			return nil, fmt.Errorf("proof: public input %d: %w", i, err)
		}
	}
	return &Proof{
		Version: ProofVersion, VKSHA256: key.VKSHA256,
		Proof: proof.MarshalSolidity(), PublicInputs: words,
		Claim: InWords(key.Layout, claim), UnsafeSRS: key.SRS.Unsafe,
	}, nil
}

// ReadProof reads proof.json. It checks only the form; Verify checks the proof.
func ReadProof(r io.Reader) (*Proof, error) {
	p := new(Proof)
	if err := jsonfile.Read(r, budget.ProofBytes.Most, ProofVersion, p); err != nil {
		return nil, fmt.Errorf("proof: %w", err)
	}
	if err := checkDigest("vk_sha256", p.VKSHA256); err != nil {
		return nil, fmt.Errorf("proof: %w", err)
	}
	return p, nil
}

// WriteTo writes proof.json: always the same bytes for a proof.
func (p *Proof) WriteTo(w io.Writer) (int64, error) { return jsonfile.Write(w, p) }

// Signature is the argument's type as the signature of a call has it.
func (a Argument) Signature() string {
	if a.Components == nil {
		return a.Type
	}
	types := make([]string, len(a.Components))
	for i, c := range a.Components {
		types[i] = c.Signature()
	}
	return "(" + strings.Join(types, ",") + ")"
}
