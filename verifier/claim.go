package verifier

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"

	"github.com/zkml-go/zkml/visibility"
)

// Statement is what a proof asserts, in words that a person reads: what
// visibility.Claim says in integers. A public input is not repeated here.
type Statement struct {
	Output           *Output `json:"output,omitempty"`
	InputCommitment  *Word   `json:"input_commitment,omitempty"`
	OutputCommitment *Word   `json:"output_commitment,omitempty"`
	Context          *Word   `json:"context,omitempty"`
	ModelCommitment  *Word   `json:"model_commitment,omitempty"`
	// Signer is the key of who signed the input: a point's two coordinates.
	Signer []Word `json:"signer,omitempty"`
}

// Output is a model's revealed output, flattened row-major: scores as real
// numbers (integer × scale), or the classes where an argmax is part of the
// circuit.
type Output struct {
	Scores []float64 `json:"scores,omitempty"`
	Class  Classes   `json:"class,omitempty"`
}

// Classes holds one class for each group; JSON shows a single one as a plain
// number.
type Classes []int64

// MarshalJSON writes a number for one class and an array for several.
func (c Classes) MarshalJSON() ([]byte, error) {
	if len(c) == 1 {
		return json.Marshal(c[0])
	}
	return json.Marshal([]int64(c))
}

// UnmarshalJSON reads either form.
func (c *Classes) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(text, []byte("[")) {
		return json.Unmarshal(text, (*[]int64)(c))
	}
	var one *int64
	if err := json.Unmarshal(text, &one); err != nil || one == nil {
		return errors.New("class is neither a whole number nor an array of them")
	}
	*c = Classes{*one}
	return nil
}

// InWords decodes a claim of a layout. Commitments, contexts and keys must be in
// [0, r), as they are in a claim that visibility.Layout made or accepted.
func InWords(layout visibility.Layout, claim visibility.Claim) Statement {
	s := Statement{
		InputCommitment:  word(claim.InputCommitment),
		OutputCommitment: word(claim.OutputCommitment),
		Context:          word(claim.Context),
		ModelCommitment:  word(claim.ModelCommitment),
	}
	for _, v := range claim.Signer {
		s.Signer = append(s.Signer, *word(v))
	}
	if claim.Output != nil {
		s.Output = Decode(layout, claim.Output)
	}
	return s
}

// Decode turns the integers of a layout's output tensor into real scores, or
// into classes.
func Decode(layout visibility.Layout, output []int64) *Output {
	if layout.Classes {
		return &Output{Class: append(Classes{}, output...)}
	}
	scores := make([]float64, len(output))
	for i, v := range output {
		scores[i] = float64(v) * layout.Output.Scale
	}
	return &Output{Scores: scores}
}

func word(v *big.Int) *Word {
	w, err := NewWord(v)
	if err != nil {
		return nil
	}
	return &w
}
