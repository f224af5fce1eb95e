package srs

import (
	"fmt"
	"io"

	"github.com/consensys/gnark-crypto/ecc/bn254"
)

// points checks every section of points: that each point is in its group, that each
// list holds successive powers of one τ, and that [β]₂ has the β of betaTauG1.
func (f *ptau) points(progress func(done, total int)) ([]bn254.G1Affine, error) {
	c := &ptauCheck{ptau: f, total: 6 << f.power, progress: progress}
	out, err := c.tauG1()
	if err != nil {
		return nil, fmt.Errorf("tauG1: %w", err)
	}
	if err := c.tauG2(out[1]); err != nil {
		return nil, fmt.Errorf("tauG2: %w", err)
	}
	if _, err := c.listG1(ptauAlphaTauG1, 0); err != nil {
		return nil, fmt.Errorf("alphaTauG1: %w", err)
	}
	beta, err := c.listG1(ptauBetaTauG1, 1)
	if err != nil {
		return nil, fmt.Errorf("betaTauG1: %w", err)
	}
	if err := c.betaG2(beta[0]); err != nil {
		return nil, fmt.Errorf("betaG2: %w", err)
	}
	return out, nil
}

// ptauCheck counts the points seen, those of G2 twice.
type ptauCheck struct {
	*ptau
	done, total int
	progress    func(done, total int)
}

func (c *ptauCheck) seen(n int) {
	c.done = min(c.done+n, c.total)
	c.progress(c.done, c.total)
}

func (c *ptauCheck) tauG1() ([]bn254.G1Affine, error) {
	out, err := c.listG1(ptauTauG1, canonicalLen(c.power))
	if err != nil {
		return nil, err
	}
	return out, checkGenerator(&out[0])
}

// listG1 checks a section of G1 points and returns its first keep ones.
func (c *ptauCheck) listG1(section uint32, keep int) ([]bn254.G1Affine, error) {
	sum, err := newPowersG1()
	if err != nil {
		return nil, err
	}
	out := make([]bn254.G1Affine, 0, keep)
	r := c.section(section)
	err = eachChunk(r, int(r.Size()/rawG1), rawG1, readG1, func(points []bn254.G1Affine) {
		out = append(out, points[:min(len(points), keep-len(out))]...)
		sum.add(points)
		c.seen(len(points))
	})
	if err != nil {
		return nil, err
	}
	return out, sum.check(c.ptau.tauG2)
}

func (c *ptauCheck) tauG2(tauG1 bn254.G1Affine) error {
	sum, err := newPowersG2()
	if err != nil {
		return err
	}
	r := c.section(ptauTauG2)
	err = eachChunk(r, int(r.Size()/rawG2), rawG2, readG2, func(points []bn254.G2Affine) {
		sum.add(points)
		c.seen(2 * len(points))
	})
	if err != nil {
		return err
	}
	return sum.check(tauG1)
}

// betaG2 checks e([β]₁, [1]₂) = e([1]₁, [β]₂).
func (c *ptauCheck) betaG2(beta bn254.G1Affine) error {
	raw, point := make([]byte, rawG2), make([]bn254.G2Affine, 1)
	if _, err := io.ReadFull(c.section(ptauBetaG2), raw); err != nil {
		return bare(err)
	}
	if err := readG2(raw, point); err != nil {
		return err
	}
	return sameTau(beta, point[0])
}

// section returns a reader at the beginning of a section.
func (c *ptauCheck) section(id uint32) *io.SectionReader {
	s := c.sections[id]
	return io.NewSectionReader(s, 0, s.Size())
}
