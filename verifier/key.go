package verifier

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	plonk "github.com/consensys/gnark/backend/plonk/bn254"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/visibility"
)

// KeyVersion is the version of the verifying key's file that this package
// reads and writes.
const KeyVersion = 2

// SRS identifies the structured reference string that a key was derived from.
type SRS struct {
	Source string `json:"source"`
	// Power is the base-2 logarithm of the number of points in the source.
	Power  int    `json:"power"`
	SHA256 string `json:"sha256"`
	// TauG2 is the second point of G2, compressed, in hex, which identifies the
	// string. It must be that of the key.
	TauG2 string `json:"tau_g2"`
	// Unsafe says that somebody knows, or may know, the string's secret: proofs
	// under such a key prove nothing.
	Unsafe bool `json:"unsafe"`
}

// Key is verifying-key.json: everything that a verifier needs, and nothing secret.
type Key struct {
	Version int `json:"version"`
	// Tool is the version of zkml that wrote the file.
	Tool   string            `json:"tool"`
	Layout visibility.Layout `json:"layout"`
	// VK is gnark's encoding of a PLONK verifying key over BN254.
	VK []byte `json:"vk"`
	// VKSHA256 is the digest of everything that gives a proof its meaning: see Digest.
	VKSHA256 string `json:"vk_sha256"`
	SRS      SRS    `json:"srs"`
	// ModelSHA256 is the digest of the ONNX file; empty for a private model,
	// where it would let anybody test a guess.
	ModelSHA256 string `json:"model_sha256,omitempty"`
	// Formats describes the integer formats, for people.
	Formats string `json:"formats,omitempty"`

	vk *plonk.VerifyingKey
}

// About is what a key's file contains besides the key and its layout.
type About struct {
	Tool        string
	SRS         SRS
	ModelSHA256 string
	Formats     string
}

// NewKey makes the publishable key of a circuit with the given layout of public
// inputs. It refuses what ReadKey would refuse.
func NewKey(vk *plonk.VerifyingKey, layout visibility.Layout, about About) (*Key, error) {
	var raw bytes.Buffer
	if _, err := vk.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("verifying key: %w", err)
	}
	about.SRS.TauG2 = tauG2(vk)
	k := &Key{
		Version: KeyVersion, Tool: about.Tool, Layout: layout, VK: raw.Bytes(),
		SRS: about.SRS, ModelSHA256: about.ModelSHA256, Formats: about.Formats,
	}
	var err error
	if k.VKSHA256, err = k.Digest(); err != nil {
		return nil, fmt.Errorf("verifying key: %w", err)
	}
	if err := k.load(); err != nil {
		return nil, fmt.Errorf("verifying key: %w", err)
	}
	return k, nil
}

// ReadKey reads verifying-key.json. It refuses an unknown version, a digest
// that does not match, a layout with another number of public inputs than the
// key, points off the curve or its subgroup, and every encoding that WriteTo
// would not have written.
func ReadKey(r io.Reader) (*Key, error) {
	k := new(Key)
	if err := jsonfile.Read(r, budget.KeyBytes.Most, KeyVersion, k); err != nil {
		return nil, fmt.Errorf("verifying key: %w", err)
	}
	if err := k.load(); err != nil {
		return nil, fmt.Errorf("verifying key: %w", err)
	}
	return k, nil
}

// WriteTo writes verifying-key.json: always the same bytes for a key.
func (k *Key) WriteTo(w io.Writer) (int64, error) { return jsonfile.Write(w, k) }

// Digest is the SHA-256 of everything in the file except its version, the version of its
// writer and the digest itself: a JSON object of layout, vk, srs, model_sha256 and
// formats, in this order and without white space, empty ones omitted as in the file.
// Two keys with the same digest give every proof the same meaning; gnark's key alone
// would not say which public input is what.
func (k *Key) Digest() (string, error) {
	text, err := json.Marshal(struct {
		Layout      visibility.Layout `json:"layout"`
		VK          []byte            `json:"vk"`
		SRS         SRS               `json:"srs"`
		ModelSHA256 string            `json:"model_sha256,omitempty"`
		Formats     string            `json:"formats,omitempty"`
	}{k.Layout, k.VK, k.SRS, k.ModelSHA256, k.Formats})
	if err != nil {
		return "", err
	}
	return digest(text), nil
}

// VerifyingKey returns the decoded key, which must not be changed.
func (k *Key) VerifyingKey() *plonk.VerifyingKey { return k.vk }

// load checks all fields and decodes the key.
func (k *Key) load() error {
	if err := k.checkDigests(); err != nil {
		return err
	}
	if err := k.Layout.Check(); err != nil {
		return err
	}
	vk, err := decodeVK(k.VK)
	if err != nil {
		return err
	}
	if have, want := uint64(k.Layout.Count()), vk.NbPublicVariables; have != want {
		return fmt.Errorf("the layout has %d public inputs, but the key has %d", have, want)
	}
	if k.SRS.TauG2 != tauG2(vk) {
		return errors.New("srs.tau_g2 is not that of the key; the file was changed, do not trust it")
	}
	if !k.SRS.Unsafe && knownSecret(vk) {
		return errors.New("srs.unsafe is false, but the secret of this key's SRS is public; the file was changed, " +
			"do not trust it")
	}
	k.vk = vk
	return nil
}

// tauG2 returns [τ]₂ of a key, compressed, in hex, which identifies its SRS.
func tauG2(vk *plonk.VerifyingKey) string {
	tau := vk.Kzg.G2[1].Bytes()
	return hex.EncodeToString(tau[:])
}

func (k *Key) checkDigests() error {
	if err := checkDigest("vk_sha256", k.VKSHA256); err != nil {
		return err
	}
	want, err := k.Digest()
	if err != nil {
		return err
	}
	if k.VKSHA256 != want {
		return errors.New("vk_sha256 is not the digest of the key and its layout; the file was changed or damaged")
	}
	if err := checkDigest("srs.sha256", k.SRS.SHA256); err != nil {
		return err
	}
	if k.ModelSHA256 == "" {
		return nil
	}
	if k.Layout.PrivateModel() {
		return errors.New("model_sha256 is given for a private model; leave it out")
	}
	return checkDigest("model_sha256", k.ModelSHA256)
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
