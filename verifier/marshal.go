package verifier

import (
	"fmt"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"
)

// Sizes of a proof in Solidity's form: ProofBytes for a circuit without
// commitments, plus CommitmentBytes for each commitment that it makes.
const (
	ProofBytes      = 0x300
	CommitmentBytes = 0x60
)

// linearised is the index of the linearised polynomial's claimed value, which
// Solidity's form omits because a verifier computes it.
const linearised = 0

// UnmarshalSolidity is the inverse of gnark's Proof.MarshalSolidity for a
// circuit that makes the given number of commitments. A proof has exactly one
// encoding: the length must be right, every scalar below r, every
// coordinate below p, every point on the curve and not at infinity (Go and
// Solidity hash that point differently, and an honest proof never has it). The
// error is one of ErrProofLength, ErrScalar, ErrCoordinate, ErrInfinity and
// ErrOffCurve, and names the part at fault.
//
// The claimed value of the linearised polynomial is not in the bytes: it is
// zero in the result.
func UnmarshalSolidity(raw []byte, commitments int) (*plonk.Proof, error) {
	if want := ProofBytes + commitments*CommitmentBytes; len(raw) != want {
		return nil, fmt.Errorf("%w: the proof has %d bytes, not %d", ErrProofLength, len(raw), want)
	}
	p := new(plonk.Proof)
	p.Bsb22Commitments = make([]bn254.G1Affine, commitments)
	p.BatchedProof.ClaimedValues = make([]fr.Element, 6+commitments)
	r := reader{raw: raw, parts: Parts(commitments)}
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
