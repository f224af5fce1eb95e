// Package zkml turns trained models into proof systems for their predictions.
// It is the library behind the command of the same name, a function for each verb:
//
//	Compile             quantise an ONNX model, compile its circuit, derive its keys
//	Estimate            say what that will cost, before any key is derived
//	Prove               run a compiled model on an input and prove its output
//	Verify              check a proof
//	Run                 compare the integer model with the float model on an input
//	Evaluate            do the same on a data set
//	Try                 prove a data set, ask about each proof, and do the same with what they show
//	Export              write the contracts that check proofs on a chain
//	AuditModel          check that a key belongs to a model
//	AuditArchitecture   check that a key belongs to some model of an architecture
//	Commit              commit to a private input before any proof
//	Sign                sign an input
//
// Each takes an options struct, whose zero value means what the command does without
// flags, and returns a result, whose JSON is what the command prints as JSON. Long
// work takes a context and reports its progress to a Progress. Errors that a caller can
// do something about are of type problem.Error: they name the options of this package.
//
// Packages below this one do the work: compiler, circuits, prover, verifier and
// others. This one must not know flags, terminals, or how results are shown.
// Commands, examples and developer tools import it.
package zkml

import (
	"context"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/srs"
)

// Version is the version of zkml. It is a constant because it is written into bundles
// and keys: compiling twice gives the same bytes.
const Version = "0.1.0"

// Sample holds the inputs of one run of a model: the elements of each input of its
// layout, in order, flattened row-major; in a batch, one item after the other.
type Sample = compiler.Sample

// Samples makes samples for a model with one input.
func Samples(inputs [][]float64) []Sample { return compiler.Samples(inputs) }

// Progress is called to report progress: done of total parts of a stage. A total of 0
// begins a stage whose length is not known. It may be called from several goroutines at
// once.
type Progress func(stage string, done, total int)

// step returns a function that reports progress unless p is nil or ctx is done.
func (p Progress) step(ctx context.Context) func(stage string, done, total int) {
	return func(stage string, done, total int) {
		if p != nil && ctx.Err() == nil {
			p(stage, done, total)
		}
	}
}

// stage returns a function that begins a stage whose length is not known.
func (p Progress) stage(ctx context.Context) func(name string) {
	step := p.step(ctx)
	return func(name string) { step(name, 0, 0) }
}

// Setup says where the SRS (the structured reference string of a ceremony) comes
// from, and where progress is reported.
type Setup struct {
	// Store serves the SRS. If it is nil, the user's own store is used, that of
	// srs.Open("").
	Store *srs.Store
	// UnsafeSRS uses an SRS whose secret is public: anybody can forge proofs for keys
	// that are made with it. It is for tests.
	UnsafeSRS bool
	// Progress may be nil.
	Progress Progress
}

// options returns the options of package prover.
func (s Setup) options(ctx context.Context) (prover.Options, error) {
	store := s.Store
	if store == nil {
		var err error
		if store, err = srs.Open(""); err != nil {
			return prover.Options{}, err
		}
		store.Progress = s.Progress.step(ctx)
	}
	return prover.Options{Store: store, UnsafeSRS: s.UnsafeSRS, Stage: s.Progress.stage(ctx)}, nil
}
