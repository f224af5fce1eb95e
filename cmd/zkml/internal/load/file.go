package load

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
)

// Model reads a model; "-" is standard input.
func Model(a *app.App, path string) (*zkml.Model, error) {
	if path != "-" {
		return zkml.OpenModel(path)
	}
	file, err := io.ReadAll(io.LimitReader(a.In, budget.ModelBytes.Most+1))
	if err != nil {
		return nil, fmt.Errorf("standard input: %w", err)
	}
	return zkml.DecodeModel("standard input", file)
}

// File reads a whole file; "-" is standard input.
func File(a *app.App, path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(a.In)
	}
	return os.ReadFile(path)
}

// ModelName returns a model's name: its file name without folder and suffix.
func ModelName(path string) string {
	return strings.TrimSuffix(filepath.Base(path), ".onnx")
}
