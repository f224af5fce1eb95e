package compiler_test

import (
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// TestIntegersOfRealNumbers computes exactly with what real numbers are rounded to.
func TestIntegersOfRealNumbers(t *testing.T) {
	n := newNetwork(sizes(1, 3)...)
	n.node("Cast", "i", castTo(toInt64), n.node("Floor", "f", nil, "x"))
	n.node("Cast", "j", castTo(toInt64), "x")
	n.whole("many", graph.Int64, 1001)
	n.node("Add", "y", nil, n.node("Mul", "m", nil, "i", "many"), "j")
	n.Outputs = []graph.Value{{Name: "y", DType: graph.Int64}}
	r := rand.New(rand.NewSource(1))
	samples := make([]compiler.Sample, 60)
	for i := range samples {
		samples[i] = compiler.Sample{make([]float64, 3)}
		for k := range samples[i][0] {
			samples[i][0][k] = float64(r.Intn(321)-160) / 16
		}
	}
	c := mustCompile(t, &n.Graph, compiler.Options{
		Reveal: visibility.Scores, Samples: samples,
		Inputs: map[string]compiler.InputFormat{"x": {Bits: 9, Zero: 256, Scale: 1.0 / 16}},
	})
	subject := circuittest.Compile(t, c.Statement)
	for k, x := range samples {
		in := c.Formats.Input.Encode(x[0])
		got := c.Program.Eval(in)[0]
		for i, v := range x[0] {
			if want := int64(math.Floor(v)*1001 + math.Trunc(v)); got[i] != want {
				t.Errorf("%g gives %d, not %d", v, got[i], want)
			}
		}
		if k < 3 {
			subject.Accepts(in, got)
		}
	}
}

// TestIntegersOfRealNumbersInTheirType: what samples show must fit the type of what is
// computed of them.
func TestIntegersOfRealNumbersInTheirType(t *testing.T) {
	n := newNetwork(sizes(1, 1)...)
	n.node("Cast", "i", castTo(toInt8), "x")
	n.whole("many", graph.Int8, 100)
	n.node("Mul", "y", nil, "i", "many")
	n.Outputs = []graph.Value{{Name: "y", DType: graph.Int8}}
	_, err := compiler.Compile(&n.Graph, compiler.Options{
		Reveal: visibility.Scores, Samples: []compiler.Sample{{{-3}}, {{5.5}}},
	})
	refused(t, err, "y (Mul): its integers may reach from -1600 to 1500; its type holds -128 to 127")
}

// TestRoundedOfAPrivateModel keeps the table of the function before a rounding: what a
// threshold would take in is a constant of the circuit.
func TestRoundedOfAPrivateModel(t *testing.T) {
	g := scorer(func(n *network, sum string) string {
		return n.node("Round", "r", nil, n.node("Sigmoid", "p", nil, sum))
	})
	r := mustCompile(t, g, compiler.Options{
		Reveal: visibility.Scores, Samples: onGrid(50), Private: visibility.Private{Model: true},
	})
	is := func(s *ir.Step) bool { _, ok := s.Kind.(*ir.Splits); return ok }
	if slices.ContainsFunc(r.IR.Steps, is) {
		t.Errorf("the steps are\n%s", r.IR.Text())
	}
	for _, x := range [][]float64{{2, 0, 0}, {-2, 0, 0}} {
		in := r.Formats.Input.Encode(x)
		if got := r.Program.Eval(in)[0][0]; (got == 1) != (weighted(x) > 0) {
			t.Errorf("%v is rounded to %d", x, got)
		}
	}
}
