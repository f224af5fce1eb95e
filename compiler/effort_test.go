package compiler

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/visibility"
)

// chainOf is a recurrent graph of so many steps, layers and ReLUs in turn: each layer
// reads the state, most of which it forgets, and the input, by weights of its own.
func chainOf(rng *rand.Rand, steps int) *graph.Graph {
	const width = 2
	g := &graph.Graph{
		Inputs:  []graph.Value{{Name: "x", DType: graph.Float32, Dims: []graph.Dim{{Size: 1}, {Size: width}}}},
		Outputs: []graph.Value{{Name: "x", DType: graph.Float32}},
		Consts:  map[string]*graph.Const{},
	}
	emit := func(op, out string, in ...string) {
		g.Nodes = append(g.Nodes, &graph.Node{Name: out, Op: op, Opset: 17, Inputs: in, Outputs: []string{out}})
	}
	weights := func(name string) string {
		w := make([]float64, width*width)
		for j := range w {
			w[j] = rng.Float64() / 2
		}
		g.Consts[name] = &graph.Const{DType: graph.Float32, Float: tensor.Of(w, width, width)}
		return name
	}
	last := &g.Outputs[0].Name
	for i := range steps / 2 {
		name := func(s string) string { return fmt.Sprint(s, i) }
		emit("MatMul", name("recur"), *last, weights(name("u")))
		emit("MatMul", name("read"), "x", weights(name("w")))
		emit("Add", name("sum"), name("recur"), name("read"))
		emit("Relu", name("state"), name("sum"))
		*last = name("state")
	}
	return g
}

// TestWorkIsLinear counts what a compilation does for chains: longer ones take about as much work for
// each step as the shorter ones do, with a search for formats and without.
func TestWorkIsLinear(t *testing.T) {
	for _, target := range []Target{{}, {Error: 0.5}} {
		t.Run(target.String(), func(t *testing.T) {
			most := 0.0 // for a step
			for _, steps := range []int{40, 80, 160, 320, 640} {
				if testing.Short() && steps > 160 {
					break
				}
				rng := rand.New(rand.NewSource(3))
				r, err := Compile(chainOf(rng, steps), Options{
					Target: target, Reveal: visibility.Scores, Samples: uniformSamples(rng, 4, 2),
				})
				if err != nil {
					t.Fatal(err)
				}
				work := float64(r.effort.quantised.Load()+r.effort.counted.Load()) / float64(steps)
				t.Logf("%d steps: %d were quantised and %d counted, %d rows, error %.3g, %s", steps,
					r.effort.quantised.Load(), r.effort.counted.Load(), r.Cost.Rows(), r.Report.MaxAbsError,
					r.Report.Knobs)
				if most > 0 && work > 1.3*most {
					t.Errorf("the work for each of %d steps is %g, of shorter chains up to %g", steps, work, most)
				}
				most = max(most, work)
			}
		})
	}
}
