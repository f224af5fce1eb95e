package compiler_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
)

// chained is a graph of n nodes that read one another, each with more inputs.
func chained(shape []int, n int, op string, attrs map[string]graph.Attr, more ...string) *network {
	g := newNetwork(sizes(shape...)...)
	last := "x"
	for i := range n {
		last = g.node(op, fmt.Sprintf("n%d", i), attrs, append([]string{last}, more...)...)
	}
	g.outputs(last)
	return g
}

// beside is a graph of n nodes that read the same, and of one that reads them.
func beside(shape []int, n int, op string, in ...string) *network {
	g := newNetwork(sizes(shape...)...)
	var all []string
	for i := range n {
		all = append(all, g.node(op, fmt.Sprintf("n%d", i), nil, in...))
	}
	g.outputs(g.node("Max", "all", nil, all...))
	return g
}

// TestWorkOfTheWholeGraphIsBounded: no node asks for too much, all together do.
func TestWorkOfTheWholeGraphIsBounded(t *testing.T) {
	products := chained([]int{8, 1 << 11}, 70, "MatMul", nil, "w")
	products.constant("w", graph.Float32, []int{1 << 11, 1 << 11}, make([]float64, 1<<22)...)
	window := map[string]graph.Attr{"kernel_shape": {Ints: []int64{1 << 11}},
		"pads": {Ints: []int64{1 << 10, 1<<10 - 1}}}
	grown := newNetwork(sizes(1, 4)...)
	grown.constant("one", graph.Float32, []int{1}, 1)
	grown.constant("shape", graph.Int64, []int{2}, 1<<11, 1<<10)
	for i := range 3 {
		grown.node("Expand", fmt.Sprintf("n%d", i), nil, "one", "shape")
	}
	grown.node("Sum", "y", nil, "x", grown.node("ReduceMax", "m", nil, grown.node("Sum", "s", nil, "n0", "n1", "n2")))
	absolute := chained([]int{1, 1 << 20}, 17, "Abs", nil)
	absolute.Inputs[0].DType = graph.Int32
	for _, c := range []struct {
		graph *network
		limit budget.Limit
		place string
	}{
		{absolute, budget.Indices, "n16 (Abs)"},
		{beside([]int{1, 1 << 20}, 17, "Equal", "x", "x"), budget.Terms, "n16 (Equal)"},
		{beside([]int{1, 1 << 20}, 33, "Less", "x", "x"), budget.Terms, "n32 (Less)"},
		{beside([]int{1 << 20, 1}, 65, "ArgMax", "x"), budget.Indices, "n64 (ArgMax)"},
		{grown.done("y"), budget.Growth, "n2 (Expand)"},
		{chained([]int{1, 1 << 12}, 1<<14+1, "Relu", nil), budget.Elements, "n16384 (Relu)"},
		{products, budget.Multiplications, "n64 (MatMul)"},
		{chained([]int{1, 1 << 12}, 3, "Sum", nil, slices.Repeat([]string{"x"}, 1<<13-1)...), budget.Terms, "n2 (Sum)"},
		{chained([]int{1, 1, 1 << 12}, 10, "MaxPool", window), budget.Indices, "n8 (MaxPool)"},
	} {
		t.Run(c.limit.What, func(t *testing.T) {
			_, err := compiler.NewModel(&c.graph.Graph, compiler.ModelOptions{})
			var e *budget.Exceeded
			if !errors.As(err, &e) || e.Limit != c.limit || e.Place != c.place {
				t.Errorf("%v", err)
			}
		})
	}
}

// done is the network itself, with an output.
func (n *network) done(output string) *network {
	n.outputs(output)
	return n
}

// TestSizesOfZero names the node that leaves nothing of the input.
func TestSizesOfZero(t *testing.T) {
	expand := newNetwork(sizes(1)...)
	expand.constant("shape", graph.Int64, []int{1}, 0)
	expand.node("Expand", "e", nil, "x", "shape")
	expand.node("Relu", "y", nil, "e")
	slice := newNetwork(sizes(2, 3)...)
	for name, v := range map[string]float64{"starts": 2, "ends": 2, "axes": 1} {
		slice.constant(name, graph.Int64, []int{1}, v)
	}
	slice.node("Slice", "s", nil, "x", "starts", "ends", "axes")
	slice.node("Elu", "y", nil, "s")
	empty := newNetwork(sizes(2, 3)...)
	empty.constant("none", graph.Float32, []int{0, 3})
	empty.node("MatMul", "p", nil, "none", empty.node("Transpose", "t", nil, "x"))
	empty.node("Relu", "y", nil, "p")
	for _, c := range []struct {
		graph *graph.Graph
		want  string
	}{
		{expand.outputs("y"), "e (Expand): output e has shape [0], which holds no elements"},
		{slice.outputs("y"), "s (Slice): output s has shape [2 0], which holds no elements"},
		{empty.outputs("y"), "p (MatMul): output p has shape [0 2], which holds no elements"},
	} {
		if _, err := compiler.Compile(c.graph, compiler.Options{}); err == nil ||
			!strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// TestFaultyFiles compiles files that once made the compiler panic or exhaust the
// memory.
func TestFaultyFiles(t *testing.T) {
	for file, want := range map[string]string{
		"1008.onnx": "Expand_1 (Expand): output v1 has shape [0]",
		"1703.onnx": "Slice_1 (Slice): output v1 has shape [0 1 1 2]",
		"bomb.onnx": "Expand_0 (Expand): 16777213 elements that constants grow by",
	} {
		path := shared("faults/onnx/" + file)
		if _, err := os.Stat(path); err != nil {
			t.Skipf("%s is not here", path)
		}
		g, _, err := onnx.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = compiler.Compile(g, compiler.Options{}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", file, err, want)
		}
	}
}
