package zkml_test

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/onnxtest"
)

// TestRunOnInfinity shows what the float model makes of −0, for which JSON has no number.
func TestRunOnInfinity(t *testing.T) {
	inverse := onnxtest.Encode(&graph.Graph{
		Inputs:  []graph.Value{{Name: "x", DType: graph.Float32, Dims: []graph.Dim{{Size: 3}}}},
		Outputs: []graph.Value{{Name: "y", DType: graph.Float32, Dims: []graph.Dim{{Size: 3}}}},
		Nodes: []*graph.Node{{
			Op: "Reciprocal", Opset: onnxtest.Opset, Inputs: []string{"x"}, Outputs: []string{"y"},
		}},
	}, onnxtest.Opset)
	m, err := zkml.DecodeModel("inverse", inverse)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "inverse"+artifact.Suffix)
	o := zkml.CompileOptions{Samples: []zkml.Sample{{{0.5, 1, 2}}}, Setup: zkml.Setup{UnsafeSRS: true}}
	compiled, err := zkml.Compile(t.Context(), m, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	b, err := artifact.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err := zkml.Run(b, zkml.Sample{{math.Copysign(0, -1), 1, 0.5}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r)
	if want := `"float":{"scores":["-Inf",1,2]}`; err != nil || !strings.Contains(string(text), want) {
		t.Errorf("%s, %v; want %s", text, err, want)
	}
	infinite := zkml.Sample{{0, 1, 2}}
	evaluated, err := zkml.Evaluate(t.Context(), b, []zkml.Sample{infinite}, zkml.EvaluateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	o.Samples, o.Formats = append(o.Samples, infinite), compiled.Formats
	estimated, err := zkml.Estimate(t.Context(), m, zkml.EstimateOptions{Compile: o})
	if err != nil {
		t.Fatal(err)
	}
	if compiled, err = zkml.Compile(t.Context(), m, dir, o); err != nil {
		t.Fatal(err)
	}
	for _, result := range []any{evaluated, estimated, compiled, estimated.Agreement} {
		text, err := json.Marshal(result)
		if want := `"max_abs_error":"Inf"`; err != nil || strings.Count(string(text), want) != 2 {
			t.Errorf("%s, %v; want %s of the whole and of the output", text, err, want)
		}
	}
	text, err = json.Marshal(zkml.Reals{math.NaN(), math.Inf(1), 1e-300})
	if want := `["NaN","Inf",1e-300]`; err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
}

// TestReal reads back what is written, and nothing else.
func TestReal(t *testing.T) {
	for _, v := range []float64{0, -1.5, 1e300, math.Inf(1), math.Inf(-1)} {
		text, err := json.Marshal(zkml.Real(v))
		if err != nil {
			t.Fatal(err)
		}
		var back zkml.Real
		if err := json.Unmarshal(text, &back); err != nil || float64(back) != v {
			t.Errorf("%s is read as %g, %v", text, float64(back), err)
		}
	}
	for _, text := range []string{`"1"`, `"infinity"`, `"inf"`, `[]`, `""`} {
		if err := json.Unmarshal([]byte(text), new(zkml.Real)); err == nil {
			t.Errorf("%s is a number", text)
		}
	}
}
