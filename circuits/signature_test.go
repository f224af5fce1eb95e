package circuits_test

import (
	"errors"
	"math/big"
	"math/rand"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/twistededwards"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// signedBy makes a key and its signature of a message.
func signedBy(t *testing.T, message *big.Int) *circuits.Signature {
	t.Helper()
	k, err := signature.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	s, err := k.Sign(message)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// signedCircuit is the check alone, over key, R, S and message of the prover's
// choice.
func signedCircuit(t *testing.T) *circuittest.Gates {
	return custom(t, 6, func(b *circuits.Builder, _ gate.API, in []gate.Wire) {
		b.Signed([2]gate.Wire(in[:2]), [2]gate.Wire(in[2:4]), in[4], in[5])
	})
}

func wires(s circuits.Signature, message *big.Int) []any {
	var out []any
	for _, v := range []*big.Int{s.Key.X, s.Key.Y, s.R.X, s.R.Y, s.S, message} {
		out = append(out, new(big.Int).Mod(v, field))
	}
	return out
}

func plus(v *big.Int, by int64) *big.Int { return new(big.Int).Add(v, big.NewInt(by)) }

// torsion is a point of order 8: GroupOrder times a point of the curve that
// generates what the base does not.
func torsion(t *testing.T) twistededwards.PointAffine {
	t.Helper()
	for y := int64(2); y < 100; y++ { // x² = (y² − 1)/(d·y² + 1)
		var p, four twistededwards.PointAffine
		var yy, n, d fr.Element
		p.Y.SetInt64(y)
		yy.Square(&p.Y)
		curve := twistededwards.GetEdwardsCurve()
		one := fr.One()
		n.Sub(&yy, &one)
		d.Mul(&yy, &curve.D).Add(&d, &one)
		if p.X.Div(&n, &d); p.X.Legendre() != 1 {
			continue
		}
		p.X.Sqrt(&p.X)
		if !p.IsOnCurve() {
			t.Fatal("a point off the curve")
		}
		p.ScalarMultiplication(&p, circuits.GroupOrder)
		if four.Double(&p).Double(&four); !four.IsZero() {
			return p
		}
	}
	t.Fatal("no point of order 8")
	return twistededwards.PointAffine{}
}

func pointOf(p twistededwards.PointAffine) circuits.Point {
	return circuits.Point{X: p.X.BigInt(new(big.Int)), Y: p.Y.BigInt(new(big.Int))}
}

// TestSigned: the circuit and signature.Check give one answer to honest and
// forged signatures; each wire off by one is refused, and S plus the order.
func TestSigned(t *testing.T) {
	c := signedCircuit(t)
	t.Logf("%d gates with lookups", c.CS.GetNbConstraints())
	agree := func(name string, s circuits.Signature, message *big.Int) {
		t.Helper()
		outside, inside := signature.Check(message, &s), c.Solve(wires(s, message))
		if (outside == nil) != (inside == nil) {
			t.Errorf("%s: %v off circuit, %v in it", name, outside, inside)
		}
	}
	r := rand.New(rand.NewSource(4))
	for range 3 {
		message := new(big.Int).Rand(r, field)
		s := *signedBy(t, message)
		in := wires(s, message)
		c.Admits(in)
		for i := range in {
			for _, d := range []int64{-1, 1} {
				wrong := slices.Clone(in)
				wrong[i] = plus(in[i].(*big.Int), d)
				c.Refuses(wrong)
			}
		}
		over := s
		over.S = new(big.Int).Add(s.S, circuits.GroupOrder)
		agree("S + order", over, message)
		over.S = new(big.Int).Sub(field, s.S)
		agree("S negated", over, message)
		other := *signedBy(t, message)
		agree("another's key", circuits.Signature{Key: other.Key, R: s.R, S: s.S}, message)
		agree("another's R and S", circuits.Signature{Key: s.Key, R: other.R, S: other.S}, message)
		negated := s
		negated.Key.X = new(big.Int).Sub(field, s.Key.X)
		agree("the key negated", negated, message)
		negated = s
		negated.R.X = new(big.Int).Sub(field, s.R.X)
		agree("R negated", negated, message)
	}
}

// TestSmallOrderKeys: for each of the eight keys of small order, S and R = S·B
// less h times the key would be a signature of any message.
func TestSmallOrderKeys(t *testing.T) {
	c := signedCircuit(t)
	message := big.NewInt(5)
	generator := torsion(t)
	key := generator
	for k := range 8 {
		forged := false
		for n := int64(1); n < 200 && !forged; n++ { // until h·key = neutral
			var r, hk twistededwards.PointAffine
			base := twistededwards.GetEdwardsCurve().Base
			r.ScalarMultiplication(&base, big.NewInt(n))
			s := circuits.Signature{Key: pointOf(key), R: pointOf(r), S: big.NewInt(n)}
			hk.ScalarMultiplication(&key, circuits.Challenge(s.R, s.Key, message))
			if !hk.IsZero() {
				continue
			}
			forged = true
			c.Refuses(wires(s, message))
			if err := signature.Check(message, &s); !errors.Is(err, signature.ErrSmallOrder) {
				t.Errorf("key %d: %v", k, err)
			}
		}
		if !forged {
			t.Errorf("key %d: no forgery to try", k)
		}
		key.Add(&key, &generator)
	}
	if !key.Equal(&generator) {
		t.Error("the point has another order than 8")
	}
}

// TestCanonicalChallenge: a hash that also has a split above r keeps the honest
// one alone.
func TestCanonicalChallenge(t *testing.T) {
	c := custom(t, 2, func(b *circuits.Builder, g gate.API, in []gate.Wire) {
		b.Equal(b.LowBits(in[0])[0], in[1])
	})
	most := new(big.Int).Sub(field, big.NewInt(1))
	mask := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), circuits.ChallengeBits), big.NewInt(1))
	for _, v := range []*big.Int{new(big.Int), big.NewInt(1), big.NewInt(2), mask, plus(mask, 1), most, plus(most, -1),
		new(big.Int).And(most, mask), plus(new(big.Int).And(most, mask), 1)} {
		bit := big.NewInt(int64(v.Bit(0)))
		c.Admits([]any{v, bit})
		c.Refuses([]any{v, new(big.Int).Sub(big.NewInt(1), bit)})
		again := new(big.Int).Add(v, field) // the same element, split as another integer
		for borrow := range int64(2) {
			c.Refuses([]any{v, new(big.Int).SetUint64(uint64(again.Bit(0)))}, set(circuits.Halves, 0,
				new(big.Int).And(again, mask), new(big.Int).Rsh(again, circuits.ChallengeBits), big.NewInt(borrow)))
		}
	}
	c.Refuses([]any{4, 1}, flipped(circuits.ChallengeBits))
	// low + 2^128 and high − 1, with a borrow, pass both comparisons: only the width
	// of low stands against another challenge, which has one bit more
	v := plus(mask, 6) // 2^128 + 5
	c.Refuses([]any{v, 1}, set(circuits.Halves, 0, v, new(big.Int), big.NewInt(1)))
	// r − 1 = −1 is 2^128 − 1 − 2^128 too, which passes both comparisons: of a high
	// part of −1, its own range check is all that stands against it
	c.Refuses([]any{most, 1}, set(circuits.Halves, 0, mask, plus(field, -1), big.NewInt(1)))
}

// flipped turns the lowest of an integer's n bits about, and no other.
func flipped(n int64) circuittest.Tamper {
	return circuittest.Tamper{Hint: circuits.Digits, With: func(_ int, in, out []*big.Int) {
		if in[1].Int64() == n {
			out[0].Sub(big.NewInt(1), out[0])
		}
	}}
}

// TestScalar: up to GroupOrder − 1, and no further.
func TestScalar(t *testing.T) {
	c := custom(t, 2, func(b *circuits.Builder, g gate.API, in []gate.Wire) {
		b.Equal(b.Scalar(in[0])[0], in[1])
	})
	for by, good := range map[int64]bool{-2: true, -1: true, 0: false, 1: false} {
		v := plus(circuits.GroupOrder, by)
		in := []any{v, int(v.Bit(0))}
		if good {
			c.Admits(in)
		} else {
			c.Refuses(in)
		}
	}
	c.Refuses([]any{4, 1}, flipped(252))
	c.Admits([]any{0, 0})
	c.Refuses([]any{-1, 0})
	c.Refuses([]any{-1, 1})
	// digits that add up, the last one as large as it has to be
	wide := circuittest.Tamper{Hint: circuits.Digits, With: func(_ int, in, out []*big.Int) {
		rest, shift := new(big.Int).Sub(in[len(in)-1], in[0]), uint(0)
		for i, o := range out[:len(out)-1] {
			rest.Sub(rest, new(big.Int).Lsh(o, shift))
			shift += uint(in[2+i].Uint64())
		}
		power := new(big.Int).Lsh(big.NewInt(1), shift)
		out[len(out)-1].Mul(rest, power.ModInverse(power, field))
	}}
	c.Admits([]any{5, 1}, wide)
	for _, v := range []*big.Int{circuits.GroupOrder, plus(circuits.GroupOrder, 1), plus(field, -1)} {
		c.Refuses([]any{v, int(v.Bit(0))}, wide)
	}
}

// TestSignedLies: no lie of a hint gets through, also with an honest signature.
func TestSignedLies(t *testing.T) {
	c := signedCircuit(t)
	message := big.NewInt(99)
	in := wires(*signedBy(t, message), message)
	r := rand.New(rand.NewSource(6))
	told := 0
	for range 120 {
		call := r.Intn(400)
		c.Refuses(in, circuittest.Tamper{Hint: circuits.Ratio, With: func(at int, _, out []*big.Int) {
			if at == call {
				out[0].Add(out[0], big.NewInt(1+r.Int63n(5)))
				told++
			}
		}})
	}
	for range 200 {
		i, by := r.Intn(3), []int64{-1, 1}[r.Intn(2)]
		c.Refuses(in, circuittest.Tamper{Hint: circuits.Halves, With: func(_ int, _, out []*big.Int) {
			out[i].Add(out[i], big.NewInt(by))
			told++
		}})
	}
	t.Logf("%d lies told", told)
}

// TestAddition: sums of points are those of gnark-crypto, for all pairs of
// special and other points; d is no square, which the formula rests on.
func TestAddition(t *testing.T) {
	curve := twistededwards.GetEdwardsCurve()
	if curve.D.Legendre() != -1 {
		t.Fatal("d is a square")
	}
	var neutral, minus twistededwards.PointAffine
	neutral.Y.SetOne()
	minus.Neg(&curve.Base)
	small := torsion(t)
	var mixed twistededwards.PointAffine
	mixed.Add(&small, &curve.Base)
	points := []twistededwards.PointAffine{neutral, curve.Base, minus, small, mixed}
	c := custom(t, 8, func(b *circuits.Builder, _ gate.API, in []gate.Wire) {
		x, y, dx, dy := b.AddAndDouble([2]gate.Wire(in[:2]), [2]gate.Wire(in[2:4]))
		for i, w := range []gate.Wire{x, y, dx, dy} {
			b.Equal(w, in[4+i])
		}
	})
	for _, p := range points {
		for _, q := range points {
			var sum, twice twistededwards.PointAffine
			sum.Add(&p, &q)
			twice.Double(&p)
			var in []any
			for _, v := range []twistededwards.PointAffine{p, q, sum, twice} {
				in = append(in, pointOf(v).X, pointOf(v).Y)
			}
			c.Admits(in)
			for i := range in {
				wrong := slices.Clone(in)
				wrong[i] = plus(in[i].(*big.Int), 1)
				c.Refuses(wrong)
			}
		}
	}
}

// TestSignedStatements: in every scenario a proof needs the signer's word for
// this very input in this very format, and its key is public.
func TestSignedStatements(t *testing.T) {
	g := network(86)
	r := rand.New(rand.NewSource(8))
	for _, private := range visibility.Scenarios {
		for _, reveal := range []visibility.Reveal{visibility.Scores, visibility.Commitment} {
			for _, context := range []bool{false, true} {
				t.Run(private.String()+" "+string(reveal), func(t *testing.T) {
					st := g.Statement()
					circuittest.Replan(st, func(p *visibility.Plan) {
						p.Private, p.Reveal, p.Context, p.SignedBy = private, reveal, context, visibility.EdDSA
					})
					examineSigned(t, circuittest.Compile(t, st), g, r)
				})
			}
		}
	}
}

func examineSigned(t *testing.T, s *circuittest.Subject, g circuittest.Gadget, r *rand.Rand) {
	t.Helper()
	inputs := g.Inputs(r, 7)
	in, other := inputs[5], inputs[6]
	layout := s.Statement.Layout
	if _, err := s.Claim(in, g.Eval(in)); err == nil {
		t.Fatal("a claim without a signature")
	}
	message, err := circuits.Message(layout.Inputs()[0].Tensor, "", in)
	if err != nil {
		t.Fatal(err)
	}
	good := signedBy(t, message)
	s.Salts = circuittest.Salts(layout, good)
	s.Accepts(in, g.Eval(in))
	if s.Solve(other, g.Eval(other)) == nil {
		t.Error("another input passes under the signature")
	}
	claim, err := s.Claim(in, g.Eval(in))
	if err != nil {
		t.Fatal(err)
	}
	last := len(claim) - 1 // the signer
	for i := range claim[last].Elements {
		wrong := slices.Clone(claim)
		wrong[last].Elements = slices.Clone(claim[last].Elements)
		wrong[last].Elements[i] = plus(claim[last].Elements[i], 1)
		w, err := s.Witness(wrong, in)
		if err != nil {
			t.Fatal(err)
		}
		if s.CS.IsSolved(w) == nil {
			t.Error("another key is claimed")
		}
	}
	scaled := layout.Inputs()[0].Tensor
	scaled.Scale *= 2
	if message, err = circuits.Message(scaled, "", in); err != nil {
		t.Fatal(err)
	}
	s.Salts = circuittest.Salts(layout, signedBy(t, message))
	if s.Solve(in, g.Eval(in)) == nil {
		t.Error("a signature of the same integers in another format passes")
	}
}
