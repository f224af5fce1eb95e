package circuittest

import (
	"math/big"

	"github.com/consensys/gnark/constraint/solver"

	"github.com/zkml-go/zkml/argument"
	"github.com/zkml-go/zkml/gate"
)

func init() { solver.RegisterHint(Seen) }

// shuffleBits bounds the length of a Shuffle: it is below 2^shuffleBits.
const shuffleBits = 6

// Shuffle is a small argument for tests: the pairs of B are those of A, in some
// order.
//
// Soundness: Π (X + a + Y·b) over the pairs of A equals that over the pairs of B,
// as polynomials in X and Y, just where the pairs are the same. Degrees are those
// of the lists' length.
type Shuffle struct {
	G    gate.API
	A, B [][2]gate.Wire
	// Forget, where not nil, picks wires that Collect leaves out, which it must not.
	Forget func(w gate.Wire) bool
}

// Seen is the hint of a challenge that a test wants to see: it repeats it.
func Seen(_ *big.Int, in, out []*big.Int) error {
	out[0].Set(in[0])
	return nil
}

// Collect implements argument.Argument.
func (s *Shuffle) Collect() []gate.Wire {
	if len(s.A) != len(s.B) || len(s.A) >= 1<<shuffleBits {
		panic("circuittest: lists of different lengths, or long ones")
	}
	var wires []gate.Wire
	for _, list := range [][][2]gate.Wire{s.A, s.B} {
		for _, p := range list {
			for _, w := range p {
				if s.Forget == nil || !s.Forget(w) {
					wires = append(wires, w)
				}
			}
		}
	}
	return wires
}

// Finish implements argument.Argument.
func (s *Shuffle) Finish(c *argument.Challenge) {
	p := c.Points(shuffleBits, shuffleBits)
	s.G.Hint(Seen, 1, p[1])
	side := func(list [][2]gate.Wire) gate.Wire {
		var product gate.Wire
		for i, pair := range list {
			scaled := s.G.Quad(p[1], pair[1], gate.Q{M: 1})
			factor := gate.Sum(s.G, []gate.Term{gate.T(p[0], 1), gate.T(pair[0], 1), gate.T(scaled, 1)})
			if i == 0 {
				product = factor
			} else {
				product = s.G.Quad(product, factor, gate.Q{M: 1})
			}
		}
		return product
	}
	x, y := side(s.A), side(s.B)
	s.G.Assert(x, y, y, gate.Q{L: 1, R: -1})
}
