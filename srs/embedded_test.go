package srs

import (
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"
)

// TestEmbedded checks the provenance of every embedded point: the file's
// digest, [τ]₂ as pinned from the ceremony, and that the points of G1 are
// successive powers of that τ.
func TestEmbedded(t *testing.T) {
	if err := checkEmbedded(); err != nil {
		t.Fatal(err)
	}
	if want := embeddedG1 + canonicalLen(embeddedPower)*bn254.SizeOfG1AffineCompressed; len(embedded) != want {
		t.Fatalf("%d bytes embedded, want %d", len(embedded), want)
	}
	points, err := embeddedPoints(canonicalLen(embeddedPower))
	if err != nil {
		t.Fatal(err)
	}
	tau := ceremonies[0].tau()
	if err := sameTau(points[1], tau); err != nil {
		t.Errorf("e([τ]₁, [1]₂) = e([1]₁, [τ]₂): %v", err)
	}
	if err := checkPowers(points, tau, func(int, int) {}); err != nil {
		t.Error(err)
	}
	points[1<<15], points[1<<15+1] = points[1<<15+1], points[1<<15]
	if err := checkPowers(points, tau, func(int, int) {}); err == nil {
		t.Error("two points swapped were not noticed")
	}
}

func TestEmbeddedEntry(t *testing.T) {
	e := embeddedEntry()
	for _, c := range []struct{ name, got, want string }{
		{"source", e.Source, "Perpetual Powers of Tau, challenge_0085"},
		{"contribution", e.Contribution, "contribution 65 of the transcript"},
		{"digest", e.Digest, digestOf(embedded)},
		{"where", e.Where, "embedded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("got %q, want %q", c.got, c.want)
			}
		})
	}
	if !e.Known || e.Unsafe || e.Power != 16 {
		t.Errorf("got %+v", e)
	}
}

// TestCeremonies checks that each pinned [τ]₂ is a point of the group and
// survives its encoding.
func TestCeremonies(t *testing.T) {
	for i := range ceremonies {
		t.Run(ceremonies[i].source, func(t *testing.T) {
			tau := ceremonies[i].tau()
			got, err := decodeTau(encodeTau(&tau))
			if err != nil || !got.Equal(&tau) {
				t.Errorf("decoded %v, error %v", got, err)
			}
			if c, rank, known := ceremonyOf(&tau); c != &ceremonies[i] || rank != i || !known {
				t.Errorf("found %q, rank %d, known %v", c.source, rank, known)
			}
		})
	}
	for _, bad := range []string{"", "zz", "00", encodeTau(&bn254.G2Affine{})} {
		if _, err := decodeTau(bad); err == nil {
			t.Errorf("decodeTau(%q) did not fail", bad)
		}
	}
}

func TestPowerOf(t *testing.T) {
	for _, c := range []struct{ points, power int }{
		{0, -1}, {3, -1}, {4, 0}, {5, 1}, {66, 5}, {67, 6}, {1 << 20, 19}, {1<<16 + 3, 16}, {1 << 30, MaxPower},
	} {
		if got := powerOf(c.points); got != c.power {
			t.Errorf("powerOf(%d) = %d, want %d", c.points, got, c.power)
		}
	}
}
