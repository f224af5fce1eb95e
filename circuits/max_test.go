package circuits_test

import (
	"fmt"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

func evalMax(windows [][]int32) func([]int64) []int64 {
	return func(in []int64) []int64 {
		out := make([]int64, len(windows))
		for i, w := range windows {
			out[i] = in[w[0]]
			for _, j := range w {
				out[i] = max(out[i], in[j])
			}
		}
		return out
	}
}

func maxExamples() []example {
	var out []example
	pool := func(name string, n, bits int, lo int64, windows ...[]int32) {
		all := circuits.Cover(lo, lo+1<<bits-1)
		open := circuits.MaxWindow(lo, all.Last(), all)
		tops := repeat(all, len(windows))
		for variant, prepare := range map[string]func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value{
			"known": func(_ *circuits.Builder, in []*circuits.Value) []*circuits.Value { return in },
			"open":  func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value { return opened(b, in, open) },
			"open too narrow": func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return opened(b, in, all, open)
			},
		} {
			out = append(out, example{fmt.Sprintf("max, %s, %s", name, variant), circuittest.Gadget{
				In: n, Bits: bits, Lo: lo, Digit: 4, Eval: evalMax(windows),
				Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
					return b.Max(prepare(b, in), windows, tops)
				},
			}})
		}
	}
	pool("of two", 2, 3, -4, []int32{0, 1})
	pool("of four", 4, 5, -20, []int32{0, 1, 2, 3})
	pool("apart", 4, 4, 0, []int32{0, 1}, []int32{2, 3})
	pool("overlapping", 4, 4, -8, []int32{0, 1, 2}, []int32{1, 2, 3}, []int32{0, 3})
	pool("window of one", 3, 4, -8, []int32{0, 1}, []int32{2})
	pool("an element alone and shared", 2, 4, -8, []int32{0, 1}, []int32{1})
	pool("an element not read", 3, 4, -8, []int32{0, 2})
	pool("an element twice", 2, 4, -8, []int32{0, 1, 0})
	relu := circuits.Saturation{Shift: 1, Bits: 2}
	out = append(out, example{"max, then saturate", circuittest.Gadget{
		In: 4, Bits: 4, Lo: -8, Digit: 4,
		Eval: func(in []int64) []int64 {
			return evalSaturations(relu)(evalMax([][]int32{{0, 1}, {2, 3}})(in))
		},
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			top := b.SaturationWindow(relu, -8, 7)
			open := opened(b, in, circuits.MaxWindow(-8, 7, top))
			m := b.Max(open, [][]int32{{0, 1}, {2, 3}}, repeat(top, 2))
			return b.Saturate(m, repeat(relu, 2))
		},
	}})
	sortByName(out)
	return out
}

func evalArgMax(last bool) func([]int64) []int64 {
	return func(in []int64) []int64 {
		best := 0
		for i, v := range in {
			if v > in[best] || last && v == in[best] {
				best = i
			}
		}
		return []int64{int64(best)}
	}
}

func argMaxExamples() []example {
	var out []example
	for _, n := range []int{1, 2, 5} {
		for _, last := range []bool{false, true} {
			const lo, bits = -2, 2
			all := circuits.Cover(lo, lo+1<<bits-1)
			for variant, windows := range map[string][]circuits.Window{
				"known":      nil,
				"open":       {circuits.ArgMaxWindow(lo, all.Last(), all)},
				"too narrow": {all, circuits.ArgMaxWindow(lo, all.Last(), all)},
			} {
				out = append(out, example{fmt.Sprintf("argmax of %d, last %t, %s", n, last, variant),
					circuittest.Gadget{
						In: n, Bits: bits, Lo: lo, Digit: 4, Eval: evalArgMax(last),
						Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
							if windows != nil {
								in = opened(b, in, windows...)
							}
							return []*circuits.Value{b.ArgMax(in, last, all)}
						},
					}})
			}
		}
	}
	out = append(out, example{"argmax of wide values", circuittest.Gadget{
		In: 3, Bits: 9, Lo: -200, Digit: 4, Eval: evalArgMax(false),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			all := circuits.Cover(-200, 311)
			return []*circuits.Value{b.ArgMax(opened(b, in, circuits.ArgMaxWindow(-200, 311, all)), false, all)}
		},
	}}, example{"argmax of one value twice", circuittest.Gadget{
		In: 2, Bits: 2, Digit: 4,
		Eval: func(in []int64) []int64 { return evalArgMax(true)([]int64{in[0], in[1], in[0]}) },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			all := circuits.Cover(0, 3)
			vs := opened(b, in, circuits.ArgMaxWindow(0, 3, all))
			return []*circuits.Value{b.ArgMax([]*circuits.Value{vs[0], vs[1], vs[0]}, true, all)}
		},
	}})
	sortByName(out)
	return out
}
