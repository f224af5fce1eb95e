// Package conformance owns the proof that the verifying key of a private model
// encodes a declared architecture with some weights, and the audits of keys. It
// must not know ONNX or how a proof of a prediction is made. cmd/zkml imports it.
//
// docs/private-models.md specifies the protocol and argues for it. In short: the
// key of a model and that of its architecture's template have the same
// commitments, except those to qL, qR and qK. For each of these the difference
// D to the template, weights taken away, vanishes outside the known rows R of
// weights and salt, so that D = V·Q with the V that vanishes there. The owner
// commits to Q and opens the selector and Q at a challenge ξ.
package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/kzg"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/verifier"
)

// ProofVersion is the version of the conformance proof's file, and of its
// protocol.
const ProofVersion = 1

// Proof is conformance.json. It may be published: it holds an evaluation of each
// selector, and the salt has more random coefficients than that.
type Proof struct {
	Version int `json:"version"`
	// The digests, in hex, of what the proof is about: architecture.json, the key
	// of its template, the model's key, and the rows of weights and salt.
	ArchitectureSHA256 string    `json:"architecture_sha256"`
	TemplateSHA256     string    `json:"template_sha256"`
	PlonkKeySHA256     string    `json:"plonk_key_sha256"`
	RowsSHA256         [3]string `json:"rows_sha256"`
	// Quotients are the commitments to Q for qL, qR and qK, compressed.
	Quotients [3]verifier.Word `json:"quotients"`
	// Values are qL, qR and qK, and then their quotients, at the challenge.
	Values [6]verifier.Word `json:"values"`
	// Opening is the batched KZG opening of those six, and of what Rises has at the challenge,
	// compressed.
	Opening verifier.Word `json:"opening"`
	// Rises is there where the architecture has secret thresholds.
	Rises *Rises `json:"rises,omitempty"`
}

// ReadProof reads conformance.json.
func ReadProof(r io.Reader) (*Proof, error) {
	p := new(Proof)
	if err := jsonfile.Read(r, budget.SmallBytes.Most, ProofVersion, p); err != nil {
		return nil, fmt.Errorf("conformance proof: %w", err)
	}
	return p, nil
}

// WriteTo writes conformance.json.
func (p *Proof) WriteTo(w io.Writer) (int64, error) { return jsonfile.Write(w, p) }

// Make proves that a private model's key belongs to a model of its architecture. The
// setup is the model's; its constraint system holds the weights and the salt.
func Make(ctx context.Context, a *Architecture, setup *prover.Setup, o prover.Options) (*Proof, error) {
	o.SRS = &setup.SRS.Identity
	t, err := newTemplate(ctx, a, o)
	if err != nil {
		return nil, err
	}
	if prover.Domain(setup.CS) != t.domain.Cardinality {
		return nil, errNoModelOf
	}
	values := selectorsOf(plonk.NewTrace(setup.CS, t.domain))
	var quotients [3][]fr.Element
	for k := range selectors {
		if quotients[k], err = quotient(t.differences(k, values[k]), t.roots(k), t.domain); err != nil {
			return nil, fmt.Errorf("%s: %w", selectors[k], err)
		}
	}
	rises, err := t.stairs.rises(values[inQR])
	if err != nil {
		return nil, err
	}
	return t.open(a, setup.VK, values, quotients, rises)
}

// open commits to the quotients and to the rises of staircases, and opens them and the selectors,
// which have the given values on the domain, at the challenge.
func (t *template) open(
	a *Architecture, vk *plonk.VerifyingKey, values, quotients [3][]fr.Element, rises []uint64,
) (*Proof, error) {
	p := &Proof{Version: ProofVersion, ArchitectureSHA256: a.SHA256()}
	var err error
	if p.TemplateSHA256, err = keySHA256(t.vk); err != nil {
		return nil, err
	}
	if p.PlonkKeySHA256, err = keySHA256(vk); err != nil {
		return nil, err
	}
	digests := selectorDigests(vk)
	var polynomials [][]fr.Element
	for k := range selectors {
		p.RowsSHA256[k] = t.rowsSHA256(k)
		polynomials = append(polynomials, interpolate(values[k], t.domain))
	}
	for k := range selectors {
		c, err := kzg.Commit(quotients[k], t.srs.Canonical.Pk)
		if err != nil {
			return nil, err
		}
		p.Quotients[k] = c.Bytes()
		digests = append(digests, c)
		polynomials = append(polynomials, quotients[k])
	}
	var made *bitted
	if t.stairs.bits > 0 {
		if made, err = p.commitRises(t, values, rises); err != nil {
			return nil, err
		}
		digests = append(digests, made.digests...)
		polynomials = append(append(polynomials, made.bits...), made.quotient)
	}
	challenge, err := p.challenge(t)
	if err != nil {
		return nil, err
	}
	opening, err := kzg.BatchOpenSinglePoint(polynomials, digests, challenge, newHash(), t.srs.Canonical.Pk,
		p.transcript(t))
	if err != nil {
		return nil, fmt.Errorf("open the selectors: %w", err)
	}
	for i := range p.Values {
		p.Values[i] = opening.ClaimedValues[i].Bytes()
	}
	p.Opening = opening.H.Bytes()
	if made != nil {
		err = p.openRises(t, made, opening.ClaimedValues[len(p.Values):], challenge)
	}
	return p, err
}

// selectorDigests returns a key's commitments to qL, qR and qK.
func selectorDigests(vk *plonk.VerifyingKey) []kzg.Digest { return []kzg.Digest{vk.Ql, vk.Qr, vk.Qk} }

// keySHA256 is the digest of gnark's encoding of a key.
func keySHA256(vk *plonk.VerifyingKey) (string, error) {
	var raw bytes.Buffer
	if _, err := vk.WriteTo(&raw); err != nil {
		return "", fmt.Errorf("encode a key: %w", err)
	}
	return digest(raw.Bytes()), nil
}

// decoded holds the proof's points and numbers.
type decoded struct {
	quotients []kzg.Digest // and the commitments of Rises
	opening   kzg.BatchOpeningProof
	rises     *decodedRises
}

// decode reads points and numbers, each in its only encoding.
func (p *Proof) decode() (*decoded, error) {
	d := &decoded{quotients: make([]kzg.Digest, len(p.Quotients))}
	err := readPoint(&d.opening.H, p.Opening)
	for k := range p.Quotients {
		err = errors.Join(err, readPoint(&d.quotients[k], p.Quotients[k]))
	}
	d.opening.ClaimedValues = make([]fr.Element, len(p.Values))
	for i, v := range p.Values {
		err = errors.Join(err, d.opening.ClaimedValues[i].SetBytesCanonical(v[:]))
	}
	if p.Rises != nil {
		err = errors.Join(err, p.Rises.decode(d))
	}
	return d, err
}

func readPoint(p *bn254.G1Affine, w verifier.Word) error {
	if _, err := p.SetBytes(w[:]); err != nil {
		return err
	}
	if p.Bytes() != w {
		return errors.New("a point is not in its canonical form")
	}
	return nil
}
