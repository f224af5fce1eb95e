package compiler_test

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// integerModel is a model of integers: inputs of a type and a size, in a range that the
// samples show, and what the outputs are by exact arithmetic.
type integerModel struct {
	name   string
	dtype  graph.DType
	inputs []string
	size   int
	lo, hi int64
	build  func(n *network) string // gives the output's name
	want   func(in ...[]int64) []int64
	prove  bool
	truth  bool // the output is of booleans
}

func (m integerModel) graph() *graph.Graph {
	n := newNetwork()
	n.Inputs = nil
	for _, name := range m.inputs {
		n.Inputs = append(n.Inputs, graph.Value{Name: name, DType: m.dtype, Dims: sizes(m.size)})
	}
	out := m.build(n)
	n.Outputs = append(n.Outputs, graph.Value{Name: out})
	return &n.Graph
}

// samples are some of the ends of the range, and some between.
func (m integerModel) samples() []compiler.Sample {
	rng := rand.New(rand.NewSource(1))
	var out []compiler.Sample
	for i := range 8 {
		x := make(compiler.Sample, len(m.inputs))
		for k := range x {
			for range m.size {
				v := m.lo + rng.Int63n(m.hi-m.lo+1)
				if i < 2 {
					v = []int64{m.lo, m.hi}[i]
				}
				x[k] = append(x[k], float64(v))
			}
		}
		out = append(out, x)
	}
	return out
}

// each makes integers of those of one input.
func each(f func(i int, v int64) int64) func(...[]int64) []int64 {
	return func(in ...[]int64) []int64 {
		out := make([]int64, len(in[0]))
		for i, v := range in[0] {
			out[i] = f(i, v)
		}
		return out
	}
}

func (n *network) whole(name string, d graph.DType, values ...float64) string {
	return n.constant(name, d, []int{len(values)}, values...)
}

func castTo(number int64) map[string]graph.Attr { return map[string]graph.Attr{"to": {Int: number}} }

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
			n.constant("w", graph.Int32, []int{3, 2}, 1001, -1, 3, 12345, 0, 7)
			n.node("MatMul", "m", nil, "x", "w")
			n.whole("b", graph.Int32, 1, 2)
			return n.node("Add", "y", nil, "m", "b")
		},
		want: func(in ...[]int64) []int64 {
			x := in[0]
			return []int64{1001*x[0] + 3*x[1] + 1, -x[0] + 12345*x[1] + 7*x[2] + 2}
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
		name: "a narrower type that holds them", dtype: graph.Int64, inputs: []string{"x"}, size: 2, lo: -10, hi: 10,
		build: castAnd(toInt8, graph.Int8, "Mul", 5),
		want:  each(func(_ int, v int64) int64 { return 5 * v }),
	},
	{
		name: "bytes in a wider type", dtype: graph.Uint8, inputs: []string{"x"}, size: 2, lo: 0, hi: 255,
		build: castAnd(toInt16, graph.Int16, "Sub", 1000),
		want:  each(func(_ int, v int64) int64 { return v - 1000 }),
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

// castAnd casts x, and applies an operator to it and to a constant.
func castAnd(to int64, d graph.DType, op string, by float64) func(n *network) string {
	return func(n *network) string {
		n.whole("c", d, by)
		n.node("Cast", "i", castTo(to), "x")
		return n.node(op, "y", nil, "i", "c")
	}
}

// clip limits x.
func clip(lo, hi float64) func(n *network) string {
	return func(n *network) string {
		n.constant("lo", graph.Int32, nil, lo)
		n.constant("hi", graph.Int32, nil, hi)
		return n.node("Clip", "y", nil, "x", "lo", "hi")
	}
}

func truth(holds bool) int64 {
	if holds {
		return 1
	}
	return 0
}

// TestIntegersBeyondTheirType: integers that may leave their type, or the bits that a
// program computes in, are refused with the node and the range.
func TestIntegersBeyondTheirType(t *testing.T) {
	times := func(d graph.DType, by float64) func(n *network) string {
		return func(n *network) string {
			n.whole("w", d, by)
			n.node("Mul", "m", nil, "x", "w")
			n.whole("one", d, 1)
			return n.node("Sub", "y", nil, "m", "one")
		}
	}
	for _, c := range []struct {
		integerModel
		want string
	}{
		{integerModel{dtype: graph.Int32, lo: 0, hi: 1023, build: times(graph.Int32, 1<<22)},
			"m (Mul): its integers may reach from 0 to 4290772992; its type holds -2147483648 to 2147483647"},
		{integerModel{dtype: graph.Int64, lo: 0, hi: 1023, build: times(graph.Int64, 1<<51)},
			"m (Mul): its integers may reach from 0 to 2303591209400008704; 60 bits beside the sign are"},
		{integerModel{dtype: graph.Uint8, lo: 0, hi: 255, build: func(n *network) string {
			return n.node("Add", "y", nil, "x", "x")
		}}, "y (Add): its integers may reach from 0 to 510; its type holds 0 to 255"},
		{integerModel{dtype: graph.Int64, lo: -20, hi: 20, build: castAnd(toInt8, graph.Int8, "Mul", 7)},
			"y (Mul): its integers may reach from -140 to 301"},
		{integerModel{dtype: graph.Int64, lo: -200, hi: 20, build: castAnd(toInt8, graph.Int8, "Mul", 0)},
			"i (Cast): its integers may reach from -200 to 55; its type holds -128 to 127"},
		{integerModel{dtype: graph.Int32, lo: 0, hi: 1000, build: func(n *network) string { // composed, it is x
			n.whole("far", graph.Int32, 1<<31-1)
			n.node("Add", "a", nil, "x", "far")
			return n.node("Sub", "y", nil, "a", "far")
		}}, "a (Add): its integers may reach from 2147483647 to 2147484670"},
		{integerModel{dtype: graph.Int64, lo: 0, hi: 1000, build: func(n *network) string {
			n.whole("far", graph.Int64, 1<<53)
			n.node("Add", "beyond", nil, "far", "far")
			return n.node("Add", "y", nil, "x", "beyond")
		}}, "beyond (Add): computes a constant integer beyond 2^53"},
	} {
		c.inputs, c.size = []string{"x"}, 2
		_, err := compiler.Compile(c.graph(), compiler.Options{Samples: c.samples(), Reveal: visibility.Scores})
		refused(t, err, c.want)
	}
}

// TestIntegersAreExact compares the integer program with exact arithmetic: on samples, and
// on what else the formats of the inputs hold.
func TestIntegersAreExact(t *testing.T) {
	for _, m := range integerModels {
		t.Run(m.name, func(t *testing.T) {
			for _, bits := range []int{4, 8} {
				r := mustCompile(t, m.graph(), compiler.Options{
					Samples: m.samples(), Reveal: visibility.Scores, Target: compiler.Target{Bits: bits},
				})
				if s := r.Program.Values[r.Program.Outputs[0]].Scale; s != 1 {
					t.Errorf("the output's scale is %g", s)
				}
				of := visibility.Integer
				if m.truth {
					of = visibility.Boolean
				}
				if out := r.Statement.Layout.Outputs()[0]; out.Type != of || m.truth && out.Bits != 1 {
					t.Errorf("the output is %+v", out.Tensor)
				}
				m.compare(t, r)
				if again := mustCompile(t, m.graph(), compiler.Options{
					Formats: r.Formats, Samples: m.samples(), Reveal: visibility.Scores,
				}); again.Program.Text() != r.Program.Text() {
					t.Errorf("its formats give\n%s\nin place of\n%s", again.Program.Text(), r.Program.Text())
				}
			}
		})
	}
}

func (m integerModel) compare(t *testing.T, r *compiler.Result) {
	t.Helper()
	rng := rand.New(rand.NewSource(2))
	var subject *circuittest.Subject
	if m.prove {
		subject = circuittest.Compile(t, r.Statement)
	}
	for i := range 50 {
		var in [][]int64
		var flat []int64
		for k := range m.inputs {
			f := r.Statement.Layout.Inputs()[k].Tensor
			x := make([]int64, m.size)
			for j := range x {
				x[j] = f.Lowest() + rng.Int63n(f.Highest()-f.Lowest()+1)
			}
			in, flat = append(in, x), append(flat, x...)
		}
		got, want := r.Program.Eval(in...)[0], m.want(in...)
		if !slices.Equal(got, want) {
			t.Fatalf("of %v: got %v, want %v\n%s", in, got, want, r.Program.Text())
		}
		if m.prove && i < 2 {
			subject.Accepts(flat, want)
			subject.Liar(rng, flat, want, 1)
		}
	}
}
