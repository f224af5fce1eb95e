package srs

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/consensys/gnark-crypto/ecc/bn254"
)

// Find returns the entry whose sha256 begins with prefix.
func (s *Store) Find(prefix string) (Entry, error) {
	var found []Entry
	for _, e := range s.List() {
		if len(prefix) <= len(e.Digest) && e.Digest[:len(prefix)] == prefix {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		return Entry{}, fmt.Errorf("%d SRSs here have a sha256 beginning with %q; zkml srs list shows them all",
			len(found), prefix)
	}
	return found[0], nil
}

// Verify checks an entry of List again: its digests, that its points begin with the
// generator and are successive powers of the τ that its ceremony published in
// G2 (a pairing over a random combination), and that every form in the cache
// follows from them.
func (s *Store) Verify(e Entry) error {
	if e.Where == whereEmbedded {
		if err := checkEmbedded(); err != nil {
			return err
		}
	}
	points, err := e.points(canonicalLen(e.Power))
	if err != nil {
		return fmt.Errorf("%w; import it again", err)
	}
	if err := checkPowers(points, e.tau, s.stage("check the points")); err != nil {
		return fmt.Errorf("%s (sha256 %s): %w; import it again", e.Source, e.Digest, err)
	}
	for logN := 1; logN <= e.Power; logN++ {
		s.stage("check the cache")(logN, e.Power)
		if err := s.verifyForms(&e, logN, points); err != nil {
			return err
		}
	}
	return nil
}

// verifyForms compares the cached forms for one size, if there are any, with
// the canonical points.
func (s *Store) verifyForms(e *Entry, logN int, points []bn254.G1Affine) error {
	checks := map[kind]func(form []bn254.G1Affine) error{
		kindCanonical: func(form []bn254.G1Affine) error { return equalPoints(form, points) },
		kindLagrange:  func(form []bn254.G1Affine) error { return checkLagrange(points, form) },
	}
	for _, k := range []kind{kindCanonical, kindLagrange} {
		path := s.formPath(e, logN, k)
		form, err := readForm(path, e, logN, k)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = checks[k](form)
		}
		if err != nil {
			return fmt.Errorf("cached %s form for 2^%d: %w; delete %s, it is computed again when needed", k, logN, err,
				path)
		}
	}
	return nil
}

func equalPoints(form, points []bn254.G1Affine) error {
	for i := range form {
		if !form[i].Equal(&points[i]) {
			return &pointError{i, "is not that of the ceremony"}
		}
	}
	return nil
}

// checkPowers requires that points are [1]₁, [τ]₁, [τ²]₁, ... for the τ in tau.
func checkPowers(points []bn254.G1Affine, tau bn254.G2Affine, progress func(done, total int)) error {
	if err := checkGenerator(&points[0]); err != nil {
		return err
	}
	sum, err := newPowersG1()
	if err != nil {
		return err
	}
	for done := 0; done < len(points); done += chunkPoints {
		end := min(done+chunkPoints, len(points))
		sum.add(points[done:end])
		progress(end, len(points))
	}
	return sum.check(tau)
}

func checkGenerator(p *bn254.G1Affine) error {
	if _, _, g1, _ := bn254.Generators(); !p.Equal(&g1) {
		return &pointError{0, "is not the generator of G1"}
	}
	return nil
}
