package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// NearSum is the name of the function to codes of sums that are not exactly onnxruntime's.
const NearSum = "about the code of a sum"

// codeSum is an integer sum of two codes and a constant, of which the quotient by a power of two,
// rounded, is the code of their sum. even says that halves go to the even neighbour; else they go
// up.
type codeSum struct {
	a, b, constant float64
	shift          int
	even           bool
	near           bool // not the code of every pair
	// table has a term for each code of B in place of b times the code, where it is not nil; first is
	// the first code.
	table []float64
	first float64
}

// code is the code of a sum.
func (s codeSum) code(sum float64) float64 {
	x := math.Ldexp(sum, -s.shift)
	if s.even {
		return math.RoundToEven(x)
	}
	return math.Floor(x + 0.5)
}

// lastShift is that of the sum where none is right for all pairs, as single precision rounds some
// halves up and others down. Such a sum is what real numbers give.
const lastShift = 26

// asSum finds the sum of the fewest bits that is right for all pairs of codes.
func (q *qBinary) asSum() (*codeSum, error) {
	ra := float64(float32(q.a.scale[0]) / float32(q.c.scale[0]))
	rb := float64(float32(q.b.scale[0]) / float32(q.c.scale[0]))
	fixed := q.c.zero[0] - float64(ra*q.a.zero[0]) - float64(rb*q.b.zero[0])
	if max(ra, rb) > 1<<12 {
		return nil, fmt.Errorf("the scales of the operands are %g times that of the result; quantise the model again",
			max(ra, rb))
	}
	pairs := q.pairs(ra, rb, fixed)
	for shift := 8; shift <= lastShift; shift++ {
		for _, near := range neighbours {
			s := codeSum{shift: shift}
			s.a, s.b = math.Round(math.Ldexp(ra, shift))+near[0], math.Round(math.Ldexp(rb, shift))+near[1]
			for _, s.even = range []bool{false, true} {
				if q.centre(&s, pairs) {
					return &s, nil
				}
			}
		}
	}
	if s := q.tabled(ra, pairs); s != nil {
		return s, nil
	}
	return &codeSum{
		a: math.Round(math.Ldexp(ra, lastShift)), b: math.Round(math.Ldexp(rb, lastShift)),
		constant: math.Round(math.Ldexp(fixed, lastShift)), shift: lastShift, even: true, near: true,
	}, nil
}

// neighbours are what the weights of a sum are moved by, the least first: where single precision
// rounds halves, other slopes than the scales' pass between the pairs.
var neighbours = func() [][2]float64 {
	const most = 2
	var out [][2]float64
	for a := -float64(most); a <= most; a++ {
		for b := -float64(most); b <= most; b++ {
			out = append(out, [2]float64{a, b})
		}
	}
	size := func(x [2]float64) int {
		return int(math.Sqrt(float64(x[0]*x[0])+float64(x[1]*x[1])) * most * most)
	}
	slices.SortStableFunc(out, func(x, y [2]float64) int { return size(x) - size(y) })
	return out
}()

// pair is one of codes, and the code of their sum.
type pair struct{ a, b, want float64 }

// pairs are all of codes; those whose sum lies near a half come first, as they decide.
func (q *qBinary) pairs(ra, rb, fixed float64) []pair {
	var near, far []pair
	lo, hi := q.from.limits()
	for a := lo; a <= hi; a++ {
		for b := lo; b <= hi; b++ {
			p := pair{a, b, q.of(a, b)}
			_, fraction := math.Modf(math.Abs(float64(ra*a) + float64(rb*b) + fixed))
			if math.Abs(fraction-0.5) < 1.0/512 {
				near = append(near, p)
			} else {
				far = append(far, p)
			}
		}
	}
	return append(near, far...)
}

// tabled finds a sum with a table of the codes of B, which is rounded before A is added: each of
// its terms has to be right for the codes of A alone.
func (q *qBinary) tabled(ra float64, pairs []pair) *codeSum {
	first, last := q.from.limits()
	of := make([][]pair, int(last-first)+1)
	for _, p := range pairs {
		of[int(p.b-first)] = append(of[int(p.b-first)], p)
	}
	for shift := 8; shift <= lastShift; shift++ {
		for _, near := range []float64{0, -1, 1} {
			s := codeSum{a: math.Round(math.Ldexp(ra, shift)) + near, shift: shift, first: first}
			for _, s.even = range []bool{false, true} {
				if s.table = q.terms(s, of); s.table != nil {
					return &s
				}
			}
		}
	}
	return nil
}

// terms are those of the codes of B, nil where one has none.
func (q *qBinary) terms(s codeSum, of [][]pair) []float64 {
	table := make([]float64, len(of))
	for k, pairs := range of {
		s.b = 0
		if !q.centre(&s, pairs) {
			return nil
		}
		table[k] = s.constant
	}
	return table
}

// of is the sum of two codes.
func (s *codeSum) of(a, b float64) float64 { return float64(s.a*a) + s.term(b) + s.constant }

// term is what a code of B adds.
func (s *codeSum) term(b float64) float64 {
	if s.table != nil {
		return s.table[int(b-s.first)]
	}
	return float64(s.b * b)
}

// centre sets the constant of a sum to the middle of those with which it gives the codes that are
// wanted of all pairs; it is false where there is none.
func (q *qBinary) centre(s *codeSum, pairs []pair) bool {
	least, most := q.to.limits()
	lo, hi := math.Inf(-1), math.Inf(1)
	for _, p := range pairs {
		sum := float64(s.a*p.a) + float64(s.b*p.b)
		from, to := s.interval(p.want)
		if p.want > least {
			lo = max(lo, from-sum)
		}
		if p.want < most {
			hi = min(hi, to-sum)
		}
		if lo > hi {
			return false
		}
	}
	switch { // some end is open where one code is that of every pair
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		s.constant = 0
	case math.IsInf(lo, -1):
		s.constant = hi
	case math.IsInf(hi, 1):
		s.constant = lo
	default:
		s.constant = math.Floor((lo + hi) / 2)
	}
	return true
}

// interval is that of the sums with a code.
func (s *codeSum) interval(code float64) (lo, hi float64) {
	half := float64(int64(1) << (s.shift - 1))
	middle := float64(2 * half * code)
	lo, hi = middle-half, middle+half-1
	if s.even && math.Mod(code, 2) != 0 {
		return lo + 1, hi
	}
	if s.even {
		return lo, hi + 1
	}
	return lo, hi
}

// rounded is the function of a sum.
func (q *qBinary) rounded() *ir.Func {
	s := *q.sum
	lo, hi := q.to.limits()
	even := 0.0
	if s.even {
		even = 1
	}
	name := "code of a sum"
	if s.near {
		name = NearSum
	}
	f := wholeFunc(name, q.to, func(x float64) float64 { return max(lo, min(hi, s.code(x))) },
		float64(s.shift), even)
	f.Monotone = true
	return f
}

// tableOfTerms is the function from the codes of B to their terms.
func (q *qBinary) tableOfTerms() *ir.Func {
	s := q.sum
	return &ir.Func{
		Name: "term of a sum", Params: append(slices.Clone(s.table), s.first), F: s.term,
		Whole: &ir.Integers{Lo: int64(slices.Min(s.table)), Hi: int64(slices.Max(s.table))},
	}
}
