package argument

import "github.com/zkml-go/zkml/gate"

// NewChallenge exports newChallenge.
func NewChallenge(g gate.API, gamma gate.Wire) *Challenge { return newChallenge(g, gamma) }
