package compiler_test

import (
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
)

// TestExportedShapes folds what exporters write of sizes: a view and an expansion by sizes that are
// computed from an input's shape, and positions up to its length.
func TestExportedShapes(t *testing.T) {
	n := newNetwork(sizes(2, 3, 1)...)
	integer := func(name string, shape []int, values ...float64) string {
		return n.constant(name, graph.Int64, shape, values...)
	}
	one := integer("one", []int{1}, 1)
	n.node("Shape", "shape", nil, "x")
	n.node("Gather", "rows", nil, "shape", integer("first", nil, 0))
	n.node("Unsqueeze", "rowslist", nil, "rows", integer("axis", []int{1}, 0))
	n.node("Concat", "view", map[string]graph.Attr{"axis": {}}, "rowslist", integer("rest", []int{1}, -1))
	n.node("Reshape", "flat", nil, "x", "view")
	n.node("Concat", "wide", map[string]graph.Attr{"axis": {}}, "rowslist", integer("open", []int{2}, -1, 4))
	n.node("Shape", "rank", nil, "wide")
	n.node("ConstantOfShape", "ones", map[string]graph.Attr{"value": {Tensor: n.Consts["one"]}}, "rank")
	n.node("Mul", "minus", nil, "ones", integer("by", nil, -1))
	n.node("Equal", "kept", nil, "wide", "minus")
	n.node("Where", "sizes", nil, "kept", "ones", "wide")
	n.node("Expand", "expanded", nil, "x", "sizes")
	n.node("Gather", "columns", nil, "shape", one)
	n.node("Squeeze", "length", nil, "columns")
	n.node("Range", "positions", nil, integer("from", nil, 0), "length", integer("step", nil, 1))
	n.node("Cast", "real", map[string]graph.Attr{"to": {Int: 1}}, "positions")
	g := n.outputs(n.node("Add", "sum", nil, "flat", "real"))
	g.Outputs = append(g.Outputs, graph.Value{Name: "expanded"})
	m, err := compiler.NewModel(g, compiler.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range [][]int{{2, 3}, {2, 3, 4}} {
		if got := m.Outputs[k].Shape; !slices.Equal(got, want) {
			t.Errorf("output %d has shape %v, want %v", k, got, want)
		}
	}
	p, err := m.Lower()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Steps {
		switch s.Kind.(type) {
		case *ir.Move, *ir.Affine:
		default:
			t.Errorf("%s is computed: %s", s.Node, s.Kind)
		}
	}
	y, err := m.Run(compiler.Sample{{1, 2, 3, 4, 5, 6}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []float64{1, 3, 5, 4, 6, 8}; !slices.Equal(y[0], want) {
		t.Errorf("the sum is %v, want %v", y[0], want)
	}
}
