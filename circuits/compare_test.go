package circuits_test

import (
	"fmt"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

func evalCompare(from int64) func([]int64) []int64 {
	return func(in []int64) []int64 {
		out := make([]int64, len(in))
		for i, v := range in {
			if v >= from {
				out[i] = 1
			}
		}
		return out
	}
}

// compareExamples compares known values and open ones with numbers in the middle of
// their interval, at its ends, beside it, and far away.
func compareExamples() []example {
	const lo, hi = -8, 7
	var out []example
	for _, from := range []int64{-9, -8, -7, 0, 1, 7, 8, 40} {
		compare := func(name string, digit int, open func(*circuits.Builder, []*circuits.Value) []*circuits.Value) {
			out = append(out, example{fmt.Sprintf("compare with %d, %s", from, name), circuittest.Gadget{
				In: 2, Bits: 4, Lo: lo, Digit: digit, Eval: evalCompare(from),
				Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
					return b.Compare(open(b, in), from)
				},
			}})
		}
		compare("known", 3, func(_ *circuits.Builder, in []*circuits.Value) []*circuits.Value { return in })
		compare("open", 3, func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return opened(b, in, b.CompareWindow(lo, hi, from))
		})
		compare("open too narrow", 5, func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return opened(b, in, circuits.Cover(lo, hi), b.CompareWindow(lo, hi, from))
		})
	}
	return append(out,
		example{"compare one value twice", circuittest.Gadget{
			In: 1, Bits: 4, Lo: lo, Digit: 4,
			Eval: func(in []int64) []int64 {
				return append(evalCompare(0)(in), evalCompare(1)(in)...)
			},
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				v := opened(b, in, b.CompareWindow(lo, hi, 0))
				return append(b.Compare(v, 0), b.Compare(v, 1)...)
			},
		}},
	)
}

// TestCompareWhatBarelyFits compares values of as many bits as integers may have.
func TestCompareWhatBarelyFits(t *testing.T) {
	const most = int64(1) << circuits.MaxBits
	for _, from := range []int64{-most, 0, most} {
		circuittest.Gadget{
			In: 1, Bits: 2, Lo: -2, Digit: 8,
			Eval: func(in []int64) []int64 { return evalCompare(from)([]int64{in[0] * (most / 2)}) },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return b.Compare([]*circuits.Value{b.Scaled(in[0], most/2)}, from)
			},
		}.Examine(t, 4, 3)
	}
}
