package circuits_test

import (
	"fmt"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// plans has a saturation for each way to decompose one, for values in [lo, lo +
// 2^bits − 1].
var plans = []struct {
	name         string
	lo           int64
	bits         int
	s            circuits.Saturation
	below, above bool
	top          int
	normal       int64
}{
	{"unlimited", -32, 6, circuits.Saturation{Shift: 2, Base: -8, Bits: 5}, false, false, 0, 0},
	{"unlimited, exact", -32, 6, circuits.Saturation{Base: -32, Bits: 6}, false, false, 0, 0},
	{"unlimited, coarse", -32, 6, circuits.Saturation{Shift: 7, Base: -8, Bits: 5}, false, false, 0, 0},
	{"from below", -40, 6, circuits.Saturation{Shift: 1, Bits: 5}, true, false, 1, 1},
	{"from below, exact", -40, 6, circuits.Saturation{Bits: 6}, true, false, 1, 1},
	{"from below, always", -100, 6, circuits.Saturation{Shift: 1, Bits: 3}, true, false, 1, 1},
	{"from above", -3, 6, circuits.Saturation{Shift: 1, Base: -1, Bits: 4}, false, true, 1, 0},
	{"from above, exact", 0, 6, circuits.Saturation{Bits: 5}, false, true, 1, 0},
	{"from far above", 0, 6, circuits.Saturation{Base: -1, Bits: 3}, false, true, 4, 0},
	{"from above, always", 50, 6, circuits.Saturation{Shift: 1, Bits: 3}, false, true, 3, 0},
	{"both sides", -32, 6, circuits.Saturation{Shift: 1, Base: -4, Bits: 3}, true, true, 3, 4},
	{"both sides, exact", -32, 6, circuits.Saturation{Base: -3, Bits: 4}, true, true, 3, 4},
	{"both sides, uneven", -5, 6, circuits.Saturation{Base: 0, Bits: 3}, true, true, 4, 8},
	{"to one value", -8, 4, circuits.Saturation{Base: 2}, true, true, 4, 10},
	{"to a step", -8, 4, circuits.Saturation{Base: 0, Bits: 1}, true, true, 3, 4},
	{"wider than digits", -5000, 14, circuits.Saturation{Shift: 6, Base: 0, Bits: 6}, true, true, 3, 4},
}

// TestPlans keeps the table above honest: each row is the case that it says.
func TestPlans(t *testing.T) {
	for _, p := range plans {
		t.Run(p.name, func(t *testing.T) {
			below, above, top, normal := p.s.Plan(p.lo, p.lo+1<<p.bits-1)
			if below != p.below || above != p.above || top != p.top || normal != p.normal {
				t.Errorf("got %v, %v, %d, %d", below, above, top, normal)
			}
		})
	}
}

// TestSidesAreShared: values of intervals that differ by little ask for one table of sides, which has an
// entry for each block of what they may reach.
func TestSidesAreShared(t *testing.T) {
	s := circuits.Saturation{Base: -512, Bits: 10}
	tops := map[int]int64{}
	for lo := int64(-400_000); lo < -300_000; lo += 977 {
		for hi := int64(300_000); hi < 400_000; hi += 977 {
			_, _, top, normal := s.Plan(lo, hi)
			first := s.Base - normal<<s.Bits
			if last := first + 1<<(top+s.Bits) - 1; lo < first || hi > last {
				t.Fatalf("[%d, %d] is not in [%d, %d]", lo, hi, first, last)
			}
			if other, ok := tops[top]; ok && other != normal {
				t.Fatalf("[%d, %d]: %d blocks below the window, others of %d bits have %d", lo, hi, normal, top, other)
			}
			tops[top] = normal
		}
	}
}

func evalSaturations(s ...circuits.Saturation) func([]int64) []int64 {
	return func(in []int64) []int64 {
		out := make([]int64, len(in))
		for i, v := range in {
			out[i] = s[i%len(s)].Eval(v)
		}
		return out
	}
}

func repeat[T any](v T, n int) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// saturateExamples takes every plan on known values, on values that are open in
// the window wanted, and on values open in a smaller one.
func saturateExamples() []example {
	var out []example
	for k, p := range plans {
		hi := p.lo + 1<<p.bits - 1
		saturate := func(name string, digit int, open func(b *circuits.Builder,
			in []*circuits.Value) []*circuits.Value) {
			out = append(out, example{"saturate, " + p.name + name, circuittest.Gadget{
				In: 2, Bits: p.bits, Lo: p.lo, Digit: digit, Eval: evalSaturations(p.s),
				Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
					return b.Saturate(open(b, in), repeat(p.s, len(in)))
				},
			}})
		}
		saturate(", known", 3+k%2, func(_ *circuits.Builder, in []*circuits.Value) []*circuits.Value { return in })
		saturate(", open", 3, func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return opened(b, in, b.SaturationWindow(p.s, p.lo, hi))
		})
		if !p.above { // nothing fixes the width of low, which may be rounded to whole digits
			saturate(", known, digits of 6", 6, func(_ *circuits.Builder,
				in []*circuits.Value) []*circuits.Value {
				return in
			})
			saturate(", open, digits of 6", 6, func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return opened(b, in, b.SaturationWindow(p.s, p.lo, hi))
			})
		}
		saturate(", open too narrow", 4, func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return opened(b, in, circuits.Cover(p.lo, hi), b.SaturationWindow(p.s, p.lo, hi))
		})
	}
	mixed := []circuits.Saturation{{Bits: 3}, {Shift: 1, Base: -2, Bits: 2}, {Bits: 3}, {Shift: 3, Base: -9, Bits: 5}}
	return append(out,
		example{"saturate, each its own", circuittest.Gadget{
			In: 4, Bits: 5, Lo: -16, Digit: 4, Eval: evalSaturations(mixed...),
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				windows := make([]circuits.Window, len(in))
				for i := range in {
					windows[i] = b.SaturationWindow(mixed[i], -16, 15)
				}
				return b.Saturate(opened(b, in, windows...), mixed)
			},
		}},
		example{"saturate, one value twice", circuittest.Gadget{
			In: 1, Bits: 5, Lo: -16, Digit: 4,
			Eval: func(in []int64) []int64 { return []int64{mixed[0].Eval(in[0]), mixed[1].Eval(in[0])} },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				v := opened(b, in, b.SaturationWindow(mixed[0], -16, 15))[0]
				return b.Saturate([]*circuits.Value{v, v}, mixed[:2])
			},
		}},
	)
}

func TestTooManyBitsAreAnError(t *testing.T) {
	err := circuits.Saturation{Bits: 2}.Check(0, 1<<20)
	if err == nil {
		t.Fatal("a table of 2^18 sides is not refused")
	}
}

// TestRescale pins the rounding: to the nearest, halves up, for negative numbers
// too.
func TestRescale(t *testing.T) {
	for _, c := range []struct {
		v     int64
		shift int
		want  int64
	}{{5, 0, 5}, {-5, 0, -5}, {1, 1, 1}, {-1, 1, 0}, {-3, 1, -1}, {6, 2, 2}, {5, 2, 1}, {-6, 2, -1}, {-7, 2, -2},
		{0, 40, 0}} {
		if got := circuits.Rescale(c.v, c.shift); got != c.want {
			t.Errorf("%d >> %d is %d, want %d", c.v, c.shift, got, c.want)
		}
	}
}

func ExampleSaturation_Eval() {
	relu := circuits.Saturation{Shift: 2, Base: 0, Bits: 3} // divide by 4, limit to 0..7
	for _, v := range []int64{-9, 5, 6, 27, 100} {
		fmt.Print(relu.Eval(v), " ")
	}
	// Output: 0 1 2 7 7
}
