package compiler_test

import (
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

// fillers stand in the places of missing features of loans: age, income, share, and rate, which
// is never missing.
var fillers = []float64{41.5, 3e4, 0, math.NaN()}

func scaler(in, out string, offset, scale []float64) *graph.Node {
	return &graph.Node{Name: out, Op: "Scaler", Domain: "ai.onnx.ml", Opset: 1, Inputs: []string{in},
		Outputs: []string{out}, Attrs: optest.Attrs(map[string]any{"offset": offset, "scale": scale})}
}

// loans is a SimpleImputer, a StandardScaler and a linear model of so many scores.
func loans(scores int) *network {
	g := newNetwork(sizes(1, 4)...)
	rng := rand.New(rand.NewSource(4))
	weights := make([]float64, 4*scores)
	for i := range weights {
		weights[i] = rng.NormFloat64()
	}
	g.Nodes = []*graph.Node{
		imputer("x", "filled", fillers, math.NaN()),
		scaler("filled", "scaled", []float64{40, 4e4, 0.5, 3}, []float64{0.1, 1e-4, 3, 1}),
		{Name: "sum", Op: "MatMul", Opset: 13, Outputs: []string{"y"},
			Inputs: []string{"scaled", g.constant("w", graph.Float32, []int{4, scores}, weights...)}},
	}
	g.Outputs = []graph.Value{{Name: "y", DType: graph.Float32}}
	return g
}

// applications are samples of loans; a third of what may be missing is.
func applications(n int) []compiler.Sample {
	rng := rand.New(rand.NewSource(5))
	var out []compiler.Sample
	for range n {
		x := []float64{math.Floor(20 + 50*rng.Float64()), math.Floor(8e4 * rng.Float64()), rng.Float64(),
			5 * rng.Float64()}
		for j := range 3 {
			if rng.Intn(3) == 0 {
				x[j] = math.NaN()
			}
		}
		out = append(out, compiler.Sample{x})
	}
	return out
}

// filled is a sample with the numbers in their places.
func filled(x compiler.Sample) compiler.Sample {
	out := compiler.Sample{slices.Clone(x[0])}
	for j, v := range out[0] {
		if math.IsNaN(v) {
			out[0][j] = fillers[j]
		}
	}
	return out
}

// followsFilled holds samples against the float model, against the same samples filled, and in the
// circuit, which takes no lies.
func followsFilled(t *testing.T, r *compiler.Result, samples []compiler.Sample, within float64) {
	t.Helper()
	s, subject := circuittest.Compile(t, r.Statement), attackable(t, r.Statement)
	rng := rand.New(rand.NewSource(6))
	for _, fault := range subject.Open.Pins().Loose {
		t.Error(fault)
	}
	for i, x := range samples {
		y, err := r.Model.Run(x)
		if err != nil {
			t.Fatal(err)
		}
		in := r.Formats.Input.Encode(x[0])
		out := r.Program.Eval(in)
		same := r.Program.Eval(r.Formats.Input.Encode(filled(x)[0]))
		for k, id := range r.Program.Outputs {
			scale := r.Program.Values[id].Scale
			for j, v := range out[k] {
				if v != same[k][j] || math.Abs(float64(v)*scale-y[k][j]) > within {
					t.Errorf("row %d, output %d, element %d: %g, filled %g, the model has %g", i, k, j,
						float64(v)*scale, float64(same[k][j])*scale, y[k][j])
				}
			}
		}
		if i < 3 {
			s.Computes(in, out[0])
			s.Accepts(in, out[0])
			s.Liar(rng, in, out[0], 3)
			tally, err := subject.Attack(in, out[0], 40, int64(i))
			if err != nil || tally.Tried == 0 || len(tally.Accepted) > 0 {
				t.Errorf("row %d: %d lies, of which %v go through, %v", i, tally.Tried, tally.Accepted, err)
			}
		}
	}
}

// ends counts the elements whose lowest and whose highest integer stands for a missing value.
func ends(f *compiler.InputFormat) (lowest, highest int) {
	for _, e := range f.Elements {
		switch {
		case e.Missing == nil:
		case *e.Missing == e.Lowest():
			lowest++
		default:
			highest++
		}
	}
	return lowest, highest
}

// TestFilledLinear: a linear model behind an imputer takes missing features as the numbers in their
// places, to the last bit, where the model is private too, and where features have one format.
func TestFilledLinear(t *testing.T) {
	for name, private := range map[string]bool{"public": false, "private": true} {
		for _, samples := range [][]compiler.Sample{applications(60), applications(20)} {
			o := compiler.Options{Reveal: visibility.Scores, Samples: samples, Target: compiler.Target{Bits: 10}}
			o.Private.Model = private
			within := 0.05
			if len(samples) < 30 { // one scale for all, beside which that of ages is nothing
				within = math.Inf(1)
			}
			r := mustCompile(t, &loans(2).Graph, o)
			followsFilled(t, r, samples, within)
			if lowest, highest := ends(r.Formats.Input); lowest+highest != 3 {
				t.Errorf("%s, %d samples: %d and %d elements can be missing, of 3", name, len(samples), lowest, highest)
			}
			x := filled(samples[0])
			x[0][3] = math.NaN()
			o.Samples = append(slices.Clone(samples), x)
			_, err := compiler.Compile(&loans(2).Graph, o)
			refused(t, err, "element 3 of input \"x\" is missing (NaN)")
		}
	}
}

// TestFilledEnds reserves the end of the format that is nearer to the number in its place, so that
// sums reach no farther than they must.
func TestFilledEnds(t *testing.T) {
	o := compiler.Options{Reveal: visibility.Scores, Samples: applications(60), Target: compiler.Target{Bits: 8}}
	r := mustCompile(t, &loans(1).Graph, o)
	lowest := func(j int) bool {
		e := r.Formats.Input.Elements[j]
		return e.Missing != nil && *e.Missing == e.Lowest()
	}
	if !lowest(1) || !lowest(2) { // 30,000 of 80,000 and 0 of 1
		t.Errorf("%+v", r.Formats.Input)
	}
}

// TestFilledReaders: a product, an output, a table and trees read what is imputed, beside features as
// they are; a hashed model takes no missing ones.
func TestFilledReaders(t *testing.T) {
	node := func(op, out string, opset int, in ...string) *graph.Node {
		return &graph.Node{Name: out, Op: op, Opset: opset, Inputs: in, Outputs: []string{out},
			Attrs: optest.Attrs(map[string]any{"axis": 1})}
	}
	samples := applications(60)
	o := compiler.Options{Reveal: visibility.Scores, Samples: samples, Target: compiler.Target{Bits: 10}}
	for name, last := range map[string]*graph.Node{
		"product": node("Mul", "z", 14, "scaled", "scaled"), "output": node("Identity", "z", 14, "scaled"),
		"function": node("Tanh", "z", 13, "scaled"), "joined": node("Concat", "z", 13, "scaled", "y"),
	} {
		g := loans(1)
		g.Nodes, g.Outputs[0].Name = append(g.Nodes, last), "z"
		t.Run(name, func(t *testing.T) { followsFilled(t, mustCompile(t, &g.Graph, o), samples, 2) })
	}
	hashed := o
	hashed.Private.Model, hashed.Bind = true, visibility.BindHash
	_, err := compiler.Compile(&loans(1).Graph, hashed)
	refused(t, err, "is missing (NaN)")
}

// TestFilledTrees: a scaler between an imputer, or missing values, and trees is part of their
// thresholds.
func TestFilledTrees(t *testing.T) {
	for _, file := range []string{"imputed.json", "missing.json"} {
		for i, l := range readLacking(t, file) {
			o := compiler.Options{Reveal: visibility.Scores, Samples: l.samples(), Target: compiler.Target{Bits: 8}}
			plain := mustCompile(t, l.graph(), o)
			for k := range l.Attributes.Values {
				l.Attributes.Values[k] *= 2
			}
			g := l.graph()
			trees := len(g.Nodes) - 1
			two := slices.Repeat([]float64{2}, len(l.Rows[0]))
			g.Nodes = slices.Insert(g.Nodes, trees,
				scaler(g.Nodes[trees].Inputs[0], "scaled", make([]float64, len(two)), two))
			g.Nodes[trees+1].Inputs[0] = "scaled"
			r := mustCompile(t, g, o)
			if r.Cost.Rows() != plain.Cost.Rows() {
				t.Errorf("%s, ensemble %d: %d rows, without a scaler %d", file, i, r.Cost.Rows(), plain.Cost.Rows())
			}
			for k, x := range o.Samples {
				got := r.Program.Eval(r.Formats.Input.Encode(x[0]))[0][0]
				if v := float64(got) * r.Program.Values[r.Program.Outputs[0]].Scale; v != l.Outputs[k] {
					t.Errorf("%s, ensemble %d, row %d: %g, onnxruntime has %g", file, i, k, v, l.Outputs[k])
				}
			}
		}
	}
}
