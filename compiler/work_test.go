package compiler_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
)

// grown is a graph that makes depth tensors of size x size out of one number, and
// multiplies the input with each where the product is asked for.
func grown(rows, size, depth int, product bool) *graph.Graph {
	g := newNetwork(sizes(rows, size)...)
	g.constant("one", graph.Float32, []int{1}, 1)
	g.constant("shape", graph.Int64, []int{2}, float64(size), float64(size))
	last := "x"
	for i := range depth {
		w := g.node("Expand", fmt.Sprintf("w%d", i), nil, "one", "shape")
		if product {
			last = g.node("MatMul", fmt.Sprintf("m%d", i), nil, last, w)
		}
	}
	if !product {
		all := []string{}
		for i := range depth {
			all = append(all, fmt.Sprintf("w%d", i))
		}
		last = g.node("MatMul", "m", nil, last, g.node("Sum", "s", nil, all...))
	}
	return g.outputs(last)
}

// TestWorkOfTheWholeGraphIsBounded: no node asks for too much, all together do.
func TestWorkOfTheWholeGraphIsBounded(t *testing.T) {
	same := newNetwork(sizes(1, 1<<12)...)
	last := "x"
	for i := range 1 << 15 {
		last = same.node("Relu", fmt.Sprintf("r%d", i), nil, last)
	}
	maxima := newNetwork(sizes(1, 1, 1<<12)...)
	pooled := "x"
	window := map[string]graph.Attr{"kernel_shape": {Ints: []int64{1 << 11}}, "pads": {Ints: []int64{1 << 10, 1<<10 - 1}}}
	for i := range 10 {
		pooled = maxima.node("MaxPool", fmt.Sprintf("p%d", i), window, pooled)
	}
	for _, c := range []struct {
		name  string
		graph *graph.Graph
		limit budget.Limit
		place string
	}{
		{"elements of constants", grown(1, 1<<12, 6, false), budget.Elements, "w4 (Expand)"},
		{"elements of variables", same.outputs(last), budget.Elements, "r16384 (Relu)"},
		{"terms", grown(8, 1<<11, 4, true), budget.Terms, "m2 (MatMul)"},
		{"indices", maxima.outputs(pooled), budget.Indices, "p8 (MaxPool)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := compiler.NewModel(c.graph, compiler.ModelOptions{})
			var e *budget.Exceeded
			if !errors.As(err, &e) || e.Limit != c.limit || e.Place != c.place {
				t.Errorf("%v", err)
			}
		})
	}
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
		if _, err := compiler.Compile(c.graph, compiler.Options{}); err == nil || !strings.HasPrefix(err.Error(), c.want) {
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
		"bomb.onnx": "MatMul_1 (MatMul): 134217728 terms",
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
