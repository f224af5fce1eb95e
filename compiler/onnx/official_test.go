package onnx

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
)

// sharedData is the folder of real models, or skips the test.
func sharedData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("ZKML_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "models")); err != nil {
		t.Skipf("no real models: %v; set ZKML_SHARED to their folder", err)
	}
	return dir
}

// officialData is the folder of ONNX's own tests, or skips the test.
func officialData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("ZKML_ONNX_TESTDATA")
	if dir == "" {
		t.Skip("no official tests: set ZKML_ONNX_TESTDATA to the folder that scripts/onnx-testdata.sh prints")
	}
	return dir
}

// filesBelow lists the files below dir with a suffix, in order.
func filesBelow(t *testing.T, dir, suffix string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, suffix) {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// refusedModels are the real models that must be refused, and why.
var refusedModels = map[string]string{
	"vespa/mnist_softmax.onnx": "opset 4 of ai.onnx is not supported",
}

func TestRealModels(t *testing.T) {
	dir := filepath.Join(sharedData(t), "models")
	decodedCount, files := 0, filesBelow(t, dir, ".onnx")
	for _, path := range files {
		name := filepath.ToSlash(strings.TrimPrefix(path, dir+string(filepath.Separator)))
		_, _, err := Load(path)
		want := refusedModels[name]
		switch {
		case want == "" && err != nil:
			t.Error(err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: error %v, want %q", name, err, want)
		case err == nil:
			decodedCount++
		}
	}
	t.Logf("%d of %d real models decode; the others are refused for the reason expected", decodedCount, len(files))
}

// TestRealNetwork looks closely at one real model.
func TestRealNetwork(t *testing.T) {
	g, _, err := Load(filepath.Join(sharedData(t), "models", "mnist-8", "model.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Nodes) != 12 || len(g.Inputs) != 1 || g.Inputs[0].Name != "Input3" || g.Nodes[0].Opset != 8 {
		t.Errorf("got\n%s", g.Text())
	}
	for _, n := range g.Nodes {
		if n.Op == "Conv" && !slices.Equal(n.Ints("kernel_shape"), []int{5, 5}) {
			t.Errorf("%s has kernel %v", n.Name, n.Ints("kernel_shape"))
		}
	}
}

// officialReasons are the only reasons to refuse an official test: what the
// importer does not read by design.
var officialReasons = regexp.MustCompile(`sub-graph|opset [1-6] of ai\.onnx|` +
	`element type (string|float8e8m0|complex\w+)|` +
	`is of kind (optional|sequence|map)|a circuit needs finite numbers|type (TYPE_PROTO|SPARSE_TENSOR)`)

// TestOfficialModels decodes ONNX's own operator tests, models and tensors.
func TestOfficialModels(t *testing.T) {
	dir := officialData(t)
	reasons, models := map[string]int{}, filesBelow(t, dir, ".onnx")
	for _, path := range models {
		if _, _, err := Load(path); err != nil {
			reason := officialReasons.FindString(err.Error())
			if reason == "" {
				t.Error(err)
			}
			reasons[reason]++
		}
	}
	if len(models) == 0 {
		t.Fatalf("no models below %s", dir)
	}
	refusedCount := 0
	for _, reason := range sortedKeys(reasons) {
		t.Logf("refused %4d: %s", reasons[reason], reason)
		refusedCount += reasons[reason]
	}
	t.Logf("%d of %d official models decode", len(models)-refusedCount, len(models))
}

// TestOfficialTensors reads the inputs and outputs of each official test whose
// model decodes to tensors alone: their types are those that the model declares.
func TestOfficialTensors(t *testing.T) {
	dir := officialData(t)
	read, tooLarge := 0, 0
	for _, path := range filesBelow(t, dir, ".onnx") {
		g, _, err := Load(path)
		if err != nil {
			continue
		}
		sets := map[string][]graph.Value{"input": g.Inputs, "output": g.Outputs}
		for _, file := range filesBelow(t, filepath.Dir(path), ".pb") {
			kind, index, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".pb"), "_")
			i, err := strconv.Atoi(index)
			if err != nil || i >= len(sets[kind]) {
				t.Errorf("%s belongs to no value of the model", file)
				continue
			}
			switch err := checkTensor(file, sets[kind][i].DType); {
			case err == nil:
				read++
			case strings.Contains(err.Error(), "above 2^53"):
				tooLarge++
			default:
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	t.Logf("%d official tensors read, %d refused for integers above 2^53", read, tooLarge)
}

// checkTensor reads a tensor of a type; other kinds of value pass unread.
func checkTensor(file string, want graph.DType) error {
	numeric := false
	for _, e := range elements {
		numeric = numeric || e.dtype == want
	}
	data, err := os.ReadFile(file)
	if err != nil || !numeric {
		return err
	}
	c, err := ReadTensor(data)
	if err == nil && c.DType != want {
		err = fmt.Errorf("type %s, the model declares %s", c.DType, want)
	}
	return err
}

// TestOfficialCasts takes the official tests that widen a small type to float
// as an independent word on the values of the small types.
func TestOfficialCasts(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join(officialData(t), "test_cast_*_to_FLOAT"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			small, err := readOfficial(folder, "input_0.pb")
			if err != nil {
				t.Skip(err)
			}
			wide, err := readOfficial(folder, "output_0.pb")
			if err != nil {
				t.Fatal(err)
			}
			if small.DType != graph.Float64 && !slices.EqualFunc(small.Data, wide.Data, same) {
				t.Errorf("%s reads as %v, want %v", small.DType, small.Data, wide.Data)
			}
		})
	}
}

func readOfficial(folder, file string) (*graph.Const, error) {
	data, err := os.ReadFile(filepath.Join(folder, "test_data_set_0", file))
	if err != nil {
		return nil, err
	}
	return ReadTensor(data)
}
