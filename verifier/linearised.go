package verifier

import (
	"errors"
	"hash"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/hash_to_field"
	fiatshamir "github.com/consensys/gnark-crypto/fiat-shamir"
	"github.com/consensys/gnark/backend"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"
	"github.com/consensys/gnark/backend/solidity"
)

// challenges are a proof's random points: γ, β, α, ζ, in the order in which
// the transcript yields them.
type challenges struct{ gamma, beta, alpha, zeta fr.Element }

// complete fills in the claimed value at ζ of the linearised polynomial, which
// the Solidity verifier computes itself:
//
//	−(PI(ζ) − α²·L₁(ζ) + α·(l + β·s₁ + γ)·(r + β·s₂ + γ)·(o + γ)·z(ωζ))
//
// Soundness does not depend on it: plonk.Verify computes the same value again and
// refuses a proof that claims another.
func complete(p *plonk.Proof, vk *plonk.VerifyingKey, public fr.Vector) error {
	cfg, err := backend.NewVerifierConfig(solidity.WithVerifierTargetSolidityVerifier(backend.PLONK))
	if err != nil {
		return err
	}
	if len(public) != int(vk.NbPublicVariables) {
		return errors.New("the number of public inputs differs from the key's")
	}
	c, err := derive(cfg.ChallengeHash, p, vk, public)
	if err != nil {
		return err
	}
	values := p.BatchedProof.ClaimedValues
	factor := func(v, s fr.Element) fr.Element {
		s.Mul(&s, &c.beta)
		v.Add(&v, &s)
		return *v.Add(&v, &c.gamma)
	}
	left := factor(values[1], values[4])
	right := factor(values[2], values[5])
	out := factor(values[3], fr.Element{})
	var sum fr.Element
	sum.Mul(&left, &right).Mul(&sum, &out).Mul(&sum, &c.alpha).Mul(&sum, &p.ZShiftedOpening.ClaimedValue)

	lagrange := newLagrange(vk, c.zeta)
	first := lagrange.at(0)
	first.Mul(&first, &c.alpha).Mul(&first, &c.alpha)
	inputs := publicInputsAt(lagrange, p, vk, public, cfg.HashToFieldFn)
	sum.Sub(&sum, &first).Add(&sum, &inputs)
	values[linearised].Neg(&sum)
	return nil
}

// derive runs the transcript: the key's commitments, the public inputs, then
// the proof's commitments round by round.
func derive(h hash.Hash, p *plonk.Proof, vk *plonk.VerifyingKey, public fr.Vector) (challenges, error) {
	transcript := fiatshamir.NewTranscript(h, "gamma", "beta", "alpha", "zeta")
	first := append([]bn254.G1Affine{}, vk.S[:]...)
	first = append(first, vk.Ql, vk.Qr, vk.Qm, vk.Qo, vk.Qk)
	first = append(first, vk.Qcp...)
	if err := bind(transcript, "gamma", first); err != nil {
		return challenges{}, err
	}
	for i := range public {
		if err := transcript.Bind("gamma", public[i].Marshal()); err != nil {
			return challenges{}, err
		}
	}
	var c challenges
	for _, round := range []struct {
		name   string
		points []bn254.G1Affine
		out    *fr.Element
	}{
		{"gamma", p.LRO[:], &c.gamma},
		{"beta", nil, &c.beta},
		{"alpha", append(append([]bn254.G1Affine{}, p.Bsb22Commitments...), p.Z), &c.alpha},
		{"zeta", p.H[:], &c.zeta},
	} {
		if err := bind(transcript, round.name, round.points); err != nil {
			return challenges{}, err
		}
		sum, err := transcript.ComputeChallenge(round.name)
		if err != nil {
			return challenges{}, err
		}
		round.out.SetBytes(sum)
	}
	return c, nil
}

func bind(t *fiatshamir.Transcript, challenge string, points []bn254.G1Affine) error {
	for i := range points {
		if err := t.Bind(challenge, points[i].Marshal()); err != nil {
			return err
		}
	}
	return nil
}

// lagrange evaluates the domain's Lagrange polynomials at one point ζ.
type lagrange struct {
	vk   *plonk.VerifyingKey
	zeta fr.Element
	// scaled is (ζ^n − 1)/n.
	scaled fr.Element
}

func newLagrange(vk *plonk.VerifyingKey, zeta fr.Element) lagrange {
	one := fr.One()
	l := lagrange{vk: vk, zeta: zeta}
	l.scaled.Exp(zeta, new(big.Int).SetUint64(vk.Size))
	l.scaled.Sub(&l.scaled, &one).Mul(&l.scaled, &vk.SizeInv)
	return l
}

// at returns L_i(ζ) = ω^i·(ζ^n − 1)/(n·(ζ − ω^i)).
func (l lagrange) at(i uint64) fr.Element {
	var root, den fr.Element
	root.Exp(l.vk.Generator, new(big.Int).SetUint64(i))
	den.Sub(&l.zeta, &root)
	den.Inverse(&den)
	return *root.Mul(&root, &l.scaled).Mul(&root, &den)
}

// publicInputsAt returns PI(ζ), the polynomial with the public inputs in the first rows
// and the hash of each commitment in its own row.
func publicInputsAt(l lagrange, p *plonk.Proof, vk *plonk.VerifyingKey, public fr.Vector, h hash.Hash) fr.Element {
	if h == nil {
		h = hash_to_field.New([]byte("BSB22-Plonk"))
	}
	var sum fr.Element
	add := func(row uint64, value fr.Element) {
		at := l.at(row)
		sum.Add(&sum, value.Mul(&value, &at))
	}
	for i := range public {
		add(uint64(i), public[i])
	}
	for i, row := range vk.CommitmentConstraintIndexes {
		h.Reset()
		h.Write(p.Bsb22Commitments[i].Marshal())
		var value fr.Element
		value.SetBytes(h.Sum(nil)[:fr.Bytes])
		add(vk.NbPublicVariables+row, value)
	}
	return sum
}
