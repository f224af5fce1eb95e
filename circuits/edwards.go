package circuits

import (
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/twistededwards"

	"github.com/zkml-go/zkml/gate"
)

// Point is a point of Baby Jubjub, −x² + y² = 1 + d·x²·y² over BN254's scalar
// field: 8 times a prime many points, of which the base has the prime order.
// Since −1 is a square there and d is not, one addition formula holds for all
// pairs of points, and its denominators are never zero.
type Point struct{ X, Y *big.Int }

// babyJubjub is gnark's curve, with its constants as 256-bit integers.
var babyJubjub = twistededwards.GetEdwardsCurve()

var (
	edwardsD = integer(&babyJubjub.D)
	// GroupOrder is the order of the base point: a prime of 251 bits.
	GroupOrder = new(big.Int).Set(&babyJubjub.Order)
)

// scalarBits holds any scalar below GroupOrder, in whole windows of two bits.
const scalarBits = 252

func integer(e *fr.Element) *big.Int { return e.BigInt(new(big.Int)) }

// point is a Point in the circuit, known to be on the curve.
type point struct{ x, y gate.Wire }

// onCurve asserts that the prover's coordinates are those of a point. Four gates.
//
// Soundness: gates alone. Range: any field elements.
func (b *Builder) onCurve(x, y gate.Wire) point {
	xx := b.g.Quad(x, x, gate.Q{M: 1})
	yy := b.g.Quad(y, y, gate.Q{M: 1})
	right := b.g.Form(gate.Term{Wire: xx, Coef: edwardsD}, gate.T(yy, 1), gate.Q{M: 1, K: 1})
	b.g.Zero(gate.T(yy, 1), gate.T(xx, -1), gate.T(right, -1))
	return point{x, y}
}

// ratio returns n/(c + s·k) where the denominator cannot be zero. One gate.
//
// Soundness: q·(c + s·k) = n has one solution q, as the factor is not zero.
func (b *Builder) ratio(n, k gate.Wire, c, s int) gate.Wire {
	q := b.g.Hint(Ratio, 1, n, k, c, s)[0]
	b.g.Assert(q, k, n, gate.Q{L: c, M: s, O: -1})
	return q
}

// add returns p + q, whichever points they are. Nine gates.
//
// Soundness: x = (x₁y₂ + x₂y₁)/k and y = (y₁y₂ + x₁x₂)/(2 − k) with
// k = 1 + d·x₁x₂y₁y₂; neither denominator is zero for points of the curve.
func (b *Builder) add(p, q point) point {
	u := b.g.Quad(p.x, q.y, gate.Q{M: 1})
	v := b.g.Quad(q.x, p.y, gate.Q{M: 1})
	k := b.g.Form(gate.Term{Wire: u, Coef: edwardsD}, gate.T(v, 1), gate.Q{M: 1, K: 1})
	xx := b.g.Quad(p.x, q.x, gate.Q{M: 1})
	yy := b.g.Quad(p.y, q.y, gate.Q{M: 1})
	return b.divided(b.g.Quad(u, v, gate.Q{L: 1, R: 1}), b.g.Quad(xx, yy, gate.Q{L: 1, R: 1}), k)
}

// double returns 2p. Six gates.
//
// Soundness: as add, with k = y² − x², which is 1 + d·x²y² on the curve; so
// that y² + x² = k + 2x².
func (b *Builder) double(p point) point {
	xy := b.g.Quad(p.x, p.y, gate.Q{M: 1})
	k := b.g.Form(gate.Term{Wire: xy, Coef: edwardsD}, gate.T(xy, 1), gate.Q{M: 1, K: 1})
	xx := b.g.Quad(p.x, p.x, gate.Q{M: 2})
	return b.divided(b.g.Quad(xy, xy, gate.Q{L: 2}), b.g.Quad(k, xx, gate.Q{L: 1, R: 1}), k)
}

// divided is the point (x/k, y/(2 − k)). Two gates.
func (b *Builder) divided(x, y, k gate.Wire) point {
	return point{b.ratio(x, k, 0, 1), b.ratio(y, k, 2, -1)}
}

// multiple returns p times the number with the given bits, the lowest first. 17 gates
// per bit.
//
// Soundness: bits are 0 or 1, so that each step adds p or the neutral point
// (0, 1).
func (b *Builder) multiple(bits []gate.Wire, p point) point {
	less := b.g.Quad(p.y, p.y, gate.Q{L: 1, K: -1})
	pick := func(bit gate.Wire) point {
		return point{b.g.Quad(bit, p.x, gate.Q{M: 1}), b.g.Quad(bit, less, gate.Q{M: 1, K: 1})}
	}
	n := len(bits)
	sum := pick(bits[n-1])
	for i := n - 2; i >= 0; i-- {
		sum = b.add(b.double(sum), pick(bits[i]))
	}
	return sum
}

// baseMultiple returns the base point times the number with the given bits, the lowest
// first; there is an even number of bits. 14 gates for two bits.
//
// Soundness: bits are 0 or 1, so that each pair picks one of four constants.
func (b *Builder) baseMultiple(bits []gate.Wire) point {
	var sum point
	unit := babyJubjub.Base
	for i := 0; i < len(bits); i += 2 {
		var two, three twistededwards.PointAffine
		two.Double(&unit)
		three.Add(&two, &unit)
		both := b.g.Quad(bits[i], bits[i+1], gate.Q{M: 1})
		next := point{
			b.pick(bits[i], bits[i+1], both, 0, &unit.X, &two.X, &three.X),
			b.pick(bits[i], bits[i+1], both, 1, &unit.Y, &two.Y, &three.Y),
		}
		if i == 0 {
			sum = next
		} else {
			sum = b.add(sum, next)
		}
		unit.Double(&two)
	}
	return sum
}

// pick returns zero, one, two or three, by two bits and their product. Two
// gates.
func (b *Builder) pick(low, high, both gate.Wire, zero int64, one, two, three *fr.Element) gate.Wire {
	k := big.NewInt(zero)
	dl, dh := new(big.Int).Sub(integer(one), k), new(big.Int).Sub(integer(two), k)
	db := new(big.Int).Sub(integer(three), integer(one))
	db.Sub(db, dh)
	acc := b.g.Mask(gate.Term{Wire: low, Coef: dl}, gate.Term{Wire: high, Coef: dh}, k)
	return b.g.Linear(gate.T(acc, 1), gate.Term{Wire: both, Coef: db})
}
