package circuits_test

import (
	"math/big"
	"testing"

	"github.com/consensys/gnark/constraint/solver"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// borrowed is a gadget over values that share a field element, with lies that bind
// them outside their slots.
type borrowed struct {
	gadget circuittest.Gadget
	in     []int64
	lies   []circuittest.Tamper
}

// answers are a hint's outputs, call by call, where it has as many.
func answers(h solver.Hint, calls ...[]int64) circuittest.Tamper {
	return circuittest.Tamper{Hint: h, With: func(call int, _, out []*big.Int) {
		if call < len(calls) && len(calls[call]) == len(out) {
			for i, v := range calls[call] {
				out[i].SetInt64(v)
			}
		}
	}}
}

// gaps are differences, by what is taken from the maximum.
func gaps(of map[int64]int64) circuittest.Tamper {
	return circuittest.Tamper{Hint: circuits.Difference, With: func(_ int, in,
		out []*big.Int) {
		out[0].SetInt64(of[in[1].Int64()])
	}}
}

var slot = circuits.Cover(0, 7)

var borrowedMaxima = map[string]borrowed{
	"argmax": {circuittest.Gadget{
		In: 2, Bits: 3, Digit: 4, Eval: evalArgMax(false),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return []*circuits.Value{b.ArgMax(opened(b, in, slot), false, slot)}
		},
	}, []int64{3, 1}, []circuittest.Tamper{
		answers(circuits.Winner, []int64{2, 0, 1}), gaps(map[int64]int64{3: 6, 1: 0}),
	}},
	"argmax, a huge maximum": {circuittest.Gadget{
		In: 2, Bits: 3, Digit: 4, Eval: evalArgMax(false),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return []*circuits.Value{b.ArgMax(opened(b, in, circuits.ArgMaxWindow(0, 7, slot)), false, slot)}
		},
	}, []int64{3, 1}, []circuittest.Tamper{ // v and v + 1, for v + 16·(v + 1) = 3 + 16·1
		gaps(map[int64]int64{3: 0, 1: 0}),
		{Hint: circuits.Winner, With: func(_ int, _, out []*big.Int) {
			v := new(big.Int).ModInverse(big.NewInt(17), field)
			v.Mod(v.Mul(v, big.NewInt(3)), field)
			out[0].Add(v, big.NewInt(1))
			out[1].SetInt64(0)
			out[2].SetInt64(1)
		}},
	}},
	"maximum": {circuittest.Gadget{
		In: 2, Bits: 3, Digit: 4, Eval: evalMax([][]int32{{0, 1}}),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return b.Max(opened(b, in, slot), [][]int32{{0, 1}}, []circuits.Window{slot})
		},
	}, []int64{3, 1}, []circuittest.Tamper{
		answers(circuits.Largest, []int64{2}), gaps(map[int64]int64{3: 7, 1: 0}),
	}},
	"maximum, wide slots": {circuittest.Gadget{
		In: 2, Bits: 3, Digit: 4, Eval: evalMax([][]int32{{0, 1}}),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return b.Max(opened(b, in, circuits.MaxWindow(0, 7, slot)), [][]int32{{0, 1}}, []circuits.Window{slot})
		},
	}, []int64{3, 1}, []circuittest.Tamper{ // −13 and 2
		answers(circuits.Largest, []int64{2}), gaps(map[int64]int64{3: 15, 1: 0}),
	}},
}

var limitedToBit = circuits.Saturation{Bits: 1}

var borrowedSaturations = map[string]borrowed{
	"saturation": {circuittest.Gadget{
		In: 2, Bits: 2, Lo: -1, Digit: 4, Eval: evalSaturations(limitedToBit),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return b.Saturate(opened(b, in, circuits.Cover(-1, 2)), repeat(limitedToBit, 2))
		},
	}, []int64{2, 0}, []circuittest.Tamper{answers(circuits.Digits, []int64{0, 0, 1, 1}, []int64{0, 0, 1, 1})}},
	"saturations apart": {circuittest.Gadget{
		In: 2, Bits: 2, Lo: -1, Digit: 4, Eval: evalSaturations(limitedToBit),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			vs, by := opened(b, in, circuits.Cover(-1, 2)), []circuits.Saturation{limitedToBit}
			return append(b.Saturate(vs[:1], by), b.Saturate(vs[1:], by)...)
		},
	}, []int64{2, 0}, []circuittest.Tamper{{Hint: circuits.Digits, With: func(_ int, in, out []*big.Int) {
		if len(out) == 2 { // low and top: of −2 for 2, of 1 for 0
			side := int64(1 - in[len(in)-1].Int64()/2)
			out[0].SetInt64(side)
			out[1].SetInt64(side)
		}
	}}}},
}

// TestNarrowSlotsAreClosed: two sums v and w share a field element, v + 2^B·w. A
// gadget that bound v to something outside its slot could borrow from w: for B = 3,
// 3 + 8·1 is −5 + 8·2 too.
func TestNarrowSlotsAreClosed(t *testing.T) {
	for _, table := range []map[string]borrowed{borrowedMaxima, borrowedSaturations} {
		for name, c := range table {
			t.Run(name, func(t *testing.T) {
				s := subject(t, c.gadget)
				want := c.gadget.Eval(c.in)
				s.Computes(c.in, want)
				s.Rejects(c.in, want, c.lies...)
			})
		}
	}
}
