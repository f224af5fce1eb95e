package compiler_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/visibility"
)

var update = flag.Bool("update", false, "rewrite golden files")

// references are the models whose rows are kept: the example's, and real ones
// that were not made for this project.
var references = []struct{ name, path string }{
	{"tiny", "../examples/mnist/models/tiny.onnx"},
	{"mlp400", "../examples/mnist/models/mlp400.onnx"},
	{"mlp784", "../examples/mnist/models/mlp784.onnx"},
	{"lenet", "../examples/mnist/models/lenet.onnx"},
	{"mnist-8", shared("models/mnist-8/model.onnx")},
	{"tribuo", shared("models/tribuo/pytorch_cnn_mnist.onnx")},
}

// shared finds real models and data beside the checkout.
func shared(path string) string {
	if dir := os.Getenv("ZKML_SHARED"); dir != "" {
		return filepath.Join(dir, path)
	}
	return filepath.Join("../../shared/data", path)
}

// TestRowsOfReferenceModels keeps the rows of whole models, at 8 bits and
// calibrated with made-up samples, in a golden file: no change makes circuits
// bigger unseen. Rewrite it with -update.
func TestRowsOfReferenceModels(t *testing.T) {
	golden, err := os.ReadFile("testdata/rows.golden")
	if err != nil && !*update {
		t.Fatal(err)
	}
	var text strings.Builder
	text.WriteString("# rows at 8 bits, class revealed, written by go test ./compiler -run Rows -update\n")
	for _, m := range references {
		for _, private := range visibility.Scenarios {
			key := fmt.Sprintf("%s\t%q\t", m.name, private)
			line, ok := rowsOf(t, m.path, private)
			if !ok { // keep what is known of a model that is not here
				t.Logf("%s is not here: its rows are not checked", m.path)
				line = rest(string(golden), key)
			}
			if was := rest(string(golden), key); !*update && line != was {
				t.Errorf("%s private %q: %s, the golden file has %s", m.name, private, line, was)
			}
			text.WriteString(key + line + "\n")
		}
	}
	if *update {
		if err := os.WriteFile("testdata/rows.golden", []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// rest is what follows a key on its line.
func rest(text, key string) string {
	_, after, _ := strings.Cut(text, "\n"+key)
	line, _, _ := strings.Cut(after, "\n")
	return line
}

func rowsOf(t *testing.T, path string, private visibility.Private) (string, bool) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		return "", false
	}
	g, _, err := onnx.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := compiler.Compile(g, compiler.Options{Private: private, Reveal: visibility.Class})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d rows, padded to %d", r.Cost.Rows(), r.Cost.PaddedRows()), true
}
