package compiler_test

import "github.com/zkml-go/zkml/compiler/graph"

// The numbers of types in Cast's attribute.
const (
	toInt8  = 3
	toInt16 = 5
	toInt64 = 7
)

var integerModels = []integerModel{
	{
		name: "3*ids+1", dtype: graph.Int64, inputs: []string{"ids"}, size: 3, lo: 0, hi: 1000, prove: true,
		build: func(n *network) string {
			n.whole("three", graph.Int64, 3)
			n.whole("one", graph.Int64, 1)
			n.node("Mul", "m", nil, "ids", "three")
			return n.node("Add", "y", nil, "m", "one")
		},
		want: each(func(_ int, v int64) int64 { return 3*v + 1 }),
	},
	{
		name: "a sum of digits", dtype: graph.Bool, inputs: []string{"b"}, size: 4, lo: 0, hi: 1,
		build: func(n *network) string {
			n.whole("places", graph.Int64, 1, 10, 100, 1000)
			n.node("Cast", "i", castTo(toInt64), "b")
			n.node("Mul", "m", nil, "i", "places")
			return n.node("ReduceSum", "y", nil, "m")
		},
		want: func(in ...[]int64) []int64 {
			b := in[0]
			return []int64{b[0] + 10*b[1] + 100*b[2] + 1000*b[3]}
		},
	},
	{
		name: "3*ids == 4 less 1", dtype: graph.Int64, inputs: []string{"ids"}, size: 2, lo: -3, hi: 4, prove: true,
		truth: true,
		build: func(n *network) string {
			n.whole("three", graph.Int64, 3)
			n.whole("one", graph.Int64, 1)
			n.whole("four", graph.Int64, 4)
			n.node("Mul", "m", nil, "ids", "three")
			n.node("Add", "s", nil, "m", "one")
			return n.node("Equal", "y", nil, "s", "four")
		},
		want: each(func(_ int, v int64) int64 { return truth(3*v+1 == 4) }),
	},
	{
		name: "weights of any size", dtype: graph.Int64, inputs: []string{"ids"}, size: 4, lo: -500, hi: 100000,
		build: func(n *network) string {
			n.whole("w", graph.Int64, 1000, 3, 7, 1)
			return n.node("Mul", "y", nil, "ids", "w")
		},
		want: each(func(i int, v int64) int64 { return v * []int64{1000, 3, 7, 1}[i] }),
	},
	{
		name: "a product of variables, and a sum with it", dtype: graph.Int64, inputs: []string{"ids", "j"}, size: 3,
		lo: -1 << 20, hi: 1 << 20, prove: true,
		build: func(n *network) string {
			n.node("Mul", "m", nil, "ids", "j")
			return n.node("Add", "y", nil, "m", "ids")
		},
		want: func(in ...[]int64) []int64 {
			return each(func(i int, v int64) int64 { return v*in[1][i] + v })(in[0])
		},
	},
	{
		name: "limits that are no powers of two", dtype: graph.Int32, inputs: []string{"x"}, size: 6, lo: -40000,
		hi: 70000, prove: true, build: clip(-3, 9),
		want: each(func(_ int, v int64) int64 { return min(max(v, -3), 9) }),
	},
	{
		name: "limits a power of two apart", dtype: graph.Int32, inputs: []string{"x"}, size: 6, lo: -40, hi: 70,
		build: clip(3, 10), want: each(func(_ int, v int64) int64 { return min(max(v, 3), 10) }),
	},
	{
		name: "far limits", dtype: graph.Int32, inputs: []string{"x"}, size: 6, lo: -40, hi: 70,
		build: clip(-1<<31, 50), want: each(func(_ int, v int64) int64 { return min(v, 50) }),
	},
	{
		name: "limits beyond everything", dtype: graph.Int32, inputs: []string{"x"}, size: 2, lo: -40, hi: 70,
		build: clip(300, 400), want: each(func(int, int64) int64 { return 300 }),
	},
	{
		name: "limits below everything", dtype: graph.Int32, inputs: []string{"x"}, size: 2, lo: -40, hi: 70,
		build: clip(-400, -300), want: each(func(int, int64) int64 { return -300 }),
	},
	{
		name: "crossed limits", dtype: graph.Int32, inputs: []string{"x"}, size: 2, lo: -40, hi: 70,
		build: clip(20, 10), want: each(func(int, int64) int64 { return 10 }),
	},
	{
		name: "a chain", dtype: graph.Int64, inputs: []string{"x"}, size: 3, lo: -1000, hi: 1000,
		build: func(n *network) string {
			n.whole("a", graph.Int64, 12345, -7, 0)
			n.whole("b", graph.Int64, 17)
			n.node("Sub", "s", nil, "a", "x")
			n.node("Mul", "m", nil, "s", "b")
			n.node("Relu", "r", nil, "m")
			n.node("Add", "t", nil, "r", "x")
			return n.node("Neg", "y", nil, "t")
		},
		want: each(func(i int, v int64) int64 { return -(max(([]int64{12345, -7, 0}[i]-v)*17, 0) + v) }),
	},
	{
		name: "extremes with constants and variables", dtype: graph.Int64, inputs: []string{"x", "z"}, size: 3,
		lo: -100000, hi: 100000,
		build: func(n *network) string {
			n.whole("a", graph.Int64, 77777, -1, 3)
			n.whole("b", graph.Int64, 5)
			n.node("Max", "m", nil, "x", "a", "z")
			n.node("Mul", "p", nil, "x", "b")
			return n.node("Min", "y", nil, "m", "p")
		},
		want: func(in ...[]int64) []int64 {
			return each(func(i int, v int64) int64 {
				return min(max(v, []int64{77777, -1, 3}[i], in[1][i]), 5*v)
			})(in[0])
		},
	},
	{
		name: "constants that are chosen and joined", dtype: graph.Int64, inputs: []string{"x"}, size: 3, lo: 0,
		hi: 50000,
		build: func(n *network) string {
			n.whole("table", graph.Int64, 99991, 5, 1234567)
			n.whole("pick", graph.Int64, 2, 0)
			n.constant("condition", graph.Bool, []int{3}, 1, 0, 1)
			n.whole("other", graph.Int64, -1, -2, -3)
			n.node("Gather", "g", nil, "table", "pick")
			n.node("Where", "w", nil, "condition", "x", "other")
			return n.node("Concat", "y", map[string]graph.Attr{"axis": {Int: 0}}, "w", "g")
		},
		want: func(in ...[]int64) []int64 { return []int64{in[0][0], -2, in[0][2], 1234567, 99991} },
	},
	{
		name: "matrices", dtype: graph.Int32, inputs: []string{"x"}, size: 3, lo: -20000, hi: 20000,
		build: func(n *network) string {
			n.constant("w", graph.Int32, []int{3, 2}, 1001, -1, 3, 2345, 0, 7)
			n.node("MatMul", "m", nil, "x", "w")
			n.whole("b", graph.Int32, 1, 2)
			return n.node("Add", "y", nil, "m", "b")
		},
		want: func(in ...[]int64) []int64 {
			x := in[0]
			return []int64{1001*x[0] + 3*x[1] + 1, -x[0] + 2345*x[1] + 7*x[2] + 2}
		},
	},
	{
		name: "a product of matrices of variables", dtype: graph.Int64, inputs: []string{"x", "z"}, size: 4, lo: -9000,
		hi: 9000,
		build: func(n *network) string {
			n.whole("two", graph.Int64, 2, 2)
			n.node("Reshape", "a", nil, "x", "two")
			n.node("Reshape", "b", nil, "z", "two")
			return n.node("MatMul", "y", nil, "a", "b")
		},
		want: func(in ...[]int64) []int64 {
			a, b := in[0], in[1]
			return []int64{a[0]*b[0] + a[1]*b[2], a[0]*b[1] + a[1]*b[3], a[2]*b[0] + a[3]*b[2], a[2]*b[1] + a[3]*b[3]}
		},
	},
	{
		name: "an integer that becomes wider", dtype: graph.Int32, inputs: []string{"x"}, size: 2, lo: -1 << 30,
		hi: 1 << 30,
		build: func(n *network) string {
			n.whole("five", graph.Int64, 5)
			n.node("Cast", "i", castTo(toInt64), "x")
			return n.node("Mul", "y", nil, "i", "five")
		},
		want: each(func(_ int, v int64) int64 { return 5 * v }),
	},
	{
		name: "the position of the largest", dtype: graph.Int64, inputs: []string{"x"}, size: 4, lo: -70000, hi: 70000,
		build: func(n *network) string {
			n.whole("w", graph.Int64, 1000, 1001, 999, 1002)
			n.whole("hundred", graph.Int64, 100)
			n.whole("one", graph.Int64, 1)
			n.node("Mul", "m", nil, "x", "w")
			n.node("ArgMax", "a", map[string]graph.Attr{"axis": {Int: 0}}, "m")
			n.node("Mul", "h", nil, "a", "hundred")
			return n.node("Add", "y", nil, "h", "one")
		},
		want: func(in ...[]int64) []int64 {
			best, at := int64(-1<<62), int64(0)
			for i, v := range in[0] {
				if p := v * []int64{1000, 1001, 999, 1002}[i]; p > best {
					best, at = p, int64(i)
				}
			}
			return []int64{100*at + 1}
		},
	},
	{
		name: "absolute values", dtype: graph.Int32, inputs: []string{"x"}, size: 4, lo: -123456, hi: 99, prove: true,
		build: func(n *network) string { return n.node("Abs", "y", nil, "x") },
		want:  each(func(_ int, v int64) int64 { return max(v, -v) }),
	},
	{
		name: "a narrower type that holds them", dtype: graph.Int64, inputs: []string{"x"}, size: 2, lo: -4, hi: 4,
		build: castAnd(toInt8, graph.Int8, "Mul", 5),
		want:  each(func(_ int, v int64) int64 { return 5 * v }),
	},
	{
		name: "bytes in a wider type", dtype: graph.Uint8, inputs: []string{"x"}, size: 2, lo: 0, hi: 255,
		build: castAnd(toInt16, graph.Int16, "Sub", 1000),
		want:  each(func(_ int, v int64) int64 { return v - 1000 }),
	},
	{
		name: "a limit that changes nothing", dtype: graph.Uint8, inputs: []string{"x"}, size: 4, lo: 0, hi: 255,
		prove: true, build: func(n *network) string { return n.node("Relu", "y", nil, "x") },
		want: each(func(_ int, v int64) int64 { return v }),
	},
	{
		name: "one input read exactly and as a real number", dtype: graph.Int64, inputs: []string{"x"}, size: 3, lo: 0,
		hi: 100000,
		build: func(n *network) string {
			n.whole("w", graph.Int64, 1001, 17, 3)
			n.constant("tiny", graph.Float32, []int{1}, 1e-7)
			n.constant("half", graph.Float32, []int{1}, 0.5)
			n.node("Mul", "m", nil, "x", "w")
			n.node("Cast", "f", castTo(1), "m")
			n.node("Mul", "scaled", nil, "f", "tiny")
			n.node("Sigmoid", "s", nil, "scaled")
			n.node("Less", "never", nil, "s", "half") // reads m through real numbers
			n.node("Cast", "zero", castTo(toInt64), "never")
			n.node("Mul", "nothing", nil, "zero", "zero2")
			n.whole("zero2", graph.Int64, 0)
			return n.node("Add", "y", nil, "m", "nothing")
		},
		want: each(func(i int, v int64) int64 { return v * []int64{1001, 17, 3}[i] }),
	},
}
