// Package zkml turns trained models into proof systems for their predictions.
// It is the library behind the command of the same name, a function for each verb:
//
//	Compile             quantise an ONNX model, compile its circuit, derive its keys
//	Estimate            say what that will cost, before any key is made
//	Prove               run a compiled model on an input and prove its output
//	Verify              check a proof
//	Run                 compare the integer model with the float model on an input
//	Evaluate            do so on a data set
//	Export              write the contracts that check proofs on a chain
//	AuditModel          check that a key is that of a model
//	AuditArchitecture   check that a key is that of a model of an architecture
//	Commit              commit to a private input before any proof
//	Sign                vouch for an input
//
// Each takes an options struct, whose zero value asks for what the command does
// without flags, and gives a result, whose JSON is what the command prints where
// JSON is asked for. Long work takes a context, and tells how far it is to a Progress. Errors
// that a caller can do something about are of type problem.Error: they name the
// options of this package.
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

// Version is the version of zkml. It is written into bundles and keys, so that it is
// a constant: compiling twice gives the same bytes.
const Version = "0.1.0"

// Sample is what a model is run on: for each input of its layout, in their order, the
// elements, flattened row-major; of a batch, those of one item after the other.
type Sample = compiler.Sample

// Samples makes samples of a model that has one input.
func Samples(inputs [][]float64) []Sample { return compiler.Samples(inputs) }

// Progress is told what is going on: done of total parts of a stage. A total of 0
// begins a stage whose length is not known. It may be called from several
// goroutines at once.
type Progress func(stage string, done, total int)

// step reports, if anybody listens and the work is still wanted.
func (p Progress) step(ctx context.Context) func(stage string, done, total int) {
	return func(stage string, done, total int) {
		if p != nil && ctx.Err() == nil {
			p(stage, done, total)
		}
	}
}

// stage begins stages whose length is not known.
func (p Progress) stage(ctx context.Context) func(name string) {
	step := p.step(ctx)
	return func(name string) { step(name, 0, 0) }
}

// Setup says where the SRS (the structured reference string of a ceremony) comes
// from, and who hears how far the work is.
type Setup struct {
	// Store serves the SRS. Where it is nil, that is the user's own store, the one of
	// srs.Open("").
	Store *srs.Store
	// UnsafeSRS takes an SRS whose secret anybody can know. Whoever wants to can forge
	// the proofs of keys that are made with it: it is for tests.
	UnsafeSRS bool
	// Progress may be nil.
	Progress Progress
}

// options are those of the packages that make keys and proofs.
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
