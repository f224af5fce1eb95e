package readme

import (
	"os"
	"path/filepath"
	"testing"
)

const classical = root + "/docs/classical.md"

// TestClassical types the console blocks of docs/classical.md beside the models that they name.
func TestClassical(t *testing.T) {
	dir := t.TempDir()
	workplace(t, dir)
	models, err := filepath.Glob(root + "/compiler/testdata/classical/*.onnx")
	if err != nil || len(models) == 0 {
		t.Fatalf("no models: %v", err)
	}
	for _, path := range models {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(path)), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, of := range map[string]string{"model.onnx": "credit.onnx", "samples.npy": "applicants.npy"} {
		data, err := os.ReadFile(filepath.Join(root, "examples", "credit", of))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	transcribe(t, classical, func(s step) []string { return run(t, dir, s.command) })
}
