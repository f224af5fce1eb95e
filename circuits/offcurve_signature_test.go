package circuits_test

import (
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/twistededwards"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// chosenHash is a gate.API whose hashes are all one wire.
type chosenHash struct {
	gate.API
	hash gate.Wire
}

// Permute implements gate.API.
func (c chosenHash) Permute(state []gate.Wire) { state[0] = c.hash }

// otherSummand is the second pair of coordinates that the formulas for the sum
// add to q to give sum; the first is the point sum − q. In x·y they are the roots
// of a quadratic equation.
func otherSummand(q, sum twistededwards.PointAffine) twistededwards.PointAffine {
	product := func(a, b *fr.Element) (c fr.Element) { return *c.Mul(a, b) }
	curve := twistededwards.GetEdwardsCurve()
	var first, negative, out twistededwards.PointAffine
	first.Add(&sum, negative.Neg(&q))
	yx, xy, yy, xx := product(&q.Y, &sum.X), product(&q.X, &sum.Y), product(&q.Y, &sum.Y), product(&q.X, &sum.X)
	e, det, square := product(&q.X, &q.Y), product(&q.Y, &q.Y), product(&q.X, &q.X)
	e.Mul(&e, &curve.D)
	det.Sub(&det, &square).Inverse(&det)
	var a1, a2, b1, b2, w, root fr.Element // x = a1 + b1·w, y = a2 + b2·w for w = x·y
	a1.Sub(&yx, &xy).Mul(&a1, &det)
	a2.Sub(&yy, &xx).Mul(&a2, &det)
	b1.Add(&yx, &xy).Mul(&b1, &det).Mul(&b1, &e)
	b2.Add(&yy, &xx).Mul(&b2, &det).Mul(&b2, &e).Neg(&b2)
	root.Mul(&first.X, &first.Y).Mul(&root, &b1).Mul(&root, &b2)
	w.Mul(&a1, &a2).Div(&w, &root)
	out.X.Mul(&b1, &w).Add(&out.X, &a1)
	out.Y.Mul(&b2, &w).Add(&out.Y, &a2)
	return out
}

// TestSignaturesOffTheCurve: the formulas for sums also add what is no point, so
// that the equation of a signature has solutions in which the key or R is none.
func TestSignaturesOffTheCurve(t *testing.T) {
	c := circuittest.CompileGates(t, 7, func(g gate.API, in []gate.Wire) {
		b := circuits.NewBuilder(chosenHash{g, in[6]}, 4, in[0])
		b.Signed([2]gate.Wire(in[:2]), [2]gate.Wire(in[2:4]), in[4], in[5])
		b.Finish()
	})
	signature := func(key, r twistededwards.PointAffine) []any { // 12·B = R + 1·key
		k, p := pointOf(key), pointOf(r)
		return []any{k.X, k.Y, p.X, p.Y, 12, 0, 1}
	}
	five, seven, sum := timesBase(5), timesBase(7), timesBase(12)
	c.Admits(signature(five, seven))
	for name, in := range map[string][]any{
		"key": signature(otherSummand(seven, sum), seven),
		"R":   signature(five, otherSummand(five, sum)),
	} {
		t.Run(name, func(*testing.T) { c.Refuses(in) })
	}
}
