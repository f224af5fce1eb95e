package argument

import (
	"fmt"

	"github.com/zkml-go/zkml/gate"
)

// MaxBits bounds the degree of an identity as a polynomial in the challenge: it
// is below 2^MaxBits.
const MaxBits = 100

// Challenge is the element γ that is drawn when the wires of all arguments are
// fixed.
type Challenge struct {
	g      gate.API
	powers []gate.Wire // γ^(2^k), as far as they were requested
}

func newChallenge(g gate.API, gamma gate.Wire) *Challenge {
	return &Challenge{g: g, powers: []gate.Wire{gamma}}
}

// Points returns a point at which to check identities in as many variables as
// there are bits, whose degree in the i-th is below 2^bits[i]. The last variable
// is γ itself. It costs a gate for each squaring that was not made before.
//
// Soundness: monomials of such degrees keep different powers of γ (see the
// package's comment). Misuse: it panics for degrees that leave MaxBits.
func (c *Challenge) Points(bits ...int) []gate.Wire {
	points := make([]gate.Wire, len(bits))
	shift := 0
	for i := len(bits) - 1; i >= 0; i-- {
		points[i] = c.power(shift)
		shift += bits[i]
		if bits[i] < 1 || shift > MaxBits {
			panic(fmt.Sprintf("argument: identities of degrees below 2^%v are too much for one challenge", bits))
		}
	}
	return points
}

// power is γ^(2^k).
func (c *Challenge) power(k int) gate.Wire {
	for n := len(c.powers); n <= k; n++ {
		last := c.powers[n-1]
		c.powers = append(c.powers, c.g.Quad(last, last, gate.Q{M: 1}))
	}
	return c.powers[k]
}
