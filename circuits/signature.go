package circuits

import (
	"math/big"
	"strconv"

	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/visibility"
)

// The domains of what a signer hashes.
const (
	MessageDomain   Domain = "zkml signed input v1"
	SignatureDomain Domain = "zkml input signature v1"
)

// ChallengeBits is the length of a signature's challenge. A Schnorr signature
// needs no more than the security of its group, 125 bits here: forging by
// guessing the challenge succeeds with probability 2^-128, and collisions of it are of
// no use, since the commitment R precedes it.
const ChallengeBits = 128

// Signature is a signer's signature of an input: (R, S) with S·B = R + h·Key, where
// h is the Challenge of R, the key and the input's Message.
type Signature struct {
	Key, R Point
	S      *big.Int
}

// Message is what a signer signs: a hash of the packed words of the input's integers, of
// their format, and of the signature's purpose, if there is one. It has no salt: only the
// prover sees it.
func Message(t visibility.Tensor, purpose string, values []int64) (*big.Int, error) {
	words, err := t.Pack(values)
	if err != nil {
		return nil, err
	}
	return Hash(messageDomain(t, purpose), words), nil
}

// messageDomain is the domain of an input's message.
func messageDomain(t visibility.Tensor, purpose string) Domain {
	d := MessageDomain.Of(t.Domain())
	if purpose != "" {
		d += Domain("; for " + strconv.QuoteToASCII(purpose)) // which Unicode's version does not change
	}
	return d
}

// Challenge hashes a signature's commitment, key and message, all below r: the
// low ChallengeBits bits of the hash.
func Challenge(r, key Point, message *big.Int) *big.Int {
	h := Hash(SignatureDomain, []*big.Int{r.X, r.Y, key.X, key.Y, message})
	return h.And(h, ones(ChallengeBits))
}

// ones is 2^n − 1.
func ones(n uint) *big.Int {
	v := new(big.Int).Lsh(big.NewInt(1), n)
	return v.Sub(v, big.NewInt(1))
}

// signed asserts that key signed message with (r, s).
//
// Soundness: key and R are on the curve, so that all sums are right; 8·key is not
// neutral, so that key does not have a small order, with which S = 0 would sign
// anything. S < GroupOrder, so that a signature has one S. The challenge is the
// low bits of the one canonical split of the hash. The equation is asserted
// without the cofactor: R is then determined by S, h and key. A cheating prover must
// then forge a Schnorr signature. Range: any field elements.
func (b *Builder) signed(key, r [2]gate.Wire, s, message gate.Wire) {
	a := b.onCurve(key[0], key[1])
	// of the elements of the prime subgroup, only the neutral one has x = 0
	b.g.Inverse([]gate.Wire{b.double(b.double(b.double(a))).x})
	commitment := b.onCurve(r[0], r[1])
	hash := b.hash(SignatureDomain, []gate.Wire{r[0], r[1], key[0], key[1], message})
	right := b.add(commitment, b.multiple(b.lowBits(hash), a))
	left := b.baseMultiple(b.scalar(s))
	b.equal(left.x, right.x)
	b.equal(left.y, right.y)
}

// scalar asserts that s is below GroupOrder and returns its bits, lowest first.
//
// Soundness: the bits bind s below 2^252; GroupOrder − 1 − s is range-checked to 251
// bits. For a larger s that element would be at least r − 2^252, which has more bits.
func (b *Builder) scalar(s gate.Wire) []gate.Wire {
	bits := b.bits(s, scalarBits)
	most := new(big.Int).Sub(GroupOrder, big.NewInt(1))
	b.below(b.g.Linear(gate.Term{Wire: b.one, Coef: most}, gate.T(s, -1)), GroupOrder.BitLen())
	return bits
}

// lowBits returns the low ChallengeBits bits of any field element.
//
// Soundness: v = low + 2^128·high, with low in 128 bits and high in 126. Both
// that and v + r would fit; so r − 1 − low − 2^128·high is shown not to be
// negative, limb by limb: with a bit that is borrowed, both differences are in
// range. Then the integer low + 2^128·high is below r: there is one.
func (b *Builder) lowBits(v gate.Wire) []gate.Wire {
	const highBits = 254 - ChallengeBits
	most := new(big.Int).Sub(field, big.NewInt(1))
	mostHigh := new(big.Int).Rsh(most, ChallengeBits)
	mostLow := most.And(most, ones(ChallengeBits))
	base := new(big.Int).Lsh(big.NewInt(1), ChallengeBits)

	split := b.g.Hint(Halves, 3, v)
	low, high, borrow := split[0], split[1], split[2]
	b.g.Zero(gate.T(low, 1), gate.Term{Wire: high, Coef: base}, gate.T(v, -1))
	bits := b.bits(low, ChallengeBits)
	b.below(high, highBits)
	b.check(borrow, 0, 1)
	b.below(gate.Sum(b.g, []gate.Term{{Wire: b.one, Coef: mostLow}, gate.T(low, -1), {Wire: borrow, Coef: base}}),
		ChallengeBits)
	b.below(gate.Sum(b.g, []gate.Term{{Wire: b.one, Coef: mostHigh}, gate.T(high, -1), gate.T(borrow, -1)}), highBits)
	return bits
}

// bits asserts that v is below 2^n, for n < 254, and returns its bits, lowest
// first.
//
// Soundness: each bit is checked, and their sum, which does not wrap, is v.
func (b *Builder) bits(v gate.Wire, n int) []gate.Wire {
	widths := make([]int, n)
	for i := range widths {
		widths[i] = 1
	}
	return b.bound(v, widths)
}

// below asserts that v is below 2^n, for n < 253.
//
// Soundness: as in bits, with digits instead of bits.
func (b *Builder) below(v gate.Wire, n int) { b.bound(v, b.widths(n)) }

func (b *Builder) bound(v gate.Wire, widths []int) []gate.Wire {
	d := b.digits([]gate.Wire{v}, 0, widths)[0]
	b.bind(Known(v, 0, 0), d.expression(0))
	return d.wires
}
