package zkml_test

import (
	"context"
	"errors"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/conformance"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// public compiles for a public input and model.
func public() *artifact.Bundle { return bundle("public", zkml.CompileOptions{}) }

// numbers makes a salt that is none.
func numbers(n int) []*big.Int {
	out := make([]*big.Int, n)
	for i := range out {
		out[i] = big.NewInt(int64(i + 1))
	}
	return out
}

// TestProblems wants errors that a program can read, and that name options of the
// library.
func TestProblems(t *testing.T) {
	ctx := t.Context()
	_, secrets, err := zkml.Commit(hidden().Manifest.Layout, sample)
	if err != nil {
		t.Fatal(err)
	}
	other := verifier.Secrets{Openings: slices.Clone(secrets.Openings)}
	other.Openings[0].Formats = "3 bits"
	for _, test := range []struct {
		name string
		do   func() error
		code problem.Code
		text string
	}{
		{"commit to a public input", func() error {
			_, _, err := zkml.Commit(public().Manifest.Layout, sample)
			return err
		}, problem.Visibility, "option Private input"},
		{"carry a commitment in a proof about a public input", func() error {
			_, err := zkml.Prove(ctx, public(), sample, zkml.ProveOptions{Commitment: secrets})
			return err
		}, problem.Visibility, "its input is public"},
		{"carry a commitment of another format", func() error {
			_, err := zkml.Prove(ctx, hidden(), sample, zkml.ProveOptions{Commitment: other})
			return err
		}, problem.Format, "it commits to an input of 3 bits"},
		{"a model that its key fixes", func() error {
			_, err := zkml.ModelCommitment(public())
			return err
		}, problem.Visibility, "option BindModel hash"},
		{"one label for two samples", func() error {
			_, err := zkml.Evaluate(ctx, public(), []zkml.Sample{sample, sample},
				zkml.EvaluateOptions{Labels: []int{1}})
			return err
		}, problem.Count, "1 labels for 2 samples"},
		{"an architecture of a public model", func() error {
			_, err := zkml.AuditArchitecture(ctx, public().Key(), nil, nil, zkml.Setup{})
			return err
		}, problem.Visibility, "option Model"},
		{"a salt of a public model", func() error {
			salt := zkml.AuditModelOptions{Salt: numbers(3)}
			_, err := zkml.AuditModel(ctx, public().Key(), open(), salt)
			return err
		}, problem.Conflict, "option Salt"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.do()
			if p := problem.Of(err); p == nil || p.Code != test.code || !strings.Contains(err.Error(), test.text) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestAuditsRefuse wants a result beside the error where a check fails.
func TestAuditsRefuse(t *testing.T) {
	key := bundle("classes", zkml.CompileOptions{Reveal: visibility.Class}).Key()
	other, err := zkml.OpenModel("examples/application/models/credit.onnx")
	if err != nil {
		t.Fatal(err)
	}
	if r, err := zkml.AuditModel(t.Context(), key, other, zkml.AuditModelOptions{}); err == nil {
		t.Errorf("another model is accepted: %+v", r)
	}
	key.ModelSHA256 = strings.Repeat("0", 64)
	r, err := zkml.AuditModel(t.Context(), key, open(), zkml.AuditModelOptions{})
	if !errors.Is(err, conformance.ErrFailed) || r == nil || r.Accepted || r.Agreement == nil {
		t.Errorf("a key that names another file: %+v, %v", r, err)
	}
}

// TestCompileStops leaves nothing behind once its context is done, and refuses what is
// in the way before any work.
func TestCompileStops(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "stopped.zkml")
	ctx, cancel := context.WithCancel(t.Context())
	var stages []string
	o := zkml.CompileOptions{Setup: zkml.Setup{Progress: func(stage string, _, _ int) {
		if ctx.Err() == nil {
			stages = append(stages, stage)
		}
		cancel()
	}}}
	if _, err := zkml.Compile(ctx, open(), dir, o); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if len(stages) != 1 {
		t.Errorf("stages %q were reported", stages)
	}
	if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) > 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := zkml.Compile(t.Context(), open(), dir, zkml.CompileOptions{}); err == nil {
		t.Error("a file is written over")
	}
}

// TestModels names the place of a file that is no model.
func TestModels(t *testing.T) {
	if _, err := zkml.DecodeModel("standard input", []byte("x")); err == nil ||
		!strings.HasPrefix(err.Error(), "standard input: ") {
		t.Errorf("decode: %v", err)
	}
	if _, err := zkml.OpenModel("none.onnx"); !os.IsNotExist(err) && !errors.Is(err, os.ErrNotExist) {
		t.Errorf("open: %v", err)
	}
	shapes := zkml.CompileOptions{Shapes: map[string][]int{"other": {1}}}
	if _, err := open().InputSpecs(shapes); err == nil || !strings.Contains(err.Error(), "tiny.onnx") {
		t.Errorf("a shape of another input: %v", err)
	}
	s, err := open().InputSpecs(zkml.CompileOptions{})
	if err != nil || len(s) != 1 || len(input) != tensor.Size(s[0].Shape) {
		t.Errorf("%+v, %v", s, err)
	}
	// samples may lack what trees can do without, so compiling refuses what is missing, not reading
	if s[0].Missing == nil || !s[0].Missing(0) {
		t.Error("no sample may lack an element")
	}
	x := slices.Clone(input)
	x[3] = math.NaN()
	_, err = zkml.Compile(t.Context(), open(), t.TempDir(), zkml.CompileOptions{Samples: []zkml.Sample{{x}}})
	if err == nil || !strings.Contains(err.Error(), "sample 0: element 3 of input") {
		t.Errorf("compiled with a sample that lacks an element: %v", err)
	}
}

// TestSaturated: nobody vouches unknowingly for values that a format cannot hold.
func TestSaturated(t *testing.T) {
	l := signedLayout(t, hidden().Manifest.Layout, "")
	in := l.Inputs()[0]
	far := append([]float64{1e30}, input[1:]...)
	if zkml.Saturated(in, input) != nil || !slices.Equal(zkml.Saturated(in, far), []int{0}) {
		t.Error("the range is another")
	}
	key, err := signature.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	_, _, atCommit := zkml.Commit(l, zkml.Sample{far})
	_, atSign := zkml.Sign(l, key, far, zkml.SignOptions{})
	for _, err := range []error{atCommit, atSign} {
		var p *problem.Error
		if !errors.As(err, &p) || p.Code != problem.Range || !strings.Contains(p.Got, "element 0 of") {
			t.Errorf("%v", err)
		}
	}
	near := zkml.Limited(in, far)
	if _, err := zkml.Sign(l, key, near, zkml.SignOptions{}); err != nil || zkml.Saturated(in, near) != nil ||
		far[0] != 1e30 {
		t.Errorf("%v, limited to %v", err, near)
	}
}

// TestVerifyOtherKey gives no result where proof and key cannot be compared.
func TestVerifyOtherKey(t *testing.T) {
	r, err := zkml.Prove(t.Context(), public(), sample, zkml.ProveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := zkml.Verify(hidden().Key(), r.Proof)
	if got != nil || !errors.Is(err, verifier.ErrOtherKey) {
		t.Errorf("%+v, %v", got, err)
	}
}
