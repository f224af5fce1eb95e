package compiler_test

import (
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
)

// TestDeclaredOutputs refuses outputs of another type or shape than the file declares, and
// nothing that a file leaves open.
func TestDeclaredOutputs(t *testing.T) {
	open := graph.Dim{Name: "n"}
	const wanted = "output y: the file declares the "
	for _, c := range []struct {
		name  string
		in    []graph.Dim
		out   graph.Value
		given map[string][]int
		want  string
	}{
		{"all right", sizes(2, 3), graph.Value{DType: graph.Int64, Dims: sizes(2)}, nil, ""},
		{"nothing declared", sizes(2, 3), graph.Value{}, nil, ""},
		{"no rank", sizes(2, 3), graph.Value{Dims: []graph.Dim{{Name: graph.OpenRank}}}, nil, ""},
		{"an open size", sizes(2, 3), graph.Value{Dims: []graph.Dim{open}}, nil, ""},
		{"another type", sizes(2, 3), graph.Value{DType: graph.Float32}, nil,
			wanted + "type float, and its nodes compute int64"},
		{"another size", sizes(2, 3), graph.Value{Dims: sizes(3)}, nil,
			wanted + "shape [3], and its nodes compute [2]"},
		{"another rank", sizes(2, 3), graph.Value{Dims: []graph.Dim{open, {Size: 2}}}, nil,
			wanted + "shape [n 2], and its nodes compute [2]"},
		{"a scalar", sizes(2, 3), graph.Value{Dims: []graph.Dim{}}, nil,
			wanted + "shape [], and its nodes compute [2]"},
		{"an open input", []graph.Dim{open, {Size: 3}}, graph.Value{Dims: sizes(7)}, nil, ""},
		{"an input of another shape", sizes(2, 3), graph.Value{Dims: sizes(2)}, map[string][]int{"x": {4, 3}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNetwork(c.in...)
			n.node("ArgMax", "y", map[string]graph.Attr{"axis": {Int: 1}, "keepdims": {Int: 0}}, "x")
			c.out.Name = "y"
			n.Outputs = []graph.Value{c.out}
			_, err := compiler.NewModel(&n.Graph, compiler.ModelOptions{Shapes: c.given})
			refused(t, err, c.want)
		})
	}
}
