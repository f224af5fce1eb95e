package toy

import (
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/verifier"
)

// Word is 2^256: the words of a proof are below it.
var Word = new(big.Int).Lsh(big.NewInt(1), 256)

// Increase adds n to a big-endian number in place, modulo m.
func Increase(raw []byte, n, m *big.Int) {
	v := new(big.Int).SetBytes(raw)
	v.Add(v, n).Mod(v, m).FillBytes(raw)
}

// Ones sets every bit.
func Ones(raw []byte) {
	for i := range raw {
		raw[i] = 0xff
	}
}

// Negate replaces a scalar by r minus the scalar.
func Negate(raw []byte) {
	v := new(big.Int).SetBytes(raw)
	v.Sub(fr.Modulus(), v).FillBytes(raw)
}

// Tampering is a change to one part of a valid proof. Named is the error that
// refuses it before anything is computed; nil for what only the pairing refuses.
type Tampering struct {
	Name   string
	Change func(part []byte)
	Named  error
}

// Tamperings are all changes that fit a part: other values, and other ways to
// write the same value.
func Tamperings(part verifier.Part) []Tampering {
	if part.Point() {
		return pointTamperings
	}
	return scalarTamperings
}

// onPoint edits a point as a point: what comes out lies on the curve.
func onPoint(change func(*bn254.G1Affine)) func([]byte) {
	return func(raw []byte) {
		var p bn254.G1Affine
		p.X.SetBytes(raw[:32])
		p.Y.SetBytes(raw[32:])
		change(&p)
		text := p.RawBytes()
		copy(raw, text[:])
	}
}

var generator = func() bn254.G1Affine { _, _, g, _ := bn254.Generators(); return g }()

var pointTamperings = []Tampering{
	{"lowest bit of x", func(p []byte) { p[31] ^= 1 }, verifier.ErrOffCurve},
	{"lowest bit of y", func(p []byte) { p[63] ^= 1 }, verifier.ErrOffCurve},
	{"coordinates exchanged", exchange, verifier.ErrOffCurve},
	{"small coordinates off the curve", func(p []byte) { clear(p); p[31], p[63] = 1, 1 }, verifier.ErrOffCurve},
	{"x plus p", func(p []byte) { Increase(p[:32], fp.Modulus(), Word) }, verifier.ErrCoordinate},
	{"y plus p", func(p []byte) { Increase(p[32:], fp.Modulus(), Word) }, verifier.ErrCoordinate},
	{"ones", Ones, verifier.ErrCoordinate},
	{"flagged as compressed", func(p []byte) { p[0] |= 0x80 }, verifier.ErrCoordinate},
	{"flagged as infinity", func(p []byte) { clear(p); p[0] = 0x40 }, verifier.ErrCoordinate},
	{"infinity", func(p []byte) { clear(p) }, verifier.ErrInfinity},
	{"negated", onPoint(func(p *bn254.G1Affine) { p.Neg(p) }), nil},
	{"doubled", onPoint(func(p *bn254.G1Affine) { p.Double(p) }), nil},
	{"generator added", onPoint(func(p *bn254.G1Affine) { p.Add(p, &generator) }), nil},
	{"the generator", onPoint(func(p *bn254.G1Affine) { *p = generator }), nil},
}

func exchange(p []byte) {
	for i := range 32 {
		p[i], p[32+i] = p[32+i], p[i]
	}
}

var scalarTamperings = []Tampering{
	{"one more", func(s []byte) { Increase(s, big.NewInt(1), fr.Modulus()) }, nil},
	{"one less", func(s []byte) { Increase(s, big.NewInt(-1), fr.Modulus()) }, nil},
	{"zero", func(s []byte) { clear(s) }, nil},
	{"negated", Negate, nil},
	{"plus r", func(s []byte) { Increase(s, fr.Modulus(), Word) }, verifier.ErrScalar},
	{"r", func(s []byte) { fr.Modulus().FillBytes(s) }, verifier.ErrScalar},
	{"ones", Ones, verifier.ErrScalar},
}
