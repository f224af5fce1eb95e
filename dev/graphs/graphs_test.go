package main

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/onnxtest"
)

// chain is a graph that applies operators one after the other to three numbers.
func chain(ops ...string) []byte {
	port := func(name string) graph.Value {
		return graph.Value{Name: name, DType: graph.Float32, Dims: []graph.Dim{{Size: 3}}}
	}
	g, last := &graph.Graph{Inputs: []graph.Value{port("x")}}, "x"
	for _, op := range ops {
		g.Nodes = append(g.Nodes, &graph.Node{Name: op, Op: op, Inputs: []string{last}, Outputs: []string{"of " + op}})
		last = "of " + op
	}
	g.Outputs = []graph.Value{port(last)}
	return onnxtest.Encode(g, 17)
}

// holdOne holds one graph against the answers to two samples.
func holdOne(t *testing.T, model []byte, x, y [2][]float64) (verdict, *tally) {
	t.Helper()
	samples, err := json.Marshal([]sample{
		{Inputs: [][]float64{x[0]}, Outputs: [][]float64{y[0]}},
		{Inputs: [][]float64{x[1]}, Outputs: [][]float64{y[1]}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got verdict
	folder := fstest.MapFS{"7.onnx": {Data: model}, "7.json": {Data: samples}}
	counts, err := holdAll(folder, func(v verdict) { got = v })
	if err != nil {
		t.Fatal(err)
	}
	return got, counts
}

// TestClasses holds small graphs against answers, right ones and planted ones.
func TestClasses(t *testing.T) {
	x := [2][]float64{{-1, 0.5, 2}, {3, -7, 1}}
	near := [2][]float64{{1.00001, 0.5, 2.3}, {3.2, -7.3, 1.3}} // less than 1 to integers of 12 bits
	jump := [2][]float64{{0.9999999, 0.5, 2}, {3.2, -7.3, 1.3}}
	tests := []struct {
		name  string
		model []byte
		x, y  [2][]float64
		want  class
		says  string
	}{
		{"right", chain("Relu"), x, [2][]float64{{0, 0.5, 2}, {3, 0, 1}}, same, ""},
		{"planted", chain("Relu"), x, [2][]float64{{0, 0.5, 2}, {3, 0.1, 1}}, differs,
			"sample 1, output 0, element 1: 0, not 0.1"},
		{"planted after a jump", chain("Floor"), x, [2][]float64{{-1, 0, 2}, {3, -7, 2}}, differs,
			"element 2: 1, not 2"},
		{"of another size", chain("Relu"), x, [2][]float64{{0, 0.5, 2}, {3, 0}}, differs, "3 elements, not 2"},
		{"rounded", chain("Floor"), near, [2][]float64{{1, 0, 2}, {3, -8, 1}}, rounded, "element 0: 0, not 1"},
		{"at an edge", chain("Floor"), jump, [2][]float64{{1, 0, 2}, {3, -8, 1}}, edge, "element 0: 0, not 1"},
		{"refused", chain("Unique"), x, x, refused, "Unique"},
		{"no model", []byte("no model"), x, x, refused, "not ONNX"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, counts := holdOne(t, test.model, test.x, test.y)
			if got.class != test.want || got.name != "7" || !strings.Contains(got.what, test.says) {
				t.Errorf("%v", got)
			}
			if counts.of[test.want] != 1 || counts.graphs != 1 || (counts.faults() == 1) != test.want.fault() {
				t.Errorf("counted as %v", counts)
			}
		})
	}
}

// TestPanic checks that a panic is told, and does not end the rest.
func TestPanic(t *testing.T) {
	c := &held{name: "7", graph: &graph.Graph{Nodes: []*graph.Node{nil}}, samples: []sample{{}}}
	if v := c.hold(); v.class != broken || !strings.Contains(v.what, "nil pointer") {
		t.Errorf("%v", v)
	}
}

// TestBeyond plants integers that are farther from the float model than rounding leads, and a
// compilation that says too little of them.
func TestBeyond(t *testing.T) {
	reach := func(share float64) span { return span{[]float64{1 - share, 2}, []float64{1 + share, 2}} }
	tests := []struct {
		name   string
		got    []float64
		stated compiler.OutputReport
		want   class
		says   string
	}{
		{"near", []float64{1.01, 2}, compiler.OutputReport{MaxAbsError: 0.01}, same, ""},
		{"near, and not stated", []float64{1.01, 2}, compiler.OutputReport{MaxAbsError: 0.005}, same, "at most 0.005"},
		{"far", []float64{1.03, 2}, compiler.OutputReport{MaxAbsError: 0.03}, beyond, ""},
		{"no number", []float64{1, 2 / zero}, compiler.OutputReport{MaxAbsError: 1}, beyond, "an error of +Inf"},
		{"another class", []float64{1, 5}, compiler.OutputReport{Classes: true}, beyond, ""},
		{"another class, not stated", []float64{1, 5}, compiler.OutputReport{Classes: true, Top1: 1}, beyond,
			"1 of 1 samples have another class"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			numbers := [][]float64{{1, 2}}
			a := &answer{want: numbers, float: numbers, got: [][]float64{test.got}, stated: test.stated}
			if got, what := a.compare(0, reach); got != test.want {
				t.Errorf("%v: %s", got, what)
			}
			if what := a.unstated(); (what == "") != (test.says == "") || !strings.Contains(what, test.says) {
				t.Errorf("stated: %q", what)
			}
		})
	}
}

var zero float64

// TestTally checks what the report of a release reads.
func TestTally(t *testing.T) {
	counts := &tally{}
	for _, c := range []class{same, same, edge, broken} {
		counts.add(verdict{class: c})
	}
	for _, want := range []string{
		"graphs: 4\n", "graphs as onnxruntime: 2\n", "graphs at an edge: 1\n", "graphs BROKEN: 1\n",
	} {
		if !strings.Contains(counts.String(), want) {
			t.Errorf("%q is not in\n%v", want, counts)
		}
	}
	if _, err := holdAll(fstest.MapFS{}, nil); err == nil {
		t.Error("an empty folder: no error")
	}
}
