package circuits_test

import (
	"fmt"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

func evalSplits(from []int64) func([]int64) []int64 {
	return func(in []int64) []int64 {
		var out []int64
		for _, v := range in {
			for _, t := range from {
				out = append(out, evalCompare(t)([]int64{v})...)
			}
		}
		return out
	}
}

func splits(from []int64) func(*circuits.Builder, []*circuits.Value) []*circuits.Value {
	return func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
		var out []*circuits.Value
		for _, v := range in {
			out = append(out, b.Splits(v, from)...)
		}
		return out
	}
}

// splitExamples have thresholds beside each other, apart, at the ends of the interval and
// beyond them, one and many, for known and open values.
func splitExamples() []example {
	const lo, hi, bits = -8, 7, 4
	var out []example
	add := func(name string, from ...int64) {
		for _, digit := range []int{3, 5} {
			out = append(out, example{fmt.Sprintf("splits, %s, digits of %d", name, digit), circuittest.Gadget{
				In: 2, Bits: bits, Lo: lo, Digit: digit, Eval: evalSplits(from), Circuit: splits(from),
			}})
		}
		out = append(out, example{fmt.Sprintf("splits, %s, open", name), circuittest.Gadget{
			In: 2, Bits: bits, Lo: lo, Digit: 3, Eval: evalSplits(from),
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return splits(from)(b, opened(b, in, circuits.Cover(lo, hi)))
			},
		}})
	}
	add("one", 3)
	add("two", -1, 0)
	add("two apart", -7, 7)
	add("at the ends and beyond", -20, -8, -7, 7, 8, 100)
	add("all on one side", 8, 9)
	add("all", -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7)
	add("in pairs", -4, -3, 2, 3)
	out = append(out, example{"splits of a wide value", circuittest.Gadget{
		In: 1, Bits: 12, Lo: -2000, Digit: 4, Eval: evalSplits([]int64{-1999, -3, 0, 1, 900, 2095}),
		Circuit: splits([]int64{-1999, -3, 0, 1, 900, 2095}),
	}})
	return out
}

// TestSplitsRefuseThresholdsThatDoNotRise panics where the steps would be no staircase.
func TestSplitsRefuseThresholdsThatDoNotRise(t *testing.T) {
	for _, from := range [][]int64{{1, 1}, {2, 1}, {-9, 3, -9}, {8, 9, 8}} {
		g := circuittest.Gadget{In: 1, Bits: 4, Lo: -8, Digit: 3, Eval: evalSplits(from), Circuit: splits(from)}
		if _, err := g.Statement().Count(); err == nil {
			t.Errorf("thresholds %v were taken", from)
		}
	}
}

// TestSplitsOfWhatBarelyFits has thresholds in a value of as many bits as integers may have.
func TestSplitsOfWhatBarelyFits(t *testing.T) {
	const most = int64(1) << circuits.MaxBits
	from := []int64{-most + 1, -1, 0, most / 2, most}
	circuittest.Gadget{
		In: 1, Bits: 2, Lo: -2, Digit: 8,
		Eval: func(in []int64) []int64 { return evalSplits(from)([]int64{in[0] * (most / 2)}) },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return b.Splits(b.Scaled(in[0], most/2), from)
		},
	}.Examine(t, 4, 3)
}
