package conformance

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/fft"
	"github.com/consensys/gnark-crypto/ecc/bn254/kzg"

	"github.com/zkml-go/zkml/verifier"
)

// Rises is the part of a proof that is about the secret staircases of trees: each rise is an
// integer of so many bits, and where two rows have one, it is the same. docs/private-models.md
// specifies it.
type Rises struct {
	// Bits are the commitments to the polynomials that have the rises' bits in their rows, the
	// lowest first, compressed, and Quotient that to the quotient of their identity.
	Bits     []verifier.Word `json:"bits"`
	Quotient verifier.Word   `json:"quotient"`
	// Values are those polynomials at the challenge, and Next is that of the rises at the next
	// row's place: the challenge times the domain's generator.
	Values []verifier.Word `json:"values"`
	Next   verifier.Word   `json:"next"`
	// Opening is that of the rises there, compressed.
	Opening verifier.Word `json:"opening"`
}

// bitted are the polynomials behind Rises, in canonical form.
type bitted struct {
	bits     [][]fr.Element
	digests  []kzg.Digest
	quotient []fr.Element
}

// commitRises commits to the bits of rises, by row, and to the quotient of their identity.
func (p *Proof) commitRises(t *template, values [3][]fr.Element, rises []uint64) (*bitted, error) {
	p.Rises = &Rises{}
	free := t.stairs.free(len(rises))
	seed := p.blinding(t, values)
	b := &bitted{}
	for j := range t.stairs.bits {
		column := make([]fr.Element, len(rises))
		for i, rise := range rises {
			column[i].SetUint64(rise >> j & 1)
		}
		random, err := fr.Hash(binary.BigEndian.AppendUint64(seed, uint64(j)), []byte(blindingTag), len(free))
		if err != nil {
			return nil, fmt.Errorf("the blinding: %w", err)
		}
		for k, i := range free {
			column[i] = random[k]
		}
		digest, err := kzg.Commit(column, t.srs.Lagrange.Pk)
		if err != nil {
			return nil, err
		}
		b.digests, p.Rises.Bits = append(b.digests, digest), append(p.Rises.Bits, digest.Bytes())
		b.bits = append(b.bits, interpolate(column, t.domain))
	}
	mix, err := p.mix(t)
	if err != nil {
		return nil, err
	}
	b.quotient = t.riseQuotient(b.bits, interpolate(values[inQR], t.domain), free, mix)
	digest, err := kzg.Commit(b.quotient, t.srs.Canonical.Pk)
	b.digests, p.Rises.Quotient = append(b.digests, digest), digest.Bytes()
	return b, err
}

// blinding is the seed of what hides the rises. The salt of the key is in it, and all that the
// challenge depends on: making a proof again gives the same one, and reveals nothing new.
func (p *Proof) blinding(t *template, values [3][]fr.Element) []byte {
	h := sha256.New()
	h.Write(p.transcript(t))
	for k := range selectors {
		for i := range values[k] {
			raw := values[k][i].Bytes()
			h.Write(raw[:])
		}
	}
	return h.Sum(nil)
}

// sumOfBits is Σ 2^j·bits[j].
func sumOfBits(bits [][]fr.Element) []fr.Element {
	out := make([]fr.Element, len(bits[0]))
	for j := len(bits) - 1; j >= 0; j-- {
		for i := range out {
			out[i].Double(&out[i]).Add(&out[i], &bits[j][i])
		}
	}
	return out
}

// riseQuotient divides the identity of the bits,
//
//	Σ mixʲ·(bⱼ² − bⱼ) + mixᵐ·S·(qR − d − 2^Apart·d(ωX)),   d = Σ 2ʲ·bⱼ
//
// by the polynomial that vanishes on the domain outside the free rows, without a remainder if
// the rises are those of qR. S is 1 in the rows of staircases. It is computed on a coset that is
// twice as large as the domain.
func (t *template) riseQuotient(bits [][]fr.Element, qr []fr.Element, free []int, mix fr.Element) []fr.Element {
	n := len(qr)
	large := fft.NewDomain(uint64(2 * n))
	on := func(f []fr.Element) []fr.Element {
		out := make([]fr.Element, 2*n)
		copy(out, f)
		large.FFT(out, fft.DIF, fft.OnCoset())
		return out
	}
	rises := sumOfBits(bits)
	next, root := make([]fr.Element, n), fr.One()
	for i := range next {
		next[i].Mul(&rises[i], &root)
		root.Mul(&root, &t.domain.Generator)
	}
	indicator := make([]fr.Element, n)
	for _, i := range t.stairs.rows {
		indicator[i].SetOne()
	}
	total, factor, apart := make([]fr.Element, 2*n), fr.One(), apart()
	var term fr.Element
	for _, f := range bits {
		for i, b := range on(f) {
			term.Square(&b).Sub(&term, &b).Mul(&term, &factor)
			total[i].Add(&total[i], &term)
		}
		factor.Mul(&factor, &mix)
	}
	q, d, after, stair := on(qr), on(rises), on(next), on(interpolate(indicator, t.domain))
	outside := on(monic(t.rootsOf(free)))
	for i := range total {
		term.Mul(&after[i], &apart).Add(&term, &d[i])
		term.Sub(&q[i], &term).Mul(&term, &stair[i]).Mul(&term, &factor)
		total[i].Add(&total[i], &term).Mul(&total[i], &outside[i])
	}
	return t.overVanishing(total, large)
}

// overVanishing divides a polynomial, given on the coset of a domain twice as large, by Xⁿ − 1,
// whose values there are in turn two.
func (t *template) overVanishing(total []fr.Element, large *fft.Domain) []fr.Element {
	n := len(total) / 2
	one := fr.One()
	var there fr.Element
	there.Exp(large.FrMultiplicativeGen, big.NewInt(int64(n)))
	inverses := make([]fr.Element, 2)
	inverses[0].Sub(&there, &one)
	inverses[1].Neg(&there).Sub(&inverses[1], &one)
	inverses = fr.BatchInvert(inverses)
	for i := range total { // in bit-reversed order: the first half has even exponents
		total[i].Mul(&total[i], &inverses[i/n])
	}
	large.FFTInverse(total, fft.DIT, fft.OnCoset())
	return total[:n+freeRows-1] // of a degree of at most 2(n−1) + freeRows − n
}

// openRises opens the rises at the next row's place.
func (p *Proof) openRises(t *template, b *bitted, values []fr.Element, challenge fr.Element) error {
	for _, v := range values {
		p.Rises.Values = append(p.Rises.Values, v.Bytes())
	}
	challenge.Mul(&challenge, &t.domain.Generator)
	opening, err := kzg.Open(sumOfBits(b.bits), challenge, t.srs.Canonical.Pk)
	if err != nil {
		return fmt.Errorf("open the rises: %w", err)
	}
	p.Rises.Next, p.Rises.Opening = opening.ClaimedValue.Bytes(), opening.H.Bytes()
	return nil
}

// errOtherRises says that a proof has the part about staircases where there are none, or has it
// of other ones.
var errOtherRises = errors.New("it is not about the architecture's thresholds")

// shape tells whether the part is there, as large as the architecture asks.
func (r *Rises) shape(s stairs) error {
	if (r == nil) != (s.bits == 0) || r != nil && (len(r.Bits) != s.bits || len(r.Values) != s.bits+1) {
		return errOtherRises
	}
	return nil
}

// decodedRises are the points and numbers of Rises.
type decodedRises struct {
	bits   []kzg.Digest
	values []fr.Element // of the bits
	of     fr.Element   // the quotient's
	next   kzg.OpeningProof
}

// decode adds the part's commitments and values to those that are opened at the challenge.
func (r *Rises) decode(d *decoded) error {
	out := &decodedRises{bits: make([]kzg.Digest, len(r.Bits)), values: make([]fr.Element, len(r.Values))}
	var quotient kzg.Digest
	err := errors.Join(readPoint(&quotient, r.Quotient), readPoint(&out.next.H, r.Opening),
		out.next.ClaimedValue.SetBytesCanonical(r.Next[:]))
	for j := range r.Bits {
		err = errors.Join(err, readPoint(&out.bits[j], r.Bits[j]))
	}
	for j := range r.Values {
		err = errors.Join(err, out.values[j].SetBytesCanonical(r.Values[j][:]))
	}
	d.quotients = append(append(d.quotients, out.bits...), quotient)
	d.opening.ClaimedValues = append(d.opening.ClaimedValues, out.values...)
	out.values, out.of = out.values[:len(r.Bits)], out.values[len(r.Bits)]
	d.rises = out
	return err
}

// holds checks the identity of the bits at the challenge, for the value of qR there.
func (r *decodedRises) holds(t *template, qr, mix, challenge fr.Element) bool {
	var sum, rise, term fr.Element
	factor, weight, apart := fr.One(), fr.One(), apart()
	for j := range r.values {
		v := &r.values[j]
		term.Square(v).Sub(&term, v).Mul(&term, &factor)
		sum.Add(&sum, &term)
		rise.Add(&rise, term.Mul(v, &weight))
		factor.Mul(&factor, &mix)
		weight.Double(&weight)
	}
	term.Mul(&r.next.ClaimedValue, &apart).Add(&term, &rise)
	term.Sub(&qr, &term).Mul(&term, &factor)
	indicator := t.indicatorAt(t.stairs.rows, challenge)
	sum.Add(&sum, term.Mul(&term, &indicator))
	want := t.vanishing(challenge)
	for _, root := range t.rootsOf(t.stairs.free(int(t.domain.Cardinality))) {
		want.Div(&want, term.Sub(&challenge, &root))
	}
	return sum.Equal(want.Mul(&want, &r.of))
}

// opens checks the opening of the rises at the next row's place.
func (r *decodedRises) opens(t *template, challenge fr.Element) bool {
	var sum kzg.Digest
	for j := len(r.bits) - 1; j >= 0; j-- {
		sum.Double(&sum).Add(&sum, &r.bits[j])
	}
	challenge.Mul(&challenge, &t.domain.Generator)
	return kzg.Verify(&sum, &r.next, challenge, t.vk.Kzg) == nil
}
