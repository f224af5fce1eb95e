package verifier

import (
	"fmt"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"
)

// Sizes of a proof in Solidity's form: ProofBytes for a circuit without
// commitments, and CommitmentBytes more for each commitment it makes.
const (
	ProofBytes      = 0x300
	CommitmentBytes = 0x60
)

// linearised is the place of the linearised polynomial's claimed value, which
// Solidity's form leaves out because a verifier computes it.
const linearised = 0

// UnmarshalSolidity is the inverse of gnark's Proof.MarshalSolidity for a
// circuit that makes the given number of commitments. Exactly one text stands
// for a proof: the length must be right, every scalar below r, every
// coordinate below p, every point on the curve and not at infinity (Go and
// Solidity hash that point differently, and an honest proof never has it).
//
// The claimed value of the linearised polynomial is not in the bytes: it is
// zero in the result.
func UnmarshalSolidity(raw []byte, commitments int) (*plonk.Proof, error) {
	if want := ProofBytes + commitments*CommitmentBytes; len(raw) != want {
		return nil, fmt.Errorf("the proof has %d bytes, not %d", len(raw), want)
	}
	p := new(plonk.Proof)
	p.Bsb22Commitments = make([]bn254.G1Affine, commitments)
	p.BatchedProof.ClaimedValues = make([]fr.Element, 6+commitments)
	r := reader{raw: raw}
	r.points(p.LRO[:])
	r.points(p.H[:])
	r.scalars(p.BatchedProof.ClaimedValues[1:6])
	r.point(&p.Z)
	r.scalar(&p.ZShiftedOpening.ClaimedValue)
	r.point(&p.BatchedProof.H)
	r.point(&p.ZShiftedOpening.H)
	r.scalars(p.BatchedProof.ClaimedValues[6:])
	r.points(p.Bsb22Commitments)
	if r.err != nil {
		return nil, r.err
	}
	return p, nil
}

// reader takes points and scalars from the front of bytes that are known to be
// long enough, and keeps the first error.
type reader struct {
	raw []byte
	at  int
	err error
}

func (r *reader) take(n int) []byte {
	part := r.raw[r.at : r.at+n]
	r.at += n
	return part
}

func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("the proof's %s before byte %d", what, r.at)
	}
}

func (r *reader) scalar(s *fr.Element) {
	if s.SetBytesCanonical(r.take(fr.Bytes)) != nil {
		r.fail("scalar is not below the field's size")
	}
}

func (r *reader) point(p *bn254.G1Affine) {
	badX := p.X.SetBytesCanonical(r.take(32))
	badY := p.Y.SetBytesCanonical(r.take(32))
	if badX != nil || badY != nil || p.IsInfinity() || !p.IsInSubGroup() {
		r.fail("point is not on the curve")
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
