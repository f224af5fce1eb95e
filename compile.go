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

// CompileOptions are the options of Compile.
type CompileOptions struct {
	// Private says what stays private; if it is empty, nothing does.
	Private visibility.Private
	// BindModel says what fixes a private model: its key or a commitment.
	BindModel visibility.Bind
	// HideStructure, if not nil, hides the structure of a private model's trees: full ones are
	// proved in their place.
	HideStructure *compiler.Hiding
	// Reveal is what a proof shows of the outputs that Reveals does not name; if it is
	// empty, their scores. An output with visibility.None is not part of the proof, nor
	// of the circuit unless something else reads it.
	Reveal  visibility.Reveal
	Reveals map[string]visibility.Reveal
	// Thresholds are for single scores whose class is revealed: above its threshold the
	// score of the output that is named means class 1, else class 0. "" is for all that are
	// not named. Without one the threshold is 0.5, if the score is a boolean or the model
	// ends in a sigmoid; else it is required.
	Thresholds map[string]float64
	// Commit says which private inputs share a commitment; if it is empty, all do.
	Commit visibility.Commit
	// Context binds each proof to one use, which ProveOptions.Context names.
	Context bool
	// InputSignedBy, if not empty, requires a signature of the input that Signed names,
	// or of the only input if Signed is empty. Purpose is what the signature is for; it
	// is signed too.
	InputSignedBy visibility.Scheme
	Signed        string
	Purpose       string
	// Batch is the number of samples in one proof; 0 means one.
	Batch int

	// Shapes gives the sizes that the file leaves open, keyed by input name.
	Shapes map[string][]int
	// Outputs names the outputs to prove; if it is empty, all whose reveal is not
	// visibility.None.
	Outputs []string

	// Samples are used to choose integer formats and to measure agreement. If there
	// are none, some are made up.
	Samples []Sample
	// MadeUp is the range of made-up samples; if it is empty, [0, 1).
	MadeUp [2]float64
	// Target is the agreement that the integer model must reach on the samples.
	Target compiler.Target
	// SearchTime, if not 0, bounds the search for formats: the best formats found by
	// then are used, which depends on the machine.
	SearchTime time.Duration
	// Formats, if not nil, are used in place of a search.
	Formats *compiler.Formats
	// InputFormats fixes the formats of the inputs that it names; the search does not
	// change them. Two models can share a commitment to an input if they take it in the
	// same format.
	InputFormats map[string]compiler.InputFormat
	// Picture says how grey values become the model's input. It is stored in the bundle.
	Picture input.Picture

	Setup Setup
}

// compiler returns the compiler's part of the options.
func (o *CompileOptions) compiler(ctx context.Context) compiler.Options {
	reveal := o.Reveal
	if reveal == "" {
		reveal = visibility.Scores
	}
	return compiler.Options{
		Model:   compiler.ModelOptions{Shapes: o.Shapes, Outputs: o.Outputs},
		Private: o.Private, Bind: o.BindModel, Reveal: reveal, Reveals: o.Reveals, Thresholds: o.Thresholds,
		Commit: o.Commit, Context: o.Context, SignedBy: o.InputSignedBy, Signed: o.Signed, Purpose: o.Purpose,
		Batch:  o.Batch,
		Target: o.Target, Samples: o.Samples, Range: o.MadeUp, Formats: o.Formats, Inputs: o.InputFormats,
		Hide:     o.HideStructure,
		Progress: o.Setup.Progress.step(ctx), SearchTime: o.SearchTime,
	}
}

// CompileResult describes the bundle that was written.
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
	// BindModel is set for a private model, and ModelCommitment for one that is bound
	// by its hash.
	BindModel       string         `json:"bind_model,omitempty"`
	ModelCommitment *verifier.Word `json:"model_commitment,omitempty"`
	// About is what proofs are about.
	About     About     `json:"about"`
	Agreement Agreement `json:"agreement"`
	SRS       SRS       `json:"srs"`
	Seconds   float64   `json:"seconds"`

	// Layout is the table of public inputs.
	Layout visibility.Layout `json:"-"`
	// Formats are the integer formats that were chosen or given.
	Formats *compiler.Formats `json:"-"`
}

// SRS says which ceremony a key comes from.
type SRS struct {
	Source string `json:"source"`
	// Power is the base-2 logarithm of the largest number of rows that it serves.
	Power int `json:"power"`
	// Unsafe says that its secret is public.
	Unsafe bool `json:"unsafe"`
}

// Compile quantises a model, compiles its circuit, derives its keys, and writes the
// bundle dir, which the other functions take. An earlier bundle of a public model is
// replaced; if anything else exists at dir, Compile returns an error before any work.
// If it fails or ctx is cancelled, nothing is left half written.
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
	for _, in := range c.Model.Inputs {
		if in.Keys != nil {
			if contents.Keys == nil {
				contents.Keys = map[string][]string{}
			}
			contents.Keys[in.Name] = in.Keys
		}
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
	if contents.Agreement, err = json.Marshal(agreementOf(c.Report, o.compiler(ctx))); err != nil {
		return nil, err
	}
	return artifact.Write(ctx, dir, contents)
}

// conform adds what is published about a private model: its architecture, and the proof
// that the key belongs to a model of it.
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

// modelCommitment returns the public input that tells a hashed model from others with
// the same key.
func modelCommitment(s *circuits.Statement) (*verifier.Word, error) {
	c, err := s.ModelCommitment()
	if err != nil {
		return nil, err
	}
	w, err := verifier.NewWord(c)
	return &w, err
}
