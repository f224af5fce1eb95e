package compiler_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/visibility"
)

// classicalRecord is what onnxruntime computes of some inputs, by name: a row for each.
type classicalRecord struct {
	Inputs, Outputs map[string][][]value
}

// value is a number, or a text.
type value struct {
	number float64
	text   *string
}

// UnmarshalJSON implements json.Unmarshaler.
func (v *value) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &v.text)
	}
	return json.Unmarshal(data, &v.number)
}

// numbers are the numbers of rows, or those that stand for their texts.
func numbers(t *testing.T, port compiler.Port, rows [][]value) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		for _, v := range row {
			if v.text != nil {
				number, ok := port.Number(*v.text)
				if !ok {
					t.Fatalf("%s does not know the text %q", port.Name, *v.text)
				}
				v.number = float64(number)
			}
			out[i] = append(out[i], v.number)
		}
	}
	return out
}

// numberRecord is a record in numbers.
type numberRecord struct{ inputs, outputs map[string][][]float64 }

// TestClassicalModels compares models of scikit-learn, and pipelines of them, with
// onnxruntime: the float model, its lowered program, and its integers. testdata/classical/train.py
// records.
func TestClassicalModels(t *testing.T) {
	data, err := os.ReadFile("testdata/classical/records.json")
	if err != nil {
		t.Fatal(err)
	}
	records := map[string]classicalRecord{}
	if err := json.Unmarshal(data, &records); err != nil {
		t.Fatal(err)
	}
	for name, record := range records {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata/classical", name)
			if real, ok := strings.CutPrefix(name, "shared/"); ok {
				path = shared("models/" + real)
				if _, err := os.Stat(path); err != nil {
					t.Skip("the model is not here")
				}
			}
			record.compare(t, path)
		})
	}
}

func (r classicalRecord) compare(t *testing.T, path string) {
	g, _, err := onnx.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	o := compiler.ModelOptions{Shapes: map[string][]int{}}
	for _, in := range g.Inputs {
		if len(in.Dims) == 2 && in.Dims[1].Size == 0 { // the file does not say how many features there are
			o.Shapes[in.Name] = []int{1, len(r.Inputs[in.Name][0])}
		}
	}
	for _, out := range g.Outputs {
		if _, ok := r.Outputs[out.Name]; ok {
			o.Outputs = append(o.Outputs, out.Name)
		}
	}
	m, err := compiler.NewModel(g, o)
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Lower()
	if err == nil {
		err = compiler.Optimise(p)
	}
	if err != nil {
		t.Fatal(err)
	}
	of := numberRecord{map[string][][]float64{}, map[string][][]float64{}}
	for _, in := range m.Inputs {
		of.inputs[in.Name] = numbers(t, in, r.Inputs[in.Name])
	}
	for _, out := range m.Outputs {
		of.outputs[out.Name] = numbers(t, out, r.Outputs[out.Name])
	}
	of.floats(t, m, p)
	of.integers(t, g, o)
}

// floats compares the float model, and what it is lowered to.
func (r numberRecord) floats(t *testing.T, m *compiler.Model, p *ir.Program) {
	for i := range r.inputs[m.Inputs[0].Name] {
		sample := compiler.Sample{}
		for _, in := range m.Inputs {
			sample = append(sample, r.inputs[in.Name][i])
		}
		got, err := m.Run(sample)
		if err != nil {
			t.Fatal(err)
		}
		values := p.Run(sample...)
		for k, out := range m.Outputs {
			want := r.outputs[out.Name][i]
			if !agree(out.DType, got[k], want, 2e-5) {
				t.Errorf("row %d: %s is %v, onnxruntime has %v", i, out.Name, got[k], want)
			}
			if lowered := values[p.Outputs[k]]; !agree(out.DType, lowered, got[k], 1e-6) { // casts round to float32
				t.Errorf("row %d: %s is %v as lowered, %v in the float model", i, out.Name, lowered, got[k])
			}
		}
	}
}

// integers compares the program of integers with what onnxruntime has: it is within a share
// of the largest number of each output, and labels are equal.
func (r numberRecord) integers(t *testing.T, g *graph.Graph, o compiler.ModelOptions) {
	const share = 0.02
	var samples []compiler.Sample
	for i := range r.inputs[g.Inputs[0].Name] {
		sample := compiler.Sample{}
		for _, in := range g.Inputs {
			sample = append(sample, r.inputs[in.Name][i])
		}
		samples = append(samples, sample)
	}
	c, err := compiler.Compile(g, compiler.Options{
		Model: o, Reveal: visibility.Scores, Samples: samples, Target: compiler.Target{Bits: 13},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, sample := range samples {
		formats, input := c.Formats.Inputs, [][]int64(nil)
		if c.Formats.Input != nil {
			formats = []compiler.InputFormat{*c.Formats.Input}
		}
		for k := range formats {
			input = append(input, formats[k].Encode(sample[k]))
		}
		for k, values := range c.Program.Eval(input...) {
			name, scale, most := o.Outputs[k], c.Program.Values[c.Program.Outputs[k]].Scale, 0.0
			for _, row := range r.outputs[name] {
				for _, v := range row {
					most = max(most, math.Abs(v))
				}
			}
			for j, want := range r.outputs[name][i] {
				if got := float64(values[j]) * scale; math.Abs(got-want) > share*most {
					t.Errorf("row %d: %s %d is %v in integers, onnxruntime has %v", i, name, j, got, want)
				}
			}
		}
	}
}

// agree tells whether real numbers are within a share of the larger of one and them, and
// integers are equal.
func agree(d graph.DType, got, want []float64, share float64) bool {
	return slices.EqualFunc(got, want, func(x, y float64) bool {
		if !d.IsFloat() {
			return x == y
		}
		return math.Abs(x-y) <= share*max(1, math.Abs(y))
	})
}
