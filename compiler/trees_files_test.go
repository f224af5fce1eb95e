package compiler_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
)

// TestTreeFiles computes files of scikit-learn and XGBoost as onnxruntime does;
// testdata/trees.py recorded its outputs for rows at and beside thresholds.
func TestTreeFiles(t *testing.T) {
	root := os.Getenv("ZKML_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "data")
	}
	root = filepath.Join(root, "models")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("%s is not here; set ZKML_SHARED to the folder of the shared data", root)
	}
	data, err := os.ReadFile(filepath.Join("testdata", "trees.json"))
	if err != nil {
		t.Fatal(err)
	}
	var files map[string]treeFile
	if err := json.Unmarshal(data, &files); err != nil {
		t.Fatal(err)
	}
	for name, f := range files {
		t.Run(name, func(t *testing.T) { f.check(t, filepath.Join(root, name)) })
	}
}

// treeFile is what onnxruntime computed of some rows.
type treeFile struct {
	Input   string
	Rows    [][]float64
	Outputs map[string][][]float64
}

func (f treeFile) check(t *testing.T, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g, err := onnx.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := compiler.NewModel(g, compiler.ModelOptions{Shapes: map[string][]int{f.Input: {1, len(f.Rows[0])}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range f.Rows {
		got, err := m.Run(compiler.Sample{row})
		if err != nil {
			t.Fatal(err)
		}
		for k, out := range m.Outputs {
			near := func(x, y float64) bool { return math.Abs(x-y) <= 1e-6*max(1, math.Abs(y)) }
			if want := f.Outputs[out.Name][i]; !slices.EqualFunc(got[k], want, near) {
				t.Errorf("row %d: %s is %v, want %v", i, out.Name, got[k], want)
			}
		}
	}
	p, err := m.Lower()
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range f.Rows {
		values := p.Run(row)
		for k, id := range p.Outputs {
			if got, want := values[id], f.Outputs[m.Outputs[k].Name][i]; len(got) != len(want) ||
				math.Abs(got[0]-want[0]) > 1e-5*max(1, math.Abs(want[0])) {
				t.Errorf("row %d: lowered, %s is %v, want %v", i, m.Outputs[k].Name, got, want)
			}
		}
	}
}
