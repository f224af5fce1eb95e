// Package artifact owns the bundle on disk: the folder that `zkml compile`
// writes, its manifest with digests, and how it is written and read. It must
// not know how proofs are made; of the SRS it knows only the identity. prover,
// server and cmd import it.
//
// A bundle is written completely or not at all, and every file is checked
// against its digest in the manifest when it is loaded. It contains no times
// and no paths, so that compiling twice gives the same bytes, except for the
// salt of a private model and what depends on it.
package artifact

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/visibility"
)

// Version is the version of the bundle's format.
const Version = 2

// Suffix ends the name of a bundle's folder.
const Suffix = ".zkml"

// The files of a bundle.
const (
	ManifestFile = "manifest.json"
	ProgramFile  = "program.cbor"
	KeyFile      = "verifying-key.json"
	ModelFile    = "model.onnx"
	SaltFile     = "salt.private.json"
	// For auditors of a private model: what is public of it, and the proof that
	// its key belongs to a model of that architecture.
	ArchitectureFile = "architecture.json"
	ConformanceFile  = "conformance.json"
)

// Manifest describes a bundle. It never contains a weight or a salt, but its
// digests would confirm a guess of a private model, so the manifest of such a
// bundle is private too. verifying-key.json, architecture.json and
// conformance.json are meant to be published.
type Manifest struct {
	// Version is the version of the format, Tool that of the zkml that wrote the
	// bundle, and Gnark that of the library that derived the key from the circuit.
	Version int    `json:"version"`
	Tool    string `json:"tool"`
	Gnark   string `json:"gnark"`
	// Name is the model's name, without a suffix.
	Name        string            `json:"name"`
	ModelSHA256 string            `json:"model_sha256"`
	VKSHA256    string            `json:"vk_sha256"`
	Layout      visibility.Layout `json:"layout"`
	// Formats describes the integer formats, for people.
	Formats string `json:"formats,omitempty"`
	// Digit is the width of range-check digits in bits.
	Digit int          `json:"digit"`
	Cost  Cost         `json:"cost"`
	SRS   srs.Identity `json:"srs"`
	// Picture says how a picture becomes an input, Agreement how well the
	// integers agree with the float model. Their form is defined elsewhere.
	Picture   json.RawMessage `json:"picture,omitempty"`
	Agreement json.RawMessage `json:"agreement,omitempty"`
	// Keys are what the elements of inputs that are maps belong to, by the input's name.
	Keys map[string][]string `json:"keys,omitempty"`
	// Files lists every other file of the bundle, ordered by name.
	Files []File `json:"files"`
	// Digest is the sha256 of the manifest with this field empty.
	Digest string `json:"manifest_sha256"`
}

// File is one file of a bundle.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Cost is the size of the circuit. The cost of proving depends on PaddedRows.
type Cost struct {
	Gates        int             `json:"gates"`
	PublicInputs int             `json:"public_inputs"`
	Rows         int             `json:"rows"`
	PaddedRows   int             `json:"padded_rows"`
	Parts        []circuits.Part `json:"parts,omitempty"`
}

// CostOf converts a counted cost to the manifest's form.
func CostOf(c circuits.Cost) Cost {
	return Cost{Gates: c.Gates, PublicInputs: c.Public, Rows: c.Rows(), PaddedRows: c.PaddedRows(), Parts: c.Parts}
}

// GnarkVersion is the version of gnark that go.mod requires. The library's own
// constant is not updated with every release.
const GnarkVersion = "0.16.2"

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
