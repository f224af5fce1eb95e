package srs

import (
	"errors"
	"math/big"

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

// jacobian is a pointer to a point that is summed in place, of affine points A.
type jacobian[J, A any] interface {
	*J
	AddAssign(*J) *J
	SubAssign(*J) *J
	FromAffine(*A) *J
	ScalarMultiplication(*J, *big.Int) *J
	MultiExp([]A, []fr.Element, ecc.MultiExpConfig) (*J, error)
}

// affine is a pointer to a point with two coordinates.
type affine[J, A any] interface {
	*A
	FromJacobian(*J) *A
}

// combination computes S = Σ ρ^i P_i over a list of points that arrives in pieces,
// to show that P_{i+1} = τ P_i for all i. If some P_{i+1} is not τ P_i,
//
//	S - P_0 = ρ τ (S - ρ^{n-1} P_{n-1})
//
// holds for a random ρ with probability below n / r, where r is the group's order.
type combination[J, A any, PJ jacobian[J, A], PA affine[J, A]] struct {
	weights
	sum         J
	first, last A
	n           int
	err         error
}

// add takes the next points of the list.
func (s *combination[J, A, PJ, PA]) add(points []A) {
	if s.err != nil || len(points) == 0 {
		return
	}
	var part J
	if _, s.err = PJ(&part).MultiExp(points, s.take(len(points)), ecc.MultiExpConfig{}); s.err != nil {
		return
	}
	if s.n == 0 {
		s.first = points[0]
	}
	PJ(&s.sum).AddAssign(&part)
	s.last = points[len(points)-1]
	s.n += len(points)
}

// sides returns S - P_0 and ρ (S - ρ^{n-1} P_{n-1}).
func (s *combination[J, A, PJ, PA]) sides() (high, low A) {
	h, l := s.sum, s.sum
	var first, last J
	PJ(&h).SubAssign(PJ(&first).FromAffine(&s.first))
	var top fr.Element
	top.Div(&s.next, &s.rho)
	PJ(&last).ScalarMultiplication(PJ(&last).FromAffine(&s.last), bigOf(&top))
	PJ(&l).SubAssign(&last)
	PJ(&l).ScalarMultiplication(&l, bigOf(&s.rho))
	PA(&high).FromJacobian(&h)
	PA(&low).FromJacobian(&l)
	return high, low
}

// powersG1 is the combination of points of G1.
type powersG1 struct {
	combination[bn254.G1Jac, bn254.G1Affine, *bn254.G1Jac, *bn254.G1Affine]
}

func newPowersG1() (*powersG1, error) {
	s := new(powersG1)
	var err error
	s.weights, err = newWeights()
	return s, err
}

// check requires that the points are successive powers of the τ in tau.
func (s *powersG1) check(tau bn254.G2Affine) error {
	if s.err != nil {
		return s.err
	}
	high, low := s.sides()
	_, _, _, g2 := bn254.Generators()
	low.Neg(&low)
	return pairing([]bn254.G1Affine{high, low}, []bn254.G2Affine{g2, tau})
}

// powersG2 is the combination of points of G2.
type powersG2 struct {
	combination[bn254.G2Jac, bn254.G2Affine, *bn254.G2Jac, *bn254.G2Affine]
}

func newPowersG2() (*powersG2, error) {
	s := new(powersG2)
	var err error
	s.weights, err = newWeights()
	return s, err
}

// check requires that the points are successive powers of the τ in tauG1.
func (s *powersG2) check(tauG1 bn254.G1Affine) error {
	if s.err != nil {
		return s.err
	}
	high, low := s.sides()
	_, _, g1, _ := bn254.Generators()
	low.Neg(&low)
	return pairing([]bn254.G1Affine{g1, tauG1}, []bn254.G2Affine{high, low})
}

// pairing returns nil if the product of the pairings is one.
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
