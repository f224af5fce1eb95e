package srs

import (
	"fmt"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/kzg"
)

// TestLagrange compares three ways to the Lagrange form: ours, gnark-crypto's,
// and evaluation at a known τ.
func TestLagrange(t *testing.T) {
	for logN := range 9 {
		t.Run(fmt.Sprintf("2^%d", logN), func(t *testing.T) {
			canonical, err := embeddedPoints(1 << logN)
			if err != nil {
				t.Fatal(err)
			}
			last := 0
			got, err := lagrange(canonical, func(done, total int) {
				if done <= last || done > total {
					t.Errorf("progress went from %d to %d of %d", last, done, total)
				}
				last = done
			})
			if err != nil {
				t.Fatal(err)
			}
			want, err := kzg.ToLagrangeG1(slices.Clone(canonical))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Error("differs from kzg.ToLagrangeG1")
			}
			if err := checkLagrange(canonical, got); err != nil {
				t.Error(err)
			}
			if logN > 0 {
				got[0], got[1] = got[1], got[0]
				if checkLagrange(canonical, got) == nil {
					t.Error("two points swapped were not noticed")
				}
			}
		})
	}
	if _, err := lagrange(nil, nil); err == nil {
		t.Error("no points: no error")
	}
	if odd, _ := embeddedPoints(3); true {
		if _, err := lagrange(odd, nil); err == nil {
			t.Error("three points: no error")
		}
	}
}

func TestUnsafe(t *testing.T) {
	for _, seed := range []string{"", "another"} {
		t.Run("seed "+seed, func(t *testing.T) {
			p, err := Unsafe(6, seed)
			if err != nil {
				t.Fatal(err)
			}
			if !p.Identity.Unsafe || p.Identity.Source[:7] != "UNSAFE:" {
				t.Errorf("identity %+v does not say that it is unsafe", p.Identity)
			}
			if err := checkPowers(p.Canonical.Pk.G1, p.Canonical.Vk.G2[1], func(int, int) {}); err != nil {
				t.Error(err)
			}
			want, err := lagrange(p.Canonical.Pk.G1[:64], nil)
			if err != nil || !slices.Equal(p.Lagrange.Pk.G1, want) {
				t.Errorf("lagrange form differs from the transform's (error %v)", err)
			}
		})
	}
	a, _ := Unsafe(3, "")
	b, _ := Unsafe(5, UnsafeSeed)
	c, _ := Unsafe(3, "another")
	if !a.Identity.Same(b.Identity) || a.Identity.Same(c.Identity) {
		t.Error("the τ must follow from the seed alone")
	}
	for _, logN := range []int{-1, 0, MaxPower + 1} {
		if _, err := Unsafe(logN, ""); err == nil {
			t.Errorf("size 2^%d: no error", logN)
		}
	}
}
