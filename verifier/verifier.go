// Package verifier owns the checking of proofs off chain: the verifying key's
// file, the proof's file, and Verify. It is what a user must trust, so it must
// not know how circuits are made: it never imports compiler, compiler/op,
// circuits or prover. Everybody above it may import it.
//
// A proof is checked as exactly the bytes that the Solidity verifier takes, and
// under the same rules: scalars below r, coordinates below p, no point at
// infinity, inputs and outputs within their formats. Verify accepts a proof if and
// only if the exported contract does.
package verifier

import (
	"errors"
	"fmt"
	"math/big"
	"reflect"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/backend"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"
	"github.com/consensys/gnark/backend/solidity"

	"github.com/zkml-go/zkml/visibility"
)

// ErrRejected means that a proof was read and is invalid: the proof itself, a
// public input, or the claim in words. Test for it with errors.Is; any other error
// means that nothing was decided.
var ErrRejected = errors.New("proof rejected")

// ErrOtherKey means that a proof names another verifying key.
var ErrOtherKey = errors.New("proof of another key")

// Verify checks a proof against a key and returns what it asserts, decoded from the
// public inputs. It needs nothing but its arguments. The error is ErrRejected, with
// the reason, for an invalid proof, and ErrOtherKey for a proof made under another
// key.
func Verify(key *Key, proof *Proof) (visibility.Claim, error) {
	if key == nil || key.vk == nil {
		return nil, errors.New("the verifying key is empty: make it with NewKey or ReadKey")
	}
	if proof == nil {
		return nil, errors.New("there is no proof: read one with ReadProof")
	}
	if proof.VKSHA256 != key.VKSHA256 {
		return nil, fmt.Errorf("%w: it names %.16s..., this key is %.16s...; verify with the key it was made for",
			ErrOtherKey, proof.VKSHA256, key.VKSHA256)
	}
	claim, err := check(key, proof)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRejected, err)
	}
	return claim, nil
}

func check(key *Key, proof *Proof) (visibility.Claim, error) {
	if proof.UnsafeSRS != key.SRS.Unsafe {
		return nil, fmt.Errorf("unsafe_srs is %t in the proof but %t in the key", proof.UnsafeSRS, key.SRS.Unsafe)
	}
	claim, err := readClaim(key.Layout, proof.PublicInputs)
	if err != nil {
		return nil, err
	}
	if !reflect.DeepEqual(InWords(key.Layout, claim), proof.Claim) {
		return nil, errors.New("the claim in words differs from the public inputs")
	}
	if err := checkProof(key.vk, proof.Proof, proof.PublicInputs); err != nil {
		return nil, err
	}
	return claim, nil
}

// Claimed decodes the public inputs of a proof under a layout. It verifies nothing.
func (p *Proof) Claimed(layout visibility.Layout) (visibility.Claim, error) {
	return layout.Claim(integers(p.PublicInputs))
}

func integers(public []Word) []*big.Int {
	words := make([]*big.Int, len(public))
	for i := range public {
		words[i] = public[i].Int()
	}
	return words
}

// readClaim decodes public inputs and requires that the claim encodes to the same words
// again. A packed word with bits beyond its elements, or an output outside its format,
// would be a second encoding of a claim, and is refused.
func readClaim(layout visibility.Layout, public []Word) (visibility.Claim, error) {
	words := integers(public)
	claim, err := layout.Claim(words)
	if err != nil {
		return nil, err
	}
	if err := layout.CheckClaim(claim); err != nil {
		return nil, err
	}
	again, err := layout.Public(claim)
	if err != nil {
		return nil, err
	}
	for i := range again {
		if again[i].Cmp(words[i]) != 0 {
			return nil, fmt.Errorf("public input %d has bits outside the format", i)
		}
	}
	return claim, nil
}

func checkProof(vk *plonk.VerifyingKey, raw []byte, public []Word) error {
	inputs := make(fr.Vector, len(public))
	for i := range public {
		if err := inputs[i].SetBytesCanonical(public[i][:]); err != nil {
			return fmt.Errorf("public input %d is not below the field's size", i)
		}
	}
	proof, err := UnmarshalSolidity(raw, len(vk.Qcp))
	if err != nil {
		return err
	}
	if err := complete(proof, vk, inputs); err != nil {
		return err
	}
	return plonk.Verify(proof, vk, inputs, solidity.WithVerifierTargetSolidityVerifier(backend.PLONK))
}
