package compiler_test

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/visibility"
)

// weighed is a weighted sum of features that the file names.
func weighed(names string, weights ...float64) *graph.Graph {
	n := len(weights)
	g := newNetwork(sizes(1, n)...)
	g.Metadata = map[string]string{"feature_names": names}
	g.Nodes = []*graph.Node{{Name: "sum", Op: "MatMul", Opset: 13, Outputs: []string{"y"},
		Inputs: []string{"x", g.constant("w", graph.Float32, []int{n, 1}, weights...)}}}
	g.Outputs = []graph.Value{{Name: "y", DType: graph.Float32}}
	return &g.Graph
}

// rows are samples of features that are uniform from 0 to these.
func rows(ranges ...float64) []compiler.Sample {
	rng := rand.New(rand.NewSource(3))
	var out []compiler.Sample
	for range 100 {
		x := make([]float64, len(ranges))
		for i, r := range ranges {
			x[i] = float64(r * rng.Float64())
		}
		out = append(out, compiler.Sample{x})
	}
	return out
}

// TestCoarseFeatures: the report names the feature whose format stands in the way, and why.
func TestCoarseFeatures(t *testing.T) {
	base := compiler.Options{Reveal: visibility.Scores, Target: compiler.Target{Bits: 8}}
	shared, outlier, narrow, even := base, base, base, base
	shared.Inputs = map[string]compiler.InputFormat{"x": {Bits: 8, Scale: 400}}
	shared.Samples = rows(100, 1e5, 100)
	outlier.Samples = rows(10, 1e5, 10)
	outlier.Samples[7][0][0] = 5000
	narrow.Samples = rows(10, 1e5, 10)
	even.Samples = rows(1, 1, 1)
	for name, c := range map[string]struct {
		o       compiler.Options
		weights []float64
		feature string
		cause   string
	}{
		"shared":  {shared, []float64{1, 1e-6, 1e-3}, "age", compiler.CauseShared},
		"outlier": {outlier, []float64{1, 1e-6, 1e-3}, "age", compiler.CauseOutliers},
		"narrow":  {narrow, []float64{1e-3, 1, 1e-3}, "income", compiler.CauseBits},
		"even":    {even, []float64{1, 1, 1}, "", ""},
	} {
		r := mustCompile(t, weighed("age,income,rate", c.weights...), c.o)
		got := r.Report.Coarse
		if c.feature == "" {
			if len(got) != 0 {
				t.Errorf("%s: %v", name, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Name != c.feature || got[0].Cause != c.cause || got[0].Input != "x" ||
			got[0].MaxAbsError < r.Report.MaxAbsError/2 || got[0].OtherClass != 0 {
			t.Errorf("%s: %+v of %g", name, got, r.Report.MaxAbsError)
			continue
		}
		f := r.Formats.Input.Element(got[0].Element)
		if step := f.Scale; got[0].Step != step || got[0].Bits != f.Bits || got[0].Range[1] < 100 {
			t.Errorf("%s: %+v of %+v", name, got[0], f)
		}
		if text := got[0].String(); !strings.HasPrefix(text, c.feature+" has steps of ") {
			t.Errorf("%s: %q", name, text)
		}
	}
}

// TestCoarseClasses counts the samples that rounding one feature gives another class.
func TestCoarseClasses(t *testing.T) {
	g := weighed("age,income", 1, 1e-6)
	w := g.Consts["w"]
	w.Float.Shape, w.Float.Data = []int{2, 2}, []float64{1, -1, 1e-6, 0}
	g.Nodes = append(g.Nodes, &graph.Node{Name: "shift", Op: "Add", Opset: 14, Outputs: []string{"z"},
		Inputs: []string{"y", (&network{*g}).constant("b", graph.Float32, []int{2}, -50, 50)}})
	g.Outputs[0].Name = "z"
	o := compiler.Options{Reveal: visibility.Class, Target: compiler.Target{Bits: 8}, Samples: rows(100, 1e5),
		Inputs: map[string]compiler.InputFormat{"x": {Bits: 8, Scale: 400}}}
	r := mustCompile(t, g, o)
	if got := r.Report.Coarse; len(got) != 1 || got[0].Name != "age" || got[0].OtherClass == 0 ||
		got[0].OtherClass > got[0].Samples || !strings.Contains(got[0].String(), "another class for ") {
		t.Errorf("%+v of %+v", got, r.Report)
	}
	// A target that is out of reach says so too.
	o.Target = compiler.Target{Top1: 1}
	_, err := compiler.Compile(g, o)
	refused(t, err, "age has steps of 400 in [0, 1.02e+05] (one format for all)")
}
