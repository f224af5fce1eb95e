package conformance

import (
	"math/big"
	"slices"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/prover"
)

// stairs are the rows of qR that hold the rises of secret staircases: for those of one, which
// follow each other, the coefficients are d₀ + 2^Apart·d₁, d₁ + 2^Apart·d₂, and so on.
type stairs struct {
	rows []int
	bits int // of a rise
}

// inQR is the place of qR among the selectors.
const inQR = 1

// findStairs compiles the architecture once more, with staircases that rise by 1, and compares
// it with the first circuit.
func (t *template) findStairs(a *Architecture, first *plonk.Trace) error {
	bounded, err := a.program.Bound()
	if err != nil {
		return err
	}
	if t.stairs.bits = bounded.RiseBits(); t.stairs.bits == 0 {
		return nil
	}
	if t.stairs.bits > circuits.RiseBits {
		return errNotUniform
	}
	s := a.statement(0, saltOfFirst)
	s.Model = a.program.Risen()
	system, err := prover.Compile(s)
	if err != nil {
		return err
	}
	if prover.Domain(system) != t.domain.Cardinality {
		return errNotUniform
	}
	risen := plonk.NewTrace(system, t.domain)
	if !sameGates(first, risen) {
		return errNotUniform
	}
	before, after := selectorsOf(first), selectorsOf(risen)
	for k := range selectors {
		if k != inQR && !slices.Equal(before[k], after[k]) {
			return errNotUniform
		}
	}
	return t.stairs.find(before[inQR], after[inQR])
}

// find lists the rows in which staircases that rise differ from flat ones. They are runs: the
// first row of each has one rise, the others have two.
func (s *stairs) find(flat, risen []fr.Element) error {
	apart, one := apart(), fr.One()
	var both fr.Element
	both.Add(&apart, &one)
	for i := range flat {
		if flat[i].Equal(&risen[i]) {
			continue
		}
		follows := len(s.rows) > 0 && s.rows[len(s.rows)-1] == i-1
		if !flat[i].IsZero() || !risen[i].Equal(&apart) && !(follows && risen[i].Equal(&both)) {
			return errNotUniform
		}
		s.rows = append(s.rows, i)
	}
	if len(s.rows) == 0 {
		return errNotUniform
	}
	return nil
}

// apart is 2^Apart.
func apart() fr.Element {
	var out fr.Element
	out.SetBigInt(new(big.Int).Lsh(big.NewInt(1), circuits.Apart))
	return out
}

// rises reads the rises of a key from its qR, by row: the coefficient of each row of a staircase
// has that of the row, and that of the next one.
func (s *stairs) rises(qr []fr.Element) ([]uint64, error) {
	out := make([]uint64, len(qr))
	mask := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), circuits.Apart), big.NewInt(1))
	for k, i := range s.rows {
		var c big.Int
		qr[i].BigInt(&c)
		own, next := new(big.Int).And(&c, mask), new(big.Int).Rsh(&c, circuits.Apart)
		if own.BitLen() > s.bits || next.BitLen() > s.bits {
			return nil, errNoModelOf
		}
		if k > 0 && s.rows[k-1] == i-1 && own.Uint64() != out[i] {
			return nil, errNoModelOf
		}
		out[i], out[(i+1)%len(qr)] = own.Uint64(), next.Uint64()
	}
	return out, nil
}

// freeRows is in how many rows the polynomials of bits are random: they are opened at two points,
// and what their commitments and that of the quotient say are equations at two others.
const freeRows = 4

// free lists the first rows that hold no rise.
func (s *stairs) free(size int) []int {
	var out []int
	for i, k := 0, 0; len(out) < freeRows && i < size; i++ {
		for k < len(s.rows) && s.rows[k]+1 < i {
			k++
		}
		held := k < len(s.rows) && (s.rows[k] == i || s.rows[k]+1 == i)
		if !held && !(i == 0 && s.rows[len(s.rows)-1] == size-1) {
			out = append(out, i)
		}
	}
	return out
}

// indicatorAt evaluates, at a point outside the domain, the polynomial that is 1 in some rows and
// 0 in the others.
func (t *template) indicatorAt(rows []int, point fr.Element) fr.Element {
	roots := t.rootsOf(rows)
	denominators := make([]fr.Element, len(roots))
	for i := range roots {
		denominators[i].Sub(&point, &roots[i])
	}
	var sum, term fr.Element
	for i, inverse := range fr.BatchInvert(denominators) {
		sum.Add(&sum, term.Mul(&roots[i], &inverse))
	}
	factor := t.vanishing(point)
	factor.Mul(&factor, &t.domain.CardinalityInv)
	return *sum.Mul(&sum, &factor)
}
