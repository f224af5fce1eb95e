package solidity_test

import (
	"crypto/sha256"
	"math/big"
	"math/rand/v2"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"
)

// forger makes proofs of what is not so: it knows the secret of the toy's SRS. Its
// points and evaluations are random, so that a verifier that accepts them has
// every one of them at its place. It follows the paper and the transcript by
// itself, apart from gnark's code and from the contract's.
type forger struct {
	vk     *plonk.VerifyingKey
	random *rand.Rand
	// infinite tells which of the proof's points before the openings are the point at
	// infinity.
	infinite uint
}

// proofOf is the parts of a proof in Solidity's order.
type proofOf struct {
	lro, h           [3]bn254.G1Affine
	values           [5]fr.Element
	z                bn254.G1Affine
	zNext            fr.Element
	w, wNext         bn254.G1Affine
	qc               []fr.Element
	bsb              []bn254.G1Affine
	gamma, beta      fr.Element
	alpha, zeta      fr.Element
	opening, folding fr.Element
	digest           bn254.G1Affine
}

func randomScalar(random *rand.Rand) fr.Element {
	var raw [48]byte
	for i := range raw {
		raw[i] = byte(random.Uint32())
	}
	var v fr.Element
	v.SetBytes(raw[:])
	return v
}

func randomPoint(random *rand.Rand) bn254.G1Affine {
	s := randomScalar(random)
	var p bn254.G1Affine
	p.ScalarMultiplicationBase(s.BigInt(new(big.Int)))
	return p
}

// raw writes a point as the EVM knows it: zeros for the one at infinity.
func raw(p bn254.G1Affine) []byte {
	if p.IsInfinity() {
		return make([]byte, 64)
	}
	b := p.RawBytes()
	return b[:]
}

// transcript hashes the parts one behind the other.
func transcript(name string, parts ...[]byte) [32]byte {
	text := []byte(name)
	for _, p := range parts {
		text = append(text, p...)
	}
	return sha256.Sum256(text)
}

func points(list ...bn254.G1Affine) (out []byte) {
	for _, p := range list {
		out = append(out, raw(p)...)
	}
	return out
}

func scalars(list ...fr.Element) (out []byte) {
	for _, s := range list {
		b := s.Bytes()
		out = append(out, b[:]...)
	}
	return out
}

// product multiplies.
func product(list ...fr.Element) fr.Element {
	p := fr.One()
	for i := range list {
		p.Mul(&p, &list[i])
	}
	return p
}

// sum adds.
func sum(list ...fr.Element) (s fr.Element) {
	for i := range list {
		s.Add(&s, &list[i])
	}
	return s
}

func neg(v fr.Element) fr.Element { return *v.Neg(&v) }

func inverse(v fr.Element) fr.Element { return *v.Inverse(&v) }

func raise(v fr.Element, n uint64) fr.Element { return *v.Exp(v, new(big.Int).SetUint64(n)) }

// forge gives a proof that holds of the public inputs.
func (f forger) forge(inputs []fr.Element) []byte {
	p := new(proofOf)
	if len(f.vk.Qcp) == 1 {
		p.bsb, p.qc = make([]bn254.G1Affine, 1), []fr.Element{randomScalar(f.random)}
	}
	random := []*bn254.G1Affine{&p.lro[0], &p.lro[1], &p.lro[2], &p.h[0], &p.h[1], &p.h[2], &p.z}
	for i := range p.bsb {
		random = append(random, &p.bsb[i])
	}
	for i, to := range random {
		if f.infinite>>i&1 == 0 {
			*to = randomPoint(f.random)
		}
	}
	for i := range p.values {
		p.values[i] = randomScalar(f.random)
	}
	p.zNext = randomScalar(f.random)
	f.challenges(p, inputs)
	f.linearise(p, inputs)
	f.open(p)
	text := append(points(p.lro[:]...), points(p.h[:]...)...)
	text = append(append(text, scalars(p.values[:]...)...), points(p.z)...)
	text = append(append(text, scalars(p.zNext)...), points(p.w, p.wNext)...)
	return append(append(text, scalars(p.qc...)...), points(p.bsb...)...)
}

func (f forger) challenges(p *proofOf, inputs []fr.Element) {
	vk := f.vk
	key := points(vk.S[0], vk.S[1], vk.S[2], vk.Ql, vk.Qr, vk.Qm, vk.Qo, vk.Qk)
	last := transcript("gamma", key, points(vk.Qcp...), scalars(inputs...), points(p.lro[:]...))
	p.gamma.SetBytes(last[:])
	last = transcript("beta", last[:])
	p.beta.SetBytes(last[:])
	last = transcript("alpha", last[:], points(p.bsb...), points(p.z))
	p.alpha.SetBytes(last[:])
	last = transcript("zeta", last[:], points(p.h[:]...))
	p.zeta.SetBytes(last[:])
}

// vanishing is ζⁿ−1.
func (f forger) vanishing(p *proofOf) fr.Element {
	return sum(raise(p.zeta, f.vk.Size), neg(fr.One()))
}

// lagrange is Lᵢ(ζ).
func (f forger) lagrange(p *proofOf, i uint64) fr.Element {
	root := raise(f.vk.Generator, i)
	return product(root, f.vk.SizeInv, f.vanishing(p), inverse(sum(p.zeta, neg(root))))
}

// linearise computes the linearised polynomial's commitment and value.
func (f forger) linearise(p *proofOf, inputs []fr.Element) {
	vk, v := f.vk, p.values
	var public fr.Element
	for i := range inputs {
		public = sum(public, product(inputs[i], f.lagrange(p, uint64(i))))
	}
	for i, row := range vk.CommitmentConstraintIndexes {
		hashed, err := fr.Hash(raw(p.bsb[i]), []byte("BSB22-Plonk"), 1)
		if err != nil {
			panic(err) // 11 bytes are a domain
		}
		public = sum(public, product(hashed[0], f.lagrange(p, vk.NbPublicVariables+row)))
	}
	first := product(p.alpha, p.alpha, f.lagrange(p, 0))
	left := sum(v[0], product(p.beta, v[3]), p.gamma)
	right := sum(v[1], product(p.beta, v[4]), p.gamma)
	permuted := product(p.alpha, left, right, p.zNext)
	p.opening = neg(sum(public, neg(first), product(permuted, sum(v[2], p.gamma))))
	identity := p.alpha
	shift := product(p.beta, p.zeta)
	for i := range 3 {
		identity = product(identity, sum(v[i], shift, p.gamma))
		shift = product(shift, vk.CosetShift)
	}
	minus := neg(f.vanishing(p))
	step := raise(p.zeta, vk.Size+2)
	p.digest = combine(
		append([]bn254.G1Affine{vk.Ql, vk.Qr, vk.Qm, vk.Qo, vk.Qk, vk.S[2], p.z, p.h[0], p.h[1], p.h[2]}, p.bsb...),
		append([]fr.Element{v[0], v[1], product(v[0], v[1]), v[2], fr.One(), product(permuted, p.beta),
			sum(first, neg(identity)), minus, product(minus, step), product(minus, step, step)}, p.qc...),
	)
}

// open makes both opening proofs from the secret.
func (f forger) open(p *proofOf) {
	vk, v := f.vk, p.values
	last := transcript("gamma", scalars(p.zeta), points(p.digest), points(p.lro[:]...), points(vk.S[0], vk.S[1]),
		points(vk.Qcp...), scalars(p.opening), scalars(v[:]...), scalars(p.qc...), scalars(p.zNext))
	p.folding.SetBytes(last[:])
	digests := append([]bn254.G1Affine{p.digest, p.lro[0], p.lro[1], p.lro[2], vk.S[0], vk.S[1]}, vk.Qcp...)
	claimed := append([]fr.Element{p.opening, v[0], v[1], v[2], v[3], v[4]}, p.qc...)
	powers := make([]fr.Element, len(digests))
	var value fr.Element
	for i := range digests {
		powers[i] = raise(p.folding, uint64(i))
		value = sum(value, product(powers[i], claimed[i]))
	}
	p.w = quotient(combine(digests, powers), value, p.zeta)
	p.wNext = quotient(p.z, p.zNext, product(p.zeta, vk.Generator))
}

// quotient is the commitment to (f(X)−value)/(X−at), made from f's.
func quotient(f bn254.G1Affine, value, at fr.Element) bn254.G1Affine {
	secret := sha256.Sum256([]byte("toy"))
	var tau fr.Element
	tau.SetBytes(secret[:])
	scale := inverse(sum(tau, neg(at)))
	_, _, g1, _ := bn254.Generators()
	return combine([]bn254.G1Affine{f, g1}, []fr.Element{scale, neg(product(value, scale))})
}

// combine sums up points times scalars.
func combine(list []bn254.G1Affine, by []fr.Element) bn254.G1Affine {
	var total bn254.G1Jac
	for i := range list {
		var term bn254.G1Affine
		term.ScalarMultiplication(&list[i], by[i].BigInt(new(big.Int)))
		total.AddMixed(&term)
	}
	var out bn254.G1Affine
	return *out.FromJacobian(&total)
}
