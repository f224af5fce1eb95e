// Package srs owns the structured reference string of the KZG commitments:
// the ceremony points embedded in the program, the ceremony files a user
// imports, their checks, and their forms cached per domain size. It must not
// know circuits, models or proofs. The prover, the command line and tests
// may import it. The verifier does not need it, since a verifying key contains
// its own part of the SRS.
package srs

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/kzg"
)

// MaxPower is the largest log2 of a domain this package reads or keeps. At
// this size the canonical points take 268 MB.
const MaxPower = 22

// extraPoints is what gnark's PLONK needs beyond the domain's size, to open
// blinded polynomials.
const extraPoints = 3

// Identity says which SRS a key was made with. It goes into manifests.
type Identity struct {
	// Source names the ceremony in plain words.
	Source string `json:"source"`
	// Power is the log2 of the largest domain that the file serves.
	Power int `json:"power"`
	// Digest is the sha256, in hex, of the file that the points came from.
	Digest string `json:"sha256"`
	// TauG2 is [τ]₂ in gnark-crypto's compressed form, in hex. It determines
	// every point of the SRS.
	TauG2 string `json:"tau_g2"`
	// Unsafe is true if τ is public.
	Unsafe bool `json:"unsafe"`
}

// Same reports whether both identities have the same τ, so that keys made with
// one can be used with the other, whatever file the points came from.
func (id Identity) Same(other Identity) bool {
	return id.TauG2 == other.TauG2 && id.Unsafe == other.Unsafe
}

// Pair is an SRS for one domain of size 2^k, in both forms that gnark's
// plonk.Setup and a proving key take.
type Pair struct {
	// Canonical holds [τ^i]₁ for i < 2^k + 3.
	Canonical *kzg.SRS
	// Lagrange holds [L_i(τ)]₁ for i < 2^k, in the order of the domain.
	Lagrange *kzg.SRS
	Identity Identity
}

func newPair(id Identity, tau bn254.G2Affine, canonical, lagrange []bn254.G1Affine) *Pair {
	_, _, g1, g2 := bn254.Generators()
	vk := kzg.VerifyingKey{G1: g1, G2: [2]bn254.G2Affine{g2, tau}}
	vk.Lines[0] = bn254.PrecomputeLines(g2)
	vk.Lines[1] = bn254.PrecomputeLines(tau)
	return &Pair{
		Canonical: &kzg.SRS{Pk: kzg.ProvingKey{G1: canonical}, Vk: vk},
		Lagrange:  &kzg.SRS{Pk: kzg.ProvingKey{G1: lagrange}, Vk: vk},
		Identity:  id,
	}
}

// canonicalLen is the number of canonical points of a domain of size 2^logN.
func canonicalLen(logN int) int { return 1<<logN + extraPoints }

// powerOf returns the log2 of the largest domain that n canonical points serve,
// or -1 if they serve none.
func powerOf(n int) int {
	power := -1
	for power < MaxPower && canonicalLen(power+1) <= n {
		power++
	}
	return power
}

func encodeTau(tau *bn254.G2Affine) string {
	b := tau.Bytes()
	return hex.EncodeToString(b[:])
}

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
