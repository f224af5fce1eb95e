package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/examples/measure"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/visibility"
)

// digitsFolder is the folder of MNIST's files.
func digitsFolder(t *testing.T) string {
	t.Helper()
	root := os.Getenv("ZKML_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(root, "mnist")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("%s is not here; set ZKML_SHARED to the folder of the shared data", dir)
	}
	return dir
}

// TestAgreement holds the integer models against the float ones on MNIST's test
// images, which neither training nor the choice of formats has seen: at least
// 99.9 % agree, and the accuracies are within 0.1 points.
func TestAgreement(t *testing.T) {
	dir := digitsFolder(t)
	picture, err := input.ParsePicture(grey, false)
	if err != nil {
		t.Fatal(err)
	}
	for name, images := range map[string]int{"mlp784": 10_000, "mlp400": 10_000, "lenet": 2_000} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() {
				t.Skip("thousands of images")
			}
			m, err := loadModel(name)
			if err != nil {
				t.Fatal(err)
			}
			xs, err := measure.Digits(filepath.Join(dir, "t10k-images-idx3-ubyte.gz"), m.shape, picture, images)
			if err != nil {
				t.Fatal(err)
			}
			labels, err := input.ReadLabels(filepath.Join(dir, "t10k-labels-idx1-ubyte.gz"), nil, images)
			if err != nil {
				t.Fatal(err)
			}
			for hidden := range m.formats {
				m.agree(t, hidden, xs, labels)
			}
		})
	}
}

// agree compares one set of formats with the float model.
func (m *model) agree(t *testing.T, hidden bool, xs [][]float64, labels []int) {
	t.Helper()
	g, err := onnx.Decode(m.onnx)
	if err != nil {
		t.Fatal(err)
	}
	r, err := compiler.Compile(g, compiler.Options{Private: visibility.Private{Model: hidden}, Reveal: visibility.Class,
		Formats: m.formats[hidden], Samples: compiler.Samples(xs[:1])})
	if err != nil {
		t.Fatal(err)
	}
	var same, float, integer float64
	for i, x := range xs {
		y, err := r.Model.Run(compiler.Sample{x})
		if err != nil {
			t.Fatal(err)
		}
		want, got := compiler.ArgMax(y[0]), int(r.Program.Eval(r.Formats.Input.Encode(x))[0][0])
		same, float, integer = same+one(want == got), float+one(want == labels[i]), integer+one(got == labels[i])
	}
	n := float64(len(xs))
	t.Logf("private %t: %.2f%% agree, accuracy %.2f%%, of the float model %.2f%%", hidden, 100*same/n, 100*integer/n,
		100*float/n)
	if same/n < 0.999 || math.Abs(float-integer)/n > 0.001 {
		t.Errorf("private %t: %g of %g images agree, %g are right, of the float model's answers %g", hidden, same, n,
			integer, float)
	}
}

func one(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}
