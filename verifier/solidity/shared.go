package solidity

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"

	"github.com/zkml-go/zkml/verifier"
)

// SharedName is the name of the contract that checks proofs under any key.
const SharedName = "SharedPlonkVerifier"

// KeyBytes is the length of a key's data for a circuit without a commitment, and
// KeyCommitmentBytes is what a commitment adds.
const (
	KeyBytes           = 1 + 25*32
	KeyCommitmentBytes = 2 * 32
)

// KeyData returns the code of the contract that holds a key for
// SharedPlonkVerifier: a zero byte, which halts whoever calls it, and words of 32
// bytes, big-endian. They are the SRS's second point [τ]₂ with the imaginary parts
// first, 1/n, ω, ω to the committed row, n, the number of public inputs, and the
// commitments S1, S2, S3, Ql, Qr, Qm, Qo, Qk, Qcp. A circuit that makes no commitment
// has zero for its row, and no Qcp. docs/shared-verifier.md explains each of them.
//
// The shared verifier takes keys with at most one commitment and at least one
// public input, as all keys of zkml are; KeyData returns an error for others.
func KeyData(key *verifier.Key) ([]byte, error) {
	if key == nil || key.VerifyingKey() == nil {
		return nil, errors.New("key data: the verifying key is empty: make it with NewKey or ReadKey")
	}
	vk := key.VerifyingKey()
	if len(vk.Qcp) > 1 {
		return nil, fmt.Errorf("key data: the circuit makes %d commitments, but the shared verifier takes only one; "+
			"export without it", len(vk.Qcp))
	}
	if vk.NbPublicVariables == 0 {
		return nil, errors.New("key data: the circuit has no public inputs, but the shared verifier needs one; " +
			"export without it")
	}
	data := append([]byte{0}, numbers(vk)...)
	points := append(append([]bn254.G1Affine{}, vk.S[:]...), vk.Ql, vk.Qr, vk.Qm, vk.Qo, vk.Qk)
	for _, p := range append(points, vk.Qcp...) {
		coordinates := p.RawBytes()
		data = append(data, coordinates[:]...)
	}
	return data, nil
}

// numbers returns the words of a key before its commitments.
func numbers(vk *plonk.VerifyingKey) []byte {
	var size, count, row fr.Element
	size.SetUint64(vk.Size)
	count.SetUint64(vk.NbPublicVariables)
	for _, at := range vk.CommitmentConstraintIndexes {
		row.Exp(vk.Generator, new(big.Int).SetUint64(vk.NbPublicVariables+at))
	}
	secret := vk.Kzg.G2[1].RawBytes()
	data := secret[:]
	for _, v := range []fr.Element{vk.SizeInv, vk.Generator, row, size, count} {
		word := v.Bytes()
		data = append(data, word[:]...)
	}
	return data
}

// sharedKey is a key as the templates see it.
type sharedKey struct {
	data []byte
	// Words are the data after the first byte, in hex.
	Words []string
}

// The templates of a shared verifier and of a key for it.
const (
	sharedTemplate = "shared.sol.tmpl"
	keyTemplate    = "key.sol.tmpl"
)

// ExportShared is Export with a wrapper that calls SharedPlonkVerifier in place of
// gnark's contract. The shared verifier is deployed only once, whatever the number of
// models, and each model adds its key. Further errors are those of KeyData.
func ExportShared(key *verifier.Key, fixture *verifier.Proof, name, dir string, with ...Option) (Result, error) {
	return export(key, fixture, name, dir, shared, with)
}

// shared is the base with the verifier that all models share, and the key.
func shared(v *view, key *verifier.Key) ([]file, error) {
	data, err := KeyData(key)
	if err != nil {
		return nil, err
	}
	v.Shared = &sharedKey{data: data}
	for at := 1; at < len(data); at += 32 {
		v.Shared.Words = append(v.Shared.Words, hex.EncodeToString(data[at:at+32]))
	}
	v.Contracts = []string{SharedName, v.Name + "Key"}
	v.Errors = append(v.Errors, customError{Name: "NotTheVerifier", Doc: "The constructor was given another verifier."})
	contract, err := render(sharedTemplate, *v)
	if err != nil {
		return nil, err
	}
	text, err := render(keyTemplate, *v)
	return []file{{SharedName + ".sol", contract}, {v.Name + "Key.sol", text}}, err
}

// construction lists what the wrapper's constructor takes.
func (v view) construction() []Parameter {
	if v.Shared == nil {
		return []Parameter{}
	}
	return []Parameter{{Name: "shared", Type: "address"}}
}
