package verifier_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// TestEveryPart tampers with each point and scalar of a proof, at its place.
func TestEveryPart(t *testing.T) {
	m := prove(t, toy.Find("private input, scores"))
	for _, part := range verifier.Parts(1) {
		for _, c := range toy.Tamperings(part) {
			t.Run(part.Name+" "+c.Name, func(t *testing.T) {
				p := m.copied(t)
				c.Change(p.Proof[part.At : part.At+part.Size])
				refusedAs(t, m.prover.Key, p, c.Named)
			})
		}
	}
}

// refusedAs wants a rejection, and a named one from the decoder already.
func refusedAs(t *testing.T, key *verifier.Key, p *verifier.Proof, named error) {
	t.Helper()
	_, err := verifier.Verify(key, p)
	if !errors.Is(err, verifier.ErrRejected) {
		t.Errorf("got %v, want a rejection", err)
	}
	_, decoding := verifier.UnmarshalSolidity(p.Proof, 1)
	if !errors.Is(decoding, named) || named != nil && !errors.Is(err, named) {
		t.Errorf("decoding gives %v, verifying %v; want %v", decoding, err, named)
	}
}

// TestPartsCoverTheProof: parts follow one another without a gap, so that the
// tests above leave no byte out; and they stand where the decoder reads them.
func TestPartsCoverTheProof(t *testing.T) {
	for commitments := range 4 {
		at := 0
		for _, p := range verifier.Parts(commitments) {
			if p.At != at || p.Point() != (p.Size == 64) {
				t.Errorf("%s begins at byte %d, %d are taken", p.Name, p.At, at)
			}
			at += p.Size
		}
		if want := verifier.ProofBytes + commitments*verifier.CommitmentBytes; at != want {
			t.Errorf("parts have %d bytes together, a proof has %d", at, want)
		}
	}
	m := prove(t, toy.Find("private input, scores"))
	proof, err := verifier.UnmarshalSolidity(m.proof.Proof, 1)
	if err != nil {
		t.Fatal(err)
	}
	points := map[string]bn254.G1Affine{
		"[l]": proof.LRO[0], "[o]": proof.LRO[2], "[h3]": proof.H[2], "[z]": proof.Z,
		"[opening at ζ]":  proof.BatchedProof.H,
		"[opening at ωζ]": proof.ZShiftedOpening.H, "[commitment 0]": proof.Bsb22Commitments[0],
	}
	scalars := map[string]fr.Element{
		"l(ζ)": proof.BatchedProof.ClaimedValues[1], "s2(ζ)": proof.BatchedProof.ClaimedValues[5],
		"z(ωζ)": proof.ZShiftedOpening.ClaimedValue, "qcp0(ζ)": proof.BatchedProof.ClaimedValues[6],
	}
	found := 0
	for _, part := range verifier.Parts(1) {
		raw := m.proof.Proof[part.At : part.At+part.Size]
		if p, ok := points[part.Name]; ok {
			found++
			if text := p.RawBytes(); !bytes.Equal(text[:], raw) {
				t.Errorf("%s is not at byte %d", part.Name, part.At)
			}
		} else if s, ok := scalars[part.Name]; ok {
			found++
			if text := s.Bytes(); !bytes.Equal(text[:], raw) {
				t.Errorf("%s is not at byte %d", part.Name, part.At)
			}
		}
	}
	if found != len(points)+len(scalars) {
		t.Errorf("%d of %d parts found by name", found, len(points)+len(scalars))
	}
}

// TestExchangedParts puts every part in the place of every other of its kind,
// and the parts of another valid proof of the same key in their own places.
func TestExchangedParts(t *testing.T) {
	m := prove(t, toy.Find("private input, scores"))
	other, err := m.prover.Prove(m.scenario.Claim)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.Verify(m.prover.Key, other); err != nil {
		t.Fatal(err)
	}
	parts := verifier.Parts(1)
	for i, to := range parts {
		for _, from := range parts[:i] {
			if from.Size != to.Size {
				continue
			}
			t.Run(to.Name+" and "+from.Name, func(t *testing.T) {
				p := m.copied(t)
				copy(p.Proof[to.At:][:to.Size], m.proof.Proof[from.At:][:to.Size])
				copy(p.Proof[from.At:][:to.Size], m.proof.Proof[to.At:][:to.Size])
				if bytes.Equal(p.Proof, m.proof.Proof) {
					return
				}
				refusedAs(t, m.prover.Key, p, nil)
			})
		}
		t.Run(to.Name+" of another proof", func(t *testing.T) {
			p := m.copied(t)
			copy(p.Proof[to.At:][:to.Size], other.Proof[to.At:][:to.Size])
			if bytes.Equal(p.Proof, m.proof.Proof) { // a selector may be opened to one value by all proofs
				t.Fatal("two proofs of one claim share a part: they are not blinded")
			}
			refusedAs(t, m.prover.Key, p, nil)
		})
	}
}

// TestEveryPublicInput changes each word, with the claim's words to match.
func TestEveryPublicInput(t *testing.T) {
	changes := []struct {
		name   string
		change func([]byte)
	}{
		{"one more", func(w []byte) { toy.Increase(w, big.NewInt(1), toy.Word) }},
		{"one less", func(w []byte) { toy.Increase(w, big.NewInt(-1), fr.Modulus()) }},
		{"plus r", func(w []byte) { toy.Increase(w, fr.Modulus(), toy.Word) }},
		{"plus five r", func(w []byte) { toy.Increase(w, new(big.Int).Mul(fr.Modulus(), big.NewInt(5)), toy.Word) }},
		{"negated", toy.Negate},
		{"ones", toy.Ones},
		{"highest bit", func(w []byte) { w[0] ^= 0x80 }},
	}
	for _, s := range slices.Concat(toy.Scenarios(), toy.Rows()) {
		m := prove(t, s)
		for i := range m.proof.PublicInputs {
			for _, c := range changes {
				t.Run(fmt.Sprintf("%s input %d %s", s.Name, i, c.name), func(t *testing.T) {
					p := m.copied(t)
					c.change(p.PublicInputs[i][:])
					p.Claim = reword(s.Layout, p.PublicInputs)
					rejected(t, m.prover.Key, p)
				})
			}
		}
	}
}

// TestReplay presents a proof for another context than it was made for: the next
// nonce, another contract, and the same contract on another chain have another
// number there.
func TestReplay(t *testing.T) {
	m := prove(t, toy.Find("private input, scores"))
	for _, context := range []int64{0, 1, 1004} {
		claim := toy.With(m.scenario.Layout, m.scenario.Claim, visibility.RoleContext,
			func(v *visibility.Value) { v.Elements[0] = big.NewInt(context) })
		p, err := m.prover.Prove(claim)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := verifier.Verify(m.prover.Key, p); err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprintf("proof of the old context for %d", context), func(t *testing.T) {
			p.Proof = slices.Clone(m.proof.Proof)
			rejected(t, m.prover.Key, p)
		})
	}
}

// TestProofsOfEveryOtherKey holds each scenario's proof, relabelled, against the
// keys of the others: with its own words, and with words that fit the key.
func TestProofsOfEveryOtherKey(t *testing.T) {
	for _, s := range slices.Concat(toy.Scenarios(), toy.Rows()) {
		for _, o := range slices.Concat(toy.Scenarios(), toy.Rows()) {
			if s.Name == o.Name {
				continue
			}
			t.Run(o.Name+" under "+s.Name, func(t *testing.T) {
				key, theirs := prove(t, s), prove(t, o)
				p := theirs.copied(t)
				p.VKSHA256 = key.prover.Key.VKSHA256
				rejected(t, key.prover.Key, p)
				p = key.copied(t)
				p.Proof = slices.Clone(theirs.proof.Proof)
				rejected(t, key.prover.Key, p)
			})
		}
	}
}
