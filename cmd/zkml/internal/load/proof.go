package load

import (
	"bytes"
	"fmt"

	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/verifier"
)

// Proof reads a proof; "-" is standard input.
func Proof(a *app.App, path string) (*verifier.Proof, error) {
	text, err := File(a, path)
	if err != nil {
		return nil, app.WithHint(err, "make a proof with `zkml prove --input FILE`, or name one with --proof")
	}
	p, err := verifier.ReadProof(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}
