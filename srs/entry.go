package srs

import (
	"cmp"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/consensys/gnark-crypto/ecc/bn254"
)

const (
	whereEmbedded = "embedded"
	importFolder  = "imports"
	suffix        = ".srs"
)

// Entry is an SRS that a Store can serve.
type Entry struct {
	Identity
	// Contribution says after which contribution of the ceremony's transcript
	// the points were taken.
	Contribution string `json:"contribution"`
	// Origin names the file, or the module, that the points came from.
	Origin string `json:"origin"`
	// Where is "embedded", or the path of the file in the cache.
	Where string `json:"where"`
	// Known is false if only the user vouches for τ.
	Known bool `json:"known_ceremony"`

	rank int
	tau  bn254.G2Affine
}

// newEntry describes an SRS with the given τ. Its description of the ceremony is
// looked up, never read from a file.
func newEntry(tau *bn254.G2Affine, power int, digest, origin, where string) Entry {
	c, rank, known := ceremonyOf(tau)
	return Entry{
		Identity:     Identity{Source: c.source, Power: power, Digest: digest, TauG2: encodeTau(tau)},
		Contribution: c.contribution,
		Origin:       origin,
		Where:        where,
		Known:        known,
		rank:         rank,
		tau:          *tau,
	}
}

// points decodes the first n canonical points, n at most
// canonicalLen(e.Power).
func (e *Entry) points(n int) ([]bn254.G1Affine, error) {
	if e.Where == whereEmbedded {
		return embeddedPoints(n)
	}
	h, points, err := readContainer(e.Where)
	if err != nil {
		return nil, err
	}
	if h.Kind != kindImport || h.TauG2 != e.TauG2 || h.Count < n {
		return nil, &damagedError{e.Where, "it does not hold the SRS that its name says"}
	}
	if n < len(points) {
		points = slices.Clone(points[:n])
	}
	return points, nil
}

// List returns every SRS of the store, in the order in which For prefers them:
// the embedded one, then by ceremony, size and digest. Damaged imports are
// skipped with a note.
func (s *Store) List() []Entry {
	entries := []Entry{embeddedEntry()}
	paths, _ := filepath.Glob(filepath.Join(s.Dir, importFolder, "*"+suffix))
	for _, path := range paths {
		e, err := importedEntry(path)
		switch {
		case err == nil:
			entries = append(entries, e)
		case !errors.Is(err, fs.ErrNotExist):
			s.note("imported SRS skipped: " + err.Error() + "; import it again")
		}
	}
	slices.SortStableFunc(entries[1:], func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.Power, b.Power), cmp.Compare(a.Digest, b.Digest))
	})
	return entries
}

func importedEntry(path string) (Entry, error) {
	h, err := openContainer(path)
	if err != nil {
		return Entry{}, err
	}
	if h.Kind != kindImport || filepath.Base(path) != h.Digest+suffix {
		return Entry{}, &damagedError{path, "it does not hold the SRS that its name says"}
	}
	tau, err := decodeTau(h.TauG2)
	if err != nil {
		return Entry{}, &damagedError{path, err.Error()}
	}
	return newEntry(&tau, powerOf(h.Count), h.Digest, h.Origin, path), nil
}
