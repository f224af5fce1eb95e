package compiler_test

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/visibility"
)

// twoLayers are two layers of random weights with limits between them.
func twoLayers(seed int64, op string, limits ...float64) *graph.Graph {
	const in, hidden, out = 24, 16, 4
	rng := rand.New(rand.NewSource(seed))
	random := func(n int) []float64 {
		w := make([]float64, n)
		for i := range w {
			w[i] = rng.NormFloat64()
		}
		return w
	}
	g := newNetwork(sizes(1, in)...)
	g.constant("v", graph.Float32, []int{in, hidden}, random(in*hidden)...)
	g.constant("w", graph.Float32, []int{hidden, out}, random(hidden*out)...)
	g.node("MatMul", "a", nil, "x", "v")
	between := []string{"a"}
	for i, limit := range limits {
		between = append(between, g.constant(string(rune('l'+i)), graph.Float32, nil, limit))
	}
	g.node(op, "b", nil, between...)
	g.node("MatMul", "y", nil, "b", "w")
	return g.outputs("y")
}

// TestLimitsCostWhatAReLUCosts: two limits cost no more than a tenth more rows than the one of a
// ReLU, and nothing of the exactness, whether samples reach the upper one or not.
func TestLimitsCostWhatAReLUCosts(t *testing.T) {
	for _, bits := range []int{6, 8, 10} {
		for _, most := range []float64{0.5, 1} { // up to about 5 and 10 after the first layer
			var rows, mistakes [2]float64
			for seed := range int64(8) {
				for k, g := range []*graph.Graph{twoLayers(seed, "Relu"), twoLayers(seed, "Clip", 0, 6)} {
					r, err := compiler.Compile(g, compiler.Options{
						Reveal: visibility.Scores, Samples: many(samplesIn(24, -most, most)),
						Target: compiler.Target{Bits: bits},
					})
					if err != nil {
						t.Fatal(err)
					}
					rows[k] += float64(r.Cost.Rows())
					mistakes[k] += r.Report.MaxAbsError
				}
			}
			if rows[1] > rows[0]*1.1 || mistakes[1] > mistakes[0]*1.1 {
				t.Errorf("%d bits, samples up to %g: rows %g and errors %g of a ReLU, of limits %g and %g", bits, most,
					rows[0], mistakes[0], rows[1], mistakes[1])
			}
		}
	}
}

// many are so many samples that ranges end where they do.
func many(samples []compiler.Sample) []compiler.Sample {
	return slices.Repeat(samples, 1+1000/len(samples))
}

// TestLimitsByChannel: channels of sizes far apart keep their scales before two limits.
func TestLimitsByChannel(t *testing.T) {
	g := newNetwork(sizes(1, 2)...)
	g.constant("v", graph.Float32, []int{2, 2}, 5, 0.01, 3, 0.02)
	g.constant("w", graph.Float32, []int{2, 1}, 1, 250)
	g.constant("lo", graph.Float32, nil, 0)
	g.constant("hi", graph.Float32, nil, 1)
	g.node("MatMul", "a", nil, "x", "v")
	g.node("Clip", "b", nil, "a", "lo", "hi")
	g.node("MatMul", "y", nil, "b", "w")
	r, err := compiler.Compile(g.outputs("y"), compiler.Options{
		Reveal: visibility.Scores, Samples: samplesIn(2, -1, 1), Target: compiler.Target{Error: 0.02},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Report.Knobs.PerChannel || len(r.Formats.Steps[0].Sum) != 2 {
		t.Errorf("%s, scales of the sums %v", r.Report.Knobs, r.Formats.Steps[0].Sum)
	}
}
