package srs

import (
	"fmt"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/kzg"
)

// UnsafeSeed is the seed that Unsafe uses if none is given, so that whoever proves with
// a bundle of an unsafe SRS can make the same SRS again.
const UnsafeSeed = "zkml"

// Unsafe makes an SRS for a domain of size 2^logN from a τ that is derived from
// the seed: whoever knows the seed can prove anything. It exists for tests and
// for users who explicitly ask for it, and is never written to disk. The same
// seed ("" is UnsafeSeed) gives the same τ at every size.
func Unsafe(logN int, seed string) (*Pair, error) {
	if err := checkSize(logN); err != nil {
		return nil, err
	}
	if seed == "" {
		seed = UnsafeSeed
	}
	h, err := fr.Hash([]byte(seed), []byte("zkml unsafe srs"), 1)
	if err != nil {
		return nil, fmt.Errorf("unsafe srs: %w", err)
	}
	tau := h[0]
	canonical, err := kzg.NewSRS(uint64(canonicalLen(logN)), bigOf(&tau))
	if err != nil {
		return nil, fmt.Errorf("unsafe srs: %w", err)
	}
	scalars, err := lagrangeAt(&tau, logN)
	if err != nil {
		return nil, fmt.Errorf("unsafe srs: %w", err)
	}
	_, _, g1, _ := bn254.Generators()
	lagrange := bn254.BatchScalarMultiplicationG1(&g1, scalars)
	return newPair(unsafeIdentity(&canonical.Vk.G2[1], logN), canonical.Vk.G2[1], canonical.Pk.G1, lagrange), nil
}

// UnsafeEntry describes what Unsafe makes for a domain of size 2^logN, except τ,
// without the work. It is an error if no SRS is that large.
func UnsafeEntry(logN int) (Entry, error) {
	if err := checkSize(logN); err != nil {
		return Entry{}, err
	}
	id := Identity{Source: unsafeSource, Power: logN, Unsafe: true}
	return Entry{Identity: id, Contribution: "none", Origin: "a seed in the source", Where: "made when it is needed"},
		nil
}

const unsafeSource = "UNSAFE: the secret of this SRS is known, anybody can forge proofs"

func unsafeIdentity(tau *bn254.G2Affine, logN int) Identity {
	encoded := encodeTau(tau)
	return Identity{
		Source: unsafeSource,
		Power:  logN,
		Digest: digestOf([]byte(encoded)),
		TauG2:  encoded,
		Unsafe: true,
	}
}

// lagrangeAt evaluates the Lagrange polynomials of the domain of size
// n = 2^logN at τ: L_i(τ) = ω^i (τ^n - 1) / (n (τ - ω^i)).
func lagrangeAt(tau *fr.Element, logN int) ([]fr.Element, error) {
	n := 1 << logN
	root, err := fr.Generator(uint64(n))
	if err != nil {
		return nil, err
	}
	powers, diffs := make([]fr.Element, n), make([]fr.Element, n)
	w := fr.One()
	for i := range powers {
		powers[i] = w
		diffs[i].Sub(tau, &w)
		w.Mul(&w, &root)
	}
	one, factor, size := fr.One(), fr.Element{}, fr.NewElement(uint64(n))
	factor.Exp(*tau, big.NewInt(int64(n)))
	if factor.Equal(&one) || tau.IsZero() {
		return nil, fmt.Errorf("the seed gives a τ of the domain; choose another")
	}
	factor.Sub(&factor, &one).Div(&factor, &size)
	for i, inverse := range fr.BatchInvert(diffs) {
		powers[i].Mul(&powers[i], &inverse).Mul(&powers[i], &factor)
	}
	return powers, nil
}
