package compiler_test

import (
	"math"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/visibility"
)

// TestWrittenOutLogistic: 1 / (1 + exp(x)), as CalibratedClassifierCV is exported, is a logistic,
// whose table is no coarser where exp(x) is large.
func TestWrittenOutLogistic(t *testing.T) {
	for _, op := range []string{"Div", "Reciprocal"} {
		n := newNetwork(sizes(1, 2)...)
		one := n.constant("one", graph.Float32, []int{1}, 1)
		in := []string{n.node("Add", "sum", nil, n.node("Exp", "exp", nil, "x"), one)}
		if op == "Div" {
			in = []string{one, "sum"}
		}
		n.node(op, "y", nil, in...)
		var samples []compiler.Sample
		for i := range 200 {
			x := float64(i-100) / 5
			samples = append(samples, compiler.Sample{{x, -x / 4}})
		}
		r, err := compiler.Compile(n.outputs("y"), compiler.Options{
			Reveal: visibility.Scores, Target: compiler.Target{Bits: 8}, Samples: samples})
		if err != nil {
			t.Fatal(err)
		}
		// Half a step of x, times the largest slope, and half a step of the result.
		most := 20.0/127/2/4 + 1.0/255/2 + math.Ldexp(1, -12)
		if got := r.Report.Outputs[0].MaxAbsError; got > most {
			t.Errorf("%s: off by %g, more than %g", op, got, most)
		}
	}
}
