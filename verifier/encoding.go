package verifier

import (
	"errors"
	"fmt"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// What can be wrong with the bytes of a proof. They are checked before any
// computation. Test with errors.Is; Verify returns these errors with ErrRejected.
var (
	// ErrProofLength: not the length that the key's number of commitments requires.
	ErrProofLength = errors.New("wrong length")
	// ErrScalar: a value at the challenge point that is not below r.
	ErrScalar = errors.New("scalar is not below the field's size")
	// ErrCoordinate: a coordinate that is not below p.
	ErrCoordinate = errors.New("coordinate is not below the field's size")
	// ErrInfinity: the point at infinity, which no honest proof has and which Go
	// and Solidity hash differently.
	ErrInfinity = errors.New("point is at infinity")
	// ErrOffCurve: not a point of G1. Its cofactor is 1: every point of the curve
	// is in the group and needs no further check.
	ErrOffCurve = errors.New("point is not on the curve")
)

// Part is a point or a scalar in a proof's bytes: where it begins, and its size, which
// is 64 for a point and 32 for a scalar.
type Part struct {
	Name     string
	At, Size int
}

// Point reports whether the part is a point of G1, and not a scalar.
func (p Part) Point() bool { return p.Size == 2*fr.Bytes }

// Parts lists the parts of a proof with the given number of commitments, in the order
// of gnark's MarshalSolidity. Every byte belongs to one part.
func Parts(commitments int) []Part {
	var list []Part
	at := 0
	add := func(size int, names ...string) {
		for _, name := range names {
			list = append(list, Part{name, at, size})
			at += size
		}
	}
	const scalar, point = fr.Bytes, 2 * fr.Bytes
	add(point, "[l]", "[r]", "[o]", "[h1]", "[h2]", "[h3]")
	add(scalar, "l(ζ)", "r(ζ)", "o(ζ)", "s1(ζ)", "s2(ζ)")
	add(point, "[z]")
	add(scalar, "z(ωζ)")
	add(point, "[opening at ζ]", "[opening at ωζ]")
	for i := range commitments {
		add(scalar, fmt.Sprintf("qcp%d(ζ)", i))
	}
	for i := range commitments {
		add(point, fmt.Sprintf("[commitment %d]", i))
	}
	return list
}

// reader takes the parts of a proof one after the other from bytes that are known
// to be long enough, and keeps the first error.
type reader struct {
	raw   []byte
	parts []Part
	err   error
}

func (r *reader) take() (Part, []byte) {
	p := r.parts[0]
	r.parts = r.parts[1:]
	return p, r.raw[p.At : p.At+p.Size]
}

func (r *reader) fail(p Part, err error) {
	if r.err == nil {
		r.err = fmt.Errorf("the proof's %s at byte %d: %w", p.Name, p.At, err)
	}
}

func (r *reader) scalar(s *fr.Element) {
	part, raw := r.take()
	if s.SetBytesCanonical(raw) != nil {
		r.fail(part, ErrScalar)
	}
}

func (r *reader) point(p *bn254.G1Affine) {
	part, raw := r.take()
	badX := p.X.SetBytesCanonical(raw[:fr.Bytes])
	badY := p.Y.SetBytesCanonical(raw[fr.Bytes:])
	switch {
	case badX != nil || badY != nil:
		r.fail(part, ErrCoordinate)
	case p.IsInfinity():
		r.fail(part, ErrInfinity)
	case !p.IsOnCurve():
		r.fail(part, ErrOffCurve)
	}
}

func (r *reader) scalars(s []fr.Element) {
	for i := range s {
		r.scalar(&s[i])
	}
}

func (r *reader) points(p []bn254.G1Affine) {
	for i := range p {
		r.point(&p[i])
	}
}
