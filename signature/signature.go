// Package signature owns signatures of inputs by their producers: signing keys,
// signing, the check outside a circuit, and the files of keys and signatures. It is
// what a device or a bank needs, so it must not know models, keys of circuits or
// proofs. prover and the command line import it.
//
// A signature is EdDSA over Baby Jubjub (circuits.Point) of the input's
// circuits.Message, made by gnark-crypto's signer with circuits.Challenge as its
// hash. Check and the circuit accept the same signatures.
package signature

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/twistededwards"
	"github.com/consensys/gnark-crypto/ecc/bn254/twistededwards/eddsa"

	"github.com/zkml-go/zkml/circuits"
)

// The errors of Check. All of them are ErrInvalid.
var (
	ErrInvalid       = errors.New("the signature is refused")
	ErrKeyOffCurve   = fmt.Errorf("%w: the signer's key is not a point of the curve", ErrInvalid)
	ErrSmallOrder    = fmt.Errorf("%w: the signer's key has a small order, so that anybody can sign for it", ErrInvalid)
	ErrPointOffCurve = fmt.Errorf("%w: its R is not a point of the curve", ErrInvalid)
	ErrScalar        = fmt.Errorf("%w: its S is not below the group's order", ErrInvalid)
	ErrMismatch      = fmt.Errorf("%w: this key did not make it for this input in this format", ErrInvalid)
)

// Key is a signer's secret key.
type Key struct{ key *eddsa.PrivateKey }

// NewKey draws a key.
func NewKey() (*Key, error) {
	k, err := eddsa.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("draw a key: %w", err)
	}
	return &Key{k}, nil
}

// Public returns the signer's public key.
func (k *Key) Public() circuits.Point { return pointOf(&k.key.PublicKey.A) }

// Sign signs an input's message, which is below r. The same message gives the
// same signature.
func (k *Key) Sign(message *big.Int) (*circuits.Signature, error) {
	var word [fr.Bytes]byte
	raw, err := k.key.Sign(message.FillBytes(word[:]), new(challenge))
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	var s eddsa.Signature
	if _, err := s.SetBytes(raw); err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return &circuits.Signature{Key: k.Public(), R: pointOf(&s.R), S: new(big.Int).SetBytes(s.S[:])}, nil
}

// Check returns what is wrong with a signature of a message, or nil for a signature
// that the circuit accepts.
func Check(message *big.Int, s *circuits.Signature) error {
	key, ok := affine(s.Key)
	if !ok {
		return ErrKeyOffCurve
	}
	var multiple twistededwards.PointAffine
	if multiple.Double(&key).Double(&multiple).Double(&multiple); multiple.IsZero() {
		return ErrSmallOrder
	}
	r, ok := affine(s.R)
	if !ok {
		return ErrPointOffCurve
	}
	if s.S.Sign() < 0 || s.S.Cmp(circuits.GroupOrder) >= 0 {
		return ErrScalar
	}
	base := twistededwards.GetEdwardsCurve().Base
	var left, right twistededwards.PointAffine
	left.ScalarMultiplication(&base, s.S)
	right.ScalarMultiplication(&key, circuits.Challenge(s.R, s.Key, message))
	if right.Add(&right, &r); !left.Equal(&right) {
		return ErrMismatch
	}
	return nil
}

// affine returns a point of the curve, and false for any other coordinates.
func affine(p circuits.Point) (twistededwards.PointAffine, bool) {
	var out twistededwards.PointAffine
	for _, v := range []*big.Int{p.X, p.Y} {
		if v == nil || v.Sign() < 0 || v.Cmp(fr.Modulus()) >= 0 {
			return out, false
		}
	}
	out.X.SetBigInt(p.X)
	out.Y.SetBigInt(p.Y)
	return out, out.IsOnCurve()
}

func pointOf(p *twistededwards.PointAffine) circuits.Point {
	return circuits.Point{X: p.X.BigInt(new(big.Int)), Y: p.Y.BigInt(new(big.Int))}
}

// challenge is circuits.Challenge as the hash.Hash that gnark-crypto's signer takes.
// The signer writes R, the key and the message to it, in 32-byte elements.
type challenge struct{ written []byte }

func (c *challenge) Write(p []byte) (int, error) {
	c.written = append(c.written, p...)
	return len(p), nil
}

// Sum appends the challenge, big-endian; nothing unless five elements were written.
func (c *challenge) Sum(b []byte) []byte {
	if len(c.written) != 5*fr.Bytes {
		return b
	}
	var e [5]*big.Int
	for i := range e {
		e[i] = new(big.Int).SetBytes(c.written[i*fr.Bytes : (i+1)*fr.Bytes])
	}
	h := circuits.Challenge(circuits.Point{X: e[0], Y: e[1]}, circuits.Point{X: e[2], Y: e[3]}, e[4])
	return append(b, h.FillBytes(make([]byte, c.Size()))...)
}

func (c *challenge) Reset()         { c.written = nil }
func (c *challenge) Size() int      { return circuits.ChallengeBits / 8 }
func (c *challenge) BlockSize() int { return fr.Bytes }
