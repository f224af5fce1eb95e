package compiler_test

import (
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// TestSparseWeightsGetChainsOfTheirOwn compiles a dense layer and one whose rows
// read different inputs: the cost model picks another technique for each, and a
// private model's is always the one that tells nothing.
func TestSparseWeightsGetChainsOfTheirOwn(t *testing.T) {
	const n = 40
	dense := func(g *network) string {
		w := make([]float64, n*n)
		for i := range w {
			w[i] = float64(i%7) - 3
		}
		return g.constant("w", graph.Float32, []int{n, n}, w...)
	}
	sparse := func(g *network) string {
		w := make([]float64, n*n)
		for i := range n {
			w[i*n+i], w[(i*17+5)%n*n+i] = 1, -1
		}
		return g.constant("w", graph.Float32, []int{n, n}, w...)
	}
	cases := []struct {
		name    string
		weights func(*network) string
		private visibility.Private
		want    string
	}{
		{"dense", dense, visibility.Private{}, "packed"},
		{"sparse", sparse, visibility.Private{}, "a chain a row"},
		{"sparse and private", sparse, visibility.Private{Model: true}, "packed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := newNetwork(sizes(1, n)...)
			g.node("MatMul", "m", nil, "x", c.weights(g))
			g.node("Relu", "y", nil, "m")
			r, err := compiler.Compile(g.outputs("y"), compiler.Options{
				Private: c.private, Reveal: visibility.Scores, Target: compiler.Target{Bits: 6},
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Program.Steps[0].Kernel.String(); !strings.Contains(got, c.want) {
				t.Errorf("%s, want %s", got, c.want)
			}
			input := make([]int64, n)
			for i := range input {
				input[i] = int64(i*13) % 64
			}
			circuittest.Compile(t, r.Statement).Accepts(input, r.Program.Eval(input)[0])
		})
	}
}
