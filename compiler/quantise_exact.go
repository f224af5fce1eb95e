package compiler

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// exactScale is a scale at which every weight of a fixed step is a whole number
// of at most 2^10 steps, and no bias lies in the middle of two; 0 if there is none. Sums,
// differences and averages have one.
func exactScale(a *ir.Affine, scales []float64) float64 {
	least := math.Inf(1)
	a.Rows.EachWeight(oneGroup, func(_ int, in int32, w float64) {
		if w = float64(math.Abs(w) * scales[in]); w > 0 {
			least = math.Min(least, w)
		}
	})
	if math.IsInf(least, 1) {
		return 0
	}
	exact := true
	a.Rows.EachWeight(oneGroup, func(_ int, in int32, w float64) {
		w = math.Abs(w) * scales[in] / least
		exact = exact && w <= 1<<10 && math.Abs(w-math.Round(w)) <= 1e-9*w
	})
	middle := func(bias float64) bool { return math.Abs(math.Abs(math.Mod(bias/least, 1))-0.5) < 1e-9 }
	switch {
	case !exact:
		return 0
	case slices.ContainsFunc(a.Bias, middle): // as of half a vote
		return least / 2
	}
	return least
}

// betweenIntegers is a scale of a step whose weights are whole numbers of exact. Where it reads integers
// alone, exact may be as large as a bias, which then needs a finer one.
func (q *quantiser) betweenIntegers(s *ir.Step, a *ir.Affine, exact float64) float64 {
	if slices.ContainsFunc(s.In, func(id ir.ID) bool { return !q.p.Whole(id) }) {
		return exact
	}
	off := func(bias float64) bool {
		rest := math.Abs(math.Mod(bias, exact))
		return math.Min(rest, exact-rest) > 1e-9*exact
	}
	least := biasScale(a, float64(int64(1)<<(q.knobs.weight(q.step)-1)-1))
	for exact > least && slices.ContainsFunc(a.Bias, off) {
		exact /= 2
	}
	return exact
}
