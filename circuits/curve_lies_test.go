package circuits_test

import (
	"math/big"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/twistededwards"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// claimSum answers the two quotients of the first p + q with another point's
// coordinates.
func claimSum(p, q, other twistededwards.PointAffine) circuittest.Tamper {
	var k, x, y, xx, yy fr.Element
	x.Mul(&p.X, &q.Y)
	y.Mul(&q.X, &p.Y)
	xx.Mul(&p.X, &q.X)
	yy.Mul(&p.Y, &q.Y)
	curve, one := twistededwards.GetEdwardsCurve(), fr.One()
	k.Mul(&x, &y).Mul(&k, &curve.D).Add(&k, &one)
	x.Add(&x, &y)
	y.Add(&xx, &yy)
	is := func(v *big.Int, e fr.Element) bool { return v.Cmp(e.BigInt(new(big.Int))) == 0 }
	toldX, toldY := false, false
	return circuittest.Tamper{Hint: circuits.Ratio, With: func(_ int, in, out []*big.Int) {
		switch {
		case !is(in[1], k):
		case in[2].Sign() == 0 && is(in[0], x) && !toldX:
			other.X.BigInt(out[0])
			toldX = true
		case in[2].Sign() != 0 && is(in[0], y) && !toldY:
			other.Y.BigInt(out[0])
			toldY = true
		}
	}}
}

func sumOf(p, q twistededwards.PointAffine) (sum twistededwards.PointAffine) {
	sum.Add(&p, &q)
	return sum
}

func timesBase(n int64) (p twistededwards.PointAffine) {
	base := twistededwards.GetEdwardsCurve().Base
	p.ScalarMultiplication(&base, big.NewInt(n))
	return p
}

// TestEverySumIsBound: of each addition and doubling in a multiple of a point, the
// quotients are a prover's to choose; a result that they would lead to is refused.
func TestEverySumIsBound(t *testing.T) {
	multiple := custom(t, 6, func(b *circuits.Builder, _ gate.API, in []gate.Wire) { // bits, point, result
		x, y := b.Multiple(in[:2], [2]gate.Wire(in[2:4]))
		b.Equal(x, in[4])
		b.Equal(y, in[5])
	})
	base := custom(t, 6, func(b *circuits.Builder, _ gate.API, in []gate.Wire) { // four bits, result
		x, y := b.BaseMultiple(in[:4])
		b.Equal(x, in[4])
		b.Equal(y, in[5])
	})
	p, wrong := timesBase(5), timesBase(1000)
	at := func(bits []int64, points ...twistededwards.PointAffine) []any {
		var in []any
		for _, bit := range bits {
			in = append(in, bit)
		}
		for _, q := range points {
			in = append(in, pointOf(q).X, pointOf(q).Y)
		}
		return in
	}
	double := sumOf(p, p)
	for name, c := range map[string]struct {
		circuit         *circuittest.Gates
		honest, claimed []any
		lie             circuittest.Tamper
	}{
		"the last sum": {multiple, at([]int64{1, 1}, p, sumOf(double, p)), at([]int64{1, 1}, p, wrong),
			claimSum(double, p, wrong)},
		"the last doubling": {multiple, at([]int64{1, 1}, p, sumOf(double, p)),
			at([]int64{1, 1}, p, sumOf(wrong, p)), claimSum(p, p, wrong)},
		"the sum of two digits": {base, at([]int64{1, 0, 1, 0}, timesBase(5)), at([]int64{1, 0, 1, 0}, wrong),
			claimSum(timesBase(1), timesBase(4), wrong)},
	} {
		t.Run(name, func(t *testing.T) {
			c.circuit.Admits(c.honest)
			c.circuit.Refuses(c.claimed)
			c.circuit.Refuses(c.claimed, c.lie)
		})
	}
}

// TestSumsOfASignatureAreBound: in the check of a signature, the sum on the right
// side could be made equal to the left one, and a key of small order one that is
// not, if their quotients were free.
func TestSumsOfASignatureAreBound(t *testing.T) {
	c := signedCircuit(t)
	message := big.NewInt(42)
	t.Run("right side", func(t *testing.T) {
		key, r, s := timesBase(1_000_003), timesBase(7_777_777), timesBase(99)
		forged := circuits.Signature{Key: pointOf(key), R: pointOf(r), S: big.NewInt(99)}
		var times twistededwards.PointAffine
		times.ScalarMultiplication(&key, circuits.Challenge(forged.R, forged.Key, message))
		c.Refuses(wires(forged, message))
		c.Refuses(wires(forged, message), claimSum(r, times, s))
	})
	generator := torsion(t)
	for _, order := range []int{2, 4, 8} {
		key := generator
		for n := 8; n > order; n /= 2 {
			key = sumOf(key, key)
		}
		forged := smallOrderForgery(t, key, message)
		two := sumOf(key, key)
		four := sumOf(two, two)
		for name, lie := range map[string]circuittest.Tamper{
			"first doubling": claimSum(key, key, timesBase(3)), "second doubling": claimSum(two, two, timesBase(3)),
			"third doubling": claimSum(four, four, timesBase(3)),
		} {
			t.Run(name, func(*testing.T) { c.Refuses(wires(forged, message), lie) })
		}
	}
}

// smallOrderForgery is a signature without a secret for a key of small order: the
// challenge times the key is neutral.
func smallOrderForgery(t *testing.T, key twistededwards.PointAffine, message *big.Int) circuits.Signature {
	t.Helper()
	for n := int64(1); n < 200; n++ {
		r := timesBase(n)
		s := circuits.Signature{Key: pointOf(key), R: pointOf(r), S: big.NewInt(n)}
		var hk twistededwards.PointAffine
		if hk.ScalarMultiplication(&key, circuits.Challenge(s.R, s.Key, message)); hk.IsZero() {
			return s
		}
	}
	t.Fatal("no forgery to try")
	return circuits.Signature{}
}
