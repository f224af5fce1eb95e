package quantised

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/visibility"
)

// TestOnnxruntime quantises two networks in several ways, and compares what the integers give for
// 1,000 inputs each.
func TestOnnxruntime(t *testing.T) {
	if testing.Short() {
		t.Skip("quantised networks: each takes seconds")
	}
	python := os.Getenv("ZKML_PYTHON")
	if python == "" {
		python = "python3"
	}
	if text, err := exec.Command(python, "-c", "import onnx, onnxruntime, PIL").CombinedOutput(); err != nil {
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		t.Skipf("quantised networks: not compared, as %s has not dev/quantised/requirements.txt (name another with "+
			"ZKML_PYTHON): %v %s", python, err, lines[len(lines)-1])
	}
	dir := t.TempDir()
	run := exec.Command(python, "quantise.py", dir)
	if text, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	models, err := filepath.Glob(filepath.Join(dir, "*.onnx"))
	if err != nil || len(models) == 0 {
		t.Fatal("no networks were written", err)
	}
	for _, path := range models {
		name := strings.TrimSuffix(filepath.Base(path), ".onnx")
		network, _, _ := strings.Cut(name, "-")
		t.Run(name, func(t *testing.T) {
			compare(t, path, filepath.Join(dir, network+".inputs.npy"), filepath.Join(dir, name+".outputs.npy"))
		})
	}
}

// TestExample compares what the integers of examples/quantised give with what onnxruntime gave.
func TestExample(t *testing.T) {
	of := func(name string) string { return filepath.Join("..", "..", "examples", "quantised", name) }
	compare(t, of("digits.onnx"), of("pictures.npy"), of("scores.npy"))
}

// compare runs a network's integers on inputs, and wants the numbers of outputs to the last bit.
func compare(t *testing.T, model, inputs, outputs string) {
	t.Helper()
	g, _, err := onnx.Load(model)
	if err != nil {
		t.Fatal(err)
	}
	var shape []int
	for _, d := range g.Inputs[0].Dims {
		shape = append(shape, d.Size)
	}
	samples, want := read(t, inputs, shape...), read(t, outputs, 1, 10)
	if len(samples) != len(want) {
		t.Fatalf("%d inputs, but %d outputs", len(samples), len(want))
	}
	r, err := compiler.Compile(g, compiler.Options{
		Reveal: visibility.Scores, Samples: []compiler.Sample{{samples[0]}, {samples[1]}},
		Target: compiler.Target{Bits: 8},
	})
	name := strings.TrimSuffix(filepath.Base(model), ".onnx")
	if err != nil {
		t.Fatal(err)
	}
	if !r.Report.Exact {
		t.Errorf("the network is not said to be exact")
	}
	same := 0
	scale := r.Program.Values[r.Program.Outputs[0]].Scale
	for i, x := range samples {
		if sameBits(r.Program.Eval(r.Formats.Input.Encode(x))[0], scale, want[i]) {
			same++
		}
	}
	t.Logf("%s: %d of %d inputs the same bits", name, same, len(samples))
	if same != len(samples) {
		t.Errorf("not all are the same")
	}
}

// read reads the rows of a NumPy file.
func read(t *testing.T, path string, shape ...int) [][]float64 {
	t.Helper()
	all, err := input.ReadSet(path, nil, input.Spec{Name: path, Shape: shape}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]float64
	for _, x := range all {
		out = append(out, x.Data)
	}
	return out
}

// sameBits compares integers of a scale with numbers of single precision.
func sameBits(got []int64, scale float64, want []float64) bool {
	for i, v := range got {
		if math.Float32bits(float32(float64(v)*scale)) != math.Float32bits(float32(want[i])) {
			return false
		}
	}
	return len(got) == len(want)
}
