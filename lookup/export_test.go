package lookup

import "github.com/zkml-go/zkml/gate"

// MaxTerms is what queries and entries of a table stay below.
const MaxTerms = 1 << alphaSquarings

// Challenges exports challenges.
func (p *Pending) Challenges(gamma gate.Wire) (alpha, beta gate.Wire) { return p.challenges(gamma) }
