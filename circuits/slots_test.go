package circuits_test

import (
	"math/big"
	"testing"

	"github.com/consensys/gnark/constraint/solver"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/circuits/circuittest"
)

// TestNarrowSlotsAreClosed: two sums v and w share a field element, v + 2^B·w. A
// gadget that bound v to something outside its slot could borrow from w: for B = 3,
// 3 + 8·1 is −5 + 8·2 too.
func TestNarrowSlotsAreClosed(t *testing.T) {
	slot := circuits.Cover(0, 7)
	limit := circuits.Saturation{Bits: 1}
	answers := func(h solver.Hint, calls ...[]int64) circuittest.Tamper {
		return circuittest.Tamper{Hint: h, With: func(call int, _, out []*big.Int) {
			if call < len(calls) && len(calls[call]) == len(out) {
				for i, v := range calls[call] {
					out[i].SetInt64(v)
				}
			}
		}}
	}
	gaps := func(of map[int64]int64) circuittest.Tamper { // by what is taken from the maximum
		return circuittest.Tamper{Hint: circuits.Difference, With: func(_ int, in, out []*big.Int) { out[0].SetInt64(of[in[1].Int64()]) }}
	}
	for name, c := range map[string]struct {
		gadget circuittest.Gadget
		in     []int64
		lies   []circuittest.Tamper
	}{
		"argmax": {circuittest.Gadget{
			In: 2, Bits: 3, Digit: 4, Eval: evalArgMax(false),
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return []*circuits.Value{b.ArgMax(opened(b, in, slot), false, slot)}
			},
		}, []int64{3, 1}, []circuittest.Tamper{
			answers(circuits.Winner, []int64{2, 0, 1}), gaps(map[int64]int64{3: 6, 1: 0}),
		}},
		"maximum": {circuittest.Gadget{
			In: 2, Bits: 3, Digit: 4, Eval: evalMax([][]int32{{0, 1}}),
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return b.Max(opened(b, in, slot), [][]int32{{0, 1}}, []circuits.Window{slot})
			},
		}, []int64{3, 1}, []circuittest.Tamper{
			answers(circuits.Largest, []int64{2}), gaps(map[int64]int64{3: 7, 1: 0}),
		}},
		"saturation": {circuittest.Gadget{
			In: 2, Bits: 2, Lo: -1, Digit: 4, Eval: evalSaturations(limit),
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return b.Saturate(opened(b, in, circuits.Cover(-1, 2)), repeat(limit, 2))
			},
		}, []int64{2, 0}, []circuittest.Tamper{answers(circuits.Digits, []int64{0, 0, 1, 1}, []int64{0, 0, 1, 1})}},
	} {
		t.Run(name, func(t *testing.T) {
			s := subject(t, c.gadget)
			want := c.gadget.Eval(c.in)
			s.Computes(c.in, want)
			s.Rejects(c.in, want, c.lies...)
		})
	}
}
