package verifier

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
)

// Hex holds bytes that are written in JSON as 0x and lower-case hex digits.
type Hex []byte

// MarshalText returns the 0x form.
func (h Hex) MarshalText() ([]byte, error) {
	return []byte("0x" + hex.EncodeToString(h)), nil
}

// UnmarshalText reads the 0x form. The error never repeats the text, which may
// be a secret.
func (h *Hex) UnmarshalText(text []byte) error {
	digits, ok := strings.CutPrefix(string(text), "0x")
	if !ok {
		return fmt.Errorf("%d characters that do not begin with 0x", len(text))
	}
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return fmt.Errorf("not an even number of hex digits after 0x")
	}
	*h = raw
	return nil
}

// Word is a 32-byte big-endian number: a public input, a commitment or a
// context, as the Solidity verifier reads it. It need not be below r.
type Word [32]byte

// NewWord makes the word of v. It is an error if v is not in [0, 2^256).
func NewWord(v *big.Int) (Word, error) {
	var w Word
	if v == nil || v.Sign() < 0 || v.BitLen() > 256 {
		return w, fmt.Errorf("a value does not fit a 256-bit word")
	}
	v.FillBytes(w[:])
	return w, nil
}

// Int returns the word as a number.
func (w Word) Int() *big.Int { return new(big.Int).SetBytes(w[:]) }

// String returns the 0x form, 64 digits.
func (w Word) String() string { return "0x" + hex.EncodeToString(w[:]) }

// MarshalText returns the 0x form, 64 digits.
func (w Word) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads exactly 64 hex digits after 0x.
func (w *Word) UnmarshalText(text []byte) error {
	var raw Hex
	if err := raw.UnmarshalText(text); err != nil {
		return err
	}
	if len(raw) != len(w) {
		return fmt.Errorf("%d bytes, a word has %d", len(raw), len(w))
	}
	copy(w[:], raw)
	return nil
}

// checkDigest requires the spelling of a SHA-256 digest: 64 lower-case digits.
func checkDigest(name, digest string) error {
	raw, err := hex.DecodeString(digest)
	if err != nil || len(raw) != 32 || strings.ToLower(digest) != digest {
		return fmt.Errorf("%s is not 64 lower-case hex digits", name)
	}
	return nil
}
