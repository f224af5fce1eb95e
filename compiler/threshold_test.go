package compiler_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// scorer is a model of three features with one score, which more makes of their weighted
// sum.
func scorer(more func(n *network, sum string) string) *graph.Graph {
	n := newNetwork(sizes(1, 3)...)
	n.constant("w", graph.Float32, []int{3, 1}, 1, -2, 0.5)
	out := more(n, n.node("MatMul", "sum", nil, "x", "w"))
	n.Outputs = []graph.Value{{Name: out}}
	return &n.Graph
}

func weighted(x []float64) float64 { return x[0] - 2*x[1] + 0.5*x[2] }

// probability is a scorer that ends in a sigmoid.
func probability() *graph.Graph {
	return scorer(func(n *network, sum string) string { return n.node("Sigmoid", "p", nil, sum) })
}

// onGrid are inputs that a format of sixteenths holds, half of which lie on the threshold 0
// of the weighted sum.
func onGrid(n int) []compiler.Sample {
	r := rand.New(rand.NewSource(1))
	out := make([]compiler.Sample, n)
	for i := range out {
		x := []float64{float64(r.Intn(33)-16) / 16, float64(r.Intn(17)-8) / 16, float64(r.Intn(17)-8) / 16}
		if i%2 == 0 {
			x[0] = 2*x[1] - x[2]/2
			x[2] = 2 * math.Trunc(x[2]*8) / 8
			x[0] = 2*x[1] - x[2]/2
		}
		out[i] = compiler.Sample{x}
	}
	return out
}

// sixteenths is a format that has every element of onGrid.
var sixteenths = map[string]compiler.InputFormat{"x": {Bits: 7, Zero: 64, Scale: 1.0 / 16}}

// decisions are scores with thresholds, each with the class that the sum means.
var decisions = []struct {
	name      string
	more      func(n *network, sum string) string
	threshold map[string]float64
	beyond    func(sum float64) bool
}{
	{"a sigmoid", func(n *network, sum string) string { return n.node("Sigmoid", "p", nil, sum) }, nil,
		func(sum float64) bool { return sum > 0 }},
	{"a sigmoid, above", func(n *network, sum string) string { return n.node("Sigmoid", "p", nil, sum) },
		map[string]float64{"": 0.75}, func(sum float64) bool { return float32(1/(1+libm.Exp(-sum))) > 0.75 }},
	{"the sum", func(_ *network, sum string) string { return sum }, map[string]float64{"sum": 0},
		func(sum float64) bool { return sum > 0 }},
	{"negated", func(n *network, sum string) string { return n.node("Neg", "y", nil, sum) }, map[string]float64{"": 0},
		func(sum float64) bool { return sum < 0 }},
	{"a sigmoid, from one", func(n *network, sum string) string {
		return n.node("Sub", "q", nil, n.constant("one", graph.Float32, nil, 1), n.node("Sigmoid", "p", nil, sum))
	}, map[string]float64{"q": 0.5}, func(sum float64) bool { return sum < 0 }},
	{"limited", func(n *network, sum string) string {
		lo, hi := n.constant("lo", graph.Float32, nil, -1), n.constant("hi", graph.Float32, nil, 1)
		return n.node("Clip", "c", nil, sum, lo, hi)
	}, map[string]float64{"": 0}, func(sum float64) bool { return sum > 0 }},
	{"reshaped", func(n *network, sum string) string {
		return n.node("Flatten", "f", nil, n.node("Sigmoid", "p", nil, sum))
	}, nil, func(sum float64) bool { return sum > 0 }},
	{"compared", func(n *network, sum string) string {
		half := n.constant("half", graph.Float32, nil, 0.5)
		return n.node("Greater", "g", nil, n.node("Sigmoid", "p", nil, sum), half)
	}, nil, func(sum float64) bool { return sum > 0 }},
	{"rounded", func(n *network, sum string) string {
		return n.node("Round", "r", nil, n.node("Sigmoid", "p", nil, sum))
	}, nil, func(sum float64) bool { return sum > 0 }},
	{"rounded down", func(n *network, sum string) string {
		half := n.constant("half", graph.Float32, nil, 0.5)
		return n.node("Floor", "f", nil, n.node("Add", "q", nil, n.node("Sigmoid", "p", nil, sum), half))
	}, nil, func(sum float64) bool { return sum >= 0 }},
	{"truncated", func(n *network, sum string) string {
		return n.node("Cast", "i", castTo(toInt64), n.node("Sigmoid", "p", nil, sum))
	}, nil, func(float64) bool { return false }},
	{"a choice", func(n *network, sum string) string {
		zero, half, one := n.constant("zero", graph.Float32, nil, 0), n.constant("half", graph.Float32, nil, 0.5), "one"
		n.constant(one, graph.Float32, nil, 1)
		return n.node("Where", "y", nil, n.node("Greater", "g", nil, n.node("Sigmoid", "p", nil, sum), half), one, zero)
	}, nil, func(sum float64) bool { return sum > 0 }},
}

// TestDecisions decides scores at thresholds. Nothing is rounded before: what is equal to
// the threshold is class 0, and the rows are those of one comparison.
func TestDecisions(t *testing.T) {
	for _, c := range decisions {
		for _, batch := range []int{0, 2} {
			t.Run(fmt.Sprintf("%s, batch of %d", c.name, batch), func(t *testing.T) {
				samples := onGrid(100)
				r := mustCompile(t, scorer(c.more), compiler.Options{
					Reveal: visibility.Class, Thresholds: c.threshold, Samples: samples, Inputs: sixteenths,
					Private: visibility.Private{Input: batch > 0}, Batch: batch,
				})
				if r.Report.Top1 != 1 || !r.Report.Outputs[0].Classes || r.Report.MaxAbsError != 0 {
					t.Errorf("the report is %+v", r.Report)
				}
				out := r.Statement.Layout.Outputs()[0]
				if !out.Classes || out.ClassCount != 2 || out.Bits != 1 || out.Threshold == nil {
					t.Errorf("the output is %+v", out)
				}
				kinds := map[string]bool{}
				for _, s := range r.IR.Steps {
					kinds[fmt.Sprintf("%T", s.Kind)] = true
				}
				if !reflect.DeepEqual(kinds, map[string]bool{"*ir.Affine": true, "*ir.Splits": true}) {
					t.Errorf("the steps are of kinds %v", kinds)
				}
				for _, x := range samples {
					got := r.Program.Eval(sixteenths["x"].Encode(x[0]))[0][0]
					if want := c.beyond(weighted(x[0])); (got == 1) != want || got != 0 && got != 1 {
						t.Errorf("a sum of %g is class %d, beyond: %t", weighted(x[0]), got, want)
					}
				}
			})
		}
	}
}

// TestDecisionIsProved has the circuit admit the class of a score and no other.
func TestDecisionIsProved(t *testing.T) {
	r := mustCompile(t, probability(), compiler.Options{
		Reveal: visibility.Class, Samples: onGrid(50), Inputs: sixteenths,
	})
	subject := circuittest.Compile(t, r.Statement)
	for _, x := range [][]float64{{0, 0, 0}, {1.0 / 16, 0, 0}, {-1.0 / 16, 0, 0}, {1, -1, 1}, {0.5, 0.25, 0}} {
		in := sixteenths["x"].Encode(x)
		out := r.Program.Eval(in)[0]
		if (out[0] == 1) != (weighted(x) > 0) {
			t.Errorf("%v is class %d", x, out[0])
		}
		subject.Accepts(in, out)
	}
}

// TestDecisionComesBack: the layout says what a compilation was told, so that following it
// gives the same program and layout.
func TestDecisionComesBack(t *testing.T) {
	n := newNetwork(sizes(1, 3)...)
	n.constant("w", graph.Float32, []int{3, 1}, 1, -2, 0.5)
	n.node("MatMul", "sum", nil, "x", "w")
	n.node("Sigmoid", "p", nil, "sum")
	n.node("Tanh", "h", nil, "sum")
	g := n.outputs("p", "h", "sum", "x3")
	n.node("MatMul", "x3", nil, "x", n.constant("v", graph.Float32, []int{3, 3}, 1, 2, 3, 4, 5, 6, 7, 8, 9))
	r := mustCompile(t, g, compiler.Options{
		Reveal: visibility.Class, Reveals: reveals("sum", "scores"), Samples: onGrid(20),
		Thresholds: map[string]float64{"h": -0.1},
	})
	l := r.Statement.Layout
	data, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var read visibility.Layout
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	if p, h := read.Output("p"), read.Output("h"); *p.Threshold != 0.5 || *h.Threshold != -0.1 ||
		read.Output("sum").Threshold != nil || read.Output("x3").Threshold != nil {
		t.Errorf("the layout is %s", data)
	}
	o := compiler.Options{Formats: r.Formats, Samples: onGrid(20)}
	o.Follow(read)
	again := mustCompile(t, g, o)
	if !reflect.DeepEqual(again.Statement.Layout, l) || again.Program.Text() != r.Program.Text() {
		t.Error("following the layout gives another program or layout")
	}
}

// TestThresholdsInFloat32: a score that is written as the threshold is equal to it, in the
// model's own precision.
func TestThresholdsInFloat32(t *testing.T) {
	tenth := float64(float32(0.1))
	for _, c := range []struct {
		dtype graph.DType
		score float64
		class int64
	}{
		{graph.Float32, tenth, 0}, {graph.Float32, 0.1, 0},
		{graph.Float32, 0.1 + 1e-8, 1}, {graph.Float32, 0.1 + 1e-12, 0},
		{graph.Float64, tenth, 1}, {graph.Float64, 0.1, 0}, {graph.Float64, 0.1 + 1e-12, 1}, {graph.Float64, 0, 0},
	} {
		if got := (compiler.Port{DType: c.dtype}).Decision(0.1).Class(c.score); got != c.class {
			t.Errorf("%s %.17g is class %d above 0.1", c.dtype, c.score, got)
		}
	}
	if d := (compiler.Port{DType: graph.Int64}).Decision(1<<24 + 0.5); d.Class(1<<24+1) != 1 || d.Class(1<<24) != 0 {
		t.Error("integers are rounded before they are compared")
	}
}

// TestRefusedThresholds: what no class follows from is refused, with the remedy.
func TestRefusedThresholds(t *testing.T) {
	score := scorer(func(_ *network, sum string) string { return sum })
	two := newNetwork(sizes(1, 3)...)
	two.node("Sigmoid", "y", nil, "x")
	wide := two.outputs("y")
	at := func(pairs ...any) map[string]float64 {
		return map[string]float64{pairs[0].(string): pairs[1].(float64)}
	}
	for _, c := range []struct {
		name  string
		g     *graph.Graph
		o     compiler.Options
		words string
	}{
		{"none", score, compiler.Options{Reveal: visibility.Class},
			"output sum: its class is asked for, and it is a single score; say above which number"},
		{"of no score", score, compiler.Options{Reveal: visibility.Scores, Thresholds: at("", 0.5)},
			"no single score is revealed by its class"},
		{"of scores", score, compiler.Options{Reveal: visibility.Scores, Thresholds: at("sum", 0.5)},
			"sum: the output is not revealed by its class; reveal it with option Reveals sum=class"},
		{"of nobody", score, compiler.Options{Reveal: visibility.Class, Thresholds: map[string]float64{"": 0, "q": 1}},
			"q: the outputs that are proved are"},
		{"no number", score, compiler.Options{Reveal: visibility.Class, Thresholds: at("", math.NaN())},
			"the threshold is NaN; give a finite number"},
		{"infinite", score, compiler.Options{Reveal: visibility.Class, Thresholds: at("sum", math.Inf(1))},
			"the threshold is +Inf; give a finite number"},
		{"several elements", wide, compiler.Options{Reveal: visibility.Class, Thresholds: at("y", 0.5)},
			"y: the output, of shape [1 3], has several elements: the largest one is its class"},
		{"several elements, no name", wide, compiler.Options{Reveal: visibility.Class, Thresholds: at("", 0.5)},
			"no single score is revealed by its class"},
		{"a private model", score, compiler.Options{
			Reveal: visibility.Class, Thresholds: at("", 0.5), Private: visibility.Private{Model: true},
		}, "the class of a single score, of a private model"},
		{"top1 of a score", score, compiler.Options{Reveal: visibility.Scores, Target: compiler.Target{Top1: 0.9}},
			"one element"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := compiler.Compile(c.g, c.o)
			refused(t, err, c.words)
		})
	}
}

// TestIntegerDecision decides an integer exactly.
func TestIntegerDecision(t *testing.T) {
	n := newNetwork(sizes(1, 2)...)
	n.Inputs[0].DType = graph.Int64
	n.node("ReduceSum", "y", nil, "x")
	n.Outputs = []graph.Value{{Name: "y", DType: graph.Int64}}
	r := mustCompile(t, &n.Graph, compiler.Options{
		Reveal: visibility.Class, Thresholds: map[string]float64{"": 7}, Target: compiler.Target{Top1: 1},
		Samples: []compiler.Sample{{{3, 4}}, {{-20, 9}}, {{5, 3}}, {{20, -20}}},
	})
	for _, c := range []struct{ a, b, class int64 }{{3, 4, 0}, {4, 4, 1}, {-20, 20, 0}, {20, -12, 1}, {20, -13, 0}} {
		if got := r.Program.Eval(r.Formats.Input.Encode([]float64{float64(c.a), float64(c.b)}))[0][0]; got != c.class {
			t.Errorf("%d + %d is class %d", c.a, c.b, got)
		}
	}
}

// TestConstantDecisions: a threshold that no score passes, or that all do, decides nothing.
func TestConstantDecisions(t *testing.T) {
	sum := func(_ *network, sum string) string { return sum }
	sigmoid := func(n *network, sum string) string { return n.node("Sigmoid", "p", nil, sum) }
	for _, c := range []struct {
		more func(n *network, sum string) string
		at   float64
		want string
	}{
		{sigmoid, 1, "no score"}, {sigmoid, 1e300, "no score"}, {sigmoid, -1e300, "every score"},
		{sigmoid, -0.1, "every"},
		{sum, 1e300, "no score"}, {sum, -1e300, "every score"}, {sum, 1e6, "no score"}, {sum, -1e6, "every score"},
		{sum, 2.5, ""}, {sum, -2.5, ""}, {sigmoid, 0.9, ""},
	} {
		_, err := compiler.Compile(scorer(c.more), compiler.Options{
			Reveal: visibility.Class, Thresholds: map[string]float64{"": c.at}, Samples: onGrid(20), Inputs: sixteenths,
		})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("a threshold of %g: %v, want %q", c.at, err, c.want)
		}
	}
}
