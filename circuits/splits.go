package circuits

import (
	"math/big"
	"math/bits"
	"slices"

	"github.com/zkml-go/zkml/gate"
)

// Splits returns, for each of the thresholds, which rise strictly, the bit [v ≥ from].
// They cost three gates each, and two range checks together, where comparisons take a range
// check each: the bits are the steps of a staircase, and the range checks find the step on
// which v stands.
//
// Soundness: let t_1 < ... < t_n be the thresholds inside (Lo, Hi], with t_0 = Lo and
// t_{n+1} = Hi + 1. The hinted b_1 ... b_n are each asserted to be bits, and
// b_{k+1}·(1 − b_k) = 0: for some j, the first j are ones and the others zeros. Then
//
//	lower = t_0 + Σ b_k·(t_k − t_{k−1}) = t_j,   upper = t_1 + Σ b_k·(t_{k+1} − t_k) = t_{j+1}
//
// and one equation asserts X + 2^B·Y = 0 for X = v − r − lower and Y = v + 1 + s − upper,
// where the digits of r and s are range-checked: these are at least 0, and have no more
// bits than Hi − Lo, which has B − 2. v and lower are in [Lo, Hi], upper in (Lo, Hi + 1].
// So X and Y are less than 2^(B−1), either way. The sum is less than 2^(2B), below the
// field's order: it is zero as an integer, X is a multiple of 2^B, thus zero, and so is Y.
// Hence t_j ≤ v < t_{j+1}, which is true of one j only. One threshold is a comparison; see
// Compare. Range: v known in [Lo, Hi], or open; the outputs are bits, and known where the
// interval is on one side of the threshold.
func (b *Builder) Splits(v *Value, from []int64) []*Value {
	out := make([]*Value, len(from))
	var inner []int64
	first := 0 // the number of thresholds that v is never below
	for i, t := range from {
		if i > 0 && t <= from[i-1] {
			panic("circuits: thresholds do not rise")
		}
		switch {
		case t <= v.Lo:
			out[i] = b.sure(1)
			first = i + 1
		case t > v.Hi:
			out[i] = b.sure(0)
		default:
			inner = append(inner, t)
		}
	}
	switch len(inner) {
	case 0:
	case 1:
		out[first] = b.Compare([]*Value{v}, inner[0])[0]
	default:
		for k, w := range b.staircase(v, inner) {
			out[first+k] = Known(w, 0, 1)
		}
	}
	return out
}

// sure is a constant whose wire is made when somebody asks for it.
func (b *Builder) sure(c int64) *Value {
	return &Value{Lo: c, Hi: c, bound: expression{constant: big.NewInt(c)}}
}

// staircase is Splits for two or more thresholds in (Lo, Hi].
func (b *Builder) staircase(v *Value, from []int64) []gate.Wire {
	x := b.CloseAll([]*Value{v})[0]
	inputs := []gate.Wire{x, big.NewInt(v.Lo), big.NewInt(v.Hi)}
	for _, t := range from {
		inputs = append(inputs, big.NewInt(t))
	}
	steps := b.g.Hint(Staircase, len(from), inputs...)
	for k, w := range steps {
		b.check(w, 0, 1)
		if k > 0 {
			b.g.Assert(w, steps[k-1], w, gate.Q{L: 1, M: -1})
		}
	}
	ends := append(append([]int64{v.Lo}, from...), v.Hi+1)
	widest := int64(0)
	for k := range len(ends) - 1 {
		widest = max(widest, ends[k+1]-ends[k]-1)
	}
	distances := b.digits(b.g.Hint(Distances, 2, inputs...), 0, b.widths(bits.Len64(uint64(widest))))
	apart := uint(bits.Len64(uint64(v.Hi-v.Lo)) + 2)
	terms := negated(distances[1].expression(0).terms, apart)
	terms = append(terms, distances[0].expression(0).terms...)
	for k, w := range steps {
		c := big.NewInt(ends[k+2] - ends[k+1])
		c.Lsh(c, apart).Add(c, big.NewInt(ends[k+1]-ends[k]))
		terms = append(terms, gate.Term{Wire: w, Coef: c})
	}
	both := new(big.Int).Lsh(big.NewInt(1), apart)
	terms = append(terms, gate.Term{Wire: x, Coef: new(big.Int).Neg(both.Add(both, big.NewInt(1)))})
	constant := new(big.Int).Lsh(big.NewInt(ends[1]-1), apart)
	constant.Add(constant, big.NewInt(v.Lo))
	if constant.Sign() != 0 {
		terms = append(terms, gate.Term{Wire: b.one, Coef: constant})
	}
	gate.AssertZero(b.g, terms)
	return steps
}

// SplitsMissing is Splits of a value that has a reserved integer: the lowest or the highest of
// [Lo, Hi], which stands for a missing value. turned are the same bits, but each the other one
// where the value is missing: one more threshold tells whether it is, and a turned bit costs
// the gate of a sum, if anybody asks for it. No threshold is above the highest, or not above
// the lowest: the reserved integer is not among the numbers that they tell apart.
//
// Soundness: the step of the reserved integer stands on the same staircase. Where that is the
// highest, m = [v = Hi] is the last step, so that m = 1 only where every bit b is 1, and b − m
// is b, or 0 where the value is missing. Where it is the lowest, p = [v > Lo] is the first
// step, so that p = 0 only where every bit is 0, and b + 1 − p is b, or 1 where the value is
// missing. Range: as in Splits; turned bits are 0 or 1.
func (b *Builder) SplitsMissing(v *Value, from []int64, missing int64) (bits, turned []*Value) {
	if missing != v.Lo && missing != v.Hi {
		panic("circuits: the integer for a missing value is not the end of an interval")
	}
	at := missing
	if missing != v.Hi {
		at = v.Lo + 1
	}
	if n := len(from); n > 0 && (missing == v.Hi && from[n-1] > at || missing != v.Hi && from[0] < at) {
		panic("circuits: a threshold is beyond the integer for a missing value")
	}
	all := slices.Clone(from)
	place, found := slices.BinarySearch(all, at)
	if !found {
		all = slices.Insert(all, place, at)
	}
	steps := b.Splits(v, all)
	for k, step := range steps {
		if k == place && !found {
			continue
		}
		e := expression{constant: new(big.Int)}
		e.add(step, 1)
		e.add(steps[place], -1)
		if missing != v.Hi {
			e.constant.Add(e.constant, big.NewInt(1))
		}
		bits, turned = append(bits, step), append(turned, &Value{Lo: 0, Hi: 1, bound: e})
	}
	return bits, turned
}

// add adds a multiple of a value that is a wire or a constant.
func (e *expression) add(v *Value, times int64) {
	if v.wire == nil {
		e.constant.Add(e.constant, new(big.Int).Mul(v.bound.constant, big.NewInt(times)))
		return
	}
	e.terms = append(e.terms, gate.T(v.wire, times))
}
