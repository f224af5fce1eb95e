package main

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/examples/measure"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/visibility"
)

func TestMain(m *testing.M) {
	measure.Child()
	os.Exit(m.Run())
}

// TestModels compiles every shipped model in its shipped formats: the integers
// must agree with the float model on all sample digits.
func TestModels(t *testing.T) {
	for _, name := range modelNames() {
		t.Run(name, func(t *testing.T) {
			m, err := loadModel(name)
			if err != nil {
				t.Fatal(err)
			}
			digits, err := m.sampleInputs()
			if err != nil {
				t.Fatal(err)
			}
			g, err := onnx.Decode(m.onnx)
			if err != nil {
				t.Fatal(err)
			}
			for hidden, formats := range m.formats {
				r, err := compiler.Compile(g, compiler.Options{
					Private: visibility.Private{Model: hidden}, Reveal: visibility.Class, Formats: formats,
					Samples: compiler.Samples(digits),
				})
				if err != nil {
					t.Fatal(err)
				}
				if len(digits) < 24 || r.Report.Top1 < 1 {
					t.Errorf("private %t: %.1f%% of %d sample digits agree", hidden, 100*r.Report.Top1, len(digits))
				}
			}
		})
	}
}

// TestCalibrate chooses formats of the smallest model, and has the private ones followed
// with both bindings.
func TestCalibrate(t *testing.T) {
	m, err := loadNetwork("tiny")
	if err != nil {
		t.Fatal(err)
	}
	digits, err := m.sampleInputs()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []zkml.CompileOptions{
		{}, {Private: visibility.Private{Model: true}},
		{Private: visibility.Private{Model: true}, BindModel: visibility.BindHash},
	} {
		r, formats, err := m.chosen(digits, o.Private.Model)
		if err != nil || *r.Agreement.Top1 < calibrationTarget.Top1 {
			t.Fatalf("%+v, %v", r, err)
		}
		o.Reveal, o.Formats, o.Samples = visibility.Class, formats, zkml.Samples(digits)
		if _, err := zkml.Estimate(t.Context(), m.zkml, zkml.EstimateOptions{Compile: o}); err != nil {
			t.Errorf("private %t, bound by %s: %v", o.Private.Model, o.BindModel, err)
		}
	}
}

// TestDemo runs the demo in all scenarios.
func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("the demo proves four times")
	}
	m, err := loadModel("mlp784")
	if err != nil {
		t.Fatal(err)
	}
	x, err := m.read("", input.Picture{Scale: 1.0 / 255, Expr: grey})
	if err != nil {
		t.Fatal(err)
	}
	results, err := prove(t.Context(), m, x)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Class() != 7 || len(r.Proof.Proof) > 900 {
			t.Errorf("%s: class %d in %d bytes", r.Name, r.Class(), len(r.Proof.Proof))
		}
		if c := r.Chain; c != nil && (!c.Honest || c.Tampered) {
			t.Errorf("%s: the contract accepts the honest claim: %t, the forged one: %t", r.Name, c.Honest, c.Tampered)
		}
	}
	line := regexp.MustCompile(`(?m)^private input, private model +7 +\d+ of \d+ +[\d.]+ s +\d+ B +\d+ MB` +
		`( +\S+){3}$`)
	if text := table(results); !line.MatchString(text) || strings.Count(text, "\n") != 5 {
		t.Errorf("the table is\n%s", text)
	}
}

// TestRead looks at what becomes of pictures.
func TestRead(t *testing.T) {
	m := &model{shape: []int{1, 784}}
	whole, err := m.read("", input.Picture{})
	if err != nil {
		t.Fatal(err)
	}
	m.shape = []int{1, 400}
	middle, err := m.read("", input.Picture{})
	if err != nil {
		t.Fatal(err)
	}
	for y := range 20 {
		for x := range 20 {
			if got, want := middle[20*y+x], whole[28*(y+4)+x+4]; got != want {
				t.Fatalf("pixel %d, %d of the middle is %g, not %g", x, y, got, want)
			}
		}
	}
	if lines := strings.Count(art(whole), "\n"); lines != 14 {
		t.Errorf("the picture has %d lines", lines)
	}
	if _, err := m.read(filepath.Join(t.TempDir(), "none.png"), input.Picture{}); err == nil {
		t.Error("a picture that is not there is read")
	}
	m.shape = []int{1, 401}
	if _, err := m.read("", input.Picture{}); err == nil {
		t.Error("a digit fits an input that is no square")
	}
}

// TestUnknownModel wants the names of those that there are.
func TestUnknownModel(t *testing.T) {
	_, err := loadModel("mlp")
	if err == nil || !strings.Contains(err.Error(), "mlp784") {
		t.Errorf("the error is %v", err)
	}
}

// TestTableWithoutChain leaves the columns about the chain empty.
func TestTableWithoutChain(t *testing.T) {
	if got := onChain(nil); got != "-\t-\t-" {
		t.Errorf("the columns are %q", got)
	}
	if got := onChain(&measure.Chain{Gas: 320000, Honest: true}); got != "320000\taccepted\trefused" {
		t.Errorf("the columns are %q", got)
	}
	if s := math.Sqrt(784); len(art(make([]float64, 784))) != 14*(int(s)+1) {
		t.Errorf("an empty picture is drawn as %q", art(make([]float64, 784)))
	}
}
