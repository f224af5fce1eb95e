package zkml_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/conformance"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// work is the folder of the bundles that the examples write.
var work string

func TestMain(m *testing.M) { os.Exit(inFolder(m)) }

// inFolder runs the tests with a folder and a cache of their own.
func inFolder(m *testing.M) int {
	dir, err := os.MkdirTemp("", "zkml-examples-*")
	if err != nil {
		log.Print(err)
		return 1
	}
	defer os.RemoveAll(dir)
	work = dir
	if err := os.Setenv("ZKML_CACHE", filepath.Join(dir, "cache")); err != nil {
		log.Print(err)
		return 1
	}
	return m.Run()
}

// check ends an example that went wrong.
func check(err error) {
	if err != nil {
		log.Panic(err)
	}
}

// input is one sample of the examples' model, of 4 x 4 grey values.
var input = []float64{
	0.1, 0.2, 0.8, 0.9,
	0.0, 0.1, 0.9, 0.8,
	0.1, 0.0, 0.2, 0.1,
	0.2, 0.1, 0.0, 0.1,
}

// sample is that of the examples' model, which has one input.
var sample = zkml.Sample{input}

// open reads the examples' model.
func open() *zkml.Model {
	m, err := zkml.OpenModel("examples/mnist/models/tiny.onnx")
	check(err)
	return m
}

// bundle compiles the examples' model.
func bundle(name string, o zkml.CompileOptions) *artifact.Bundle {
	dir := filepath.Join(work, name+artifact.Suffix)
	if _, err := os.Stat(dir); err != nil {
		_, err := zkml.Compile(context.Background(), open(), dir, o)
		check(err)
	}
	b, err := artifact.Open(dir)
	check(err)
	return b
}

// hidden compiles for a private input, of which proofs show the class.
func hidden() *artifact.Bundle {
	return bundle("hidden", zkml.CompileOptions{Private: visibility.Private{Input: true}, Reveal: visibility.Class})
}

func ExampleCompile() {
	model, err := zkml.OpenModel("examples/mnist/models/tiny.onnx")
	check(err)
	r, err := zkml.Compile(context.Background(), model, filepath.Join(work, "tiny.zkml"), zkml.CompileOptions{
		Private: visibility.Private{Input: true},
		Reveal:  visibility.Class,
		Context: true,
	})
	check(err)
	fmt.Println(filepath.Base(r.Bundle), r.Private, r.Reveal, r.PublicInputs, "public inputs")
	// Output: tiny.zkml input class 3 public inputs
}

func ExampleEstimate() {
	r, err := zkml.Estimate(context.Background(), open(), zkml.EstimateOptions{
		Compile: zkml.CompileOptions{Private: visibility.Private{Model: true}},
	})
	check(err)
	for _, b := range r.Bindings {
		fmt.Println(b.BindModel, b.PaddedRows)
	}
	// Output:
	// key 1024
	// hash 8192
}

func ExampleProve() {
	b := hidden()
	r, err := zkml.Prove(context.Background(), b, sample, zkml.ProveOptions{})
	check(err)
	fmt.Println(len(r.Proof.Proof), "bytes, class", r.Proof.Claim.Output.Class[0])
	// Output: 864 bytes, class 3
}

func ExampleVerify() {
	b := hidden()
	proved, err := zkml.Prove(context.Background(), b, sample, zkml.ProveOptions{})
	check(err)

	// Whoever verifies needs the key and the proof, and nothing else.
	key := b.Key()
	r, err := zkml.Verify(key, proved.Proof)
	check(err)
	fmt.Println(r.Accepted, r.Output.Class[0])

	proved.Proof.PublicInputs[1][31] ^= 1 // another class
	r, err = zkml.Verify(key, proved.Proof)
	fmt.Println(r.Accepted, errors.Is(err, verifier.ErrRejected))
	// Output:
	// true 3
	// false true
}

func ExampleRun() {
	r, err := zkml.Run(hidden(), sample)
	check(err)
	fmt.Println(r.Output.Class[0], r.Float.Class[0])
	// Output: 3 3
}

func ExampleEvaluate() {
	samples := zkml.Samples([][]float64{input, make([]float64, 16)})
	r, err := zkml.Evaluate(context.Background(), hidden(), samples, zkml.EvaluateOptions{Labels: []int{3, 3}})
	check(err)
	fmt.Println(*r.Accuracy, *r.Agreement)
	// Output: 0.5 1
}

func ExampleExport() {
	b := hidden()
	r, err := zkml.Export(b.Key(), filepath.Join(work, "contracts"), zkml.ExportOptions{Name: "Quarter"})
	check(err)
	fmt.Println(r.Contracts)
	// Output: [PlonkVerifier Quarter IQuarter QuarterConsumer]
}

func ExampleAuditModel() {
	b := hidden()
	r, err := zkml.AuditModel(context.Background(), b.Key(), open(), zkml.AuditModelOptions{})
	check(err)
	fmt.Println(r.Accepted, r.Verdict)
	// Output: true the key belongs to this model, in the formats that its file names
}

func ExampleAuditArchitecture() {
	b := bundle("secret", zkml.CompileOptions{Private: visibility.Private{Model: true}})
	architecture, err := os.Open(filepath.Join(b.Dir, artifact.ArchitectureFile))
	check(err)
	defer architecture.Close()
	a, err := conformance.ReadArchitecture(architecture)
	check(err)
	proof, err := os.Open(filepath.Join(b.Dir, artifact.ConformanceFile))
	check(err)
	defer proof.Close()
	p, err := conformance.ReadProof(proof)
	check(err)

	r, err := zkml.AuditArchitecture(context.Background(), b.Key(), a, p, zkml.Setup{})
	check(err)
	fmt.Println(r.Accepted, r.Verdict)
	// Output: true the key belongs to a model of this architecture
}

func ExampleCommit() {
	b := hidden()
	made, secrets, err := zkml.Commit(b.Manifest.Layout, sample)
	check(err)
	r, err := zkml.Prove(context.Background(), b, sample, zkml.ProveOptions{Commitment: secrets})
	check(err)
	fmt.Println(*r.Proof.Claim.InputCommitment == made[0].Commitment)
	// Output: true
}

func ExampleModelCommitment() {
	b := bundle("hashed", zkml.CompileOptions{
		Private: visibility.Private{Model: true}, BindModel: visibility.BindHash,
	})
	commitment, err := zkml.ModelCommitment(b)
	check(err)
	r, err := zkml.Prove(context.Background(), b, sample, zkml.ProveOptions{})
	check(err)
	fmt.Println(*r.Proof.Claim.ModelCommitment == commitment)
	// Output: true
}

func ExampleSign() {
	b := bundle("signed", zkml.CompileOptions{
		Private: visibility.Private{Input: true}, InputSignedBy: visibility.EdDSA, Context: true,
	})
	device, err := signature.NewKey()
	check(err)
	signed, err := zkml.Sign(b.Manifest.Layout, device, input, zkml.SignOptions{})
	check(err)
	r, err := zkml.Prove(context.Background(), b, sample, zkml.ProveOptions{Signature: signed, Context: big.NewInt(42)})
	check(err)
	x, y := signature.Words(device.Public())[0], signature.Words(device.Public())[1]
	fmt.Println(r.Proof.Claim.Signer[0] == x, r.Proof.Claim.Signer[1] == y)
	// Output: true true
}
