package zkml_test

import (
	"bytes"
	"fmt"
	"math"
	"math/bits"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/conformance"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/testkit/onnxtest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// mixedSample is one of the model of several ports.
var mixedSample = zkml.Sample{{0.1, 0.9, 0.4, 0.2}, {-20, 3, 100}}

func mixedModel(t *testing.T) *zkml.Model {
	t.Helper()
	m, err := zkml.DecodeModel("mixed", onnxtest.Encode(onnxtest.Mixed(), onnxtest.Opset))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// mixed compiles a model of two inputs, one public and one private with a commitment
// and a signature of its own, whose proofs show a class and scores.
func mixed(t *testing.T, o zkml.CompileOptions) *artifact.Bundle {
	t.Helper()
	m := mixedModel(t)
	o.Reveals = map[string]visibility.Reveal{"label": visibility.Class, "wild": visibility.None}
	o.Samples = []zkml.Sample{mixedSample, {{1, 0, 0, 1}, {0, 0, 0}}}
	o.Setup.UnsafeSRS = true
	dir := filepath.Join(t.TempDir(), "mixed"+artifact.Suffix)
	r, err := zkml.Compile(t.Context(), m, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Agreement.Outputs) != 2 || len(r.Formats.Inputs) != 2 || r.Layout.Output("wild") != nil ||
		r.Layout.Input("unread") != nil {
		t.Fatalf("%+v, %+v", r.Agreement, r.Formats)
	}
	specs, err := m.InputSpecs(o)
	if err != nil || len(specs) != 2 || specs[1].Name != "ids" {
		t.Fatalf("inputs %+v, %v", specs, err)
	}
	b, err := artifact.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSeveralPorts takes a model of several inputs and outputs through the library.
func TestSeveralPorts(t *testing.T) {
	b := mixed(t, zkml.CompileOptions{
		Private: visibility.Private{Named: []string{"ids"}}, InputSignedBy: visibility.EdDSA, Signed: "ids",
		Purpose: "a test",
	})
	l := b.Manifest.Layout
	device, err := signature.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := zkml.Sign(l, device, mixedSample[1], zkml.SignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	made, secrets, err := zkml.Commit(l, zkml.Sample{nil, mixedSample[1]})
	if err != nil || len(made) != 1 || !slices.Equal(made[0].Inputs, []string{"ids"}) {
		t.Fatalf("commitments %+v, %v", made, err)
	}
	proved, err := zkml.Prove(t.Context(), b, mixedSample, zkml.ProveOptions{Commitment: secrets, Signature: signed})
	if err != nil {
		t.Fatal(err)
	}
	r, err := zkml.Verify(b.Key(), proved.Proof)
	if err != nil {
		t.Fatal(err)
	}
	if r.Output != nil || len(r.Outputs) != 2 || *r.InputCommitment != made[0].Commitment {
		t.Fatalf("%+v", r)
	}
	run, err := zkml.Run(b, mixedSample)
	if err != nil || run.FloatProblem != nil || run.Output != nil {
		t.Fatalf("%+v, %v", run, err)
	}
	for k, out := range run.Outputs {
		if got := r.Outputs[k]; got.Name != out.Name || !slices.Equal(got.Scores, out.Scores) ||
			!slices.Equal(got.Class, out.Class) {
			t.Errorf("proved %+v, run %+v", got, out)
		}
	}
	if label := run.Outputs[0]; !slices.Equal(label.Class, verifier.Classes{0}) ||
		!slices.Equal(label.Class, label.Float.Class) {
		t.Errorf("label %+v, %+v", label, label.Float)
	}
	for i, y := range run.Outputs[1].Float.Scores { // 1.125, 4.35, 99.8
		if math.Abs(run.Outputs[1].Scores[i]-y) > 1 {
			t.Errorf("score %d is %g, %g in floats", i, run.Outputs[1].Scores[i], y)
		}
	}
	proved.Proof.PublicInputs[0][31] ^= 1
	if r, err := zkml.Verify(b.Key(), proved.Proof); err == nil || r.Accepted {
		t.Error("another class is accepted")
	}
}

// TestSeveralPortsRefuse names what is wrong with a sample of several inputs.
func TestSeveralPortsRefuse(t *testing.T) {
	b := mixed(t, zkml.CompileOptions{})
	l := b.Manifest.Layout
	key, err := signature.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	prove := func(x zkml.Sample) error { _, err := zkml.Prove(t.Context(), b, x, zkml.ProveOptions{}); return err }
	run := func(x zkml.Sample) error { _, err := zkml.Run(b, x); return err }
	sign := func(name string, x []float64) error {
		_, err := zkml.Sign(l, key, x, zkml.SignOptions{Input: name})
		return err
	}
	signed := func(name string, x []float64) error {
		_, err := zkml.Sign(signedLayout(t, l, name), key, x, zkml.SignOptions{})
		return err
	}
	far := zkml.Sample{mixedSample[0], {0, 0, 1000}}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"one input", prove(mixedSample[:1]), `the model's inputs are ["features" "ids"]`},
		{"too few elements", prove(zkml.Sample{{1}, mixedSample[1]}), `input "features": 1 elements`},
		{"an integer outside", prove(far), "input ids: element 2 is not an integer from -20 to 107"},
		{"an integer outside, run", run(far), "element 2 is not an integer from -20 to 107"},
		{"a fraction", prove(zkml.Sample{mixedSample[0], {0.5, 0, 0}}), "element 0 is not an integer"},
		{"signing without a name", sign("", mixedSample[0]), `name one of them`},
		{"signing another", sign("Ids", mixedSample[1]), `there is no input "Ids"`},
		{"signing what no proof shows", sign("ids", mixedSample[1]),
			`input "ids": the model requires no signature`},
		{"signing what is outside", signed("features", []float64{0, 0, 0, 1e9}),
			`input "features": element 3 of 4 outside the range`},
		{"signing an integer that is outside", signed("ids", far[1]), "not an integer from -20 to 107"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, c.err, c.want)
		}
	}
	if err := signed("ids", mixedSample[1]); err != nil {
		t.Error(err)
	}
	l = signedLayout(t, l, "ids")
	if err := sign("features", mixedSample[0]); err == nil ||
		!strings.Contains(err.Error(), `input "features": the model requires a signature of input "ids" only`) {
		t.Errorf("another input than the signed one: %v", err)
	}
	evaluatesSeveral(t, b)
	audit, err := zkml.AuditModel(t.Context(), b.Key(), mixedModel(t), zkml.AuditModelOptions{
		Samples: []zkml.Sample{mixedSample}, Setup: zkml.Setup{UnsafeSRS: true},
	})
	if err != nil || !audit.Accepted || len(audit.Agreement.Outputs) != 2 {
		t.Errorf("%+v, %v", audit, err)
	}
}

// evaluatesSeveral compares a model of several outputs with its float model, by one of them.
func evaluatesSeveral(t *testing.T, b *artifact.Bundle) {
	evaluate := func(o zkml.EvaluateOptions) (*zkml.EvaluateResult, error) {
		return zkml.Evaluate(t.Context(), b, []zkml.Sample{mixedSample, mixedSample}, o)
	}
	if _, err := evaluate(zkml.EvaluateOptions{Labels: []int{0, 0}}); err == nil ||
		!strings.Contains(err.Error(), "several outputs have a class") {
		t.Errorf("labels of some output: %v", err)
	}
	if _, err := evaluate(zkml.EvaluateOptions{Output: "wild"}); err == nil {
		t.Error("an output that is not proved is evaluated")
	}
	far := zkml.Sample{mixedSample[0], {0, 0, 1000}}
	if _, err := zkml.Evaluate(t.Context(), b, []zkml.Sample{mixedSample, far}, zkml.EvaluateOptions{}); err == nil ||
		!strings.Contains(err.Error(), "sample 1: input ids: element 2 is not an integer") {
		t.Errorf("an element outside: %v", err)
	}
	r, err := evaluate(zkml.EvaluateOptions{Labels: []int{0, 3}, Output: "label"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Outputs) != 2 || *r.Accuracy != 0.5 || *r.Agreement != 1 || r.Outputs[0].MaxAbsError != nil ||
		*r.Outputs[1].MaxAbsError != r.MaxAbsError {
		t.Errorf("%+v", r)
	}
}

// TestSeveralPortsPrivate proves two items of a private model of several inputs, each with
// a commitment of its own, and audits its key by the architecture.
func TestSeveralPortsPrivate(t *testing.T) {
	b := mixed(t, zkml.CompileOptions{
		Private: visibility.Private{Input: true, Model: true}, Commit: visibility.CommitEach, Batch: 2,
	})
	other := zkml.Sample{{1, 0, 0, 1}, {0, -1, 2}}
	both := zkml.Sample{slices.Concat(mixedSample[0], other[0]), slices.Concat(mixedSample[1], other[1])}
	made, secrets, err := zkml.Commit(b.Manifest.Layout, both)
	if err != nil || len(made) != 2 || made[0].Commitment == made[1].Commitment {
		t.Fatalf("commitments %+v, %v", made, err)
	}
	proved, err := zkml.Prove(t.Context(), b, both, zkml.ProveOptions{Commitment: secrets})
	if err != nil {
		t.Fatal(err)
	}
	refusesOtherCommitments(t, b, both, secrets)
	r, err := zkml.Verify(b.Key(), proved.Proof)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.InputCommitments) != 2 || r.InputCommitments[1].Commitment != made[1].Commitment {
		t.Errorf("commitments %+v, made %+v", r.InputCommitments, made)
	}
	for i, x := range []zkml.Sample{mixedSample, other} {
		run, err := zkml.Run(b, x)
		if err != nil {
			t.Fatal(err)
		}
		if r.Outputs[0].Class[i] != run.Outputs[0].Class[0] ||
			!slices.Equal(r.Outputs[1].Scores[3*i:3*i+3], run.Outputs[1].Scores) {
			t.Errorf("item %d: proved %+v, run %+v", i, r.Outputs, run.Outputs)
		}
	}
	a, p := published(t, b)
	if r, err := zkml.AuditArchitecture(t.Context(), b.Key(), a, p, zkml.Setup{UnsafeSRS: true}); err != nil ||
		!r.Accepted {
		t.Errorf("%+v, %v", r, err)
	}
}

// published reads what is published of a private model.
func published(t *testing.T, b *artifact.Bundle) (*conformance.Architecture, *conformance.Proof) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(b.Dir, artifact.ArchitectureFile))
	if err != nil {
		t.Fatal(err)
	}
	a, err := conformance.ReadArchitecture(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(filepath.Join(b.Dir, artifact.ConformanceFile)); err != nil {
		t.Fatal(err)
	}
	p, err := conformance.ReadProof(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return a, p
}

// TestEstimateNamesTheSRS: an estimate says where the key that it is about cannot be made.
func TestEstimateNamesTheSRS(t *testing.T) {
	o := zkml.EstimateOptions{Compile: zkml.CompileOptions{Setup: zkml.Setup{Store: &srs.Store{Dir: t.TempDir()}}}}
	r, err := zkml.Estimate(t.Context(), open(), o)
	if err != nil || !r.SRSHere || r.SRSProblem != nil {
		t.Errorf("%+v, %v", r, err)
	}
	rng, wide := rand.New(rand.NewSource(1)), 1<<15
	table := make([]float64, wide)
	for i := range table {
		table[i] = rng.Float64()
	}
	m, err := zkml.DecodeModel("wide", onnxtest.Encode(&graph.Graph{
		Inputs:  []graph.Value{{Name: "x", DType: graph.Float32, Dims: []graph.Dim{{Size: wide}}}},
		Outputs: []graph.Value{{Name: "y", DType: graph.Float32, Dims: []graph.Dim{{Size: wide}}}},
		Consts:  map[string]*graph.Const{"c": {DType: graph.Float32, Float: tensor.Of(table, wide)}},
		Nodes: []*graph.Node{
			{Op: "Mul", Opset: onnxtest.Opset, Inputs: []string{"x", "c"}, Outputs: []string{"z"}},
			{Op: "Relu", Opset: onnxtest.Opset, Inputs: []string{"z"}, Outputs: []string{"y"}},
		},
	}, onnxtest.Opset))
	if err != nil {
		t.Fatal(err)
	}
	o.Compile.Samples = []zkml.Sample{{table}}
	r, err = zkml.Estimate(t.Context(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("zkml srs import powersOfTau28_hez_final_%d.ptau", bits.Len(uint(r.PaddedRows-1)))
	if r.PaddedRows <= 1<<16 || r.SRSHere || r.SRSProblem == nil || !strings.Contains(r.SRSProblem.Error(), want) {
		t.Errorf("%d rows: %v", r.PaddedRows, r.SRSProblem)
	}
}
