package srs

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/consensys/gnark-crypto/ecc/bn254"
)

// A container is a file of raw G1 points of one τ:
//
//	magic (8 bytes) | length of the header (uint32, little-endian)
//	header (JSON) | sha256 of the header | points, 64 bytes each
const (
	containerMagic = "zkmlsrs\x01"
	maxHeader      = 1 << 12
	preamble       = len(containerMagic) + 4
)

// kind says which points a container holds.
type kind string

const (
	kindCanonical kind = "canonical"
	kindLagrange  kind = "lagrange"
	kindImport    kind = "import"
)

type header struct {
	Kind  kind   `json:"kind"`
	TauG2 string `json:"tau_g2"`
	Count int    `json:"count"`
	// Origin and Digest name the file that an import came from.
	Origin string `json:"origin,omitempty"`
	Digest string `json:"sha256,omitempty"`
	// Body is the sha256 of the points' bytes.
	Body string `json:"body_sha256"`
}

// damagedError marks a container whose bytes are not those that were written.
type damagedError struct{ path, reason string }

func (e *damagedError) Error() string { return fmt.Sprintf("%s is damaged: %s", e.path, e.reason) }

// putPoints writes the raw form of points.
func putPoints(w io.Writer, points []bn254.G1Affine) error {
	var b [rawG1]byte
	for i := range points {
		putG1(b[:], &points[i])
		if _, err := w.Write(b[:]); err != nil {
			return err
		}
	}
	return nil
}

// writeContainer writes points under h, whose Count and Body it fills in.
func writeContainer(path string, h header, points []bn254.G1Affine) error {
	sum := sha256.New()
	buffered := bufio.NewWriterSize(sum, 1<<16)
	if err := putPoints(buffered, points); err != nil {
		return err
	}
	buffered.Flush()
	h.Count, h.Body = len(points), hex.EncodeToString(sum.Sum(nil))
	text, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	start := binary.LittleEndian.AppendUint32([]byte(containerMagic), uint32(len(text)))
	check := sha256.Sum256(text)
	start = append(append(start, text...), check[:]...)
	return writeAtomic(path, func(w io.Writer) error {
		if _, err := w.Write(start); err != nil {
			return err
		}
		return putPoints(w, points)
	})
}

// readHeader reads the header from the start of f and checks it against the
// file's size.
func readHeader(f *os.File) (header, error) {
	damaged := func(reason string) (header, error) { return header{}, &damagedError{f.Name(), reason} }
	start := make([]byte, preamble)
	if _, err := io.ReadFull(f, start); err != nil || string(start[:len(containerMagic)]) != containerMagic {
		return damaged("it does not begin like a file of this cache")
	}
	length := binary.LittleEndian.Uint32(start[len(containerMagic):])
	if length > maxHeader {
		return damaged("its header is too long")
	}
	text := make([]byte, int(length)+sha256.Size)
	if _, err := io.ReadFull(f, text); err != nil {
		return damaged("it ends within its header")
	}
	var h header
	check := sha256.Sum256(text[:length])
	if !bytes.Equal(check[:], text[length:]) || json.Unmarshal(text[:length], &h) != nil {
		return damaged("its header does not match its digest")
	}
	info, err := f.Stat()
	if err != nil {
		return header{}, err
	}
	if h.Count < 1 || h.Count > canonicalLen(MaxPower) ||
		info.Size() != int64(preamble)+int64(len(text))+int64(h.Count)*rawG1 {
		return damaged("its size does not match its header")
	}
	return h, nil
}

// openContainer reads only the header of the container at path.
func openContainer(path string) (header, error) {
	f, err := os.Open(path)
	if err != nil {
		return header{}, err
	}
	defer f.Close()
	return readHeader(f)
}

// readContainer reads a whole container and checks its digest. It does not check
// again that points are on the curve.
func readContainer(path string) (header, []bn254.G1Affine, error) {
	f, err := os.Open(path)
	if err != nil {
		return header{}, nil, err
	}
	defer f.Close()
	h, err := readHeader(f)
	if err != nil {
		return header{}, nil, err
	}
	sum := sha256.New()
	points, err := readBody(f, h.Count, sum)
	if err != nil {
		return header{}, nil, fmt.Errorf("read %s: %w", path, err)
	}
	if points == nil || hex.EncodeToString(sum.Sum(nil)) != h.Body {
		return header{}, nil, &damagedError{path, "its points do not match their digest"}
	}
	return h, points, nil
}

// readBody reads n raw points and hashes their bytes. It returns no points if
// a coordinate is not reduced.
func readBody(r io.Reader, n int, sum hash.Hash) ([]bn254.G1Affine, error) {
	points := make([]bn254.G1Affine, n)
	buf := make([]byte, min(n, 1<<12)*rawG1)
	for done := 0; done < n; {
		part := buf[:min(len(buf), (n-done)*rawG1)]
		if _, err := io.ReadFull(r, part); err != nil {
			return nil, err
		}
		sum.Write(part)
		for ; len(part) > 0; part = part[rawG1:] {
			if !getG1(part, &points[done]) {
				return nil, nil
			}
			done++
		}
	}
	return points, nil
}
