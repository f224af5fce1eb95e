package compiler_test

import (
	"encoding/json"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

// lacking is what onnxruntime computed of an ensemble, in some rows of which features are
// missing.
type lacking struct {
	Attributes struct {
		Trees    []int     `json:"nodes_treeids"`
		Nodes    []int     `json:"nodes_nodeids"`
		Features []int     `json:"nodes_featureids"`
		Values   []float64 `json:"nodes_values"`
		Modes    []string  `json:"nodes_modes"`
		Yes      []int     `json:"nodes_truenodeids"`
		No       []int     `json:"nodes_falsenodeids"`
		Missing  []int     `json:"nodes_missing_value_tracks_true"`
		Of       []int     `json:"target_treeids"`
		At       []int     `json:"target_nodeids"`
		Targets  []int     `json:"target_ids"`
		Weights  []float64 `json:"target_weights"`
	}
	Imputed []float64 // in the place of missing features, before the ensemble; nil for none
	Rows    [][]*float64
	Outputs []float64
}

func readLacking(t *testing.T, file string) []lacking {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var out []lacking
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (l *lacking) graph() *graph.Graph {
	a := &l.Attributes
	g := newNetwork(sizes(1, len(l.Rows[0]))...)
	g.Nodes = []*graph.Node{{
		Name: "trees", Op: "TreeEnsembleRegressor", Domain: "ai.onnx.ml", Opset: 3, Inputs: []string{"x"},
		Outputs: []string{"y"}, Attrs: optest.Attrs(map[string]any{
			"n_targets": 1, "nodes_treeids": a.Trees, "nodes_nodeids": a.Nodes, "nodes_featureids": a.Features,
			"nodes_values": a.Values, "nodes_modes": a.Modes, "nodes_truenodeids": a.Yes, "nodes_falsenodeids": a.No,
			"nodes_missing_value_tracks_true": a.Missing, "target_treeids": a.Of, "target_nodeids": a.At,
			"target_ids": a.Targets, "target_weights": a.Weights,
		}),
	}}
	if l.Imputed != nil {
		g.Nodes[0].Inputs[0] = "filled"
		g.Nodes = slices.Insert(g.Nodes, 0, imputer("x", "filled", l.Imputed, math.NaN()))
	}
	g.Outputs = []graph.Value{{Name: "y", DType: graph.Float32}}
	return &g.Graph
}

func (l *lacking) samples() []compiler.Sample {
	var out []compiler.Sample
	for _, row := range l.Rows {
		x := make([]float64, len(row))
		for i, v := range row {
			if x[i] = math.NaN(); v != nil {
				x[i] = *v
			}
		}
		out = append(out, compiler.Sample{x})
	}
	return out
}

// holds compiles the ensemble and holds all rows against onnxruntime; the circuit takes no lies.
func (l *lacking) holds(t *testing.T, i int) *compiler.Result {
	t.Helper()
	samples := l.samples()
	r := mustCompile(t, l.graph(), compiler.Options{
		Reveal: visibility.Scores, Samples: samples, Target: compiler.Target{Bits: 8},
	})
	s := circuittest.Compile(t, r.Statement)
	rng := rand.New(rand.NewSource(1))
	for k, x := range samples {
		y, err := r.Model.Run(x)
		if err != nil {
			t.Fatal(err)
		}
		in := r.Formats.Input.Encode(x[0])
		out := r.Program.Eval(in)[0]
		scale := r.Program.Values[r.Program.Outputs[0]].Scale
		if want := l.Outputs[k]; y[0][0] != want || float64(out[0])*scale != want {
			t.Errorf("ensemble %d, row %d: %v in floats, %v in integers, onnxruntime has %v", i, k, y[0],
				float64(out[0])*scale, want)
		}
		if k < 3 {
			s.Computes(in, out)
			s.Accepts(in, out)
			s.Liar(rng, in, out, 3)
		}
	}
	return r
}

// TestMissing computes trees over missing features as onnxruntime does, in floats, in integers
// and in the circuit; testdata/missing.py recorded its outputs.
func TestMissing(t *testing.T) {
	reserved := map[bool]int{} // by whether the highest integer is
	for i, l := range readLacking(t, "missing.json") {
		r := l.holds(t, i)
		for _, e := range r.Formats.Input.Elements {
			if e.Missing != nil {
				reserved[*e.Missing == e.Highest()]++
			}
		}
	}
	if reserved[true] == 0 || reserved[false] == 0 {
		t.Errorf("%v elements have the highest integer reserved: the test is about both ends", reserved)
	}
}

// TestMissingUnread: what no tree reads may be missing.
func TestMissingUnread(t *testing.T) {
	all := readLacking(t, "missing.json")
	l := all[len(all)-1]
	for i := range l.Rows {
		x := float64(i)
		l.Rows[i] = append(l.Rows[i], &x)
		if i%2 == 1 {
			l.Rows[i][len(l.Rows[i])-1] = nil
		}
	}
	l.holds(t, len(all)-1)
}

// TestMissingRefused: an element may be missing that only trees read which say where it goes.
func TestMissingRefused(t *testing.T) {
	all := readLacking(t, "missing.json")
	l := all[len(all)-1]
	nan := math.NaN()
	x := l.samples()
	x[3][0][0] = nan // no node of feature 0 says where it goes
	o := compiler.Options{Reveal: visibility.Scores, Samples: x, Target: compiler.Target{Bits: 8}}
	_, err := compiler.Compile(l.graph(), o)
	refused(t, err, "element 0 of the input is NaN")
	g := l.graph()
	g.Nodes = append(g.Nodes, &graph.Node{Name: "scaled", Op: "Mul", Opset: 14, Inputs: []string{"x", "x"},
		Outputs: []string{"z"}})
	g.Outputs = append(g.Outputs, graph.Value{Name: "z", DType: graph.Float32})
	o.Samples = l.samples()
	_, err = compiler.Compile(g, o)
	refused(t, err, "is missing (NaN)")
	r := mustCompile(t, l.graph(), o)
	f := *r.Formats
	in := *f.Input
	in.Elements = slices.Clone(in.Elements)
	at := in.Elements[0].Highest()
	in.Elements[0].Missing = &at
	f.Input = &in
	o.Formats = &f
	_, err = compiler.Compile(l.graph(), o)
	refused(t, err, "has an integer for a missing value, and it reads the element as a number")
	at--
	_, err = compiler.Compile(l.graph(), o)
	refused(t, err, "it must be the lowest or the highest")
}

// TestHiddenTestsLackNothing: a sum of all elements would take the integer for a missing value as
// a number, so formats that have one are refused, whichever elements the trees read.
func TestHiddenTestsLackNothing(t *testing.T) {
	all := readLacking(t, "missing.json")
	l := all[len(all)-1]
	o := compiler.Options{Reveal: visibility.Scores, Samples: l.samples(), Target: compiler.Target{Bits: 8}}
	f := *mustCompile(t, l.graph(), o).Formats.Input
	if !slices.ContainsFunc(f.Elements, func(e visibility.Element) bool { return e.Missing != nil }) {
		t.Fatal("no element may be missing: the test shows nothing")
	}
	o.Inputs, o.Samples = map[string]compiler.InputFormat{"x": f}, nil
	o.Private.Model, o.Hide = true, &compiler.Hiding{}
	_, err := compiler.Compile(l.graph(), o)
	refused(t, err, "has an integer for a missing value, and it reads the element as a number")
}

// TestMissingAlone: scikit-learn writes a test that a missing value alone fails with the threshold +Inf.
func TestMissingAlone(t *testing.T) {
	l, one, most := &lacking{}, 1.0, 1e30
	a := &l.Attributes
	a.Trees, a.Nodes, a.Features = []int{0, 0, 0}, []int{0, 1, 2}, []int{0, 0, 0}
	a.Values, a.Modes = []float64{math.Inf(1), 0, 0}, []string{"BRANCH_LEQ", "LEAF", "LEAF"}
	a.Yes, a.No, a.Missing = []int{1, 0, 0}, []int{2, 0, 0}, []int{0, 0, 0}
	a.Of, a.At, a.Targets, a.Weights = []int{0, 0}, []int{1, 2}, []int{0, 0}, []float64{3, 5}
	l.Rows, l.Outputs = [][]*float64{{&one}, {nil}, {&most}}, []float64{3, 5, 3}
	l.holds(t, 0)
	for _, mode := range []string{"BRANCH_LT", "BRANCH_GT", "BRANCH_EQ"} {
		a.Modes[0] = mode
		_, err := compiler.Compile(l.graph(), compiler.Options{Samples: l.samples()})
		if err == nil || !strings.Contains(err.Error(), "entry 0 is NaN or infinite") {
			t.Errorf("%s +Inf: %v", mode, err)
		}
	}
}
