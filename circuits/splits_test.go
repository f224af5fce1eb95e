package circuits_test

import (
	"fmt"
	"slices"
	"strings"
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

// missing are splits of values in [lo, hi] of which one integer stands for a missing value: all
// bits, and then the same turned.
func missing(from []int64, lo, hi, at int64) circuittest.Gadget {
	width := 0
	for 1<<width <= hi-lo {
		width++
	}
	return circuittest.Gadget{
		In: 1, Bits: width, Lo: lo, Digit: 3,
		Eval: func(in []int64) []int64 {
			bits := evalSplits(from)(in)
			for _, bit := range bits[:len(from):len(from)] {
				if in[0] == at {
					bit = 1 - bit
				}
				bits = append(bits, bit)
			}
			return bits
		},
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			bits, turned := b.SplitsMissing(in[0], from, at)
			return append(bits, turned...)
		},
	}
}

// missingExamples have the lowest and the highest integer for what is missing, which some
// thresholds lie beside or on.
func missingExamples() []example {
	var out []example
	for name, from := range map[string][]int64{
		"one": {3}, "two": {-1, 4}, "beside": {-7, 6}, "all or none": {-7, 7},
	} {
		out = append(out, example{"splits, the lowest missing, " + name, missing(from, -8, 7, -8)},
			example{"splits, the highest missing, " + name, missing(from, -8, 7, 7)})
	}
	out = append(out, example{"splits, the lowest missing, never beyond", missing([]int64{2, 8}, -8, 7, -8)},
		example{"splits, the highest missing, always beyond", missing([]int64{-8, 2}, -8, 7, 7)})
	slices.SortFunc(out, func(a, b example) int { return strings.Compare(a.name, b.name) })
	return out
}

// TestMissingTakesOneThreshold: a turned bit costs one gate, and the integer for a missing
// value one more threshold.
func TestMissingTakesOneThreshold(t *testing.T) {
	from := []int64{-3, 0, 2, 5}
	count := func(turned int) int {
		g := missing(from, -8, 7, 7)
		g.Circuit = func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			bits, other := b.SplitsMissing(in[0], from, 7)
			return append(bits[turned:], other[:turned]...)
		}
		g.Eval = evalSplits(from)
		c, err := g.Statement().Count()
		if err != nil {
			t.Fatal(err)
		}
		return c.Rows()
	}
	plain := circuittest.Gadget{In: 1, Bits: 4, Lo: -8, Digit: 3, Eval: evalSplits(from), Circuit: splits(from)}
	c, err := plain.Statement().Count()
	if err != nil {
		t.Fatal(err)
	}
	if count(0) != c.Rows()+3 || count(3) != count(0)+3 {
		t.Errorf("%d rows without a missing value, %d with one, %d with three turned bits", c.Rows(), count(0),
			count(3))
	}
}

// TestMissingAtAnEnd panics for an integer that is no end of the interval, and for thresholds
// beyond it.
func TestMissingAtAnEnd(t *testing.T) {
	for _, c := range []struct{ from, at int64 }{{0, -9}, {0, -7}, {0, 6}, {0, 8}, {8, 7}, {-8, -8}} {
		if _, err := missing([]int64{c.from}, -8, 7, c.at).Statement().Count(); err == nil {
			t.Errorf("%d stands for a missing value of [-8, 7], with the threshold %d", c.at, c.from)
		}
	}
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
