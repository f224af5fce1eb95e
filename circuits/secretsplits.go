package circuits

import (
	"fmt"
	"math/big"
	"math/bits"

	"github.com/zkml-go/zkml/gate"
)

// Apart is how many bits the two equations of a secret staircase stand apart in one: more
// than twice the sum of all its rises has.
const Apart = 96

// RiseBits bounds the rises of a secret staircase: each is in [0, 2^RiseBits).
const RiseBits = MaxBits + 2

// mostRises is how many rises a secret staircase may have.
const mostRises = 1 << 24

// SecretSplits returns, for each of a private model's thresholds, the bit [v ≥ threshold]. The
// first threshold lies rises[0] above v.Lo, each other one as much as its rise says above the
// one before, which may be nothing; the last rise is how far v.Hi + 1 lies above the last
// threshold. Nothing but coefficients in qR depends on the rises: how many they are is public.
//
// Soundness: as for Splits, with t_0 = v.Lo and t_k = t_{k−1} + rises[k−1]: b_1 ... b_n are bits
// that do not rise, so that the first j are ones, for some j, and
//
//	lower = t_0 + Σ b_k·rises[k−1] = t_j,   upper = t_1 + Σ b_k·rises[k] = t_{j+1}
//
// and the equation X + 2^Apart·Y = 0 for X = v − r − lower and Y = v + 1 + s − upper, where r and
// s are at least 0. This takes of the key that its coefficients are rises[k−1] + 2^Apart·rises[k]
// for rises in [0, 2^RiseBits), which its conformance proof shows. Then X and Y are less than
// 2^(Apart−1) either way: v, r and s have no more bits than RiseBits, and sums of mostRises rises
// at most RiseBits + 24. So X and Y are zero, and t_j ≤ v < t_{j+1}: since the t_k do not fall,
// this is true of one j only, whatever the rises are. Coefficients of another form could let
// two j be right for one v. Range: v known in [Lo, Hi], or open; the outputs are bits.
func (b *Builder) SecretSplits(v *Value, rises []int64) []*Value {
	if len(rises) < 2 || len(rises) > mostRises {
		panic(fmt.Sprintf("circuits: a staircase of %d rises", len(rises)))
	}
	x := b.CloseAll([]*Value{v})[0]
	inputs := []gate.Wire{x, big.NewInt(v.Lo), big.NewInt(v.Hi)}
	at := big.NewInt(v.Lo)
	for _, rise := range rises[:len(rises)-1] {
		at = new(big.Int).Add(at, big.NewInt(rise))
		inputs = append(inputs, at)
	}
	steps := b.g.Hint(Staircase, len(rises)-1, inputs...)
	out := make([]*Value, len(steps))
	for k, w := range steps {
		b.check(w, 0, 1)
		if k > 0 {
			b.g.Assert(w, steps[k-1], w, gate.Q{L: 1, M: -1})
		}
		out[k] = Known(w, 0, 1)
	}
	b.anchor(v, x, rises, steps, b.g.Hint(Distances, 2, inputs...))
	return out
}

// anchor asserts where the steps of a secret staircase stand. The coefficients with rises come
// one after the other in qR, in rows that follow each other: the conformance proof relies on it.
func (b *Builder) anchor(v *Value, x gate.Wire, rises []int64, steps, distances []gate.Wire) {
	both := powerOfTwo(Apart)
	terms := []gate.Term{{Wire: x, Coef: new(big.Int).Neg(new(big.Int).Add(both, big.NewInt(1)))}}
	before := int64(0)
	for k, rise := range rises {
		if rise < 0 || bits.Len64(uint64(rise)) > RiseBits {
			panic(fmt.Sprintf("circuits: a staircase rises by %d", rise))
		}
		c := new(big.Int).Mul(big.NewInt(rise), both)
		w := b.one // a step on which every integer stands
		if k > 0 {
			w = steps[k-1]
		}
		terms = append(terms, gate.Term{Wire: w, Coef: c.Add(c, big.NewInt(before))})
		before = rise
	}
	far := b.digits(distances, 0, b.widths(bits.Len64(uint64(v.Hi-v.Lo))))
	terms = append(terms, far[0].expression(0).terms...)
	terms = append(terms, negated(far[1].expression(0).terms, Apart)...)
	constant := new(big.Int).Mul(big.NewInt(v.Lo-1), both)
	gate.AssertZero(b.g, append(terms, gate.Term{Wire: b.one, Coef: constant.Add(constant, big.NewInt(v.Lo))}))
}
