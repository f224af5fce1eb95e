package compiler_test

import (
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/frontend"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// constants is a model whose outputs are constants: real numbers, integers, booleans, and, with an
// input, that input.
func constants(input bool) *graph.Graph {
	n := newNetwork(sizes(1, 3)...)
	n.constant("real", graph.Float32, []int{3}, 0.5, -2.25, 1000)
	n.constant("whole", graph.Int64, []int{2}, -7, 300)
	n.node("Add", "sum", nil, "real", "real")
	n.node("Less", "side", nil, "real", "sum")
	n.outputs("sum", "whole", "side")
	if input {
		n.outputs("x")
	}
	return &n.Graph
}

// TestConstantOutputs proves outputs that no input changes, and one that is an input, as they are:
// an output that is off by one is not accepted. A model without any input is one of them.
func TestConstantOutputs(t *testing.T) {
	for name, o := range map[string]compiler.Options{
		"public": {}, "private": {Private: visibility.Private{Model: true}},
		"hashed": {Private: visibility.Private{Model: true}, Bind: visibility.BindHash},
	} {
		for _, input := range []bool{false, true} {
			o.Reveal = visibility.Scores
			r, err := compiler.Compile(constants(input), o)
			if err != nil {
				t.Fatal(name, err)
			}
			var in [][]int64
			if input {
				in = append(in, []int64{3, 1, 2})
			}
			got := r.Program.Eval(in...)
			if want := []float64{1, -4.5, 2000}; !slices.Equal(decoded(r, got, 0), want) {
				t.Errorf("%s: %v, want %v", name, decoded(r, got, 0), want)
			}
			if !slices.Equal(got[1], []int64{-7, 300}) || !slices.Equal(got[2], []int64{1, 0, 1}) ||
				input && !slices.Equal(got[3], in[0]) {
				t.Errorf("%s: %v", name, got)
			}
			solveOffByOne(t, r, in, got)
		}
	}
}

// decoded are the numbers that an output's integers stand for.
func decoded(r *compiler.Result, got [][]int64, k int) []float64 {
	out := make([]float64, len(got[k]))
	for i, v := range got[k] {
		out[i] = float64(v) * r.Statement.Layout.Outputs()[k].Scale
	}
	return out
}

// solveOffByOne holds the circuit against the honest outputs, and against each that is off by one.
func solveOffByOne(t *testing.T, r *compiler.Result, in, out [][]int64) {
	t.Helper()
	s := circuittest.Compile(t, r.Statement)
	solves := func(out [][]int64) bool {
		claim, err := s.Statement.Claim(in, out, s.Salts, nil)
		if err != nil {
			return false // the format cannot hold it
		}
		c, err := s.Statement.Assign(claim, in, s.Salts)
		if err != nil {
			t.Fatal(err)
		}
		w, err := frontend.NewWitness(c, ecc.BN254.ScalarField())
		if err != nil {
			t.Fatal(err)
		}
		return s.CS.IsSolved(w) == nil
	}
	if !solves(out) {
		t.Error("the outputs of the program are not accepted")
	}
	for k := range out {
		for i := range out[k] {
			for _, d := range []int64{-1, 1} {
				out[k][i] += d
				if solves(out) {
					t.Errorf("output %d is accepted with %d added to element %d", k, d, i)
				}
				out[k][i] -= d
			}
		}
	}
}

// TestConstantsOnly refuses of a model without inputs what is about inputs.
func TestConstantsOnly(t *testing.T) {
	for _, c := range []struct {
		o   compiler.Options
		err string
	}{
		{compiler.Options{Batch: 2}, "option Batch: no input changes the outputs, which are constants; prove it"},
		{compiler.Options{Private: visibility.Private{Input: true}}, "option Private input: no input changes"},
		{compiler.Options{SignedBy: visibility.EdDSA}, "option InputSignedBy: the model's inputs are []"},
	} {
		c.o.Reveal = visibility.Scores
		_, err := compiler.Compile(constants(false), c.o)
		refused(t, err, c.err)
	}
}
