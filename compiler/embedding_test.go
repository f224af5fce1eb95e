package compiler_test

import (
	"reflect"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/visibility"
)

// embedding picks rows of a table of a hundred by an input of eight integers.
func embedding(weight func(i int) float64) *graph.Graph {
	n := newNetwork(sizes(8)...)
	n.Inputs[0].DType = graph.Int64
	table := make([]float64, 100*4)
	for i := range table {
		table[i] = weight(i)
	}
	return n.outputs(n.node("Gather", "y", nil, n.constant("table", graph.Float32, []int{100, 4}, table...), "x"))
}

// embeddingSamples show all integers.
var embeddingSamples = []compiler.Sample{{{0, 99, 1, 2, 3, 50, 98, 7}}}

// TestEmbeddingIsLookedUp looks the rows of a public model up, exactly where the integers have more
// bits than a function's argument.
func TestEmbeddingIsLookedUp(t *testing.T) {
	weight := func(i int) float64 { return float64(i*37%101)/50 - 1 }
	r, err := compiler.Compile(embedding(weight), compiler.Options{
		Reveal: visibility.Scores, Samples: embeddingSamples, Target: compiler.Target{Bits: 8},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Program.Tables(); !reflect.DeepEqual(got, []int{400}) {
		t.Errorf("tables of %v entries, want one of 400", got)
	}
	scale := r.Program.Values[r.Program.Outputs[0]].Scale
	for first := int64(0); first < 100; first += 8 {
		var in []int64
		for k := range int64(8) {
			in = append(in, min(first+k, 99))
		}
		for i, y := range r.Program.Eval(in)[0] {
			if want := weight(int(in[i/4])*4 + i%4); max(want-float64(y)*scale, float64(y)*scale-want) > 0.01 {
				t.Errorf("element %d of row %d is %g, want %g", i%4, in[i/4], float64(y)*scale, want)
			}
		}
	}
}

// TestPrivateEmbeddingIsChosen has the rows of a private model chosen by bits: a table would show which
// of its elements are equal.
func TestPrivateEmbeddingIsChosen(t *testing.T) {
	options := compiler.Options{Private: visibility.Private{Model: true}, Reveal: visibility.Scores,
		Samples: embeddingSamples, Target: compiler.Target{Bits: 6}}
	template, err := compiler.Compile(embedding(func(int) float64 { return 1 }), options)
	if err != nil {
		t.Fatal(err)
	}
	if got := template.Program.Tables(); len(got) > 0 {
		t.Errorf("tables of %v entries, want none", got)
	}
	options.Formats = template.Formats
	other, err := compiler.Compile(embedding(func(i int) float64 { return float64(i%2) - 0.5 }), options)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := key(t, template), key(t, other); !reflect.DeepEqual(a.same, b.same) {
		t.Error("the keys differ in more than the selectors of weights")
	}
}
