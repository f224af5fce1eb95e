package srs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/consensys/gnark-crypto/ecc/bn254"

	"github.com/zkml-go/zkml/problem"
)

// Store serves SRSs of any size from the embedded points, from imported
// files and from a cache of their forms. Several processes may use one folder
// at the same time.
type Store struct {
	// Dir is the cache folder. It is made when something is first written.
	Dir string
	// Progress, if not nil, is called during a stage of work, always from the
	// calling goroutine.
	Progress func(stage string, done, total int)
	// Note, if not nil, receives messages that are not errors, such as that a
	// damaged cache file was computed again.
	Note func(message string)
}

// Open returns the store in the folder dir; "" is the folder srs under
// $ZKML_CACHE or, if that is not set, under zkml in the user's cache folder.
func Open(dir string) (*Store, error) {
	if dir != "" {
		return &Store{Dir: dir}, nil
	}
	if root := os.Getenv("ZKML_CACHE"); root != "" {
		return &Store{Dir: filepath.Join(root, "srs")}, nil
	}
	root, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("find a folder for the SRS cache: %w; set ZKML_CACHE to a writable folder", err)
	}
	return &Store{Dir: filepath.Join(root, "zkml", "srs")}, nil
}

func (s *Store) note(message string) {
	if s.Note != nil {
		s.Note(message)
	}
}

// stage returns a progress function for one stage.
func (s *Store) stage(name string) func(done, total int) {
	return func(done, total int) {
		if s.Progress != nil {
			s.Progress(name, done, total)
		}
	}
}

// Option narrows what For may choose.
type Option func(*choice)

type choice struct{ identity *Identity }

// WithIdentity requires the SRS of a manifest: one with the same τ.
func WithIdentity(id Identity) Option { return func(c *choice) { c.identity = &id } }

func checkSize(logN int) error {
	if logN < 1 || logN > MaxPower {
		return fmt.Errorf("no SRS for a domain of 2^%d: sizes from 2^1 to 2^%d are supported", logN, MaxPower)
	}
	return nil
}

// For returns the SRS for a domain of size 2^logN: the first of List that is large
// enough and has the required τ. It computes the forms that are not yet in the
// cache, which takes half a minute at 2^16, and caches them. Errors name the remedy.
func (s *Store) For(logN int, opts ...Option) (*Pair, error) {
	e, err := s.Choose(logN, opts...)
	if err != nil {
		return nil, err
	}
	canonical, err := s.form(&e, logN, kindCanonical, func() ([]bn254.G1Affine, error) {
		return e.points(canonicalLen(logN))
	})
	if err != nil {
		return nil, err
	}
	lagrange, err := s.form(&e, logN, kindLagrange, func() ([]bn254.G1Affine, error) {
		return lagrange(canonical[:1<<logN], s.stage(fmt.Sprintf("lagrange form of 2^%d points", logN)))
	})
	if err != nil {
		return nil, err
	}
	return newPair(e.Identity, e.tau, canonical, lagrange), nil
}

// Choose returns the entry that For would take its points from. It does no work on
// points, so that it can check what a file from elsewhere asks for before any work.
func (s *Store) Choose(logN int, opts ...Option) (Entry, error) {
	if err := checkSize(logN); err != nil {
		return Entry{}, err
	}
	var c choice
	for _, o := range opts {
		o(&c)
	}
	return s.choose(logN, c.identity)
}

// choose picks the entry for a domain; id may be nil.
func (s *Store) choose(logN int, id *Identity) (Entry, error) {
	if id != nil && id.Unsafe {
		return Entry{}, &problem.Error{
			Code: problem.Ceremony, Got: "this bundle was made with an unsafe SRS, which no store holds",
			Remedy: "ask for it with ${UnsafeSRS}, or compile the model again without it",
		}
	}
	largest := 0
	for _, e := range s.List() {
		if id != nil && !e.Same(*id) {
			continue
		}
		if e.Power >= logN {
			return e, nil
		}
		largest = max(largest, e.Power)
	}
	if id != nil {
		return Entry{}, missingIdentity(logN, id)
	}
	return Entry{}, fmt.Errorf("no SRS for a domain of 2^%d: the largest here serves 2^%d; %s", logN, largest,
		remedy(logN))
}

// remedy says how to get a larger ceremony file with an installed zkml.
func remedy(logN int) string {
	file := fmt.Sprintf("powersOfTau28_hez_final_%02d.ptau", logN)
	return fmt.Sprintf("download %s, which snarkjs lists, and run zkml srs import %s", file, file)
}

func missingIdentity(logN int, id *Identity) error {
	return fmt.Errorf("the SRS of this key (%q, sha256 %q) is not in the store for a domain of 2^%d; "+
		"get it with zkml srs import FILE, or compile the model again", id.Source, id.Digest,
		logN)
}

// formPath returns the cache file of a form of a ceremony's SRS. Its folder
// depends only on τ, so that files of one ceremony share their forms.
func (s *Store) formPath(e *Entry, logN int, k kind) string {
	return filepath.Join(s.Dir, digestOf([]byte(e.TauG2))[:16], fmt.Sprintf("%02d-%s%s", logN, k, suffix))
}

// form reads a form from the cache, or computes it and writes it there.
func (s *Store) form(e *Entry, logN int, k kind, compute func() ([]bn254.G1Affine, error)) ([]bn254.G1Affine, error) {
	path := s.formPath(e, logN, k)
	if points, err := readForm(path, e, logN, k); err == nil {
		return points, nil
	}
	unlock, err := lockFolder(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer unlock()
	points, err := readForm(path, e, logN, k)
	var damaged *damagedError
	switch {
	case err == nil:
		return points, nil
	case errors.As(err, &damaged):
		s.note(err.Error() + "; computing it again")
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read the SRS cache: %w; set ZKML_CACHE to another folder", err)
	}
	if points, err = compute(); err != nil {
		return nil, fmt.Errorf("%s form of the SRS (%s) for 2^%d: %w", k, e.Source, logN, err)
	}
	return points, writeContainer(path, header{Kind: k, TauG2: e.TauG2}, points)
}

func readForm(path string, e *Entry, logN int, k kind) ([]bn254.G1Affine, error) {
	want := 1 << logN
	if k == kindCanonical {
		want = canonicalLen(logN)
	}
	h, points, err := readContainer(path)
	if err != nil {
		return nil, err
	}
	if h.Kind != k || h.TauG2 != e.TauG2 || h.Count != want {
		return nil, &damagedError{path, "it does not hold the form that its name says"}
	}
	return points, nil
}
