package srs

import (
	"errors"
	"fmt"
	"io"

	"github.com/consensys/gnark-crypto/ecc/bn254"
)

// pointFile is a list of compressed [τ^i]₁, without a header.
type pointFile struct {
	r     io.ReaderAt
	power int
	tauG2 bn254.G2Affine
}

// openPointFile finds the ceremony of a .point file. The format holds no point
// of G2, so the file can only be checked against the τ of a known ceremony:
// e([τ]₁, [1]₂) = e([1]₁, [τ]₂).
func openPointFile(r io.ReaderAt, size int64) (*pointFile, error) {
	const each = bn254.SizeOfG1AffineCompressed
	power := powerOf(int(min(size/each, int64(canonicalLen(MaxPower)))))
	if size%each != 0 || power < 1 {
		return nil, fmt.Errorf("%d bytes are not a whole number of at least %d points of %d bytes; download it again",
			size, canonicalLen(1), each)
	}
	raw := make([]byte, 2*each)
	points := make([]bn254.G1Affine, 2)
	if _, err := r.ReadAt(raw, 0); err != nil {
		return nil, bare(err)
	}
	if err := decompress(raw, points); err != nil {
		return nil, err
	}
	for i := range ceremonies {
		tau := ceremonies[i].tau()
		if sameTau(points[1], tau) == nil {
			return &pointFile{r, power, tau}, nil
		}
	}
	return nil, errors.New("its τ is not that of a ceremony known to zkml, and a .point file holds no other " +
		"evidence; import the ceremony's .ptau file")
}

// sameTau checks that p is [τ]₁ for the τ in tau.
func sameTau(p bn254.G1Affine, tau bn254.G2Affine) error {
	_, _, g1, g2 := bn254.Generators()
	g1.Neg(&g1)
	return pairing([]bn254.G1Affine{p, g1}, []bn254.G2Affine{g2, tau})
}

func (f *pointFile) tau() bn254.G2Affine { return f.tauG2 }

// points reads the points that the file's largest domain needs; the rest are
// never used.
func (f *pointFile) points(progress func(done, total int)) ([]bn254.G1Affine, error) {
	const each = bn254.SizeOfG1AffineCompressed
	n := canonicalLen(f.power)
	out := make([]bn254.G1Affine, 0, n)
	sum, err := newPowersG1()
	if err != nil {
		return nil, err
	}
	err = eachChunk(io.NewSectionReader(f.r, 0, int64(n)*each), n, each, decompress, func(points []bn254.G1Affine) {
		out = append(out, points...)
		sum.add(points)
		progress(len(out), n)
	})
	if err != nil {
		return nil, err
	}
	if err := checkGenerator(&out[0]); err != nil {
		return nil, err
	}
	return out, sum.check(f.tauG2)
}
