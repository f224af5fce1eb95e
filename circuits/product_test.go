package circuits_test

import (
	"cmp"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

func sortByName(es []example) {
	slices.SortFunc(es, func(a, b example) int { return cmp.Compare(a.name, b.name) })
}

func productExamples() []example {
	return []example{
		{"multiply", circuittest.Gadget{
			In: 2, Bits: 3, Lo: -4, Digit: 4,
			Eval: func(in []int64) []int64 { return []int64{in[0] * in[1], in[0] * in[0]} },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return []*circuits.Value{b.Multiply(in[0], in[1]), b.Multiply(in[0], in[0])}
			},
		}},
		{"multiply, open", circuittest.Gadget{
			In: 2, Bits: 3, Lo: -4, Digit: 4,
			Eval: func(in []int64) []int64 { return []int64{in[0] * in[1]} },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				vs := opened(b, in, circuits.Cover(-4, 3))
				return []*circuits.Value{b.Multiply(vs[0], vs[1])}
			},
		}},
		{"dot", circuittest.Gadget{
			In: 6, Bits: 3, Lo: -4, Digit: 4,
			Eval: func(in []int64) []int64 { return []int64{in[0]*in[3] + in[1]*in[4] + in[2]*in[5]} },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return []*circuits.Value{b.Dot(in[:3], in[3:])}
			},
		}},
		{"dot of one", circuittest.Gadget{
			In: 2, Bits: 3, Lo: -4, Digit: 4,
			Eval: func(in []int64) []int64 { return []int64{in[0] * in[1]} },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return []*circuits.Value{b.Dot(in[:1], in[1:])}
			},
		}},
		divide("divide", 5, 5),
		divide("divide, small", 3, 3),
	}
}

// divide is n/d for n in [0, 2^bits − 1] and d in [1, 2^bits].
func divide(name string, bits, digit int) example {
	most := int64(1)<<bits - 1
	return example{name, circuittest.Gadget{
		In: 2, Bits: bits, Lo: 1, Digit: digit,
		Eval: func(in []int64) []int64 { return []int64{(2*(in[0]-1) + in[1]) / (2 * in[1])} },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			numerator := b.Linear(in, intervals(layer{row(-1, 1)}, 1, most+1), false)
			return []*circuits.Value{b.Divide(numerator[0], in[1], bits)}
		},
	}}
}

func tableExamples() []example {
	squares := []int64{9, 4, 1, 0, 1, 4, 9, 16}
	odd := []int64{1 << 40, -7, 0, 0, 3, 3, -1 << 40, 5}
	look := func(in []int64, table []int64) []int64 {
		out := make([]int64, len(in))
		for i, v := range in {
			out[i] = table[v+3]
		}
		return out
	}
	apply := func(b *circuits.Builder, key string, table []int64, in []*circuits.Value) []*circuits.Value {
		out := make([]*circuits.Value, len(in))
		for i, w := range b.Apply(key, -3, table, b.CloseAll(in)) {
			out[i] = circuits.Known(w, slices.Min(table), slices.Max(table))
		}
		return out
	}
	return []example{
		{"table", circuittest.Gadget{
			In: 3, Bits: 3, Lo: -3, Digit: 4,
			Eval: func(in []int64) []int64 { return look(in, squares) },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return apply(b, "square", squares, in)
			},
		}},
		{"tables, two and one twice", circuittest.Gadget{
			In: 2, Bits: 3, Lo: -3, Digit: 4,
			Eval: func(in []int64) []int64 {
				return slices.Concat(look(in, squares), look(in, odd), look(in, squares))
			},
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return slices.Concat(apply(b, "square", squares, in), apply(b, "odd", odd, in),
					apply(b, "square", squares, in))
			},
		}},
	}
}

func softmaxExamples() []example {
	distances := func(in []int64) []int64 {
		top := slices.Max(in)
		out := make([]int64, len(in))
		for i, v := range in {
			out[i] = top - v
		}
		return out
	}
	distance := func(name string, n, bits int) example {
		return example{name, circuittest.Gadget{
			In: n, Bits: bits, Lo: -3, Digit: 4, Eval: distances,
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return b.Distances(opened(b, in, circuits.Cover(-3, -4+1<<bits)))
			},
		}}
	}
	floor := func(name string, shift int) example {
		return example{name, circuittest.Gadget{
			In: 1, Bits: 6, Digit: 4,
			Eval: func(in []int64) []int64 { return []int64{in[0] >> shift} },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return []*circuits.Value{b.Floor(in[0], shift)}
			},
		}}
	}
	return []example{
		distance("distances of one", 1, 3),
		distance("distances of two", 2, 3),
		distance("distances of four", 4, 6),
		floor("floor by nothing", 0), floor("floor", 2), floor("floor to one bit", 5), floor("floor to nothing", 7),
		{"total", circuittest.Gadget{
			In: 3, Bits: 3, Lo: -4, Digit: 4,
			Eval: func(in []int64) []int64 { return []int64{in[0] + in[1] + in[2]} },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return []*circuits.Value{b.Total(in, -12, 9)}
			},
		}},
		{"scaled, below", circuittest.Gadget{
			In: 2, Bits: 3, Lo: -4, Digit: 4,
			Eval: func(in []int64) []int64 { return []int64{-5 * in[0], -in[0] - in[1]} },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return []*circuits.Value{b.Scaled(in[0], -5), b.Below(in[0], in[1])}
			},
		}},
	}
}
