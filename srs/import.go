package srs

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/consensys/gnark-crypto/ecc/bn254"

	"github.com/zkml-go/zkml/problem"
)

// ceremonyFile is a file with an SRS in one of the formats that Import reads.
type ceremonyFile interface {
	// tau returns [τ]₂.
	tau() bn254.G2Affine
	// points reads and checks the whole file and returns as many canonical
	// points as its largest domain needs.
	points(progress func(done, total int)) ([]bn254.G1Affine, error)
}

// Import reads the ceremony file at path, snarkjs's .ptau or gnark-crypto's
// compressed G1 points (.point), checks every part of it, and keeps what PLONK
// needs of it in the store. A file whose [τ]₂ is not that of a known ceremony
// is refused unless trust is the file's sha256. If trust is not empty, it must
// equal the file's sha256 in any case.
func (s *Store) Import(path, trust string) (Entry, error) {
	e, err := s.importFile(path, trust)
	if err != nil {
		return Entry{}, fmt.Errorf("import %s: %w", path, err)
	}
	return e, nil
}

func (s *Store) importFile(path, trust string) (Entry, error) {
	f, err := os.Open(path)
	if err != nil {
		return Entry{}, bare(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Entry{}, bare(err)
	}
	if !info.Mode().IsRegular() {
		return Entry{}, errors.New("not a regular file; give a .ptau or .point file")
	}
	file, err := openCeremony(f, info.Size())
	if err != nil {
		return Entry{}, err
	}
	digest, err := s.digestFile(f, info.Size())
	if err != nil {
		return Entry{}, err
	}
	tau := file.tau()
	if err := admit(&tau, digest, trust); err != nil {
		return Entry{}, err
	}
	points, err := file.points(s.stage("check the file"))
	if err != nil {
		return Entry{}, err
	}
	return s.keep(tau, points, digest, filepath.Base(path))
}

// openCeremony recognises the format by content and reads the file's structure.
func openCeremony(r io.ReaderAt, size int64) (ceremonyFile, error) {
	var start [bn254.SizeOfG1AffineCompressed]byte
	if _, err := r.ReadAt(start[:], 0); err != nil {
		return nil, errors.New("too short for a ceremony file; download it again")
	}
	_, _, g1, _ := bn254.Generators()
	switch {
	case string(start[:len(ptauMagic)]) == ptauMagic:
		return openPtau(r, size)
	case start == g1.Bytes():
		return openPointFile(r, size)
	}
	return nil, errors.New("neither a .ptau file of snarkjs nor a .point file of compressed BN254 G1 points")
}

// digestFile returns the sha256, in hex, of the first size bytes.
func (s *Store) digestFile(r io.ReaderAt, size int64) (string, error) {
	const step = 1 << 24
	sum, progress := sha256.New(), s.stage("digest")
	for done := int64(0); done < size; done += step {
		n := min(step, size-done)
		if _, err := io.Copy(sum, io.NewSectionReader(r, done, n)); err != nil {
			return "", bare(err)
		}
		progress(int((done+n)>>10), int(size>>10))
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// admit decides on provenance: by τ, or by the digest that the user typed.
func admit(tau *bn254.G2Affine, digest, trust string) error {
	trust = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(trust), "sha256:"))
	if trust != "" && trust != digest {
		return fmt.Errorf("its sha256 is %s, not the trusted %s; check where the file comes from", digest, trust)
	}
	if _, _, known := ceremonyOf(tau); !known && trust == "" {
		return &problem.Error{
			Code:   problem.Ceremony,
			Got:    "its τ·G2 is not that of a ceremony known to zkml, so whoever made it may be able to forge proofs",
			Remedy: "use a powersOfTau28_hez_final_*.ptau file, or, if you trust this one, ${Trust} " + digest,
		}
	}
	return nil
}

// keep writes checked points into the store.
func (s *Store) keep(tau bn254.G2Affine, points []bn254.G1Affine, digest, origin string) (Entry, error) {
	dir := filepath.Join(s.Dir, importFolder)
	unlock, err := lockFolder(dir)
	if err != nil {
		return Entry{}, err
	}
	defer unlock()
	path := filepath.Join(dir, digest+suffix)
	h := header{Kind: kindImport, TauG2: encodeTau(&tau), Origin: origin, Digest: digest}
	if err := writeContainer(path, h, points); err != nil {
		return Entry{}, err
	}
	return newEntry(&tau, powerOf(len(points)), digest, origin, path), nil
}

// bare drops the path from a file error, since the caller names it.
func bare(err error) error {
	var pathErr *os.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
