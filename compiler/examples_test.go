package compiler_test

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
)

// exampleFolders are those of classical models, and of models that come beside them, among the
// real ones that are not part of the project.
var exampleFolders = []string{
	"sklearn-onnx", "onnxmltools", "fraud", "iris", "loan-credit", "neurom-iot", "tribuo",
}

// examplesWithoutRecord are the examples of which records.json has nothing: the reason why a
// model is refused, or "" where it is a network, which other tests measure.
var examplesWithoutRecord = map[string]string{
	"neurom-iot/lenet-1.onnx":       "",
	"neurom-iot/lenet-1_snn.onnx":   "operator LIF is not supported",
	"tribuo/pytorch_cnn_mnist.onnx": "",
	"tribuo/tinybert.onnx":          "",
}

// TestExamples accounts for every example: it is compared with onnxruntime by
// TestClassicalModels, or it stands in the table above.
func TestExamples(t *testing.T) {
	data, err := os.ReadFile("testdata/classical/records.json")
	if err != nil {
		t.Fatal(err)
	}
	records := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &records); err != nil {
		t.Fatal(err)
	}
	for _, folder := range exampleFolders {
		files, err := filepath.Glob(filepath.Join(shared("models/"+folder), "*.onnx"))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 {
			t.Skip("the models are not here")
		}
		for _, file := range files {
			name := path.Join(folder, filepath.Base(file))
			t.Run(name, func(t *testing.T) {
				_, recorded := records["shared/"+name]
				reason, listed := examplesWithoutRecord[name]
				if recorded == listed {
					t.Fatalf("it has a record: %t; it is in the table of those without: %t", recorded, listed)
				}
				if listed {
					example(t, file, reason)
				}
			})
		}
	}
}

// example reads a model without a record, up to its lowered steps.
func example(t *testing.T, file, reason string) {
	g, _, err := onnx.Load(file)
	if err == nil {
		o := compiler.ModelOptions{Shapes: map[string][]int{}}
		for _, in := range g.Inputs {
			if len(in.Dims) == 2 && in.Dims[1].Size == 0 {
				o.Shapes[in.Name] = []int{1, 8}
			}
		}
		var m *compiler.Model
		if m, err = compiler.NewModel(g, o); err == nil {
			_, err = m.Lower()
		}
	}
	if reason == "" && err != nil || reason != "" && (err == nil || !strings.Contains(err.Error(), reason)) {
		t.Errorf("error %v, want %q", err, reason)
	}
}
