package compiler_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// TestUnreadInput leaves out of the model what the proved output does not read: the
// circuit is that of the file without it.
func TestUnreadInput(t *testing.T) {
	dir := os.Getenv("ZKML_SHARED")
	if dir == "" {
		dir = "../../shared/data"
	}
	dir = filepath.Join(dir, "faults", "quality", "unreachable-input")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the shared models are not here")
	}
	rows := func(file string, outputs ...string) int {
		g, _, err := onnx.Load(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		r := mustCompile(t, g, compiler.Options{Model: compiler.ModelOptions{Outputs: outputs},
			Reveal: visibility.Scores})
		return r.Cost.Rows()
	}
	if got, want := rows("godot.onnx", "output"), rows("stripped.onnx"); got != want || want != 1152 {
		t.Errorf("%d rows with an input that is not read, %d without it", got, want)
	}
}

// TestInputOfShapeOnly leaves out an input of which only the shape is read, where that
// follows from the file and from the inputs that are read: a layout gives its model again.
func TestInputOfShapeOnly(t *testing.T) {
	rows, three := graph.Dim{Name: "rows"}, graph.Dim{Size: 3}
	for _, c := range []struct {
		name   string
		x      []graph.Dim
		like   []graph.Dim
		shapes map[string][]int
		inputs int
	}{
		{"the file says it", sizes(6), sizes(2, 3), nil, 1},
		{"given, and the file says it", sizes(6), sizes(2, 3), map[string][]int{"like": {2, 3}}, 1},
		{"an input that is read says it", []graph.Dim{rows, {Size: 1}, three}, []graph.Dim{rows, three},
			map[string][]int{"x": {2, 1, 3}, "like": {2, 3}}, 1},
		{"given only", sizes(6), []graph.Dim{rows, three}, map[string][]int{"like": {2, 3}}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNetwork(c.x...)
			n.Inputs = append(n.Inputs, graph.Value{Name: "like", DType: graph.Float32, Dims: c.like})
			n.node("Relu", "computed", nil, "like")
			n.node("Shape", "s", nil, "computed")
			n.node("Reshape", "folded", nil, "x", "s")
			n.node("Sigmoid", "y", nil, "folded")
			g := n.outputs("y")
			r := mustCompile(t, g, compiler.Options{Reveal: visibility.Scores,
				Model: compiler.ModelOptions{Shapes: c.shapes}})
			l := r.Statement.Layout
			if len(l.Inputs()) != c.inputs || !slices.Equal(l.Outputs()[0].Shape, []int{2, 3}) {
				t.Errorf("%d inputs, output %v", len(l.Inputs()), l.Outputs()[0].Shape)
			}
			again := compiler.Options{Formats: r.Formats}
			again.Follow(l)
			if other := mustCompile(t, g, again); !reflect.DeepEqual(other.Statement.Layout, l) {
				t.Errorf("following the layout gives\n%+v\nwant\n%+v", other.Statement.Layout, l)
			}
			circuittest.Compile(t, r.Statement)
		})
	}
}

// TestManyOutputs refuses more outputs than a layout holds before any work.
func TestManyOutputs(t *testing.T) {
	n := newNetwork(sizes(3)...)
	for i := range visibility.MaxPorts + 1 {
		name := fmt.Sprint("y", i)
		n.node("NoSuchOperator", name, nil, "x")
		n.outputs(name)
	}
	_, err := compiler.NewModel(&n.Graph, compiler.ModelOptions{})
	if err == nil || !strings.Contains(err.Error(), "the model has 65 outputs") {
		t.Errorf("%v", err)
	}
}

// TestManyInputs refuses more inputs than a layout holds before any work, where the outputs
// depend on them.
func TestManyInputs(t *testing.T) {
	n := newNetwork(sizes(3)...)
	sum := "x"
	for i := range visibility.MaxPorts {
		name, next := fmt.Sprint("x", i), fmt.Sprint("s", i)
		n.Inputs = append(n.Inputs, graph.Value{Name: name, DType: graph.Float32, Dims: sizes(3)})
		n.node("Add", next, nil, sum, name)
		sum = next
	}
	if _, err := compiler.NewModel(n.outputs("s1"), compiler.ModelOptions{}); err != nil {
		t.Errorf("what an output does not read counts: %v", err)
	}
	n.Outputs = nil
	_, err := compiler.NewModel(n.outputs(sum), compiler.ModelOptions{})
	if err == nil || !strings.Contains(err.Error(), "the outputs are 1, and depend on 65 inputs") {
		t.Errorf("%v", err)
	}
	_, err = compiler.NewModel(&n.Graph, compiler.ModelOptions{Shapes: map[string][]int{"none": {1}}})
	if err == nil || !strings.Contains(err.Error(), "and 55 more") {
		t.Errorf("%v", err)
	}
}

// TestShapesOfSeveralInputs gives one size to one symbolic name, in whichever inputs it
// stands.
func TestShapesOfSeveralInputs(t *testing.T) {
	dim := func(text string) graph.Dim { return graph.Dim{Name: text} }
	three := graph.Dim{Size: 3}
	given := func(pairs map[string][]int) map[string][]int { return pairs }
	cases := []struct {
		name   string
		x, w   []graph.Dim
		shapes map[string][]int
		want   []int // of w
		err    string
	}{
		{"batches", []graph.Dim{dim("batch"), three}, []graph.Dim{dim("batch"), three}, nil, []int{1, 3}, ""},
		{"one gives the other", []graph.Dim{dim("a"), dim("b")}, []graph.Dim{dim("a"), dim("b")},
			given(map[string][]int{"x": {2, 5}}), []int{2, 5}, ""},
		{"batch of rank 1", []graph.Dim{dim("batch"), {Size: 1}}, []graph.Dim{dim("batch")}, nil, []int{1}, ""},
		{"a batch that stands inside too", []graph.Dim{dim("n"), three}, []graph.Dim{{Size: 1}, dim("n")}, nil, nil,
			`size 0 is "n", not a number`},
		{"they differ", []graph.Dim{dim("a"), three}, []graph.Dim{dim("a"), three},
			given(map[string][]int{"x": {2, 3}, "w": {1, 3}}), nil, `its name "a" is`},
		{"no name is none", []graph.Dim{dim("?"), three}, []graph.Dim{dim("?"), three},
			given(map[string][]int{"x": {2, 3}}), []int{1, 3}, ""},
		{"any rank", []graph.Dim{dim(graph.OpenRank)}, []graph.Dim{three}, given(map[string][]int{"x": {2, 3}}),
			[]int{3}, ""},
		{"an input that is not there", []graph.Dim{three}, []graph.Dim{three}, given(map[string][]int{"q": {3}}), nil,
			`the model's inputs are ["x" "w"]`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n := newNetwork(c.x...)
			n.Inputs = append(n.Inputs, graph.Value{Name: "w", DType: graph.Float32, Dims: c.w})
			n.node("Add", "y", nil, "x", "w")
			m, err := compiler.NewModel(n.outputs("y"), compiler.ModelOptions{Shapes: c.shapes})
			if refused(t, err, c.err) {
				return
			}
			if !slices.Equal(m.Inputs[1].Shape, c.want) {
				t.Errorf("shape %v, want %v", m.Inputs[1].Shape, c.want)
			}
		})
	}
}

// difference subtracts two inputs of a type, as real numbers.
func difference(d graph.DType) *graph.Graph {
	n := newNetwork(sizes(3)...)
	n.Inputs[0].DType = d
	n.Inputs = append(n.Inputs, graph.Value{Name: "w", DType: d, Dims: sizes(3)})
	float := map[string]graph.Attr{"to": {Int: 1}}
	n.node("Cast", "a", float, "x")
	n.node("Cast", "b", float, "w")
	n.node("Sub", "y", nil, "a", "b")
	return n.outputs("y")
}

// TestIntegerInputs: an integer input is exact within its range, which its type declares
// or the samples show, all of them; what is outside is refused.
func TestIntegerInputs(t *testing.T) {
	sample := func(x ...float64) compiler.Sample { return compiler.Sample{x, {1, 2, 3}} }
	many := make([]compiler.Sample, 1200)
	for i := range many {
		many[i] = sample(0, 1, 2)
	}
	many[1199] = sample(-7, 0, 123456) // ranges of real values are taken from the first 1,000
	for _, c := range []struct {
		name    string
		d       graph.DType
		samples []compiler.Sample
		format  compiler.InputFormat
		err     string
	}{
		{"int64", graph.Int64, many, compiler.InputFormat{Name: "x", Bits: 17, Zero: 7, Scale: 1}, ""},
		{"uint16", graph.Uint16, []compiler.Sample{sample(5, 9, 1)},
			compiler.InputFormat{Name: "x", Bits: 4, Scale: 1}, ""},
		{"int8", graph.Int8, []compiler.Sample{sample(5, 9, 1)},
			compiler.InputFormat{Name: "x", Bits: 8, Zero: 128, Scale: 1}, ""},
		{"uint8", graph.Uint8, nil, compiler.InputFormat{Name: "x", Bits: 8, Scale: 1}, ""},
		{"made up", graph.Int64, nil, compiler.InputFormat{Name: "x", Bits: 1, Scale: 1}, ""},
		{"fraction", graph.Int64, []compiler.Sample{sample(5, 0.5, 1)}, compiler.InputFormat{},
			`sample 0: element 1 of input "x" is no integer`},
		{"33 bits", graph.Int64, []compiler.Sample{sample(5, 1<<33, 1)}, compiler.InputFormat{},
			`element 1 of input "x" is no integer of at most 32 bits`},
		{"too wide", graph.Int64, []compiler.Sample{sample(-1<<31, 1<<32-1, 1)}, compiler.InputFormat{},
			`input "x": its integers reach from`},
		{"beyond its type", graph.Int8, []compiler.Sample{sample(5, 200, 1)}, compiler.InputFormat{},
			"outside the range of its format, -128 to 127"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := compiler.Compile(difference(c.d), compiler.Options{Reveal: visibility.Scores, Samples: c.samples})
			if refused(t, err, c.err) {
				return
			}
			if !reflect.DeepEqual(r.Formats.Inputs[0], c.format) || r.Report.MaxAbsError != 0 {
				t.Errorf("format %+v with the largest error %g", r.Formats.Inputs[0], r.Report.MaxAbsError)
			}
			in := r.Statement.Layout.Inputs()[0]
			far := []float64{float64(in.Highest()) + 1, 0, 0}
			if _, err := in.Encode(far); in.Type != visibility.Integer || err == nil {
				t.Errorf("type %q; a value beyond the range: %v", in.Type, err)
			}
		})
	}
}

// TestBooleanInput has one bit and no other value.
func TestBooleanInput(t *testing.T) {
	n := newNetwork(sizes(1, 4)...)
	n.Inputs = append(n.Inputs, graph.Value{Name: "mask", DType: graph.Bool, Dims: sizes(1, 4)})
	n.node("Cast", "open", map[string]graph.Attr{"to": {Int: 1}}, "mask")
	n.node("Mul", "y", nil, "x", "open")
	r := mustCompile(t, n.outputs("y"), compiler.Options{Reveal: visibility.Scores})
	in := r.Statement.Layout.Input("mask")
	if in.Type != visibility.Boolean || in.Bits != 1 || in.Scale != 1 || in.Zero != 0 {
		t.Errorf("%+v", in.Tensor)
	}
	x, err := r.Statement.Layout.Inputs()[0].Encode([]float64{0.1, 0.2, 0.3, 0.4})
	if err != nil {
		t.Fatal(err)
	}
	got := r.Program.Eval(x, []int64{1, 0, 0, 1})[0]
	if got[1] != 0 || got[2] != 0 || got[0] <= 0 || got[3] <= got[0] {
		t.Errorf("masked: %v", got)
	}
	if _, err := in.Encode([]float64{1, 0, 2, 1}); err == nil {
		t.Error("2 is taken for a boolean")
	}
}

// TestTargetsOfSeveralOutputs reads targets, and wants one that says something of each
// output.
func TestTargetsOfSeveralOutputs(t *testing.T) {
	for text, want := range map[string]compiler.Target{
		"top1=99%,error=0.5": {Top1: 0.99, Error: 0.5}, "error=2, top1=0.5": {Top1: 0.5, Error: 2},
		"top1=99%,top1=98%": {}, "bits=8,error=1": {}, "error=1,bits=8": {}, "top1=99%,": {},
	} {
		got, err := compiler.ParseTarget(text)
		if got != want || (err == nil) != (want != compiler.Target{}) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
		if again, _ := compiler.ParseTarget(got.String()); err == nil && again != got {
			t.Errorf("%s is written as %s", text, got)
		}
	}
	n := newNetwork(sizes(1, 3)...)
	n.constant("sum", graph.Float32, []int{3, 1}, 1, 1, 1)
	n.node("Relu", "classes", nil, "x")
	n.node("MatMul", "score", nil, "x", "sum")
	g := n.outputs("classes", "score")
	o := compiler.Options{Reveal: visibility.Scores, Target: compiler.Target{Top1: 0.9}}
	if _, err := compiler.Compile(g, o); err == nil ||
		!strings.Contains(err.Error(), `the output "score" has one element: give top1=90%,error=0.01`) {
		t.Errorf("%v", err)
	}
	o.Target.Error = 0.1
	if r := mustCompile(t, g, o); !o.Target.Met(r.Report) {
		t.Errorf("%+v", r.Report)
	}
	o = compiler.Options{Reveal: visibility.Scores, Reveals: map[string]visibility.Reveal{"score": visibility.Class}}
	if _, err := compiler.Compile(g, o); err == nil ||
		!strings.Contains(err.Error(), `output score: its class is asked for, and it is a single score`) {
		t.Errorf("%v", err)
	}
}
