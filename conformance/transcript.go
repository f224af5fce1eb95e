package conformance

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/verifier"
)

// The protocol's domain separators.
const (
	protocolTag  = "zkml conformance 1"
	challengeTag = "zkml conformance 1 challenge"
	mixTag       = "zkml conformance 1 rises"
	blindingTag  = "zkml conformance 1 blinding"
)

// newHash is the hash of the batched opening's own challenge.
func newHash() hash.Hash { return sha256.New() }

// transcript returns everything that is fixed before the challenge: the protocol's name,
// the architecture, the SRS, the two keys, the rows, the commitments to the quotients, and those
// of Rises as far as they are made, each preceded by its length as an 8-byte big-endian number.
func (p *Proof) transcript(t *template) []byte {
	tau := t.vk.Kzg.G2[1].Bytes()
	parts := [][]byte{
		[]byte(protocolTag), unhex(p.ArchitectureSHA256), tau[:], unhex(p.TemplateSHA256), unhex(p.PlonkKeySHA256),
	}
	for k := range selectors {
		parts = append(parts, unhex(p.RowsSHA256[k]))
	}
	for k := range selectors {
		parts = append(parts, p.Quotients[k][:])
	}
	if p.Rises != nil {
		for _, c := range p.Rises.Bits {
			parts = append(parts, c[:])
		}
		if p.Rises.Quotient != (verifier.Word{}) {
			parts = append(parts, p.Rises.Quotient[:])
		}
	}
	var out []byte
	for _, part := range parts {
		out = binary.BigEndian.AppendUint64(out, uint64(len(part)))
		out = append(out, part...)
	}
	return out
}

// unhex reads a digest. For text that is not hex it returns nil, which the length in the
// transcript distinguishes from any digest; CheckArchitecture compares digests anyway.
func unhex(digest string) []byte {
	raw, err := hex.DecodeString(digest)
	if err != nil {
		return nil
	}
	return raw
}

// mix is the challenge that mixes the identities of the rises' bits: a hash of all that is
// committed to before their quotient.
func (p *Proof) mix(t *template) (fr.Element, error) {
	before := *p
	rises := *p.Rises
	rises.Quotient = verifier.Word{}
	before.Rises = &rises
	out, err := fr.Hash(before.transcript(t), []byte(mixTag), 1)
	if err != nil {
		return fr.Element{}, fmt.Errorf("the challenge of the rises: %w", err)
	}
	return out[0], nil
}

// challenge hashes the transcript to a field element (RFC 9380, expand_message_xmd
// with SHA-256). One in the domain, of negligible probability, is refused.
func (p *Proof) challenge(t *template) (fr.Element, error) {
	out, err := fr.Hash(p.transcript(t), []byte(challengeTag), 1)
	if err != nil {
		return fr.Element{}, fmt.Errorf("the challenge: %w", err)
	}
	if v := t.vanishing(out[0]); v.IsZero() {
		return fr.Element{}, errors.New("the challenge is in the domain: salt the model anew")
	}
	return out[0], nil
}
