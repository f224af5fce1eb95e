package compiler_test

import (
	"bytes"
	"maps"
	"math"
	"math/rand"
	"reflect"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

// hedge are the constants of a model of three full trees of depth 3 over three features.
type hedge struct {
	at   func(rank int) float64 // a threshold; some nodes have one rank
	leaf func(i int) float64
}

// model is a file of the trees, with outputs that an operator gives them.
func (h hedge) model(op string, outputs int) *graph.Graph {
	const trees, nodes, inner = 3, 15, 7
	word := map[string]string{"TreeEnsembleRegressor": "target", "TreeEnsembleClassifier": "class"}[op]
	ints, reals, modes := map[string][]int{}, map[string][]float64{}, []string(nil)
	add := func(name string, v ...int) { ints[name] = append(ints[name], v...) }
	for tree := range trees {
		for n := range nodes {
			add("nodes_treeids", tree)
			add("nodes_nodeids", n)
			add("nodes_featureids", (n+tree)%3)
			if n < inner {
				modes = append(modes, "BRANCH_LEQ")
				reals["nodes_values"] = append(reals["nodes_values"], h.at((n*5+tree*3)%8))
				add("nodes_truenodeids", 2*n+1)
				add("nodes_falsenodeids", 2*n+2)
				continue
			}
			modes = append(modes, "LEAF")
			reals["nodes_values"] = append(reals["nodes_values"], 0)
			add("nodes_truenodeids", 0)
			add("nodes_falsenodeids", 0)
			for k := range outputs {
				add(word+"_treeids", tree)
				add(word+"_nodeids", n)
				add(word+"_ids", k)
				reals[word+"_weights"] = append(reals[word+"_weights"], h.leaf((tree*nodes+n)*outputs+k))
			}
		}
	}
	attrs := map[string]any{"nodes_modes": modes}
	for name, v := range ints {
		attrs[name] = v
	}
	for name, v := range reals {
		attrs[name] = v
	}
	g := newNetwork(sizes(1, 3)...)
	node := &graph.Node{Name: "trees", Op: op, Domain: "ai.onnx.ml", Opset: 3, Inputs: []string{"x"}}
	g.Nodes = []*graph.Node{node}
	if word == "target" {
		attrs["n_targets"], node.Outputs = outputs, []string{"y"}
		g.Outputs = []graph.Value{{Name: "y", DType: graph.Float32}}
	} else {
		labels := make([]int, outputs)
		for k := range labels {
			labels[k] = k
		}
		attrs["classlabels_int64s"], node.Outputs = labels, []string{"label", "scores"}
		g.Outputs = []graph.Value{{Name: "label", DType: graph.Int64}, {Name: "scores", DType: graph.Float32}}
	}
	node.Attrs = optest.Attrs(attrs)
	return &g.Graph
}

func rising(by, from float64) func(int) float64 {
	return func(rank int) float64 { return from + float64(by*float64(rank)) }
}

// hedges are models of one structure. Their numbers are those of float32.
func hedges() map[string]hedge {
	random := func(i int) float64 { return float64(float32(rand.New(rand.NewSource(int64(i))).NormFloat64())) }
	return map[string]hedge{
		"random":    {rising(0.125, 0), random},
		"zero":      {rising(0.125, 0), func(int) float64 { return 0 }},
		"equal":     {rising(0.0625, 0.25), func(int) float64 { return 0.5 }},
		"negative":  {rising(0.03125, 0.5), func(i int) float64 { return -float64(i%5) / 4 }},
		"half zero": {rising(0.125, -0.5), func(i int) float64 { return float64(i % 2) }},
		"too close": {rising(1./(1<<20), 0.5), random}, // for the format: they fall together
		"outside":   {rising(4, -8), random},
	}
}

func hiddenTrees() compiler.Options {
	return compiler.Options{Private: visibility.Private{Model: true}, Reveal: visibility.Scores}
}

// samples are points of the unit cube.
func samples(n int) []compiler.Sample {
	r := rand.New(rand.NewSource(3))
	out := make([]compiler.Sample, n)
	for i := range out {
		out[i] = compiler.Sample{{r.Float64(), r.Float64(), r.Float64()}}
	}
	return out
}

// TestPrivateTreesHideTheirConstants: trees of one structure in one set of formats, whatever their
// thresholds and leaves, have one architecture, and keys that differ in qL, qR and qK alone.
func TestPrivateTreesHideTheirConstants(t *testing.T) {
	for name, c := range map[string]struct {
		op        string
		outputs   int
		aggregate string
	}{"one score": {"TreeEnsembleRegressor", 1, "SUM"}, "two": {"TreeEnsembleRegressor", 2, "SUM"},
		"least": {"TreeEnsembleRegressor", 2, "MIN"}, "largest": {"TreeEnsembleRegressor", 1, "MAX"},
		"classes": {"TreeEnsembleClassifier", 3, "SUM"}} {
		t.Run(name, func(t *testing.T) {
			widest := hedge{rising(0.125, 0), func(i int) float64 { return float64(i%3) - 1 }}
			o := hiddenTrees()
			o.Samples = samples(30)
			model := func(h hedge) *graph.Graph { return aggregated(h.model(c.op, c.outputs), c.aggregate) }
			first := mustCompile(t, model(widest), o)
			o.Formats = roomy(first.Formats)
			first = mustCompile(t, model(widest), o)
			want, blank := key(t, first), architecture(t, first)
			for name, h := range hedges() {
				if c.outputs == 3 && name == "negative" { // whether votes are negative is public
					continue
				}
				r := mustCompile(t, model(h), o)
				if got := architecture(t, r); !bytes.Equal(got, blank) {
					t.Errorf("%s: the architecture tells the models apart", name)
				}
				got := key(t, r)
				for part, g := range got.same {
					if w := want.same[part]; !g.Equal(&w) {
						t.Errorf("%s: %s tells the models apart", name, part)
					}
				}
				for part, g := range got.differ {
					if w := want.differ[part]; g.Equal(&w) {
						t.Errorf("%s: %s is not salted", name, part)
					}
				}
			}
		})
	}
}

// aggregated gives trees a way of joining their weights.
func aggregated(g *graph.Graph, how string) *graph.Graph {
	if how != "SUM" {
		maps.Copy(g.Nodes[0].Attrs, optest.Attrs(map[string]any{"aggregate_function": how}))
	}
	return g
}

// TestPrivateTreesExtremes: where the least or the largest weight of private trees counts, integers are
// those of the float model, with base values too, and the circuit takes no lies.
func TestPrivateTreesExtremes(t *testing.T) {
	rng := rand.New(rand.NewSource(8))
	for how, base := range map[string][]float64{"MIN": {0.25, -1}, "MAX": nil} {
		g := aggregated(hedges()["random"].model("TreeEnsembleRegressor", 2), how)
		if base != nil {
			maps.Copy(g.Nodes[0].Attrs, optest.Attrs(map[string]any{"base_values": base}))
		}
		o := hiddenTrees()
		o.Samples = samples(100)
		r := mustCompile(t, g, o)
		scale := r.Program.Values[r.Program.Outputs[0]].Scale
		s, subject := circuittest.Compile(t, r.Statement), attackable(t, r.Statement)
		for _, fault := range subject.Open.Pins().Loose {
			t.Errorf("%s: %s", how, fault)
		}
		for i, x := range o.Samples {
			want, err := r.Model.Run(x)
			if err != nil {
				t.Fatal(err)
			}
			in := r.Formats.Input.Encode(x[0])
			got := r.Program.Eval(in)[0]
			for k, v := range got {
				within := 2 * scale
				if base != nil { // secret: a weight is rounded to 8 bits before one is added
					within = 1. / 64
				}
				if math.Abs(float64(float64(v)*scale)-want[0][k]) > within {
					t.Errorf("%s, row %d, output %d: %g, not %g", how, i, k, float64(v)*scale, want[0][k])
				}
			}
			if i < 3 {
				s.Accepts(in, got)
				s.Liar(rng, in, got, 5)
				tally, err := subject.Attack(in, got, 60, int64(i))
				if err != nil || tally.Tried == 0 || len(tally.Accepted) > 0 {
					t.Errorf("%s: of %d lies %v go through, %v", how, tally.Tried, tally.Accepted, err)
				}
			}
		}
	}
}

// roomy are formats with limits for other leaves, and with finer ones.
func roomy(f *compiler.Formats) *compiler.Formats {
	out := *f
	out.Steps = slices.Clone(f.Steps)
	for i := range out.Steps {
		if s := &out.Steps[i]; len(s.Sum) == 1 && s.Limit > 0 {
			s.Sum, s.Limit = []float64{1. / (1 << 20)}, 1<<25
		}
	}
	return &out
}

// architecture is what a private model publishes, but for its formats, which are given.
func architecture(t *testing.T, r *compiler.Result) []byte {
	t.Helper()
	p, err := program.Encode(r.Program.Filled(0))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range r.Program.Words() {
		p = append(p, line...)
	}
	return append(p, byte(r.Statement.Digit))
}

// TestPrivateTreesCompute: the integers of a private model are those of a public one.
func TestPrivateTreesCompute(t *testing.T) {
	for name, h := range hedges() {
		t.Run(name, func(t *testing.T) {
			o := hiddenTrees()
			o.Samples = samples(200)
			private := mustCompile(t, h.model("TreeEnsembleRegressor", 2), o)
			o.Private.Model = false
			public := mustCompile(t, h.model("TreeEnsembleRegressor", 2), o)
			scale := public.Program.Values[public.Program.Outputs[0]].Scale
			other := private.Program.Values[private.Program.Outputs[0]].Scale
			for _, x := range o.Samples {
				a, b := public.Program.Eval(public.Formats.Input.Encode(x[0])), private.Program.Eval(
					private.Formats.Input.Encode(x[0]))
				for k := range a[0] {
					d := float64(float64(a[0][k])*scale) - float64(float64(b[0][k])*other)
					if math.Abs(d) > scale+other {
						t.Fatalf("output %d of %v is %g off", k, x, d)
					}
				}
			}
		})
	}
}

// TestPrivateTreesNeedLimits: formats without a limit would take it from the secret leaves.
func TestPrivateTreesNeedLimits(t *testing.T) {
	g := hedges()["random"].model("TreeEnsembleRegressor", 1)
	o := hiddenTrees()
	o.Formats = mustCompile(t, g, compiler.Options{Reveal: visibility.Scores}).Formats
	_, err := compiler.Compile(g, o)
	refused(t, err, "the formats lack its limit")
	o.Formats = nil
	o.Formats = mustCompile(t, g, o).Formats
	large := hedge{rising(0.125, 0), func(int) float64 { return 1000 }}
	_, err = compiler.Compile(large.model("TreeEnsembleRegressor", 1), o)
	refused(t, err, "can exceed the declared range")
}

// TestHashedTreesAreRefused: no way leads to a hashed model with trees.
func TestHashedTreesAreRefused(t *testing.T) {
	const want = "option BindModel: the thresholds and the leaves of trees are bound by the key alone"
	g := stumpModel(map[string]any{"classlabels_int64s": []int{0, 1}})
	o := compiler.Options{Reveal: visibility.Scores}
	public := mustCompile(t, g, o)
	_, err := public.BoundBy(visibility.BindHash, o)
	refused(t, err, want)
	for _, formats := range []*compiler.Formats{nil, public.Formats} {
		private := compiler.Options{Reveal: visibility.Scores, Bind: visibility.BindHash, Formats: formats}
		private.Private.Model = true
		_, err = compiler.Compile(g, private)
		refused(t, err, want)
	}
}

// TestHiddenTreesHaveOneKey: models whose trees have other shapes and features, of one declared
// size, have keys that differ in qL, qR and qK alone.
func TestHiddenTreesHaveOneKey(t *testing.T) {
	o := hiddenTrees()
	o.Samples, o.Hide = samples(30), &compiler.Hiding{Depth: 3, Trees: 4}
	large := hedge{rising(0.125, 0), func(i int) float64 { return float64(i%3) - 1 }}
	first := mustCompile(t, large.model("TreeEnsembleRegressor", 1), o)
	o.Formats, o.Hide = roomy(first.Formats), nil
	want := key(t, mustCompile(t, large.model("TreeEnsembleRegressor", 1), o))
	stump := large.model("TreeEnsembleRegressor", 1)
	stump.Nodes[0].Attrs = optest.Attrs(map[string]any{
		"nodes_treeids": []int{0, 0, 0}, "nodes_nodeids": []int{0, 1, 2}, "nodes_featureids": []int{2, 0, 0},
		"nodes_modes": []string{"BRANCH_LT", "LEAF", "LEAF"}, "nodes_values": []float64{0.25, 0, 0},
		"nodes_truenodeids": []int{1, 0, 0}, "nodes_falsenodeids": []int{2, 0, 0}, "n_targets": 1,
		"target_ids": []int{0, 0}, "target_weights": []float64{-1, 3},
		"target_treeids": []int{0, 0}, "target_nodeids": []int{1, 2},
	})
	r := mustCompile(t, stump, o)
	got := key(t, r)
	for part, g := range got.same {
		if w := want.same[part]; !g.Equal(&w) {
			t.Errorf("%s tells a stump from three trees of depth 3", part)
		}
	}
	for part, g := range got.differ {
		if w := want.differ[part]; g.Equal(&w) {
			t.Errorf("%s is not salted", part)
		}
	}
	if !reflect.DeepEqual(r.Formats.HideStructure, &compiler.Hiding{Depth: 3, Trees: 4}) {
		t.Errorf("the formats hide %v", r.Formats.HideStructure)
	}
}
