package verifier_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"

	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
)

// Where the encoding of a key with one commitment has the points of G2: behind
// the header, eight points, a count, one selector and the generator of G1.
const (
	keyPoints = 128
	keyG2     = keyPoints + 8*32 + 4 + 32 + 32
	keyTau    = keyG2 + 64
)

// strayG2 is a point of the twist outside the subgroup of order r, which has a
// cofactor of 254 bits there.
func strayG2(t *testing.T) bn254.G2Affine {
	t.Helper()
	for i := range uint64(20) {
		var at bn254.E2
		at.A0.SetUint64(i + 3)
		jac := bn254.GeneratePointNotInG2(at)
		var p bn254.G2Affine
		p.FromJacobian(&jac)
		if p.IsOnCurve() && !p.IsInSubGroup() {
			return p
		}
	}
	t.Fatal("no point outside the subgroup was found")
	return bn254.G2Affine{}
}

// TestKeyInTheWrongGroup: gnark's constructor takes any points, so that what
// reads and what makes a key must look at them.
func TestKeyInTheWrongGroup(t *testing.T) {
	m := prove(t, toy.Find("private input, class"))
	stray := strayG2(t)
	var mixed bn254.G2Affine // of the subgroup but for a stray part
	mixed.Add(&stray, &m.prover.Key.VerifyingKey().Kzg.G2[1])
	for name, p := range map[string]bn254.G2Affine{"stray": stray, "mixed": mixed} {
		for at, place := range map[string]int{"generator": 0, "tau": 1} {
			t.Run(name+" "+at, func(t *testing.T) {
				vk := rebuilt(t, m.prover.Key)
				vk.Kzg.G2[place] = p
				vk.Kzg.Lines[place] = bn254.PrecomputeLines(p)
				_, err := verifier.NewKey(vk, m.scenario.Layout, toy.About())
				if err == nil || !strings.Contains(err.Error(), "subgroup") {
					t.Errorf("got %v, want a refusal that names the subgroup", err)
				}
			})
		}
	}
}

// TestKeyOffTheCurve puts a point that solves no equation where a selector is.
// G1 has cofactor 1, so that on the curve is in the group.
func TestKeyOffTheCurve(t *testing.T) {
	m := prove(t, toy.Find("private input, class"))
	for i := range 8 {
		vk := rebuilt(t, m.prover.Key)
		p := []*bn254.G1Affine{&vk.S[0], &vk.S[1], &vk.S[2], &vk.Ql, &vk.Qr, &vk.Qm, &vk.Qo, &vk.Qk}[i]
		for p.X.SetUint64(4); ; p.X.Add(&p.X, new(fp.Element).SetOne()) {
			var y fp.Element
			y.Square(&p.X).Mul(&y, &p.X).Add(&y, new(fp.Element).SetUint64(3))
			if y.Legendre() == -1 { // no square: no point has this x
				break
			}
		}
		if _, err := verifier.NewKey(vk, m.scenario.Layout, toy.About()); err == nil {
			t.Errorf("point %d off the curve was taken", i)
		}
	}
}

// TestKeyEncodings: a key has one encoding, and so one digest.
func TestKeyEncodings(t *testing.T) {
	m := prove(t, toy.Find("private input, class"))
	cases := []struct {
		name   string
		change func(raw []byte) bool
	}{
		{"x plus p", func(raw []byte) bool { return addModulus(raw[keyPoints:][:8*32]) }},
		{"infinity with a remainder", func(raw []byte) bool {
			clear(raw[keyPoints:][:32])
			raw[keyPoints], raw[keyPoints+31] = 0x40, 1
			return true
		}},
		{"tau at infinity", func(raw []byte) bool { clear(raw[keyTau:][:64]); raw[keyTau] = 0x40; return true }},
		{"tau not reduced", func(raw []byte) bool { copy(raw[keyTau:], bytes.Repeat([]byte{0xff}, 64)); return true }},
		{"tau negated", func(raw []byte) bool { raw[keyTau] ^= 0x40; return true }},
		{"generator of G2 negated", func(raw []byte) bool { raw[keyG2] ^= 0x40; return true }},
		{"a public input more", func(raw []byte) bool { binary.BigEndian.PutUint64(raw[88:], 3); return true }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			raw := bytes.Clone(m.prover.Key.VK)
			if !c.change(raw) {
				t.Skip("no point of this key has room for a second encoding")
			}
			var f fields
			if err := json.Unmarshal(written(t, m.prover.Key), &f); err != nil {
				t.Fatal(err)
			}
			vk(func([]byte) []byte { return raw })(f)
			text, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := verifier.ReadKey(bytes.NewReader(text)); err == nil {
				t.Error("a key was read that has another encoding")
			}
		})
	}
}

// addModulus finds a compressed point whose x plus p still fits 254 bits.
func addModulus(points []byte) bool {
	for ; len(points) > 0; points = points[32:] {
		flags := points[0] & 0xc0
		x := new(big.Int).SetBytes(append([]byte{points[0] &^ 0xc0}, points[1:32]...))
		if x.Add(x, fp.Modulus()).BitLen() <= 254 {
			x.FillBytes(points[:32])
			points[0] |= flags
			return true
		}
	}
	return false
}

// rebuilt is a key of gnark's to edit.
func rebuilt(t *testing.T, k *verifier.Key) *plonk.VerifyingKey {
	t.Helper()
	vk := new(plonk.VerifyingKey)
	if _, err := vk.ReadFrom(bytes.NewReader(k.VK)); err != nil {
		t.Fatal(err)
	}
	return vk
}

// TestOtherSRS: a proof holds under the secret of its key alone. A key that
// differs from it in τ·G2 refuses the proof, though all else is the same.
func TestOtherSRS(t *testing.T) {
	m := prove(t, toy.Find("private input, class"))
	vk := rebuilt(t, m.prover.Key)
	vk.Kzg.G2[1].Double(&vk.Kzg.G2[1])
	vk.Kzg.Lines[1] = bn254.PrecomputeLines(vk.Kzg.G2[1])
	key, err := verifier.NewKey(vk, m.scenario.Layout, toy.About())
	if err != nil {
		t.Fatal(err)
	}
	p := m.copied(t)
	p.VKSHA256 = key.VKSHA256
	if _, err := verifier.Verify(key, p); !errors.Is(err, verifier.ErrRejected) {
		t.Errorf("got %v, want a rejection", err)
	}
}
