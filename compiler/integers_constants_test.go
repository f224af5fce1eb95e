package compiler_test

import (
	"math"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/visibility"
)

// endOfInt64 is what a reader of files makes of the largest int64.
const endOfInt64 = 1<<63 - 1<<10

// valueInt adds a constant node of one integer.
func (n *network) valueInt(name string, v int64) {
	n.Nodes = append(n.Nodes, &graph.Node{
		Name: name, Op: "Constant", Opset: 17, Outputs: []string{name},
		Attrs: map[string]graph.Attr{"value_int": {Int: v}},
	})
}

// TestConstantIntegersAreNotRounded: what floats would round on the way to a small constant
// is refused, and what does not fit its type.
func TestConstantIntegersAreNotRounded(t *testing.T) {
	plus := func(n *network, constant string) string { return n.node("Add", "y", nil, "x", constant) }
	const beyond = "computes a constant integer beyond 2^53"
	for want, build := range map[string]func(n *network) string{
		"a (Constant): attribute value_int holds an integer beyond 2^53": func(n *network) string { // 1
			n.valueInt("a", 1<<53+1)
			n.valueInt("b", 1<<53)
			return plus(n, n.node("Sub", "d", nil, "a", "b"))
		},
		"cast (Cast): " + beyond: func(n *network) string { // −1
			n.whole("a", graph.Int64, endOfInt64)
			n.node("Cast", "cast", castTo(toInt8), "a")
			return plus(n, n.node("Cast", "d", castTo(7), "cast"))
		},
		"d (Sub): " + beyond: func(n *network) string { // whatever was rounded
			n.whole("a", graph.Int64, endOfInt64)
			n.whole("b", graph.Int64, endOfInt64)
			return plus(n, n.node("Sub", "d", nil, "a", "b"))
		},
		"equal (Equal): " + beyond: func(n *network) string {
			n.whole("a", graph.Int64, endOfInt64)
			n.whole("b", graph.Int64, endOfInt64)
			n.node("Equal", "equal", nil, "a", "b")
			return plus(n, n.node("Cast", "d", castTo(7), "equal"))
		},
		"d (Range): the start is an integer beyond 2^53": func(n *network) string {
			n.constant("a", graph.Int64, nil, endOfInt64)
			n.constant("one", graph.Int64, nil, 1)
			return plus(n, n.node("Range", "d", nil, "a", "a", "one"))
		},
		"m (MatMul): " + beyond: func(n *network) string { // (2^30+1)² − (2^30+2)·2^30 = 1
			n.constant("a", graph.Int64, []int{1, 2}, 1<<30+1, 1<<30+2)
			n.constant("b", graph.Int64, []int{2}, 1<<30+1, -1<<30)
			return plus(n, n.node("MatMul", "m", nil, "a", "b"))
		},
		"d (ReduceSum): " + beyond: func(n *network) string { // 1
			n.whole("a", graph.Int64, 1<<53, 1, -1<<53)
			return plus(n, n.node("ReduceSum", "d", nil, "a"))
		},
		"y (Sum): " + beyond: func(n *network) string { // x + 1
			n.whole("a", graph.Int64, 1<<53)
			n.whole("b", graph.Int64, 1)
			n.whole("c", graph.Int64, -1<<53)
			return n.node("Sum", "y", nil, "x", "a", "b", "c")
		},
		"abs (Abs): a result does not fit into int8": func(n *network) string { // −128
			n.whole("a", graph.Int8, -128)
			n.node("Abs", "abs", nil, "a")
			return plus(n, n.node("Cast", "d", castTo(7), "abs"))
		},
	} {
		m := integerModel{dtype: graph.Int64, lo: 0, hi: 5, size: 1, inputs: []string{"x"}, build: build}
		_, err := compiler.Compile(m.graph(), compiler.Options{Samples: m.samples(), Reveal: visibility.Scores})
		refused(t, err, want)
	}
}

// TestEndsOfIntegersAreCopied: constants that stand for "without bound" limit nothing, be they
// an initialiser or a node, as PyTorch writes the end of a slice.
func TestEndsOfIntegersAreCopied(t *testing.T) {
	for form, write := range map[string]func(n *network){
		"initialiser": func(n *network) { n.whole("a", graph.Int64, endOfInt64) },
		"node":        func(n *network) { n.valueInt("a", math.MaxInt64) },
		"node of a tensor": func(n *network) {
			end := &graph.Const{DType: graph.Int64, Float: tensor.Of([]float64{endOfInt64}, 1)}
			n.Nodes = append(n.Nodes, &graph.Node{Name: "a", Op: "Constant", Opset: 17, Outputs: []string{"a"},
				Attrs: map[string]graph.Attr{"value": {Tensor: end}}})
		},
	} {
		m := integerModel{dtype: graph.Int64, lo: 0, hi: 5, size: 1, inputs: []string{"x"}}
		m.build = func(n *network) string {
			write(n)
			n.node("Identity", "b", nil, "a")
			n.node("Cast", "c", castTo(7), "b")
			return n.node("Min", "y", nil, "x", "c")
		}
		r := mustCompile(t, m.graph(), compiler.Options{Samples: m.samples(), Reveal: visibility.Scores})
		if got := r.Program.Run([]int64{4})[r.Program.Outputs[0]][0]; got != 4 {
			t.Errorf("%s: the least of 4 and no bound is %d", form, got)
		}
	}
}

// TestLimitOfOneSide: integers beyond 2^53 on the side without a limit stay as they are.
func TestLimitOfOneSide(t *testing.T) {
	for _, sign := range []float64{1, -1} {
		limit := map[float64]string{1: "Min", -1: "Max"}[sign]
		m := integerModel{dtype: graph.Int64, lo: -1024, hi: 1024, size: 1, inputs: []string{"x"}}
		m.build = func(n *network) string {
			n.whole("w", graph.Int64, 1<<43)
			n.whole("one", graph.Int64, sign)
			n.whole("five", graph.Int64, 5*sign)
			n.node("Mul", "m", nil, "x", "w")
			n.node("Sub", "s", nil, "m", "one")
			return n.node(limit, "y", nil, "s", "five")
		}
		r := mustCompile(t, m.graph(), compiler.Options{Samples: m.samples(), Reveal: visibility.Scores})
		in := r.Formats.Input
		for _, x := range []int64{-in.Zero, -1024, -1, 0, 1, 1023, 1024, 1<<in.Bits - 1 - in.Zero} {
			want := min(x<<43-1, 5)
			if sign < 0 {
				want = max(x<<43+1, -5)
			}
			if got := r.Program.Run([]int64{x})[r.Program.Outputs[0]][0]; got != want {
				t.Errorf("%s of %d: %d in place of %d", limit, x, got, want)
			}
		}
	}
}

// TestIntegersThatWouldBeRounded: constants that cancel while steps are joined, and
// positions that a narrow type does not hold.
func TestIntegersThatWouldBeRounded(t *testing.T) {
	for want, build := range map[string]func(n *network) string{
		"y (MatMul): its integer constants and those of a (Add) are together beyond 2^52": func(n *network) string {
			n.whole("large", graph.Int64, 1<<52-1)
			n.constant("w", graph.Int64, []int{6, 1}, 1, 1, 1, -1, -1, -1)
			n.node("Add", "a", nil, "x", "large")
			return n.node("MatMul", "y", nil, "a", "w")
		},
		"y (MatMul): its integer constants for one element are together beyond 2^52": func(n *network) string { // x
			n.constant("w", graph.Int64, []int{6, 1}, 1<<52-1, 1<<52-1, 1<<52-1, 1-1<<52, 1-1<<52, 2-1<<52)
			n.node("Gather", "g", nil, "x", n.whole("same", graph.Int64, 0, 0, 0, 0, 0, 0))
			return n.node("MatMul", "y", nil, "g", "w")
		},
		"y (Cast): its integers may reach from 0 to 299; its type holds 0 to 255": func(n *network) string {
			n.node("Cast", "real", castTo(1), "x")
			n.constant("w", graph.Float32, []int{6, 300}, make([]float64, 1800)...)
			n.node("MatMul", "scores", nil, "real", "w")
			n.node("ArgMax", "a", nil, "scores")
			return n.node("Cast", "y", castTo(2), "a")
		},
	} {
		m := integerModel{dtype: graph.Int64, lo: 0, hi: 9, size: 6, inputs: []string{"x"}, build: build}
		_, err := compiler.Compile(m.graph(), compiler.Options{Samples: m.samples(), Reveal: visibility.Scores})
		refused(t, err, want)
	}
}

// TestIntegersBeyondADeclaredLimit: what a private model's formats declare is named, and not
// the bits that programs compute in.
func TestIntegersBeyondADeclaredLimit(t *testing.T) {
	of := func(w float64) integerModel {
		m := integerModel{dtype: graph.Int64, lo: 0, hi: 7, size: 1, inputs: []string{"x"}}
		m.build = func(n *network) string {
			n.whole("w", graph.Int64, w)
			return n.node("Mul", "y", nil, "x", "w")
		}
		return m
	}
	o := compiler.Options{Samples: of(3).samples(), Reveal: visibility.Scores, Private: visibility.Private{Model: true}}
	o.Formats = mustCompile(t, of(3).graph(), o).Formats
	_, err := compiler.Compile(of(9).graph(), o)
	refused(t, err, "y (Mul): row 0 can exceed the declared range of ±")
}
