package compiler_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/testkit/onnxtest"
	"github.com/zkml-go/zkml/visibility"
)

// mixed is the model of two inputs that are read and two outputs that can be proved.
func mixed() *graph.Graph { return onnxtest.Mixed() }

// mixedSamples are samples of mixed: features in [0, 1], ids from −20 to 100.
func mixedSamples(n int) []compiler.Sample {
	r := rand.New(rand.NewSource(1))
	out := make([]compiler.Sample, n)
	for i := range out {
		out[i] = compiler.Sample{make([]float64, 4), make([]float64, 3)}
		for k := range out[i][0] {
			out[i][0][k] = r.Float64()
		}
		for k := range out[i][1] {
			out[i][1][k] = float64(r.Intn(121) - 20)
		}
	}
	out[0][1] = []float64{-20, 0, 100}
	return out
}

// mixedOptions reveal a class, scores and nothing.
func mixedOptions() compiler.Options {
	return compiler.Options{
		Private: visibility.Private{Named: []string{"ids"}}, Reveal: visibility.Scores,
		Reveals: map[string]visibility.Reveal{"label": visibility.Class, "wild": visibility.None},
		Samples: mixedSamples(50),
	}
}

func mustCompile(t *testing.T, g *graph.Graph, o compiler.Options) *compiler.Result {
	t.Helper()
	r, err := compiler.Compile(g, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSeveralPorts has the circuit of a model of two inputs and two outputs take what
// the integer program says of a sample, and nothing else.
func TestSeveralPorts(t *testing.T) {
	r := mustCompile(t, mixed(), mixedOptions())
	var kinds []string
	for i := range r.Statement.Layout.Ports {
		p := &r.Statement.Layout.Ports[i]
		kinds = append(kinds, strings.TrimSpace(fmt.Sprintf("%s %s %s", p.Name, p.Visibility, p.Type)))
	}
	want := []string{"features public", "ids commitment integer", "label class", "scores scores", "model public"}
	if !slices.Equal(kinds, want) {
		t.Errorf("ports %q, want %q", kinds, want)
	}
	if f := r.Formats.Inputs; r.Formats.Input != nil || len(f) != 2 ||
		!reflect.DeepEqual(f[1], compiler.InputFormat{Name: "ids", Bits: 7, Zero: 20, Scale: 1}) {
		t.Errorf("formats %+v", f)
	}
	subject := circuittest.Compile(t, r.Statement)
	rng := rand.New(rand.NewSource(2))
	for i, x := range mixedSamples(4) {
		var input, output []int64
		layout := r.Statement.Layout
		for k, in := range layout.Inputs() {
			integers, err := in.Encode(x[k])
			if err != nil {
				t.Fatal(err)
			}
			input = append(input, integers...)
		}
		for _, out := range r.Program.Eval(circuittest.Split(layout.Inputs(), input)...) {
			output = append(output, out...)
		}
		subject.Accepts(input, output)
		if i < 2 {
			subject.Liar(rng, input, output, 1)
		}
	}
}

// TestAgreementOfSeveralOutputs has a row for each output, and the worst of them on top.
func TestAgreementOfSeveralOutputs(t *testing.T) {
	o := mixedOptions()
	o.Target = compiler.Target{Top1: 0.9, Error: 1}
	rep := mustCompile(t, mixed(), o).Report
	if len(rep.Outputs) != 2 || !rep.Outputs[0].Classes || rep.Outputs[1].Classes || rep.Outputs[1].Name != "scores" {
		t.Fatalf("%+v", rep.Outputs)
	}
	if rep.Top1 != min(rep.Outputs[0].Top1, rep.Outputs[1].Top1) || rep.MaxAbsError != rep.Outputs[1].MaxAbsError ||
		rep.Outputs[0].MaxAbsError != 0 || !o.Target.Met(rep) {
		t.Errorf("%+v", rep)
	}
	if missed := (compiler.Target{Error: rep.MaxAbsError / 2}); rep.MaxAbsError == 0 || missed.Met(rep) {
		t.Errorf("a target of half the error is met: %+v", rep)
	}
}

// TestSeveralPortsTwice gives the same bytes twice, and follows the formats that it chose.
func TestSeveralPortsTwice(t *testing.T) {
	encoded := func(o compiler.Options) ([]byte, []byte) {
		r := mustCompile(t, mixed(), o)
		p, err := program.Encode(r.Program)
		if err != nil {
			t.Fatal(err)
		}
		formats, err := json.Marshal(r.Formats)
		if err != nil {
			t.Fatal(err)
		}
		return p, formats
	}
	p, formats := encoded(mixedOptions())
	again, same := encoded(mixedOptions())
	follow := mixedOptions()
	follow.Formats = new(compiler.Formats)
	if err := json.Unmarshal(formats, follow.Formats); err != nil {
		t.Fatal(err)
	}
	followed, kept := encoded(follow)
	if !bytes.Equal(p, again) || !bytes.Equal(p, followed) || !bytes.Equal(formats, same) ||
		!bytes.Equal(formats, kept) {
		t.Error("compiling again gives another program or other formats")
	}
	r := mustCompile(t, mixed(), mixedOptions())
	var o compiler.Options
	o.Follow(r.Statement.Layout)
	o.Formats, o.Samples = r.Formats, mixedSamples(1)
	if other := mustCompile(t, mixed(), o); !reflect.DeepEqual(other.Statement.Layout, r.Statement.Layout) {
		t.Errorf("following the layout gives\n%+v\nwant\n%+v", other.Statement.Layout, r.Statement.Layout)
	}
}

// TestSharedInputFormat leaves the format of one of several inputs as it is given.
func TestSharedInputFormat(t *testing.T) {
	o := mixedOptions()
	given := compiler.InputFormat{Bits: 5, Zero: 1, Scale: 0.125}
	o.Inputs = map[string]compiler.InputFormat{"features": given}
	o.Target = compiler.Target{Top1: 0.5, Error: 50}
	given.Name = "features"
	if f := mustCompile(t, mixed(), o).Formats.Inputs; !reflect.DeepEqual(f[0], given) {
		t.Errorf("%+v, given %+v", f, given)
	}
	for name, f := range map[string]compiler.InputFormat{
		"unread": given, "ids": {Bits: 7, Zero: 20, Scale: 0.5}, "features": {Bits: 40, Scale: 1},
	} {
		o.Inputs = map[string]compiler.InputFormat{name: f}
		if _, err := compiler.Compile(mixed(), o); err == nil {
			t.Errorf("%s: the format %+v was taken", name, f)
		}
	}
	o.Inputs = map[string]compiler.InputFormat{"ids": {Bits: 4, Zero: 0, Scale: 1}}
	if _, err := compiler.Compile(mixed(), o); err == nil ||
		!strings.Contains(err.Error(), "outside the range of its format, 0 to 15") {
		t.Errorf("samples beyond a given format: %v", err)
	}
}

// TestFormatsOfInputs refuses formats that are not those of the model's inputs.
func TestFormatsOfInputs(t *testing.T) {
	one, two := &compiler.InputFormat{Bits: 8, Scale: 1}, []compiler.InputFormat{
		{Name: "features", Bits: 8, Scale: 1. / 255}, {Name: "ids", Bits: 7, Zero: 20, Scale: 1},
	}
	chosen := mustCompile(t, mixed(), mixedOptions()).Formats
	renamed := slices.Clone(two)
	renamed[1].Name = "Ids"
	scaled := slices.Clone(two)
	scaled[1].Scale = 2
	swapped := slices.Clone(two)
	slices.Reverse(swapped)
	for name, f := range map[string]compiler.Formats{
		"neither": {}, "only input": {Input: one}, "both": {Input: one, Inputs: two}, "too few": {Inputs: two[:1]},
		"another case": {Inputs: renamed}, "integers with a scale": {Inputs: scaled},
		"another order": {Inputs: swapped},
	} {
		f.Steps = chosen.Steps
		o := mixedOptions()
		o.Formats = &f
		if _, err := compiler.Compile(mixed(), o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	o := mixedOptions()
	o.Formats = &compiler.Formats{Inputs: two, Steps: chosen.Steps}
	mustCompile(t, mixed(), o)
	o.Formats = &compiler.Formats{Inputs: two, Steps: slices.Clone(chosen.Steps)}
	o.Formats.Steps[1].Node = "of another model (Gemm)"
	want := fmt.Sprintf(`step 1: the formats are of the node "of another model (Gemm)", the model has %q there`,
		chosen.Steps[1].Node)
	if _, err := compiler.Compile(mixed(), o); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("formats of other nodes: %v, want %q", err, want)
	}
	o.Formats.Steps[1].Node = "" // of any
	mustCompile(t, mixed(), o)
	single := compiler.Options{Reveal: visibility.Scores}
	for _, f := range []compiler.Formats{{Inputs: []compiler.InputFormat{*one}}, {Input: &two[0]}} {
		f.Steps = make([]compiler.StepFormat, 1)
		single.Formats = &f
		if _, err := compiler.Compile(reluGraph(sizes(1, 3)...), single); err == nil {
			t.Errorf("formats of one input: %+v accepted", f)
		}
	}
}

// reveals makes options of pairs of an output and a word.
func reveals(pairs ...string) map[string]visibility.Reveal {
	out := map[string]visibility.Reveal{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = visibility.Reveal(pairs[i+1])
	}
	return out
}

// odd is a graph of an input x, what depends on it, y, and what does not, z.
func odd(edit func(n *network)) *graph.Graph {
	n := newNetwork(sizes(1, 3)...)
	n.node("Relu", "y", nil, "x")
	n.constant("c", graph.Float32, []int{1}, 1)
	n.node("Relu", "z", nil, "c")
	edit(n)
	return &n.Graph
}

// TestOutputs says which outputs can be proved, and why others cannot.
func TestOutputs(t *testing.T) {
	cases := []struct {
		name  string
		g     *graph.Graph
		o     compiler.Options
		names []string
		err   string
	}{
		{"all", twoOutputs(), compiler.Options{}, []string{"y", "z"}, ""},
		{"the model's order", twoOutputs(), compiler.Options{Model: compiler.ModelOptions{Outputs: []string{"z", "y"}}},
			[]string{"y", "z"}, ""},
		{"one is none", twoOutputs(), compiler.Options{Reveals: reveals("y", "none")}, []string{"z"}, ""},
		{"none but one", twoOutputs(), compiler.Options{Reveal: visibility.None, Reveals: reveals("z", "class")},
			[]string{"z"}, ""},
		{"all none", twoOutputs(), compiler.Options{Reveal: visibility.None}, nil, "nothing to prove"},
		{"reveal of nobody", twoOutputs(), compiler.Options{Reveals: reveals("q", "class")}, nil,
			`the model's outputs are ["y" "z"]`},
		{"reveal of one that is not chosen", twoOutputs(), compiler.Options{
			Model: compiler.ModelOptions{Outputs: []string{"z"}}, Reveals: reveals("y", "class"),
		}, nil, "not among those that are chosen"},
		{"constant beside another", odd(func(n *network) { n.outputs("y", "z") }), compiler.Options{},
			[]string{"y", "z"}, ""},
		{"constant left out", odd(func(n *network) { n.outputs("y", "z") }),
			compiler.Options{Reveals: reveals("z", "none")}, []string{"y"}, ""},
		{"an input", odd(func(n *network) { n.outputs("y", "x") }), compiler.Options{},
			[]string{"y", "x"}, ""},
		{"no elements", odd(func(n *network) { n.outputs("y", n.constant("e", graph.Float32, []int{0})) }),
			compiler.Options{}, nil, "output e: its shape is [0]: it has no elements; leave it out with"},
		{"no number", odd(func(n *network) {
			n.constant("0", graph.Float32, []int{1}, 0)
			n.outputs("y", n.node("Log", "l", nil, "0"))
		}), compiler.Options{}, nil, "output l: it is a constant that holds NaN or an infinity; leave it out with"},
		{"twice", odd(func(n *network) { n.outputs("y", "y") }), compiler.Options{}, nil, "twice"},
		{"texts", odd(func(n *network) { n.outputs("y"); n.Outputs[0].DType = "string" }), compiler.Options{}, nil,
			"output y: the file declares the type string, and its nodes compute float"},
		{"nobody's", odd(func(n *network) { n.outputs("y", "q") }), compiler.Options{}, nil, "no node produces it"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.o.Reveal == "" {
				c.o.Reveal = visibility.Scores
			}
			r, err := compiler.Compile(c.g, c.o)
			if refused(t, err, c.err) {
				return
			}
			var names []string
			for _, out := range r.Statement.Layout.Outputs() {
				names = append(names, out.Name)
			}
			if !slices.Equal(names, c.names) {
				t.Errorf("outputs %q, want %q", names, c.names)
			}
		})
	}
}

// TestOutputInside proves an inner value beside what is made of it, and one value under
// two names.
func TestOutputInside(t *testing.T) {
	n := newNetwork(sizes(1, 6)...)
	n.constant("shape", graph.Int64, []int{2}, 2, 3)
	n.node("Relu", "inner", nil, "x")
	n.node("Reshape", "folded", nil, "inner", "shape")
	n.node("Identity", "same", nil, "inner")
	n.node("Softmax", "probabilities", nil, "folded")
	r := mustCompile(t, n.outputs("inner", "folded", "same", "probabilities"), compiler.Options{
		Reveal: visibility.Scores, Reveals: map[string]visibility.Reveal{"probabilities": visibility.Class},
	})
	shapes := [][]int{{1, 6}, {2, 3}, {1, 6}, {2}}
	for k, out := range r.Statement.Layout.Outputs() {
		if !slices.Equal(out.Shape, shapes[k]) {
			t.Errorf("%s has shape %v, want %v", out.Name, out.Shape, shapes[k])
		}
	}
	subject := circuittest.Compile(t, r.Statement)
	input := []int64{3, 1, 2, 0, 200, 100}
	out := r.Program.Eval(input)
	if !slices.Equal(out[3], []int64{0, 1}) {
		t.Errorf("classes %v", out[3])
	}
	subject.Accepts(input, slices.Concat(out...))
}
