package load

import (
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/verifier"
)

// ModelCommitment is the public input that tells a hashed model from others of
// its key.
func ModelCommitment(s *circuits.Statement) (*verifier.Word, error) {
	c, err := s.ModelCommitment()
	if err != nil {
		return nil, err
	}
	w, err := verifier.NewWord(c)
	return &w, err
}
