// Package audit is the command `zkml audit`. Only cmd/zkml imports it.
package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/cmd/zkml/internal/modelflags"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/conformance"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// auditOptions are the flags of `zkml audit`.
type auditOptions struct {
	architecture, conformance, salt string
	unsafe                          bool

	// path names the model, and model how its agreement is measured.
	path  string
	model modelflags.Options
}

// auditResult is what `zkml audit --json` prints.
type auditResult struct {
	Accepted bool                `json:"accepted"`
	Checks   []conformance.Check `json:"checks"`
	VKSHA256 string              `json:"vk_sha256"`
	// Agreement is there where the model was given.
	Agreement *modelflags.Agreement `json:"agreement,omitempty"`
	UnsafeSRS bool                  `json:"unsafe_srs"`
	Seconds   float64               `json:"seconds"`

	verdict string
	layout  visibility.Layout
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &auditOptions{}
	c := &cobra.Command{
		Use:   "audit [BUNDLE or VK]",
		Short: "Check that a verifying key is that of a model, or of an architecture",
		Long: "Check what a verifying key stands for. With --model, derive the key again from the ONNX file,\n" +
			"and of a private model also from its salt: it must be the same. The integers follow the formats\n" +
			"that the key's file names, which its publisher chose: how often they agree with the float model\n" +
			"is measured on --calibrate, and --target says what you ask of it. Else check the conformance proof:\n" +
			"the key is one of some model of the published architecture. A bundle has all of these files.\n" +
			"Exit code 0 says that every check holds, 3 that one does not.",
		Example: "  zkml audit verifying-key.json --model model.onnx\n" +
			"  zkml audit verifying-key.json --architecture architecture.json --conformance conformance.json\n" +
			"  zkml audit verifying-key.json --model model.onnx --salt salt.private.json",
		Args: app.AtMost(1, "BUNDLE or VK"),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, a, args) },
	}
	f := c.Flags()
	f.StringVar(&o.architecture, "architecture", "", "the architecture's file (default the bundle's "+artifact.ArchitectureFile+")")
	f.StringVar(&o.conformance, "conformance", "", "the conformance proof's file (default the bundle's "+artifact.ConformanceFile+")")
	f.StringVar(&o.path, "model", "", "the ONNX file, to derive the key again")
	o.model.SampleFlags(c)
	f.StringVar(&o.salt, "salt", "", "with --model, the file of a private model's salt (default the bundle's "+artifact.SaltFile+")")
	f.BoolVar(&o.unsafe, "unsafe-srs", false, "accept a key of an SRS whose secret anybody can know: for tests alone")
	return c
}

func (o *auditOptions) run(c *cobra.Command, a *app.App, args []string) error {
	begin := time.Now()
	if err := o.check(c); err != nil {
		return app.Usage(c, err)
	}
	key, err := load.Key(a, args)
	if err != nil {
		return err
	}
	if o.salt != "" && !key.Layout.Private.Model {
		return app.Usage(c, errors.New("--salt is that of a private model, and the key is a public model's: leave it out"))
	}
	store, err := load.Store(a)
	if err != nil {
		return err
	}
	options := prover.Options{Store: store, UnsafeSRS: o.unsafe && key.SRS.Unsafe, Stage: a.Progress.Stage}
	defer a.Progress.Done()
	check, verdict := o.byArchitecture, "the key is one of a model of this architecture"
	if o.path != "" {
		check, verdict = o.byModel, "the key is that of this model, in the formats that its file names"
		if key.Layout.Hashed() {
			verdict = "the key is that of every model of this architecture and formats; commitments tell them apart"
		}
	}
	r := &auditResult{VKSHA256: key.VKSHA256, UnsafeSRS: key.SRS.Unsafe, verdict: verdict, layout: key.Layout}
	if r.Checks, err = check(c.Context(), a, args, key, options, r); err != nil {
		return err
	}
	r.Accepted, r.Seconds = conformance.Accepted(r.Checks), time.Since(begin).Seconds()
	if r.UnsafeSRS {
		a.WarnUnsafe("this verifying key was made")
	}
	err = a.Emit(r, r.print)
	if !r.Accepted {
		err = errors.Join(conformance.ErrFailed, err)
	}
	return err
}

// check refuses flags that say nothing together, and reads their values.
func (o *auditOptions) check(c *cobra.Command) error {
	if o.path == "" {
		for _, name := range []string{"salt", "calibrate", "limit", "target", "image", "invert", "resize"} {
			if c.Flags().Changed(name) {
				return fmt.Errorf("--%s goes with --model: an architecture is audited without it", name)
			}
		}
	}
	if o.path != "" && (o.architecture != "" || o.conformance != "") {
		return errors.New("--model derives the key again and needs no --architecture or --conformance: audit by one or the other")
	}
	if err := o.model.ParseSamples(); err != nil {
		return err
	}
	for _, name := range []string{"target", "limit", "image", "invert", "resize"} {
		if c.Flags().Changed(name) && o.model.Calibrate == "" {
			return fmt.Errorf("--%s is about samples: give some with --calibrate", name)
		}
	}
	if o.model.Parsed.Target.Bits > 0 {
		return fmt.Errorf("--target %s: an audit measures samples: write top1=99.9%% or error=0.01", o.model.Target)
	}
	return nil
}

func (o *auditOptions) byArchitecture(ctx context.Context, a *app.App, args []string, key *verifier.Key, options prover.Options, _ *auditResult) ([]conformance.Check, error) {
	if !key.Layout.Private.Model {
		return nil, app.WithHint(errors.New("the key is that of a public model, which has no architecture apart from it"), "derive the key again from the ONNX file, with --model")
	}
	text, err := published(a, args, "architecture", o.architecture, artifact.ArchitectureFile)
	if err != nil {
		return nil, err
	}
	arch, err := conformance.ReadArchitecture(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	if text, err = published(a, args, "conformance", o.conformance, artifact.ConformanceFile); err != nil {
		return nil, err
	}
	proof, err := conformance.ReadProof(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	checks, err := app.Await(ctx, func() ([]conformance.Check, error) {
		return conformance.CheckArchitecture(ctx, key, arch, proof, options)
	})
	if err != nil {
		return nil, err
	}
	in := arch.Layout.Item().Input
	f, err := load.DecodeFormats([]byte(arch.Formats))
	same := err == nil && arch.Formats == key.Formats && f.Input == compiler.InputFormat{Bits: in.Bits, Zero: in.Zero, Scale: in.Scale}
	return append(checks, conformance.NewCheck("formats", same, "the architecture's formats are not the key's, or not those of its input")), nil
}

// published reads the file that a flag names, or the bundle's own.
func published(a *app.App, args []string, flag, path, name string) ([]byte, error) {
	if path != "" {
		return load.File(a, path)
	}
	b, err := bundleOf(args)
	if err != nil {
		return nil, app.WithHint(err, "a key alone does not have it: name it with --%s FILE", flag)
	}
	return b.Published(name)
}

// bundleOf opens the bundle that args name; a key's file is none.
func bundleOf(args []string) (*artifact.Bundle, error) {
	if len(args) > 0 {
		if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("%s is no bundle", args[0])
		}
	}
	return load.Bundle(args)
}

func (o *auditOptions) byModel(ctx context.Context, a *app.App, args []string, key *verifier.Key, options prover.Options, r *auditResult) ([]conformance.Check, error) {
	m, err := o.compile(ctx, a, args, key)
	if err != nil {
		return nil, err
	}
	if key.Layout.Private.Model {
		if err := o.addSalt(a, args, m.Statement); err != nil {
			return nil, err
		}
	}
	checks, err := app.Await(ctx, func() ([]conformance.Check, error) { return conformance.CheckModel(ctx, key, m.Statement, options) })
	if err != nil {
		return nil, err
	}
	g := modelflags.AgreementOf(m.Report)
	r.Agreement = &g
	if key.ModelSHA256 != "" {
		checks = append(checks, conformance.NewCheck("ONNX file", key.ModelSHA256 == fmt.Sprintf("%x", sha256.Sum256(m.File)), "the key's file names another one"))
	}
	if o.model.Target != "" {
		checks = append(checks, conformance.NewCheck("agreement", o.model.Parsed.Target.Met(m.Report), "the integers agree less with the float model than "+o.model.Target))
	}
	return checks, nil
}

// compile compiles the model as the key's file says that it was.
func (o *auditOptions) compile(ctx context.Context, a *app.App, args []string, key *verifier.Key) (*modelflags.Compiled, error) {
	formats, err := load.DecodeFormats([]byte(key.Formats))
	if err != nil {
		return nil, fmt.Errorf("the key's file has no formats to follow (%w): it is older than audits; compile the model again", err)
	}
	l, p := key.Layout, &o.model.Parsed
	p.Private, p.Bind, p.Reveal, p.SignedBy = l.Private, l.Bind, l.Reveal, l.SignedBy
	p.Context, p.Batch, p.Formats = l.Context, l.Batch, formats
	p.Model = compiler.ModelOptions{Shapes: map[string][]int{l.Input.Name: l.Item().Input.Shape}, Output: l.Output.Name}
	if o.model.Image == "" && !o.model.Invert {
		if err := o.picture(args); err != nil {
			return nil, err
		}
	}
	return o.model.Compile(ctx, a, o.path)
}

// picture takes what grey values become from the bundle; a key alone does not say.
func (o *auditOptions) picture(args []string) error {
	b, err := bundleOf(args)
	if err != nil {
		o.model.Unpictured = true
		return nil
	}
	s, err := load.BundleSpec(b, false)
	o.model.Picture = s.Picture
	return err
}

func (o *auditOptions) addSalt(a *app.App, args []string, s *circuits.Statement) error {
	if o.salt == "" && s.Layout.Hashed() { // its key is the same with any
		var err error
		s.Salt, err = prover.SaltFor(s)
		return err
	}
	if o.salt == "" {
		b, err := bundleOf(args)
		if err != nil {
			return app.WithHint(err, "the key of a private model has a salt: name its file with --salt FILE")
		}
		s.Salt, err = b.Salt()
		return err
	}
	text, err := load.File(a, o.salt)
	if err != nil {
		return err
	}
	s.Salt, err = artifact.ReadSalt(o.salt, text, s.Layout)
	return err
}

func (r *auditResult) print(w io.Writer) {
	if r.Accepted {
		fmt.Fprintf(w, "accepted\t%s\n", r.verdict)
	} else {
		fmt.Fprintf(w, "REFUSED\tnot every check holds\n")
	}
	var held []string
	for _, c := range r.Checks {
		if c.OK {
			held = append(held, c.Name)
			continue
		}
		fmt.Fprintf(w, "FAILED\t%s: %s\n", c.Name, c.Problem)
	}
	fmt.Fprintf(w, "ok\t%s\n", strings.Join(held, ", "))
	if r.Agreement != nil {
		r.Agreement.Print(w, r.layout)
	}
	fmt.Fprintf(w, "verifying key\t%s\n", r.VKSHA256)
	fmt.Fprintf(w, "took\t%.1f s\n", r.Seconds)
}
