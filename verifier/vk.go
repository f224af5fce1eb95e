package verifier

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/fft"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"
)

// maxCommitments bounds how many commitments a circuit may make; each adds 96
// bytes to a proof, and zkml makes one.
const maxCommitments = 16

// maxLogSize is the 2-adicity of r − 1: no domain is larger.
const maxLogSize = 28

// The offsets in gnark's encoding of a key: a header of a marker, a version, the
// size, its inverse, the generator, the number of public inputs and the coset shift;
// eight points; the commitment selectors with a 4-byte count; the SRS's points and
// pairing lines; the commitments' rows with a 4-byte count.
const (
	vkHeader = 8 + 8 + 8 + 32 + 32 + 8 + 32
	vkPoints = 8
	vkLines  = 2 * 2 * 66 * 4 * 32
	g1Size   = bn254.SizeOfG1AffineCompressed
	g2Size   = bn254.SizeOfG2AffineCompressed
)

// decodeVK reads gnark's encoding. It accepts only the encoding that gnark itself
// writes for the key, so that a key has only one digest.
func decodeVK(raw []byte) (*plonk.VerifyingKey, error) {
	if err := checkShape(raw); err != nil {
		return nil, err
	}
	vk := new(plonk.VerifyingKey)
	if _, err := vk.ReadFrom(bytes.NewReader(raw)); err != nil {
		return nil, fmt.Errorf("vk: %w", err)
	}
	for _, check := range []func(*plonk.VerifyingKey) error{checkDomain, checkSRS, checkSelectors, checkRows} {
		if err := check(vk); err != nil {
			return nil, fmt.Errorf("vk: %w", err)
		}
	}
	var again bytes.Buffer
	if _, err := vk.WriteTo(&again); err != nil {
		return nil, fmt.Errorf("vk: %w", err)
	}
	if !bytes.Equal(again.Bytes(), raw) {
		return nil, errors.New("vk: not in the form that zkml writes")
	}
	return vk, nil
}

// checkShape checks the counts against the length before gnark's decoder runs, which
// would allocate whatever a count claims. Points must be compressed, so that every
// part is where the constants say.
func checkShape(raw []byte) error {
	bad := errors.New("vk: not an encoded BN254 PLONK key; the length or a count is wrong")
	at := vkHeader + vkPoints*g1Size
	if len(raw) < at+4 {
		return bad
	}
	n := int(binary.BigEndian.Uint32(raw[at:]))
	if n > maxCommitments {
		return bad
	}
	rows := at + 4 + n*g1Size + g1Size + 2*g2Size + vkLines
	if len(raw) != rows+4+8*n || int(binary.BigEndian.Uint32(raw[rows:])) != n {
		return bad
	}
	points := []int{at + 4 + (n+1)*g1Size, at + 4 + (n+1)*g1Size + g2Size}
	for i := range vkPoints {
		points = append(points, vkHeader+i*g1Size)
	}
	for i := range n + 1 {
		points = append(points, at+4+i*g1Size)
	}
	const compressed = 0b11 << 6
	for _, p := range points {
		if raw[p]&compressed == 0 {
			return bad
		}
	}
	return nil
}

// checkDomain requires the domain that gnark derives from the size, and that
// public inputs fit in it.
func checkDomain(vk *plonk.VerifyingKey) error {
	if bits.OnesCount64(vk.Size) != 1 || vk.Size > 1<<maxLogSize {
		return fmt.Errorf("size %d is not a power of two up to 2^%d", vk.Size, maxLogSize)
	}
	want, err := fr.Generator(vk.Size)
	if err != nil {
		return err
	}
	var one fr.Element
	one.SetUint64(vk.Size)
	one.Mul(&one, &vk.SizeInv)
	shift := fft.GeneratorFullMultiplicativeGroup()
	if !vk.Generator.Equal(&want) || !one.IsOne() || !vk.CosetShift.Equal(&shift) {
		return errors.New("the domain's generator, inverse size or coset shift does not match its size")
	}
	if vk.NbPublicVariables >= vk.Size {
		return fmt.Errorf("%d public inputs in %d rows", vk.NbPublicVariables, vk.Size)
	}
	return nil
}

// checkSRS requires the curve's generators, a τ that is neither 0, 1 nor −1,
// and pairing lines that belong to the points.
func checkSRS(vk *plonk.VerifyingKey) error {
	_, _, g1, g2 := bn254.Generators()
	if !vk.Kzg.G1.Equal(&g1) || !vk.Kzg.G2[0].Equal(&g2) {
		return errors.New("the SRS does not begin with the curve's generators")
	}
	tau := vk.Kzg.G2[1]
	if tau.IsInfinity() || tau.X.Equal(&g2.X) {
		return errors.New("the SRS has a trivial secret")
	}
	for i := range vk.Kzg.G2 {
		if vk.Kzg.Lines[i] != bn254.PrecomputeLines(vk.Kzg.G2[i]) {
			return errors.New("the pairing lines do not belong to the SRS")
		}
	}
	return nil
}

// unsafeTau is [τ]₂ of the unsafe SRS, compressed. Its secret is derived from a seed in
// the source.
const unsafeTau = "c6c08eecc3917242785fda89930f54ae9e6523843955feccb78bceaad88be58f" +
	"1f178d0604ccaf05f596ef5c44727ecdcb36fd8bd59e31cb039ee2058e795519"

// knownSecret reports whether the secret of a key's SRS is public.
func knownSecret(vk *plonk.VerifyingKey) bool {
	tau := vk.Kzg.G2[1].Bytes()
	return hex.EncodeToString(tau[:]) == unsafeTau
}

// checkSelectors refuses a commitment to zero. Go and Solidity hash the point
// at infinity differently, so no contract would accept a proof under such a
// key. Only a circuit that never multiplies, or never adds, has one.
func checkSelectors(vk *plonk.VerifyingKey) error {
	points := append([]bn254.G1Affine{vk.Ql, vk.Qr, vk.Qm, vk.Qo, vk.Qk}, vk.S[:]...)
	points = append(points, vk.Qcp...)
	for i := range points {
		if points[i].IsInfinity() {
			return errors.New("a selector is zero in every row, which the Solidity verifier does not support")
		}
	}
	return nil
}

// checkRows requires that every committed row exists.
func checkRows(vk *plonk.VerifyingKey) error {
	size := new(big.Int).SetUint64(vk.Size)
	for _, row := range vk.CommitmentConstraintIndexes {
		at := new(big.Int).SetUint64(row)
		if at.Add(at, new(big.Int).SetUint64(vk.NbPublicVariables)).Cmp(size) >= 0 {
			return fmt.Errorf("a commitment is at row %s, but there are %s rows", at, size)
		}
	}
	return nil
}
