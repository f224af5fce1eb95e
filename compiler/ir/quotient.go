package ir

import (
	"fmt"
	"math"
	"slices"
)

// Quotient divides variables: out[i] = in0[A[i]]/in1[B[i]]. A quotient of integers is an
// integer: truncated, or rounded down where Down is set; with Rest the step gives what it leaves.
// A divisor of zero counts as one there.
type Quotient struct {
	A, B                []int32
	Integer, Down, Rest bool
}

// Eval implements Kind.
func (q *Quotient) Eval(in [][]float64, size int) []float64 {
	out := make([]float64, size)
	for i := range out {
		n, d := in[0][q.A[i]], in[len(in)-1][q.B[i]]
		if out[i] = n / d; q.Integer {
			out[i] = q.whole(n, d)
		}
	}
	return out
}

func (q *Quotient) whole(n, d float64) float64 {
	if d == 0 {
		d = 1
	}
	left := math.Mod(n, d) // exact
	if q.Down && left != 0 && left < 0 != (d < 0) {
		left += d
	}
	if q.Rest {
		return left
	}
	return (n - left) / d
}

func (q *Quotient) String() string {
	return fmt.Sprintf("quotient[%d, integer=%t, down=%t, rest=%t]", len(q.A), q.Integer, q.Down, q.Rest)
}

// Through implements Addresser, for a move of one input.
func (q *Quotient) Through(ids []ID, k int, from []ID, move *Move) (Kind, []ID) {
	if len(from) > 1 {
		return nil, nil
	}
	ids = slices.Clone(ids)
	ids[k] = from[0]
	parts := [][]int32{q.A, q.B}
	parts[k] = reindexed(parts[k:k+1], by(move.Index))[0]
	return &Quotient{A: parts[0], B: parts[1], Integer: q.Integer, Down: q.Down, Rest: q.Rest}, ids
}

// GivesIntegers implements Counter.
func (q *Quotient) GivesIntegers(bool) bool { return q.Integer }
