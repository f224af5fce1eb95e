package compiler_test

import (
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
)

// TestPassesEndAtConstantsBehindMoves has a Softmax of single elements read what is moved: it is one,
// whatever it reads.
func TestPassesEndAtConstantsBehindMoves(t *testing.T) {
	n := newNetwork(sizes(3, 1)...)
	n.node("Gather", "moved", nil, "x", n.constant("rows", graph.Int64, []int{2}, 2, 0))
	g := n.outputs(n.node("Softmax", "ones", map[string]graph.Attr{"axis": {Int: 1}}, "moved"))
	m, err := compiler.NewModel(g, compiler.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Lower()
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.Optimise(p); err != nil {
		t.Error(err)
	}
}
