package circuits_test

import (
	"math/big"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/twistededwards"

	"github.com/zkml-go/zkml/circuits"
)

// TestBothCoordinatesAreCompared: a signer can make an equation hold in one
// coordinate alone: in y with the negated S, in x with an R that is off by the
// point of order two. Neither is a signature.
func TestBothCoordinatesAreCompared(t *testing.T) {
	c := signedCircuit(t)
	base := twistededwards.GetEdwardsCurve().Base
	times := func(n *big.Int) circuits.Point {
		var p twistededwards.PointAffine
		return pointOf(*p.ScalarMultiplication(&base, n))
	}
	secret, nonce, message := big.NewInt(1_000_003), big.NewInt(7_777_777), big.NewInt(42)
	key := times(secret)
	respond := func(r circuits.Point, sign int64) *big.Int { // nonce ± challenge·secret
		s := circuits.Challenge(r, key, message)
		s.Mul(s, secret).Mul(s, big.NewInt(sign)).Add(s, nonce)
		return s.Mod(s, circuits.GroupOrder)
	}
	r := times(nonce)
	s := respond(r, 1)
	c.Admits(wires(circuits.Signature{Key: key, R: r, S: s}, message))
	t.Run("y alone", func(*testing.T) {
		c.Refuses(wires(circuits.Signature{Key: key, R: r, S: new(big.Int).Sub(circuits.GroupOrder, s)}, message))
	})
	t.Run("x alone", func(*testing.T) {
		r := circuits.Point{X: r.X, Y: new(big.Int).Sub(field, r.Y)} // (0, −1) − nonce·base
		c.Refuses(wires(circuits.Signature{Key: key, R: r, S: respond(r, -1)}, message))
	})
}
