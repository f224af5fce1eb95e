package srs

import (
	_ "embed"
	"errors"

	"github.com/consensys/gnark-crypto/ecc/bn254"
)

// embedded is [1]₂, [τ]₂ and then [τ^i]₁ for i < 2^16 + 3 of the first known
// ceremony, all in gnark-crypto's compressed form. srs/fetch makes it.
//
//go:embed ppot_0085_16.bin
var embedded []byte

const (
	embeddedPower  = 16
	embeddedDigest = "4f724a9c20ea29d489721763bde62c4302ef57821e1c45c8be4f1591a5cd4f76"
	embeddedOrigin = "github.com/Layr-Labs/eigenda-proxy v1.8.2, resources/g1.point and g2.point"
	embeddedG1     = 2 * bn254.SizeOfG2AffineCompressed // offset of the first G1 point
)

func embeddedEntry() Entry {
	tau := ceremonies[0].tau()
	return newEntry(&tau, embeddedPower, embeddedDigest, embeddedOrigin, whereEmbedded)
}

// embeddedPoints decodes the first n canonical points.
func embeddedPoints(n int) ([]bn254.G1Affine, error) {
	points := make([]bn254.G1Affine, n)
	return points, decompress(embedded[embeddedG1:], points)
}

// checkEmbedded checks that the embedded bytes have the pinned digest and begin
// with the pinned points of G2.
func checkEmbedded() error {
	if digestOf(embedded) != embeddedDigest {
		return errors.New("the embedded SRS differs from its pinned sha256: this build is damaged")
	}
	var g2 [2]bn254.G2Affine
	for i := range g2 {
		if _, err := g2[i].SetBytes(embedded[i*bn254.SizeOfG2AffineCompressed:]); err != nil {
			return err
		}
	}
	_, _, _, generator := bn254.Generators()
	tau := ceremonies[0].tau()
	if !g2[0].Equal(&generator) || !g2[1].Equal(&tau) {
		return errors.New("the embedded SRS does not have its ceremony's points of G2")
	}
	return nil
}
