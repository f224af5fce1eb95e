package srs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"sync/atomic"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/parallel"
)

// Uncompressed points are affine coordinates in Montgomery form, limbs in
// little-endian order. Both snarkjs and the cache write them this way: it is
// how fp.Element is stored in memory, so that reading needs no arithmetic.
const (
	rawG1 = 64
	rawG2 = 128
	// chunkPoints bounds how many points are read or checked at a time.
	chunkPoints = 1 << 14
)

// modulus holds the limbs of the base field's modulus, least significant
// first.
var modulus = func() (m [fp.Limbs]uint64) {
	var b [fp.Bytes]byte
	fp.Modulus().FillBytes(b[:])
	for i := range m {
		m[i] = binary.BigEndian.Uint64(b[fp.Bytes-8*(i+1):])
	}
	return m
}()

// getElement reads a coordinate and reports whether it is reduced.
func getElement(b []byte, e *fp.Element) bool {
	var borrow uint64
	for i := range e {
		e[i] = binary.LittleEndian.Uint64(b[8*i:])
		_, borrow = bits.Sub64(e[i], modulus[i], borrow)
	}
	return borrow == 1
}

func getG1(b []byte, p *bn254.G1Affine) bool {
	x := getElement(b, &p.X)
	y := getElement(b[fp.Bytes:], &p.Y)
	return x && y
}

func getG2(b []byte, p *bn254.G2Affine) bool {
	ok := true
	for i, e := range []*fp.Element{&p.X.A0, &p.X.A1, &p.Y.A0, &p.Y.A1} {
		ok = getElement(b[i*fp.Bytes:], e) && ok
	}
	return ok
}

func putG1(b []byte, p *bn254.G1Affine) {
	for i := range p.X {
		binary.LittleEndian.PutUint64(b[8*i:], p.X[i])
		binary.LittleEndian.PutUint64(b[fp.Bytes+8*i:], p.Y[i])
	}
}

// pointError says which point of a list is wrong, and how.
type pointError struct {
	index  int
	reason string
}

func (e *pointError) Error() string { return fmt.Sprintf("point %d %s", e.index, e.reason) }

// all runs check on every index below n, in parallel, and returns the first
// index for which it fails, or -1 if there is none.
func all(n int, check func(i int) bool) int {
	var first atomic.Int64
	first.Store(int64(n))
	parallel.Execute(n, func(start, end int) {
		for i := start; i < end; i++ {
			if check(i) {
				continue
			}
			for old := first.Load(); int64(i) < old && !first.CompareAndSwap(old, int64(i)); {
				old = first.Load()
			}
			return
		}
	})
	if first.Load() == int64(n) {
		return -1
	}
	return int(first.Load())
}

// readG1 decodes raw points and checks that they are in the group: reduced, on the
// curve and not infinity. This is enough, since the curve's cofactor is one.
func readG1(raw []byte, out []bn254.G1Affine) error {
	bad := all(len(out), func(i int) bool {
		return getG1(raw[i*rawG1:], &out[i]) && !out[i].IsInfinity() && out[i].IsOnCurve()
	})
	if bad >= 0 {
		return &pointError{bad, "is not on the curve"}
	}
	return nil
}

// readG2 decodes raw points of G2 and checks that they are in the subgroup of
// prime order.
func readG2(raw []byte, out []bn254.G2Affine) error {
	bad := all(len(out), func(i int) bool {
		return getG2(raw[i*rawG2:], &out[i]) && !out[i].IsInfinity() && out[i].IsInSubGroup()
	})
	if bad >= 0 {
		return &pointError{bad, "is not in the subgroup"}
	}
	return nil
}

// decompress decodes points of bn254.SizeOfG1AffineCompressed bytes each.
func decompress(compressed []byte, out []bn254.G1Affine) error {
	const size = bn254.SizeOfG1AffineCompressed
	bad := all(len(out), func(i int) bool {
		_, err := out[i].SetBytes(compressed[i*size : (i+1)*size])
		return err == nil && !out[i].IsInfinity()
	})
	if bad >= 0 {
		return &pointError{bad, "is not a compressed point of the curve"}
	}
	return nil
}

// decoder is readG1, readG2 or decompress.
type decoder[P any] func(raw []byte, out []P) error

// eachChunk reads n points of size bytes each from r and passes them to visit
// in order, a bounded number at a time. The slice is reused between calls.
func eachChunk[P any](r io.Reader, n, size int, decode decoder[P], visit func([]P)) error {
	raw := make([]byte, min(n, chunkPoints)*size)
	points := make([]P, min(n, chunkPoints))
	for done := 0; done < n; {
		m := min(n-done, chunkPoints)
		if _, err := io.ReadFull(r, raw[:m*size]); err != nil {
			return fmt.Errorf("read points from %d on: %w", done, err)
		}
		if err := decode(raw[:m*size], points[:m]); err != nil {
			return offsetPoint(err, done)
		}
		visit(points[:m])
		done += m
	}
	return nil
}

// offsetPoint turns an index within a chunk into an index within the list.
func offsetPoint(err error, by int) error {
	var bad *pointError
	if errors.As(err, &bad) {
		return &pointError{bad.index + by, bad.reason}
	}
	return err
}
