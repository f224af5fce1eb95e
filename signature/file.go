package signature

import (
	"errors"
	"fmt"
	"io"

	"github.com/consensys/gnark-crypto/ecc/bn254/twistededwards/eddsa"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// FileVersion is the version of both files.
const FileVersion = 1

// keyFile is a signer's key on disk.
type keyFile struct {
	Version int               `json:"version"`
	Scheme  visibility.Scheme `json:"scheme"`
	Public  [2]verifier.Word  `json:"public_key"`
	Private verifier.Hex      `json:"private_key"`
}

// signatureFile is a signature on disk. It is private too: it has no salt, so that
// whoever has it can test guesses of the input.
type signatureFile struct {
	Version int               `json:"version"`
	Scheme  visibility.Scheme `json:"scheme"`
	Signer  [2]verifier.Word  `json:"signer"`
	R       [2]verifier.Word  `json:"r"`
	S       verifier.Word     `json:"s"`
}

// Format hides the key under every verb.
func (*Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "(signing key)") }

// WriteKey writes a key, readable only by its owner. An existing file is an error: an
// overwritten key is lost.
func WriteKey(path string, k *Key) error {
	return jsonfile.NewPrivate(path, keyFile{FileVersion, visibility.EdDSA, Words(k.Public()), k.key.Bytes()})
}

// ReadKey reads a key's file. No error shows a part of it.
func ReadKey(path string) (*Key, error) {
	var f keyFile
	if err := jsonfile.ReadPrivate(path, FileVersion, &f); err != nil {
		return nil, err
	}
	k := &Key{new(eddsa.PrivateKey)}
	if _, err := k.key.SetBytes(f.Private); err != nil || f.Scheme != visibility.EdDSA ||
		Words(k.Public()) != f.Public {
		return nil, fmt.Errorf("%s: it holds no key of scheme %s, or its two keys do not match", path, visibility.EdDSA)
	}
	return k, nil
}

// Write writes a signature, readable only by its owner. It replaces an older one.
func Write(path string, s *circuits.Signature) error {
	w, err := verifier.NewWord(s.S)
	if err != nil {
		return err
	}
	return jsonfile.WritePrivate(path, signatureFile{FileVersion, visibility.EdDSA, Words(s.Key), Words(s.R), w})
}

// Read reads a signature's file. It checks only the form: Check checks the signature.
func Read(path string) (*circuits.Signature, error) {
	var f signatureFile
	if err := jsonfile.ReadPrivate(path, FileVersion, &f); err != nil {
		return nil, err
	}
	if f.Scheme != visibility.EdDSA {
		return nil, errors.New(path + ": the signature is not of scheme " + string(visibility.EdDSA))
	}
	return &circuits.Signature{Key: pointIn(f.Signer), R: pointIn(f.R), S: f.S.Int()}, nil
}

// Words are a point's coordinates as 32-byte words.
func Words(p circuits.Point) (w [2]verifier.Word) {
	p.X.FillBytes(w[0][:])
	p.Y.FillBytes(w[1][:])
	return w
}

func pointIn(w [2]verifier.Word) circuits.Point { return circuits.Point{X: w[0].Int(), Y: w[1].Int()} }
