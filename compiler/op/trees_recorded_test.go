package op_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// recorded is an ensemble with what onnxruntime computes of some rows.
type recorded struct {
	Op         string
	Opset      int
	Type       graph.DType
	Attributes map[string]json.RawMessage
	Rows       [][]float64
	Outputs    [][]float64
}

// TestTreesRecorded computes ensembles of trees that testdata/trees.py made.
func TestTreesRecorded(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "trees.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []recorded
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for i, r := range all {
		attrs := map[string]graph.Attr{}
		for name, raw := range r.Attributes {
			attrs[name] = attribute(t, name, raw)
		}
		rows := len(r.Rows)
		in := Var(rows, len(r.Rows[0])).As(r.Type).With(slices.Concat(r.Rows...)...).In(-2, 3)
		for k, want := range r.Outputs {
			c := Case{
				Op: r.Op, Name: fmt.Sprint(i), Domain: "ai.onnx.ml", Opset: r.Opset, Attrs: attrs, In: []Input{in},
				Outputs: len(r.Outputs), Reads: k, Shape: []int{rows, len(want) / rows}, Want: want,
			}
			if len(r.Outputs) == 2 && k == 0 {
				c.Shape = []int{rows}
			}
			t.Run(fmt.Sprintf("%s/%d", c.Title(), k), func(t *testing.T) { Run(t, c) })
		}
	}
}

// attribute reads a number, a word, a list of either or a tensor.
func attribute(t *testing.T, name string, raw json.RawMessage) graph.Attr {
	t.Helper()
	var a struct {
		Type    graph.DType
		Numbers []string
	}
	real := strings.HasSuffix(name, "values") || strings.HasSuffix(name, "weights")
	for _, to := range []any{&a, new(int), new(string), new([]string), new([]float64)} {
		if json.Unmarshal(raw, to) != nil {
			continue
		}
		switch v := to.(type) {
		case *int:
			return graph.Attr{Int: int64(*v)}
		case *string:
			return graph.Attr{String: *v}
		case *[]string:
			return graph.Attr{Strings: *v}
		case *[]float64:
			return list(*v, real)
		}
		out := graph.Attr{Tensor: &graph.Const{DType: a.Type, Float: tensor.New[float64](len(a.Numbers))}}
		for i, text := range a.Numbers {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			out.Tensor.Data[i] = x
		}
		return out
	}
	t.Fatalf("attribute %s is %s", name, raw)
	return graph.Attr{}
}

// list is a list of floats or of integers.
func list(values []float64, real bool) graph.Attr {
	var a graph.Attr
	for _, v := range values {
		if real {
			a.Floats = append(a.Floats, float64(float32(v)))
		} else {
			a.Ints = append(a.Ints, int64(v))
		}
	}
	return a
}
