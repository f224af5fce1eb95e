// Package compile is the command `zkml compile`. Only cmd/zkml imports it.
package compile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/cmd/zkml/internal/modelflags"
	"github.com/zkml-go/zkml/conformance"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// compileOptions are the flags of `zkml compile`.
type compileOptions struct{ modelflags.Options }

// compileResult is what `zkml compile --json` prints.
type compileResult struct {
	Bundle       string            `json:"bundle"`
	ModelSHA256  string            `json:"model_sha256"`
	VKSHA256     string            `json:"vk_sha256"`
	Rows         int               `json:"rows"`
	PaddedRows   int               `json:"padded_rows"`
	PublicInputs int               `json:"public_inputs"`
	Private      string            `json:"private"`
	Reveal       visibility.Reveal `json:"reveal"`
	Context      bool              `json:"context"`
	SignedBy     visibility.Scheme `json:"input_signed_by,omitempty"`
	// BindModel and ModelCommitment are there for a private model, and for one that
	// is bound by its hash.
	BindModel       string               `json:"bind_model,omitempty"`
	ModelCommitment *verifier.Word       `json:"model_commitment,omitempty"`
	Agreement       modelflags.Agreement `json:"agreement"`
	SRS             srsResult            `json:"srs"`
	Seconds         float64              `json:"seconds"`
}

type srsResult struct {
	Source string `json:"source"`
	Power  int    `json:"power"`
	Unsafe bool   `json:"unsafe"`
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &compileOptions{}
	c := &cobra.Command{
		Use:   "compile MODEL.onnx",
		Short: "Quantise a model, compile its circuit, derive its keys",
		Long: "Quantise an ONNX model, compile it to a PLONK circuit and derive its verifying key.\n" +
			"The result is one folder, MODEL.zkml, that the other commands take. Nothing is private\n" +
			"unless --private names it.",
		Example: "  zkml compile model.onnx\n" +
			"  zkml compile mnist.onnx --private input --reveal class --image x/255 \\\n" +
			"      --calibrate t10k-images-idx3-ubyte.gz --target top1=99.9%",
		Args: app.Exactly(1, "MODEL.onnx"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.Parse(c); err != nil {
				return err
			}
			if args[0] == "-" && o.Bundle == "" {
				return app.Usage(c, errors.New("a model from standard input has no name: name the bundle with -o"))
			}
			return o.run(c.Context(), a, args[0])
		},
	}
	o.Flags(c)
	return c
}

func (o *compileOptions) run(ctx context.Context, a *app.App, path string) error {
	begin := time.Now()
	dir := o.Bundle
	if dir == "" {
		dir = load.ModelName(path) + artifact.Suffix
	}
	if err := artifact.CheckTarget(dir); err != nil {
		return err
	}
	m, err := o.Compile(ctx, a, path)
	if err != nil {
		return err
	}
	manifest, err := o.write(ctx, a, dir, m)
	if err != nil {
		return err
	}
	if manifest.SRS.Unsafe {
		a.WarnUnsafe("this bundle was made")
	}
	r, err := o.result(dir, m, manifest)
	if err != nil {
		return err
	}
	r.Seconds = time.Since(begin).Seconds()
	return a.Emit(r, func(w io.Writer) { r.print(w, manifest.Layout) })
}

// result says what was compiled.
func (o *compileOptions) result(dir string, m *modelflags.Compiled, manifest *artifact.Manifest) (*compileResult, error) {
	r := &compileResult{
		Bundle: filepath.Clean(dir), ModelSHA256: manifest.ModelSHA256, VKSHA256: manifest.VKSHA256,
		Rows: manifest.Cost.Rows, PaddedRows: manifest.Cost.PaddedRows, PublicInputs: manifest.Cost.PublicInputs,
		Private: o.Parsed.Private.String(), Reveal: o.Parsed.Reveal, Context: o.Context, SignedBy: o.Parsed.SignedBy,
		Agreement: modelflags.AgreementOf(m.Report),
		SRS:       srsResult{manifest.SRS.Source, manifest.SRS.Power, manifest.SRS.Unsafe},
	}
	if manifest.Layout.Private.Model {
		r.BindModel = manifest.Layout.Bind.String()
	}
	if !manifest.Layout.Hashed() {
		return r, nil
	}
	var err error
	r.ModelCommitment, err = load.ModelCommitment(m.Statement)
	return r, err
}

// write derives the keys and writes the bundle.
func (o *compileOptions) write(ctx context.Context, a *app.App, dir string, m *modelflags.Compiled) (*artifact.Manifest, error) {
	var err error
	if m.Statement.Salt, err = prover.SaltFor(m.Statement); err != nil {
		return nil, err
	}
	store, err := load.Store(a)
	if err != nil {
		return nil, err
	}
	defer a.Progress.Done()
	options := prover.Options{Store: store, UnsafeSRS: o.Unsafe, Stage: a.Progress.Stage}
	setup, err := app.Await(ctx, func() (*prover.Setup, error) { return prover.NewSetup(ctx, m.Statement, options) })
	if err != nil {
		return nil, err
	}
	contents := &artifact.Contents{
		Tool: app.Version, Program: m.Program, Layout: m.Statement.Layout, Digit: m.Statement.Digit,
		Salt: m.Statement.Salt, Cost: m.Cost, Circuit: setup.CS, VK: setup.VK, SRS: setup.SRS.Identity, Model: m.File,
	}
	formats, err := json.Marshal(m.Formats)
	if err != nil {
		return nil, err
	}
	contents.Formats = string(formats)
	if o.Parsed.Private.Model && !m.Statement.Layout.Hashed() {
		if err := conform(ctx, m, setup, contents, options); err != nil {
			return nil, err
		}
	}
	if contents.Picture, err = json.Marshal(o.Picture); err != nil {
		return nil, err
	}
	if contents.Agreement, err = json.Marshal(modelflags.AgreementOf(m.Report)); err != nil {
		return nil, err
	}
	return artifact.Write(ctx, dir, contents)
}

// conform adds what is published of a private model: its architecture, and the
// proof that the key is one of it.
func conform(ctx context.Context, m *modelflags.Compiled, setup *prover.Setup, to *artifact.Contents, o prover.Options) error {
	arch, err := conformance.NewArchitecture(m.Statement, to.Formats)
	if err != nil {
		return err
	}
	o.Stage("prove conformance")
	o.Stage = nil
	proof, err := app.Await(ctx, func() (*conformance.Proof, error) { return conformance.Make(ctx, arch, setup, o) })
	if err != nil {
		return err
	}
	to.Architecture, to.Conformance = arch, proof
	return nil
}

func (r *compileResult) print(w io.Writer, l visibility.Layout) {
	fmt.Fprintf(w, "bundle\t%s\n", r.Bundle)
	fmt.Fprintf(w, "private\t%s\n", app.OrNothing(r.Private))
	fmt.Fprintf(w, "reveals\t%s\n", r.Reveal)
	fmt.Fprintf(w, "rows\t%d, padded to %d\n", r.Rows, r.PaddedRows)
	fmt.Fprintf(w, "public inputs\t%d\n", r.PublicInputs)
	r.Agreement.Print(w, l)
	fmt.Fprintf(w, "SRS\t%s\n", r.SRS.Source)
	fmt.Fprintf(w, "verifying key\t%s\n", r.VKSHA256)
	if r.ModelCommitment != nil {
		fmt.Fprintf(w, "model commitment\t%s\n", r.ModelCommitment)
	}
	fmt.Fprintf(w, "seconds\t%.1f\n", r.Seconds)
	fmt.Fprintf(w, "next\t%s\n", app.ProveLine(l, []string{r.Bundle}, app.InputFlags([]string{"FILE"}, false)))
}
