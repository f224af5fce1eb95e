package srs

import (
	"fmt"
	"math/big"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/fft"
	"github.com/consensys/gnark-crypto/parallel"
	"github.com/consensys/gnark-crypto/utils"
)

// lagrange turns [τ^i]₁ for i < n, n a power of two, into [L_i(τ)]₁ over
// gnark's domain of size n: an inverse Fourier transform over the group,
// decimated in frequency. It returns the same as gnark-crypto's kzg.ToLagrangeG1,
// reports progress, and avoids that function's n multiplications by 1/n: the
// factor is part of the twiddles of the first block of each stage, and in the end
// only the first point still lacks it. progress may be nil.
func lagrange(canonical []bn254.G1Affine, progress func(done, total int)) ([]bn254.G1Affine, error) {
	n := len(canonical)
	if n == 0 || n&(n-1) != 0 {
		return nil, fmt.Errorf("lagrange form of %d points: not a power of two", n)
	}
	t, err := newTransform(canonical)
	if err != nil {
		return nil, err
	}
	const chunk = 1 << 11
	stages := bits.TrailingZeros(uint(n))
	for s := range stages {
		for lo := 0; lo < n/2; lo += chunk {
			hi := min(lo+chunk, n/2)
			parallel.Execute(hi-lo, func(start, end int) { t.butterflies(s, lo+start, lo+end) })
			if progress != nil {
				progress(s*n/2+hi, stages*n/2)
			}
		}
	}
	t.points[0].ScalarMultiplication(&t.points[0], bigOf(&t.scale))
	utils.BitReverse(t.points)
	return bn254.BatchJacobianToAffineG1(t.points), nil
}

// transform is the state of the Fourier transform.
type transform struct {
	points   []bn254.G1Jac
	twiddles []fr.Element // ω^-j for j < n/2
	scale    fr.Element   // 1/n
}

func newTransform(canonical []bn254.G1Affine) (*transform, error) {
	n := len(canonical)
	root, err := fr.Generator(uint64(n))
	if err != nil {
		return nil, err
	}
	root.Inverse(&root)
	t := &transform{points: make([]bn254.G1Jac, n), twiddles: make([]fr.Element, max(n/2, 1))}
	t.scale.SetUint64(uint64(n)).Inverse(&t.scale)
	for i := range canonical {
		t.points[i].FromAffine(&canonical[i])
	}
	t.twiddles[0].SetOne()
	for j := 1; j < len(t.twiddles); j++ {
		t.twiddles[j].Mul(&t.twiddles[j-1], &root)
	}
	return t, nil
}

// butterflies computes the butterflies of a stage with indices in [start, end), out
// of n/2. A stage has 2^stage blocks.
func (t *transform) butterflies(stage, start, end int) {
	half := len(t.points) >> (stage + 1)
	for i := start; i < end; i++ {
		block, j := i/half, i%half
		a, b := &t.points[2*block*half+j], &t.points[(2*block+1)*half+j]
		diff := *a
		a.AddAssign(b)
		diff.SubAssign(b)
		*b = diff
		w := t.twiddles[j<<stage]
		if block == 0 {
			w.Mul(&w, &t.scale)
		}
		if !w.IsOne() {
			b.ScalarMultiplication(b, bigOf(&w))
		}
	}
}

// checkLagrange checks, by a random combination, that lagrange is the Lagrange
// form of the first points of canonical: Σ c_i L_i(τ) must equal Σ d_j τ^j,
// where d are the coefficients of the polynomial with values c.
func checkLagrange(canonical, lagrange []bn254.G1Affine) error {
	w, err := newWeights()
	if err != nil {
		return err
	}
	n := len(lagrange)
	c := w.take(n)
	var left, right bn254.G1Affine
	if _, err := left.MultiExp(lagrange, c, ecc.MultiExpConfig{}); err != nil {
		return err
	}
	fft.NewDomain(uint64(n)).FFTInverse(c, fft.DIF)
	utils.BitReverse(c)
	if _, err := right.MultiExp(canonical[:n], c, ecc.MultiExpConfig{}); err != nil {
		return err
	}
	if !left.Equal(&right) {
		return fmt.Errorf("the Lagrange form of 2^%d points is not that of the canonical points",
			bits.TrailingZeros(uint(n)))
	}
	return nil
}

func bigOf(e *fr.Element) *big.Int { return e.BigInt(new(big.Int)) }
