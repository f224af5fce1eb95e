package circuits

import (
	"math/big"
	"slices"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/constraint/solver"
)

var field = fr.Modulus()

func init() {
	solver.RegisterHint(Digits, Slots, Apply, Largest, Difference, Winner, Divide, Ratio, Halves,
		Staircase, Distances, Order)
}

// centred maps a field element to the integer of least magnitude that it represents.
func centred(v *big.Int) *big.Int {
	out := new(big.Int).Set(v)
	if out.Cmp(new(big.Int).Rsh(field, 1)) > 0 {
		out.Sub(out, field)
	}
	return out
}

// Digits is the hint that splits integers. Inputs: base, the number of digits,
// their widths, then the values. Outputs: the digits of each value−base, lowest
// first. Bound by Builder.check on each digit and by the equation of the value.
func Digits(_ *big.Int, in, out []*big.Int) error {
	base, n := centred(in[0]), int(in[1].Int64())
	widths, values := in[2:2+n], in[2+n:]
	for i, v := range values {
		rest := centred(v)
		rest.Sub(rest, base)
		for j := range n {
			w := uint(widths[j].Uint64())
			mask := new(big.Int).Lsh(big.NewInt(1), w)
			mask.Sub(mask, big.NewInt(1))
			out[i*n+j].And(rest, mask)
			rest.Rsh(rest, w)
		}
	}
	return nil
}

// Slots is the hint that reads a pack. Inputs: the pack's sum, the constant that
// moves every slot to its window's start, then each slot's width and base.
// Outputs: the slots' integers. They are only inputs of other hints.
func Slots(_ *big.Int, in, out []*big.Int) error {
	rest := new(big.Int).Add(in[0], in[1])
	rest.Mod(rest, field)
	for i, o := range out {
		w := uint(in[2+2*i].Uint64())
		mask := new(big.Int).Lsh(big.NewInt(1), w)
		mask.Sub(mask, big.NewInt(1))
		o.And(rest, mask)
		o.Add(o, centred(in[3+2*i]))
		rest.Rsh(rest, w)
	}
	return nil
}

// Apply is the hint that evaluates a table. Inputs: the first index, the number
// of entries, the entries, then the indices. Outputs: their entries, 0 outside.
// Bound by the lookup of Builder.Apply.
func Apply(_ *big.Int, in, out []*big.Int) error {
	first, n := centred(in[0]).Int64(), in[1].Int64()
	table, values := in[2:2+n], in[2+n:]
	for i, v := range values {
		at := centred(v)
		at.Sub(at, big.NewInt(first))
		out[i].SetUint64(0)
		if at.IsInt64() && at.Int64() >= 0 && at.Int64() < n {
			out[i].Set(table[at.Int64()])
		}
	}
	return nil
}

// Largest is the hint that finds a maximum. Inputs: the integers. Output: the
// largest. Bound by the differences and their product in Builder.Max.
func Largest(_ *big.Int, in, out []*big.Int) error {
	out[0].Set(centred(in[0]))
	for _, v := range in[1:] {
		if c := centred(v); c.Cmp(out[0]) > 0 {
			out[0].Set(c)
		}
	}
	return nil
}

// Difference is the hint of a gap. Inputs: a maximum and what is to be subtracted
// from it. Output: the rest, which is only an input of the hint of its digits.
func Difference(_ *big.Int, in, out []*big.Int) error {
	out[0].Set(centred(in[0]))
	for _, v := range in[1:] {
		out[0].Sub(out[0], centred(v))
	}
	return nil
}

// Winner is the hint of an argmax. Inputs: 1 if ties go to the last, then the
// integers. Outputs: the largest, then a one-hot selector of its position. Bound
// in Builder.ArgMax.
func Winner(_ *big.Int, in, out []*big.Int) error {
	last := in[0].Sign() != 0
	best := 0
	for i, v := range in[1:] {
		if c := centred(v).Cmp(centred(in[1+best])); c > 0 || c == 0 && last {
			best = i
		}
	}
	out[0].Set(centred(in[1+best]))
	for i := range in[1:] {
		out[1+i].SetUint64(0)
	}
	out[1+best].SetUint64(1)
	return nil
}

// Divide is the hint of a rounded division. Inputs: numerator, denominator > 0.
// Outputs: quotient and remainder. Bound in Builder.Divide.
func Divide(_ *big.Int, in, out []*big.Int) error {
	n, d := centred(in[0]), centred(in[1])
	if d.Sign() <= 0 {
		out[0].SetUint64(0)
		out[1].SetUint64(0)
		return nil
	}
	q, r := new(big.Int).DivMod(n, d, new(big.Int))
	out[0].Set(q)
	out[1].Set(r)
	return nil
}

// Ratio is the hint of a quotient in the field. Inputs: a numerator n, then k, c
// and s. Output: n/(c + s·k), 0 where there is none. Bound in Builder.ratio.
func Ratio(f *big.Int, in, out []*big.Int) error {
	d := new(big.Int).Mul(in[3], in[1])
	d.Mod(d.Add(d, in[2]), f)
	out[0].SetUint64(0)
	if inverse := new(big.Int).ModInverse(d, f); inverse != nil {
		out[0].Mul(in[0], inverse)
		out[0].Mod(out[0], f)
	}
	return nil
}

// Halves is the hint that splits a field element. Outputs: its low ChallengeBits
// bits, the rest, and whether the low bits exceed those of r − 1. Bound in
// Builder.lowBits.
func Halves(f *big.Int, in, out []*big.Int) error {
	mask := ones(ChallengeBits)
	most := new(big.Int).Sub(f, big.NewInt(1))
	out[0].And(in[0], mask)
	out[1].Rsh(in[0], ChallengeBits)
	out[2].SetUint64(0)
	if out[0].Cmp(most.And(most, mask)) > 0 {
		out[2].SetUint64(1)
	}
	return nil
}

// standing is the step of a staircase on which v stands: how many of the thresholds it
// reaches.
func standing(v *big.Int, thresholds []*big.Int) int {
	n := 0
	for n < len(thresholds) && v.Cmp(centred(thresholds[n])) >= 0 {
		n++
	}
	return n
}

// Staircase is the hint of the thresholds that an integer reaches. Inputs: the integer,
// the ends of its interval, then the thresholds. Outputs: a bit for each. Bound in
// Builder.staircase.
func Staircase(_ *big.Int, in, out []*big.Int) error {
	n := standing(centred(in[0]), in[3:])
	for k, o := range out {
		o.SetUint64(0)
		if k < n {
			o.SetUint64(1)
		}
	}
	return nil
}

// Distances is the hint of an integer's distances from the ends of its step: from the
// threshold below it, and from the last integer before the one above. Inputs: those of
// Staircase. They are only inputs of the hint of their digits.
func Distances(_ *big.Int, in, out []*big.Int) error {
	v, thresholds := centred(in[0]), in[3:]
	n := standing(v, thresholds)
	lower, upper := centred(in[1]), new(big.Int).Add(centred(in[2]), big.NewInt(1))
	if n > 0 {
		lower = centred(thresholds[n-1])
	}
	if n < len(thresholds) {
		upper = centred(thresholds[n])
	}
	out[0].Sub(v, lower)
	out[1].Sub(upper, v)
	out[1].Sub(out[1], big.NewInt(1))
	return nil
}

// Order is the hint of the largest integers. Inputs: how many of them, then the integers, which
// are different. Outputs: for each of the largest, the largest first, a one-hot selector of its
// position. Bound in Builder.Top.
func Order(_ *big.Int, in, out []*big.Int) error {
	values := make([]*big.Int, len(in)-1)
	by := make([]int, len(values))
	for j, v := range in[1:] {
		values[j], by[j] = centred(v), j
	}
	slices.SortStableFunc(by, func(i, j int) int { return values[j].Cmp(values[i]) })
	for i, o := range out {
		o.SetUint64(0)
		if by[i/len(values)] == i%len(values) {
			o.SetUint64(1)
		}
	}
	return nil
}
