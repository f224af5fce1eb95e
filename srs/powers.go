package srs

import (
	"errors"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

var errNotPowers = errors.New("points are not successive powers of the ceremony's τ (the pairing check fails)")

// weights yields 1, ρ, ρ², ... for a random ρ, across calls.
type weights struct {
	rho, next fr.Element
	buf       []fr.Element
}

func newWeights() (weights, error) {
	w := weights{next: fr.One()}
	_, err := w.rho.SetRandom()
	return w, err
}

// take returns the next n weights, in a buffer valid until the next call.
func (w *weights) take(n int) []fr.Element {
	if cap(w.buf) < n {
		w.buf = make([]fr.Element, n)
	}
	w.buf = w.buf[:n]
	for i := range w.buf {
		w.buf[i] = w.next
		w.next.Mul(&w.next, &w.rho)
	}
	return w.buf
}

// powersG1 sums Σ ρ^i P_i over a list of points that arrives in pieces, to
// show that P_{i+1} = τ P_i for all i: with S that sum,
//
//	S - P_0 = ρ τ (S - ρ^{n-1} P_{n-1})
//
// holds for random ρ, when some P_{i+1} is not τ P_i, with probability below
// n / r for r the group's order.
type powersG1 struct {
	weights
	sum         bn254.G1Jac
	first, last bn254.G1Affine
	n           int
	err         error
}

func newPowersG1() (*powersG1, error) {
	w, err := newWeights()
	return &powersG1{weights: w}, err
}

// add takes the next points of the list.
func (s *powersG1) add(points []bn254.G1Affine) {
	if s.err != nil || len(points) == 0 {
		return
	}
	var part bn254.G1Jac
	if _, s.err = part.MultiExp(points, s.take(len(points)), ecc.MultiExpConfig{}); s.err != nil {
		return
	}
	if s.n == 0 {
		s.first = points[0]
	}
	s.sum.AddAssign(&part)
	s.last = points[len(points)-1]
	s.n += len(points)
}

// sides returns S - P_0 and ρ (S - ρ^{n-1} P_{n-1}).
func (s *powersG1) sides() (high, low bn254.G1Affine) {
	h, l, last := s.sum, s.sum, bn254.G1Jac{}
	var first bn254.G1Jac
	h.SubAssign(first.FromAffine(&s.first))
	last.FromAffine(&s.last)
	var top fr.Element
	top.Div(&s.next, &s.rho)
	last.ScalarMultiplication(&last, bigOf(&top))
	l.SubAssign(&last)
	l.ScalarMultiplication(&l, bigOf(&s.rho))
	high.FromJacobian(&h)
	low.FromJacobian(&l)
	return high, low
}

// check tells whether the points are successive powers of the τ in tau.
func (s *powersG1) check(tau bn254.G2Affine) error {
	if s.err != nil {
		return s.err
	}
	high, low := s.sides()
	_, _, _, g2 := bn254.Generators()
	low.Neg(&low)
	return pairing([]bn254.G1Affine{high, low}, []bn254.G2Affine{g2, tau})
}

// powersG2 is powersG1 for a list of points of G2.
type powersG2 struct {
	weights
	sum         bn254.G2Jac
	first, last bn254.G2Affine
	n           int
	err         error
}

func newPowersG2() (*powersG2, error) {
	w, err := newWeights()
	return &powersG2{weights: w}, err
}

// add takes the next points of the list.
func (s *powersG2) add(points []bn254.G2Affine) {
	if s.err != nil || len(points) == 0 {
		return
	}
	var part bn254.G2Jac
	if _, s.err = part.MultiExp(points, s.take(len(points)), ecc.MultiExpConfig{}); s.err != nil {
		return
	}
	if s.n == 0 {
		s.first = points[0]
	}
	s.sum.AddAssign(&part)
	s.last = points[len(points)-1]
	s.n += len(points)
}

// sides returns S - P_0 and ρ (S - ρ^{n-1} P_{n-1}).
func (s *powersG2) sides() (high, low bn254.G2Affine) {
	h, l, last := s.sum, s.sum, bn254.G2Jac{}
	var first bn254.G2Jac
	h.SubAssign(first.FromAffine(&s.first))
	last.FromAffine(&s.last)
	var top fr.Element
	top.Div(&s.next, &s.rho)
	last.ScalarMultiplication(&last, bigOf(&top))
	l.SubAssign(&last)
	l.ScalarMultiplication(&l, bigOf(&s.rho))
	high.FromJacobian(&h)
	low.FromJacobian(&l)
	return high, low
}

// check tells whether the points are successive powers of the τ in tauG1.
func (s *powersG2) check(tauG1 bn254.G1Affine) error {
	if s.err != nil {
		return s.err
	}
	high, low := s.sides()
	_, _, g1, _ := bn254.Generators()
	var neg bn254.G1Affine
	neg.Neg(&tauG1)
	return pairing([]bn254.G1Affine{g1, neg}, []bn254.G2Affine{high, low})
}

// pairing returns nil where the product of the pairings is one.
func pairing(p []bn254.G1Affine, q []bn254.G2Affine) error {
	ok, err := bn254.PairingCheck(p, q)
	if err != nil {
		return err
	}
	if !ok {
		return errNotPowers
	}
	return nil
}
