package load

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
)

// Model reads the model whose bytes, with what the file keeps in others, are its
// identity, "-" being standard input.
func Model(a *app.App, path string) ([]byte, *graph.Graph, error) {
	if path != "-" {
		g, file, err := onnx.Load(path)
		return file, g, err
	}
	file, err := io.ReadAll(io.LimitReader(a.In, 1<<31))
	if err != nil {
		return nil, nil, fmt.Errorf("standard input: %w", err)
	}
	g, err := onnx.Decode(file)
	if err != nil {
		return nil, nil, fmt.Errorf("standard input: %w", err)
	}
	return file, g, nil
}

// File reads a whole file, "-" being standard input.
func File(a *app.App, path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(a.In)
	}
	return os.ReadFile(path)
}

// ModelName is a model's name: its file's, without folder and suffix.
func ModelName(path string) string {
	return strings.TrimSuffix(filepath.Base(path), ".onnx")
}
