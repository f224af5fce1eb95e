package compiler_test

import (
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/visibility"
)

// limited is op over n inputs with uniform limits.
func limited(op string, n int, limits ...float64) *graph.Graph {
	g := newNetwork(sizes(1, n)...)
	in := []string{"x"}
	for i, v := range limits {
		name := string(rune('a' + i))
		if math.IsInf(v, 0) {
			name = ""
		} else {
			g.constant(name, graph.Float32, nil, v)
		}
		in = append(in, name)
	}
	g.node(op, "y", nil, in...)
	return g.outputs("y")
}

func samplesIn(n int, lo, hi float64) []compiler.Sample {
	r := rand.New(rand.NewSource(1))
	out := make([]compiler.Sample, 20)
	for i := range out {
		out[i] = compiler.Sample{make([]float64, n)}
		for j := range n {
			out[i][0][j] = lo + r.Float64()*(hi-lo)
		}
	}
	return out
}

// TestLimitsBeyondTheSamples: a limit is the model's, whether samples reach it, all
// exceed it, or all but a hair do.
func TestLimitsBeyondTheSamples(t *testing.T) {
	none := math.Inf(1)
	for _, c := range []struct {
		name   string
		op     string
		limits []float64
		lo, hi float64 // of the samples
	}{
		{"below an upper limit", "Clip", []float64{none, 0.5}, -1, 0.4},
		{"above an upper limit", "Clip", []float64{none, 0.5}, 0.6, 1},
		{"just above an upper limit", "Clip", []float64{none, 0.5}, 0.49999, 3},
		{"about an upper limit", "Clip", []float64{none, 0.5}, -1, 1},
		{"above a negative upper limit", "Clip", []float64{none, -0.25}, 0, 1},
		{"below a lower limit", "Clip", []float64{0.25}, -1, 0.2},
		{"just below a lower limit", "Clip", []float64{0.25}, -3, 0.25001},
		{"above a lower limit", "Clip", []float64{0.25}, 0.3, 1},
		{"about a negative lower limit", "Clip", []float64{-0.25}, -1, 1},
		{"outside both", "Clip", []float64{0.25, 0.5}, 0.7, 1},
		{"limits that are equal", "Clip", []float64{0.25, 0.25}, -1, 1},
		{"limits that cross", "Clip", []float64{0.5, 0.25}, -1, 1},
		{"ReLU of negative samples", "Relu", nil, -1, -0.5},
		{"ReLU of hardly positive samples", "Relu", nil, -1, 0.0001},
		{"minimum", "Min", []float64{0.5}, 0.6, 1},
		{"maximum", "Max", []float64{0.5}, 0, 0.4},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := compiler.Compile(limited(c.op, 4, c.limits...), compiler.Options{
				Reveal: visibility.Scores, Samples: samplesIn(4, c.lo, c.hi),
			})
			if err != nil {
				t.Fatal(err)
			}
			allowed := 2 * math.Max(r.Formats.Input.Scale, r.Program.Values[r.Program.Outputs[0]].Scale)
			if r.Report.MaxAbsError > allowed {
				t.Errorf("the largest error on the samples is %g, two steps are %g", r.Report.MaxAbsError, allowed)
			}
		})
	}
}

// TestGivenFormatsKeepTheModel: formats from outside may cost precision, and may
// not change what is computed.
func TestGivenFormatsKeepTheModel(t *testing.T) {
	compile := func(g *graph.Graph, o compiler.Options) (*compiler.Result, error) {
		n := 1
		for _, d := range g.Inputs[0].Dims {
			n *= d.Size
		}
		o.Reveal, o.Samples = visibility.Scores, samplesIn(n, -1, 1)
		return compiler.Compile(g, o)
	}
	formats := func(g *graph.Graph) *compiler.Formats {
		r, err := compile(g, compiler.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return r.Formats
	}
	step := func(f *compiler.Formats, edit func(*compiler.StepFormat)) *compiler.Formats {
		edit(&f.Steps[0])
		return f
	}
	byChannel := func() *graph.Graph {
		n := newNetwork(sizes(1, 2)...)
		n.constant("w", graph.Float32, []int{2, 2}, 1, 0, 0, 0.01)
		n.node("MatMul", "c", nil, "x", "w")
		n.node("ReduceMax", "y", map[string]graph.Attr{"axes": {Ints: []int64{1}}}, "c")
		return n.outputs("y")
	}
	for _, c := range []struct {
		name    string
		g       *graph.Graph
		formats *compiler.Formats
		want    string
	}{
		{"a ReLU from below zero on", limited("Relu", 4), step(formats(limited("Relu", 4)),
			func(f *compiler.StepFormat) { f.Limits.Base = -128 }), "limit the value at"},
		{"another upper limit", limited("Clip", 4, 0, 0.3), formats(limited("Clip", 4, 0, 0.6)),
			"limit the value at 0.6, the model at 0.3"},
		{"another lower limit", limited("Clip", 4, 0.1), formats(limited("Clip", 4, 0.2)), "the model at 0.1"},
		{"channels of two scales compared", byChannel(), step(formats(byChannel()),
			func(f *compiler.StepFormat) { f.Sum = []float64{f.Sum[0], f.Sum[0] / 64} }), "scale by channel"},
		{"its own", limited("Clip", 4, 0, 0.3), formats(limited("Clip", 4, 0, 0.3)), ""},
		{"fewer bits for a ReLU", limited("Relu", 4), step(formats(limited("Relu", 4)),
			func(f *compiler.StepFormat) { f.Limits.Bits-- }), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := compile(c.g, compiler.Options{Formats: c.formats})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// TestOneElementHasNoClass: what would be true of any answer is not asked for.
func TestOneElementHasNoClass(t *testing.T) {
	for _, c := range []struct {
		name   string
		n      int
		o      compiler.Options
		refuse bool
	}{
		{"class of one", 1, compiler.Options{Reveal: visibility.Class}, true},
		{"class of two", 2, compiler.Options{Reveal: visibility.Class}, false},
		{"top1 of one", 1, compiler.Options{Reveal: visibility.Scores, Target: compiler.Target{Top1: 0.9}}, true},
		{"top1 of two", 2, compiler.Options{Reveal: visibility.Scores, Target: compiler.Target{Top1: 0.9}}, false},
		{"error of one", 1, compiler.Options{Reveal: visibility.Scores, Target: compiler.Target{Error: 0.1}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := compiler.Compile(limited("Relu", c.n), c.o); (err != nil) != c.refuse {
				t.Errorf("got %v", err)
			}
		})
	}
}
