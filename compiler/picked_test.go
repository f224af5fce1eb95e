package compiler_test

import (
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// pickedGraph picks the two largest of four elements by their positions, to which a constant may be
// added: from −4 on they are counted from the end.
func pickedGraph(counted ...float64) *graph.Graph {
	n := newNetwork(sizes(1, 4)...)
	k := n.constant("k", graph.Int64, []int{1}, 2)
	n.Nodes = append(n.Nodes, &graph.Node{
		Name: "top", Op: "TopK", Opset: 17, Inputs: []string{"x", k}, Outputs: []string{"values", "positions"},
	})
	at := "positions"
	if len(counted) > 0 {
		at = n.node("Add", "counted", nil, at, n.constant("by", graph.Int64, []int{len(counted)}, counted...))
	}
	return n.outputs(n.node("GatherElements", "picked", map[string]graph.Attr{"axis": {Int: 1}}, "x", at))
}

// TestPickedByPosition picks elements by indices of the program: a position is compared with positions
// from the front alone, and one to which a constant of the model was added, whose sign may be secret,
// with those from the end too. As the indices are of TopK, its bits choose in the end, and nothing is
// compared. An index outside the axis, which the float model refuses, picks the end that is nearer.
func TestPickedByPosition(t *testing.T) {
	for _, c := range []struct {
		name     string
		counted  []float64
		compared int // of each index, as it is lowered
		want     [2]int
		refused  string
	}{
		{"from the front", nil, 3, [2]int{2, 0}, ""},
		{"by one more", []float64{1}, 7, [2]int{3, 1}, ""},
		{"from the end", []float64{-4}, 7, [2]int{2, 0}, ""},
		{"beyond the end", []float64{9}, 7, [2]int{3, 3}, "index 11 is outside an axis of size 4"},
		{"before the front", []float64{-9}, 7, [2]int{0, 0}, "index -7 is outside an axis of size 4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := []float64{1.5, -2, 3, 0.25}
			m, err := compiler.NewModel(pickedGraph(c.counted...), compiler.ModelOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.Run(compiler.Sample{x}); !refused(t, err, c.refused) {
				circuitPicks(t, pickedGraph(c.counted...), x, c.want)
			}
			p, err := m.Lower()
			if err != nil {
				t.Fatal(err)
			}
			if got := compared(p); got != 2*c.compared {
				t.Errorf("%d comparisons, want %d for each of two indices", got, c.compared)
			}
			if err := compiler.Optimise(p); err != nil {
				t.Fatal(err)
			}
			if got := compared(p); got != 0 {
				t.Errorf("%d comparisons remain, want none", got)
			}
			if got := p.Run(x)[p.Outputs[0]]; !slices.Equal(got, []float64{x[c.want[0]], x[c.want[1]]}) {
				t.Errorf("picked %v, want elements %v", got, c.want)
			}
		})
	}
}

// compared counts the numbers that a program compares with zero.
func compared(p *ir.Program) int {
	n := 0
	for _, s := range p.Steps {
		if _, ok := s.Kind.(*ir.Compare); ok {
			n += p.Size(s.Out)
		}
	}
	return n
}

// circuitPicks has the circuit of a model take the elements that are picked, and none that are
// off by one.
func circuitPicks(t *testing.T, g *graph.Graph, x []float64, want [2]int) {
	r := mustCompile(t, g, compiler.Options{Reveal: visibility.Scores, Samples: []compiler.Sample{{x}}})
	in := r.Formats.Input.Encode(x)
	out := r.Program.Eval(in)[0]
	if picked := []int64{in[want[0]], in[want[1]]}; !slices.Equal(out, picked) {
		t.Fatalf("integers %v, want %v", out, picked)
	}
	circuittest.Compile(t, r.Statement).Accepts(in, out)
}
