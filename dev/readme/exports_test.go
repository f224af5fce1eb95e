package readme

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// data is what the exports of docs/classical.md train on.
const data = `
from sklearn.datasets import load_breast_cancer
x, y = load_breast_cancer(return_X_y=True)
x = x.astype("float32")
`

// TestExports runs the Python of docs/classical.md, each library's export by itself, and
// proves what it wrote by the page's own commands. It needs the packages of
// dev/classical/requirements.txt, in the Python that ZKML_PYTHON names, or python3.
func TestExports(t *testing.T) {
	lines := readLines(t, classical)
	var exports []string
	samples, commands := "", []step(nil)
	for _, b := range blocks(lines) {
		text := strings.Join(lines[b.first:b.last], "\n")
		switch own := steps(lines[b.first:b.last]); {
		case b.language == "python" && strings.HasPrefix(text, "# "):
			exports = append(exports, text)
		case b.language == "python":
			samples = text
		case b.language == "console" && strings.HasPrefix(own[0].command, "zkml compile model.onnx"):
			commands = own
		}
	}
	if len(exports) != 4 || samples == "" || len(commands) != 4 {
		t.Fatalf("the page has %d exports, samples %q, %d commands", len(exports), samples, len(commands))
	}
	python := os.Getenv("ZKML_PYTHON")
	if python == "" {
		python = "python3"
	}
	packages := "import catboost, lightgbm, onnxmltools, skl2onnx, sklearn, xgboost"
	if text, err := exec.Command(python, "-c", packages).CombinedOutput(); err != nil {
		t.Skipf("%s has not all packages of dev/classical/requirements.txt: %v\n%s", python, err, text)
	}
	for _, export := range exports {
		library, _, _ := strings.Cut(strings.TrimPrefix(export, "# "), "\n")
		t.Run(library, func(t *testing.T) {
			dir := t.TempDir()
			install(t, dir)
			script := filepath.Join(dir, "train.py")
			if err := os.WriteFile(script, []byte(data+export+"\n"+samples+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			run(t, dir, python+" train.py")
			for _, c := range commands {
				run(t, dir, c.command)
			}
		})
	}
}
