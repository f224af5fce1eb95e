package srs

import (
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"
)

// TestChooseLarger checks the order of preference beyond the embedded size;
// the points themselves do not matter to it.
func TestChooseLarger(t *testing.T) {
	store := newStore(t)
	_, _, g1, g2 := bn254.Generators()
	points := make([]bn254.G1Affine, canonicalLen(17))
	for i := range points {
		points[i] = g1
	}
	keep := func(tau bn254.G2Affine, digit string) string {
		digest := strings.Repeat(digit, 64)
		if _, err := store.keep(tau, points, digest, "made"); err != nil {
			t.Fatal(err)
		}
		return digest
	}
	unknown := keep(g2, "1")
	other := keep(ceremonies[1].tau(), "2")
	same := keep(ceremonies[0].tau(), "3")
	lower := keep(ceremonies[0].tau(), "0")
	entries := store.List()
	for i, want := range []string{embeddedDigest, lower, same, other, unknown} {
		if entries[i].Digest != want {
			t.Errorf("entry %d is %s, want %s", i, entries[i].Digest, want)
		}
	}
	for logN, want := range map[int]string{16: embeddedDigest, 17: lower} {
		if e, err := store.choose(logN, nil); err != nil || e.Digest != want {
			t.Errorf("for 2^%d took %s, error %v", logN, e.Digest, err)
		}
	}
	_, err := store.choose(18, nil)
	wantError(t, err, "the largest here serves 2^17")
}
