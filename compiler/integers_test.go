package compiler_test

import (
	"fmt"
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
			"m (Mul): its integers may reach from 0 to 2303591209400008704; 60 bits and a sign are supported"},
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
		{integerModel{dtype: graph.Int64, lo: 0, hi: 1, build: func(n *network) string {
			n.whole("w", graph.Int64, 1<<52+1)
			return n.node("Mul", "y", nil, "x", "w")
		}}, "y (Mul): weight 0 of row 0 does not fit 52 bits at the scale of its sum: integers are computed exactly"},
		{integerModel{dtype: graph.Int64, lo: 0, hi: 9, build: func(n *network) string { // 5x, or that less 1
			n.whole("large", graph.Int64, 1<<52-1)
			n.whole("five", graph.Int64, 5)
			n.node("Add", "a", nil, "x", "large")
			y := n.node("Mul", "b", nil, "a", "five")
			for _, out := range []string{"c", "d", "e", "f", "y"} {
				y = n.node("Sub", out, nil, y, "large")
			}
			return y
		}}, "b (Mul): its integer constants and those of a (Add) are together beyond 2^52"},
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

// TestIntegersOfPrivateModels: secret weights of integers are as exact.
func TestIntegersOfPrivateModels(t *testing.T) {
	for _, m := range integerModels {
		for _, bind := range []visibility.Bind{visibility.BindKey, visibility.BindHash} {
			t.Run(fmt.Sprint(m.name, " ", bind), func(t *testing.T) {
				m.prove = false
				m.compare(t, mustCompile(t, m.graph(), compiler.Options{
					Samples: m.samples(), Reveal: visibility.Scores,
					Private: visibility.Private{Model: true}, Bind: bind,
				}))
			})
		}
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
