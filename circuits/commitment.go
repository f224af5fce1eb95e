package circuits

import (
	"crypto/sha256"
	"encoding/binary"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/poseidon2"

	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/visibility"
)

// Domain separates what a hash is of.
type Domain string

// The domains of commitments. Inputs and outputs have one, so that what one model
// computes can be what another takes.
const (
	ValueDomain Domain = visibility.ValueDomain
	ModelDomain Domain = "zkml model v1"
)

// Of is the domain of a format (visibility.Tensor.Domain). Words say neither how they
// are packed nor what an integer is worth; so two hashes are equal only of the same
// real values in the same format.
func (d Domain) Of(format string) Domain { return d + Domain(": "+format) }

// tag is the first element hashed: 248 bits of the SHA-256 of the domain and of
// how many elements follow.
func (d Domain) tag(n int) *big.Int {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(d), uint64(n)))
	return new(big.Int).SetBytes(sum[:31])
}

// width picks the permutation for n elements: the narrowest that takes them in
// one call, or the widest.
func width(n int) int {
	for _, w := range []int{4, 8, 12} {
		if n < w {
			return w
		}
	}
	return 16
}

// Commit computes the commitment to words, which a salt hides: the Hash of the
// salt and the words, below r all.
func Commit(d Domain, salt *big.Int, words []*big.Int) *big.Int {
	return Hash(d, append([]*big.Int{salt}, words...))
}

// Hash computes Poseidon2(tag, in...) of at least one element, each below r: a
// sponge with a capacity of one element, which starts as the tag; the rest of the
// state absorbs the elements.
func Hash(d Domain, in []*big.Int) *big.Int {
	w := width(len(in))
	perm := poseidon2.NewPermutation(w, gate.FullRounds, gate.PartialRounds(w))
	state := make([]fr.Element, w)
	state[w-1].SetBigInt(d.tag(len(in)))
	for len(in) > 0 {
		n := min(len(in), w-1)
		for i, x := range in[:n] {
			var e fr.Element
			state[i].Add(&state[i], e.SetBigInt(x))
		}
		if err := perm.Permutation(state); err != nil {
			panic("circuits: " + err.Error()) // the state has the permutation's width
		}
		in = in[n:]
	}
	return state[0].BigInt(new(big.Int))
}

// commitment is Commit in the circuit.
//
// Soundness: gates alone. Range: any field elements.
func (b *Builder) commitment(d Domain, salt gate.Wire, words []gate.Wire) gate.Wire {
	return b.hash(d, append([]gate.Wire{salt}, words...))
}

// hash is Hash in the circuit.
//
// Soundness: gates alone. Range: any field elements.
func (b *Builder) hash(d Domain, in []gate.Wire) gate.Wire {
	w := width(len(in))
	state := make([]gate.Wire, w)
	for i := range state {
		state[i] = new(big.Int)
	}
	state[w-1] = d.tag(len(in))
	for first := true; len(in) > 0; first = false {
		n := min(len(in), w-1)
		for i, x := range in[:n] {
			if first {
				state[i] = x
			} else {
				state[i] = b.g.Quad(state[i], x, gate.Q{L: 1, R: 1})
			}
		}
		b.g.Permute(state)
		in = in[n:]
	}
	return state[0]
}
