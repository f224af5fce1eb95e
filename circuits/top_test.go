package circuits_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

func evalTop(k int) func([]int64) []int64 {
	return func(in []int64) []int64 {
		by := make([]int, len(in))
		for j := range by {
			by[j] = j
		}
		slices.SortStableFunc(by, func(i, j int) int { return int(in[j] - in[i]) })
		out := make([]int64, k*len(in))
		for m, j := range by[:k] {
			out[m*len(in)+j] = 1
		}
		return out
	}
}

func top(k int) func(*circuits.Builder, []*circuits.Value) []*circuits.Value {
	return func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value { return b.Top(in, k) }
}

// topExamples take one, some and all of values that are often equal, known and open.
func topExamples() []example {
	const lo, bits = -2, 2
	var out []example
	for _, c := range [][2]int{{1, 1}, {2, 1}, {2, 2}, {4, 1}, {4, 2}, {4, 3}, {4, 4}, {5, 2}} {
		n, k := c[0], c[1]
		out = append(out, example{fmt.Sprintf("top %d of %d", k, n), circuittest.Gadget{
			In: n, Bits: bits, Lo: lo, Digit: 4, Eval: evalTop(k), Circuit: top(k),
		}})
	}
	return append(out, example{"top 2 of 3, open", circuittest.Gadget{
		In: 3, Bits: bits, Lo: lo, Digit: 4, Eval: evalTop(2),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return b.Top(opened(b, in, circuits.Cover(lo, lo+1<<bits-1)), 2)
		},
	}}, example{"top 2 of 3 wide values", circuittest.Gadget{
		In: 3, Bits: 9, Lo: -200, Digit: 4, Eval: evalTop(2), Circuit: top(2),
	}}, example{"top 1 of 16 far values", circuittest.Gadget{
		In: 16, Bits: 1, Lo: -1 << circuits.MaxBits, Digit: 4, Eval: evalTop(1), Circuit: top(1),
	}}, example{"top 2 of one value twice", circuittest.Gadget{
		In: 2, Bits: 2, Digit: 4,
		Eval: func(in []int64) []int64 { return evalTop(2)([]int64{in[0], in[1], in[0]}) },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return b.Top([]*circuits.Value{in[0], in[1], in[0]}, 2)
		},
	}})
}

// TestTopOfWhatBarelyFits puts integers far from zero, and as wide as they may be, in order.
func TestTopOfWhatBarelyFits(t *testing.T) {
	const most = int64(1) << circuits.MaxBits
	for name, at := range map[string][3]int64{ // factors of the input, and a constant
		"far":     {1, -1, most - 4},
		"far off": {1, 2, -most + 4},
		"wide":    {most / 32, -most / 64, 0},
	} {
		eval := func(in []int64) []int64 { return []int64{at[0]*in[0] + at[2], at[1]*in[1] + at[2], at[2]} }
		t.Run(name, func(t *testing.T) {
			circuittest.Gadget{
				In: 2, Bits: 2, Lo: -2, Digit: 8,
				Eval: func(in []int64) []int64 {
					v := eval(in)
					by := []int{0, 1, 2}
					slices.SortStableFunc(by, func(i, j int) int {
						switch {
						case v[i] > v[j]:
							return -1
						case v[i] < v[j]:
							return 1
						}
						return 0
					})
					out := make([]int64, 6)
					out[by[0]], out[3+by[1]] = 1, 1
					return out
				},
				Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
					rows := layer{row(at[2], at[0]), row(at[2], 0, at[1]), row(at[2])}
					for i := range rows {
						ends := []int64{eval([]int64{-2, -2})[i], eval([]int64{1, 1})[i]}
						rows[i].Lo, rows[i].Hi = slices.Min(ends), slices.Max(ends)
						rows[i].Window = circuits.Cover(rows[i].Lo, rows[i].Hi)
					}
					return b.Top(b.Linear(in, rows, false), 2)
				},
			}.Examine(t, 6, 3)
		})
	}
}

// TestTopRefuses panics where there are fewer values than places, and where no order fits.
func TestTopRefuses(t *testing.T) {
	for name, circuit := range map[string]func(*circuits.Builder, []*circuits.Value) []*circuits.Value{
		"no place":       top(0),
		"too few values": top(3),
		"too wide values": func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return b.Top([]*circuits.Value{b.Scaled(in[0], 1<<(circuits.MaxBits-3)), in[1]}, 1)
		},
	} {
		g := circuittest.Gadget{In: 2, Bits: 4, Lo: -8, Digit: 3, Eval: evalTop(1), Circuit: circuit}
		if _, err := g.Statement().Count(); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
}
