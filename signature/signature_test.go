package signature_test

import (
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/signature"
)

// sign makes a key and its signature of a message.
func sign(t *testing.T, message *big.Int) (*signature.Key, *circuits.Signature) {
	t.Helper()
	k, err := signature.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	s, err := k.Sign(message)
	if err != nil {
		t.Fatal(err)
	}
	return k, s
}

// TestCheck: what every kind of forgery is refused for.
func TestCheck(t *testing.T) {
	message := big.NewInt(12345)
	key, good := sign(t, message)
	if err := signature.Check(message, good); err != nil {
		t.Fatal(err)
	}
	if again, err := key.Sign(message); err != nil || again.S.Cmp(good.S) != 0 {
		t.Error("one message has two signatures")
	}
	_, other := sign(t, message)
	up := func(v *big.Int, by *big.Int) *big.Int { return new(big.Int).Add(v, by) }
	one := big.NewInt(1)
	for name, c := range map[string]struct {
		message *big.Int
		with    circuits.Signature
		want    error
	}{
		"another message": {big.NewInt(12346), *good, signature.ErrMismatch},
		"another key": {message, circuits.Signature{Key: other.Key, R: good.R, S: good.S},
			signature.ErrMismatch},
		"another's R": {message, circuits.Signature{Key: good.Key, R: other.R, S: good.S},
			signature.ErrMismatch},
		"S plus one": {message, circuits.Signature{Key: good.Key, R: good.R, S: up(good.S, one)},
			signature.ErrMismatch},
		"S zero": {message, circuits.Signature{Key: good.Key, R: good.R, S: new(big.Int)},
			signature.ErrMismatch},
		"S plus the order": {message, circuits.Signature{Key: good.Key, R: good.R,
			S: up(good.S, circuits.GroupOrder)}, signature.ErrScalar},
		"S negative": {message, circuits.Signature{Key: good.Key, R: good.R, S: big.NewInt(-1)},
			signature.ErrScalar},
		"R off the curve": {message, circuits.Signature{Key: good.Key,
			R: circuits.Point{X: up(good.R.X, one), Y: good.R.Y}, S: good.S}, signature.ErrPointOffCurve},
		"R above the field": {message, circuits.Signature{Key: good.Key,
			R: circuits.Point{X: up(good.R.X, fr.Modulus()), Y: good.R.Y}, S: good.S}, signature.ErrPointOffCurve},
		"key off the curve": {message, circuits.Signature{Key: circuits.Point{X: good.Key.X, Y: up(good.Key.Y, one)},
			R: good.R, S: good.S}, signature.ErrKeyOffCurve},
		"no key": {message, circuits.Signature{R: good.R, S: good.S}, signature.ErrKeyOffCurve},
		"the neutral key": {message, circuits.Signature{Key: circuits.Point{X: new(big.Int), Y: one}, R: good.R,
			S: good.S}, signature.ErrSmallOrder},
		"the key of order 2": {message, circuits.Signature{Key: circuits.Point{X: new(big.Int),
			Y: up(fr.Modulus(), big.NewInt(-1))}, R: good.R, S: good.S}, signature.ErrSmallOrder},
	} {
		t.Run(name, func(t *testing.T) {
			err := signature.Check(c.message, &c.with)
			if !errors.Is(err, c.want) || !errors.Is(err, signature.ErrInvalid) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	message := big.NewInt(7)
	key, s := sign(t, message)
	dir := t.TempDir()
	secret, word := filepath.Join(dir, "key.json"), filepath.Join(dir, "signature.json")
	if err := errors.Join(signature.WriteKey(secret, key), signature.Write(word, s),
		signature.Write(word, s)); err != nil {
		t.Fatal(err)
	}
	if err := signature.WriteKey(secret, key); !errors.Is(err, os.ErrExist) {
		t.Errorf("a key is written over: %v", err)
	}
	for _, path := range []string{secret, word} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
	}
	back, err := signature.ReadKey(secret)
	if err != nil || back.Public().X.Cmp(key.Public().X) != 0 {
		t.Errorf("the key comes back changed: %v", err)
	}
	read, err := signature.Read(word)
	if err != nil || signature.Check(message, read) != nil {
		t.Errorf("the signature comes back changed: %v", err)
	}
	text, err := os.ReadFile(secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, key); got != "(signing key)" {
			t.Errorf("%s shows %s", verb, got)
		}
	}
	for name, spoil := range map[string]func(string) string{
		"another public key": func(s string) string {
			return strings.Replace(s, `"public_key": [
    "0x`, `"public_key": [
    "0x1`, 1)
		},
		"another scheme": func(s string) string { return strings.Replace(s, "eddsa", "ecdsa", 1) },
		"half":           func(s string) string { return s[:len(s)/2] },
		"a signature":    func(string) string { b, _ := os.ReadFile(word); return string(b) },
	} {
		path := filepath.Join(dir, "spoilt.json")
		if err := os.WriteFile(path, []byte(spoil(string(text))), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := signature.ReadKey(path); err == nil {
			t.Errorf("%s: read as a key", name)
		}
	}
	if _, err := signature.Read(secret); err == nil {
		t.Error("a key is read as a signature")
	}
}
