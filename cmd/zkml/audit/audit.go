// Package audit is the command `zkml audit`. Only cmd/zkml imports it.
package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/cmd/zkml/internal/modelflags"
	"github.com/zkml-go/zkml/conformance"
	"github.com/zkml-go/zkml/verifier"
)

// auditOptions are the flags of `zkml audit`.
type auditOptions struct {
	architecture, conformance, salt string
	unsafe                          bool

	// path names the model, and model says how its agreement is measured.
	path  string
	model modelflags.Options
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &auditOptions{}
	c := &cobra.Command{
		Use:   "audit [BUNDLE or VK]",
		Short: "Check that a verifying key belongs to a model, or to an architecture",
		Long: "Check what a verifying key stands for. With --model, derive the key again from the ONNX file,\n" +
			"and for a private model also from its salt: it must be the same. The integers follow the formats\n" +
			"that the key's file names, which its publisher chose: how well they agree with the float model\n" +
			"is measured on --calibrate, and --target says what you require. Without --model, check the\n" +
			"conformance proof: the key belongs to some model of the published architecture. A bundle has all\n" +
			"of these files. Exit code 0 means that every check holds, 3 that one does not.",
		Example: "  zkml audit verifying-key.json --model model.onnx\n" +
			"  zkml audit verifying-key.json --architecture architecture.json --conformance conformance.json\n" +
			"  zkml audit verifying-key.json --model model.onnx --salt salt.private.json",
		Args: app.AtMost(1, "BUNDLE or VK"),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, a, args) },
	}
	f := c.Flags()
	f.StringVar(&o.architecture, "architecture", "", "the architecture's file (default the bundle's "+
		artifact.ArchitectureFile+")")
	f.StringVar(&o.conformance, "conformance", "", "the conformance proof's file (default the bundle's "+
		artifact.ConformanceFile+")")
	f.StringVar(&o.path, "model", "", "the ONNX file, to derive the key again")
	o.model.SampleFlags(c)
	f.StringVar(&o.salt, "salt", "", "with --model, the file of a private model's salt (default the bundle's "+
		artifact.SaltFile+")")
	f.BoolVar(&o.unsafe, "unsafe-srs", false, "accept a key of an SRS whose secret is public: only for tests")
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
	if o.salt != "" && !key.Layout.PrivateModel() {
		return app.Usage(c, errors.New("--salt is for a private model, but the key is a public model's: "+
			"leave it out"))
	}
	store, err := load.Store(a)
	if err != nil {
		return err
	}
	setup := zkml.Setup{Store: store, UnsafeSRS: o.unsafe, Progress: a.Progress.Show}
	defer a.Progress.Done()
	check := o.byArchitecture
	if o.path != "" {
		check = o.byModel
	}
	r, verdict := check(c.Context(), a, args, key, setup)
	if r == nil {
		return verdict
	}
	if r.UnsafeSRS {
		a.WarnUnsafe("this verifying key was made")
	}
	r.Seconds = time.Since(begin).Seconds()
	return errors.Join(verdict, a.Emit(r, func(w io.Writer) { print(w, r) }))
}

// check refuses flags that make no sense together, and reads their values.
func (o *auditOptions) check(c *cobra.Command) error {
	if o.path == "" {
		for _, name := range []string{"salt", "calibrate", "limit", "target", "image", "invert", "resize"} {
			if c.Flags().Changed(name) {
				return fmt.Errorf("--%s goes with --model: an architecture is audited without it", name)
			}
		}
	}
	if o.path != "" && (o.architecture != "" || o.conformance != "") {
		return errors.New("--model derives the key again and needs no --architecture or --conformance: " +
			"audit by one or the other")
	}
	if err := o.model.ParseSamples(); err != nil {
		return err
	}
	for _, name := range []string{"target", "limit", "image", "invert", "resize"} {
		if c.Flags().Changed(name) && len(o.model.Calibrate) == 0 {
			return fmt.Errorf("--%s is about samples: give some with --calibrate", name)
		}
	}
	if o.model.Parsed.Target.Bits > 0 {
		return fmt.Errorf("--target %s: an audit measures samples: write top1=99.9%% or error=0.01", o.model.Target)
	}
	return nil
}

func (o *auditOptions) byArchitecture(
	ctx context.Context, a *app.App, args []string, key *verifier.Key, setup zkml.Setup,
) (*zkml.AuditResult, error) {
	if !key.Layout.PrivateModel() { // it has no such files
		return zkml.AuditArchitecture(ctx, key, nil, nil, setup)
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
	return zkml.AuditArchitecture(ctx, key, arch, proof, setup)
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

// bundleOf opens the bundle that args name. A key's file is an error.
func bundleOf(args []string) (*artifact.Bundle, error) {
	if len(args) > 0 {
		if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("%s is not a bundle", args[0])
		}
	}
	return load.Bundle(args)
}

func (o *auditOptions) byModel(
	ctx context.Context, a *app.App, args []string, key *verifier.Key, setup zkml.Setup,
) (*zkml.AuditResult, error) {
	m, err := load.Model(a, o.path)
	if err != nil {
		return nil, err
	}
	if err := o.readSamples(a, args, key); err != nil {
		return nil, err
	}
	p := o.model.Parsed
	options := zkml.AuditModelOptions{Samples: p.Samples, MadeUp: p.MadeUp, Target: p.Target, Setup: setup}
	if options.Salt, err = o.readSalt(a, args, key); err != nil {
		return nil, err
	}
	r, err := zkml.AuditModel(ctx, key, m, options)
	if r != nil {
		modelflags.NoteMadeUp(a, *r.Agreement)
	}
	return r, err
}

// readSamples reads the samples that agreement is measured on. Flags say how grey values
// are mapped, or else the bundle; a key does not.
func (o *auditOptions) readSamples(a *app.App, args []string, key *verifier.Key) error {
	specs := zkml.KeyInputs(key)
	if o.model.Image == "" && !o.model.Invert {
		b, err := bundleOf(args)
		if o.model.Unpictured = err != nil; err == nil {
			if specs, err = zkml.BundleInputs(b); err != nil {
				return err
			}
			for _, s := range specs { // it is the same for all inputs of a bundle
				o.model.Parsed.Picture = s.Picture
			}
		}
	}
	return o.model.ReadSamples(a, specs)
}

// readSalt reads the salt of a private model: from its own file or from the bundle. A
// hashed model needs none, since its key does not depend on the salt.
func (o *auditOptions) readSalt(a *app.App, args []string, key *verifier.Key) ([]*big.Int, error) {
	if !key.Layout.PrivateModel() || o.salt == "" && key.Layout.Hashed() {
		return nil, nil
	}
	if o.salt == "" {
		b, err := bundleOf(args)
		if err != nil {
			return nil, app.WithHint(err, "the key of a private model has a salt: name its file with --salt FILE")
		}
		return b.Salt()
	}
	text, err := load.File(a, o.salt)
	if err != nil {
		return nil, err
	}
	return artifact.ReadSalt(o.salt, text, key.Layout)
}

func print(w io.Writer, r *zkml.AuditResult) {
	if r.Accepted {
		fmt.Fprintf(w, "accepted\t%s\n", r.Verdict)
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
	if r.Accepted {
		app.PrintPorts(w, r.Layout)
	}
	if r.Ceremony != nil {
		fmt.Fprintf(w, "ceremony\t%s\n", ceremonyText(r.Ceremony))
	}
	printAgreement(w, r)
	fmt.Fprintf(w, "verifying key\t%s\n", r.VKSHA256)
	fmt.Fprintf(w, "took\t%.1f s\n", r.Seconds)
}

func ceremonyText(c *zkml.Ceremony) string {
	switch {
	case c.Unsafe:
		return "NONE: the secret of this SRS is public"
	case !c.Known:
		return "NONE KNOWN to zkml: only whoever imported it with --trust vouches for it"
	}
	return c.Source + ", known to zkml"
}

// printAgreement says how well the integers follow the float model, and whether the
// audit's verdict depends on it.
func printAgreement(w io.Writer, r *zkml.AuditResult) {
	switch {
	case r.Agreement == nil:
		fmt.Fprintf(w, "agreement\tNOT MEASURED: an architecture has no weights to run\n")
		return
	case r.AgreementJudged:
		modelflags.PrintAgreement(w, *r.Agreement)
		return
	}
	modelflags.PrintAgreement(w, *r.Agreement)
	fmt.Fprintf(w, "judged\tNO: a key is accepted whatever its agreement, unless --calibrate and "+
		"--target require one\n")
}
