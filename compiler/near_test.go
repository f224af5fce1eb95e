package compiler

import (
	"math"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/visibility"
)

// nearBits compiles for Target.Near, and tells the bits that it took.
func nearBits(t *testing.T, o Options, seed int64) (int, Report) {
	t.Helper()
	rng := rand.New(rand.NewSource(seed))
	g := perceptron(rng, 12, 16, 3)
	o.Target, o.Samples = Target{Near: true}, uniformSamples(rng, 60, 12)
	r, err := Compile(g, o)
	if err != nil {
		t.Fatal(err)
	}
	return r.Report.Knobs.Input, r.Report
}

// TestNearTakesTheFewestBits: of scores within 1 % of their range, and of classes of which 99 %
// agree.
func TestNearTakesTheFewestBits(t *testing.T) {
	taken := map[int]int{}
	for _, reveal := range []visibility.Reveal{visibility.Scores, visibility.Class} {
		for seed := range int64(12) {
			bits, got := nearBits(t, Options{Reveal: reveal}, seed)
			taken[bits]++
			rng := rand.New(rand.NewSource(seed))
			g, samples := perceptron(rng, 12, 16, 3), uniformSamples(rng, 60, 12)
			for _, b := range []int{8, 10} {
				if b > bits {
					break
				}
				r, err := Compile(g, Options{Reveal: reveal, Samples: samples, Target: Target{Bits: b}})
				if err != nil {
					t.Fatal(err)
				}
				if near := isNear(r, samples); near != (b == bits) {
					t.Errorf("%s, seed %d: %d bits were taken; of %d bits it is %t that they are near: %+v", reveal,
						seed, bits, b, near, r.Report.Outputs)
				}
			}
			if reveal == visibility.Class != got.Outputs[0].Classes {
				t.Errorf("%s: %+v", reveal, got.Outputs)
			}
		}
	}
	if taken[8] == 0 || taken[10] == 0 {
		t.Errorf("bits taken: %v; the test needs both", taken)
	}
}

// isNear judges a program of one output by what Target.Near says.
func isNear(r *Result, samples []Sample) bool {
	of := r.Report.Outputs[0]
	if of.Classes {
		return of.Top1 >= 0.99
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, x := range samples {
		y, err := r.Model.Run(x)
		if err != nil {
			return false
		}
		for _, v := range y[0] {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return of.MaxAbsError <= 0.01*(hi-lo)
}

// TestNearLeavesBitsThatDoNotHelp: a coarse input format that is given is not to be mended by bits
// of anything else.
func TestNearLeavesBitsThatDoNotHelp(t *testing.T) {
	coarse := map[string]InputFormat{"x": {Bits: 2, Scale: 1. / 3}}
	for seed := range int64(4) {
		rng := rand.New(rand.NewSource(seed))
		g, samples := perceptron(rng, 12, 16, 3), uniformSamples(rng, 60, 12)
		r, err := Compile(g, Options{
			Reveal: visibility.Scores, Inputs: coarse, Samples: samples, Target: Target{Near: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		if k := r.Report.Knobs; k.Weight != DefaultBits || isNear(r, samples) {
			t.Errorf("seed %d: %d bits, errors %g", seed, k.Weight, r.Report.MaxAbsError)
		}
	}
}

// TestNearTakesMoreBitsForClasses: where features that are near each other decide, and no table grows.
func TestNearTakesMoreBitsForClasses(t *testing.T) {
	rng := rand.New(rand.NewSource(5))
	g := closeFeatures()
	var samples []Sample
	for range 60 {
		x := rng.Float64()
		samples = append(samples, Sample{{x, x + float64(0.0005*(2*rng.Float64()-1))}})
	}
	r, err := Compile(g, Options{Reveal: visibility.Class, Samples: samples, Target: Target{Near: true}})
	if err != nil {
		t.Fatal(err)
	}
	if k := r.Report.Knobs; k.Weight <= mostNear {
		t.Errorf("%d bits, %g of the classes", k.Weight, r.Report.Outputs[0].Top1)
	}
}

// closeFeatures has two scores, which are its two features.
func closeFeatures() *graph.Graph {
	return &graph.Graph{
		Inputs: []graph.Value{{Name: "x", DType: graph.Float32, Dims: []graph.Dim{{Size: 1}, {Size: 2}}}},
		Consts: map[string]*graph.Const{"w": {DType: graph.Float32, Float: tensor.Of([]float64{1, 0, 0, 1}, 2, 2)}},
		Nodes: []*graph.Node{{Name: "y", Op: "MatMul", Opset: 13, Inputs: []string{"x", "w"},
			Outputs: []string{"y"}}},
		Outputs: []graph.Value{{Name: "y", DType: graph.Float32}},
	}
}
