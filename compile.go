package zkml

import (
	"context"
	"encoding/json"
	"path/filepath"
	"time"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/conformance"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/internal/interrupt"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// CompileOptions are what is asked of a compilation.
type CompileOptions struct {
	// Private names what stays hidden; nothing where it is empty.
	Private visibility.Private
	// BindModel is what fixes a private model: its key, or a commitment.
	BindModel visibility.Bind
	// Reveal is what a proof shows of the outputs that Reveals does not name; their
	// scores where it is empty. An output that is revealed by visibility.None is no
	// part of the proof, and no part of the circuit where nothing else reads it.
	Reveal  visibility.Reveal
	Reveals map[string]visibility.Reveal
	// Commit says what the commitments to private inputs are about; all together
	// where it is empty.
	Commit visibility.Commit
	// Context binds each proof to one use, which ProveOptions.Context names.
	Context bool
	// InputSignedBy requires a signature of the input that Signed names, and of the
	// only one where Signed is empty; none where InputSignedBy is empty. Purpose is
	// what the signature is for, and part of what is signed.
	InputSignedBy visibility.Scheme
	Signed        string
	Purpose       string
	// Batch is how many inputs one proof is about; 0 means one.
	Batch int

	// Shapes gives the sizes that the file leaves open, by the input's name.
	Shapes map[string][]int
	// Outputs names the outputs to prove; all that are not revealed by
	// visibility.None, where it is empty.
	Outputs []string

	// Samples are what to choose integer formats with and to measure agreement on.
	// Where there are none, some are made up.
	Samples []Sample
	// MadeUp is where made-up samples lie; [0, 1) where it is empty.
	MadeUp [2]float64
	// Target is what the integers must reach on the samples.
	Target compiler.Target
	// SearchTime, if not 0, bounds the search for formats: the best found by then is
	// taken, which depends on the machine.
	SearchTime time.Duration
	// Formats, if not nil, are followed in place of a search.
	Formats *compiler.Formats
	// InputFormats are those of the inputs that it names, and left as they are by the
	// search: two models share a commitment to an input that they take in one format.
	InputFormats map[string]compiler.InputFormat
	// Picture is how grey values become the model's input. It goes into the bundle.
	Picture input.Picture

	Setup Setup
}

// compiler gives the compiler's part of the options.
func (o *CompileOptions) compiler(ctx context.Context) compiler.Options {
	reveal := o.Reveal
	if reveal == "" {
		reveal = visibility.Scores
	}
	return compiler.Options{
		Model:   compiler.ModelOptions{Shapes: o.Shapes, Outputs: o.Outputs},
		Private: o.Private, Bind: o.BindModel, Reveal: reveal, Reveals: o.Reveals, Commit: o.Commit,
		Context: o.Context, SignedBy: o.InputSignedBy, Signed: o.Signed, Purpose: o.Purpose, Batch: o.Batch,
		Target: o.Target, Samples: o.Samples, Range: o.MadeUp, Formats: o.Formats, Inputs: o.InputFormats,
		Progress: o.Setup.Progress.step(ctx), SearchTime: o.SearchTime,
	}
}

// CompileResult is a bundle that was written.
type CompileResult struct {
	// Bundle is its folder.
	Bundle       string            `json:"bundle"`
	ModelSHA256  string            `json:"model_sha256"`
	VKSHA256     string            `json:"vk_sha256"`
	Rows         int               `json:"rows"`
	PaddedRows   int               `json:"padded_rows"`
	PublicInputs int               `json:"public_inputs"`
	Private      string            `json:"private"`
	Reveal       string            `json:"reveal"`
	Context      bool              `json:"context"`
	SignedBy     visibility.Scheme `json:"input_signed_by,omitempty"`
	// BindModel and ModelCommitment are there for a private model, and for one that
	// is bound by its hash.
	BindModel       string         `json:"bind_model,omitempty"`
	ModelCommitment *verifier.Word `json:"model_commitment,omitempty"`
	// About is what proofs are about.
	About     About     `json:"about"`
	Agreement Agreement `json:"agreement"`
	SRS       SRS       `json:"srs"`
	Seconds   float64   `json:"seconds"`

	// Layout is the table of public inputs.
	Layout visibility.Layout `json:"-"`
	// Formats are the integer formats that were chosen or followed.
	Formats *compiler.Formats `json:"-"`
}

// SRS says which ceremony a key comes from.
type SRS struct {
	Source string `json:"source"`
	// Power is the logarithm, to base 2, of the rows that it is enough for.
	Power int `json:"power"`
	// Unsafe tells that anybody can know its secret.
	Unsafe bool `json:"unsafe"`
}

// Compile quantises a model, compiles its circuit, derives its keys, and writes the
// bundle dir, which the other functions take. An earlier bundle of a public model is
// replaced; anything else that is in the way is an error, before any work. On an
// error, or once ctx is done, nothing is left half written.
func Compile(ctx context.Context, m *Model, dir string, o CompileOptions) (*CompileResult, error) {
	begin := time.Now()
	if err := artifact.CheckTarget(dir); err != nil {
		return nil, err
	}
	options := o.compiler(ctx)
	c, err := m.compile(ctx, options)
	if err != nil {
		return nil, err
	}
	manifest, err := c.write(ctx, dir, &o)
	if err != nil {
		return nil, err
	}
	l := manifest.Layout
	r := &CompileResult{
		Bundle: filepath.Clean(dir), ModelSHA256: manifest.ModelSHA256, VKSHA256: manifest.VKSHA256,
		Rows: manifest.Cost.Rows, PaddedRows: manifest.Cost.PaddedRows, PublicInputs: manifest.Cost.PublicInputs,
		Private: l.Private().String(), Reveal: l.Revealed(), About: AboutOf(l), Context: l.HasContext(),
		SignedBy: o.InputSignedBy, Agreement: agreementOf(c.Report, options), Formats: c.Formats,
		SRS:    SRS{Source: manifest.SRS.Source, Power: manifest.SRS.Power, Unsafe: manifest.SRS.Unsafe},
		Layout: l,
	}
	if l.PrivateModel() {
		r.BindModel = l.Bind().String()
	}
	if l.Hashed() {
		if r.ModelCommitment, err = modelCommitment(c.Statement); err != nil {
			return nil, err
		}
	}
	r.Seconds = time.Since(begin).Seconds()
	return r, nil
}

// write derives the keys and writes the bundle.
func (c *compiled) write(ctx context.Context, dir string, o *CompileOptions) (*artifact.Manifest, error) {
	options, err := o.Setup.options(ctx)
	if err != nil {
		return nil, err
	}
	if c.Statement.Salt, err = prover.SaltFor(c.Statement); err != nil {
		return nil, err
	}
	setup, err := interrupt.Await(ctx, func() (*prover.Setup, error) {
		return prover.NewSetup(ctx, c.Statement, options)
	})
	if err != nil {
		return nil, err
	}
	contents := &artifact.Contents{
		Tool: Version, Program: c.Program, Layout: c.Statement.Layout, Digit: c.Statement.Digit,
		Salt: c.Statement.Salt, Cost: c.Cost, VK: setup.VK, SRS: setup.SRS.Identity, Model: c.model.file,
	}
	formats, err := json.Marshal(c.Formats)
	if err != nil {
		return nil, err
	}
	contents.Formats = string(formats)
	if c.Statement.Layout.PrivateModel() && !c.Statement.Layout.Hashed() {
		if err := c.conform(ctx, setup, contents, options); err != nil {
			return nil, err
		}
	}
	if contents.Picture, err = json.Marshal(o.Picture); err != nil {
		return nil, err
	}
	if contents.Agreement, err = json.Marshal(agreementOf(c.Report, compiler.Options{})); err != nil {
		return nil, err
	}
	return artifact.Write(ctx, dir, contents)
}

// conform adds what is published of a private model: its architecture, and the
// proof that the key is one of it.
func (c *compiled) conform(ctx context.Context, setup *prover.Setup, to *artifact.Contents, o prover.Options) error {
	arch, err := conformance.NewArchitecture(c.Statement, to.Formats)
	if err != nil {
		return err
	}
	o.Stage("prove conformance")
	o.Stage = nil
	proof, err := interrupt.Await(ctx, func() (*conformance.Proof, error) {
		return conformance.Make(ctx, arch, setup, o)
	})
	if err != nil {
		return err
	}
	to.Architecture, to.Conformance = arch, proof
	return nil
}

// modelCommitment is the public input that tells a hashed model from others of
// its key.
func modelCommitment(s *circuits.Statement) (*verifier.Word, error) {
	c, err := s.ModelCommitment()
	if err != nil {
		return nil, err
	}
	w, err := verifier.NewWord(c)
	return &w, err
}
