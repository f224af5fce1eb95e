// Package prove is the command `zkml prove`. Only cmd/zkml imports it.
package prove

import (
	"context"
	"fmt"
	"io"
	"math/big"
	"time"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/verifier"
)

// proveOptions are the flags of `zkml prove`.
type proveOptions struct {
	inputs, salts []string
	out, context  string
	signature     string
	resize        bool
	parsedContext *big.Int
	// carried are the secrets of --salt; empty without it.
	carried verifier.Secrets
}

// proveResult is what `zkml prove --json` prints: of the outputs, what the proof
// reveals.
type proveResult struct {
	Proof       string `json:"proof"`
	ProofBytes  int    `json:"proof_bytes"`
	PrivateFile string `json:"private_file,omitempty"`
	// KeptPrivateFile is the file to which the earlier salts in PrivateFile were moved.
	KeptPrivateFile string `json:"kept_private_file,omitempty"`
	verifier.Statement
	PublicInputs []verifier.Word `json:"public_inputs"`
	// Arguments are those of a call of the exported contract.
	Arguments       []verifier.Argument `json:"arguments"`
	UnsafeSRS       bool                `json:"unsafe_srs"`
	Seconds         float64             `json:"seconds"`
	PeakMemoryBytes int64               `json:"peak_memory_bytes"`
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &proveOptions{}
	c := &cobra.Command{
		Use:   "prove [BUNDLE]",
		Short: "Run a compiled model on an input and prove the prediction",
		Long: "Run the integer model on an input and prove its output. The proof goes to proof.json; if\n" +
			"something is private, the salts go to proof.private.json, which is only for you. An older proof\n" +
			"there is replaced, but no other file; its salts are kept as proof.1.private.json.\n" +
			"An input is a picture, .npy, .npz, CSV, JSON, IDX or .pb file; FILE:7 picks one sample of many.\n" +
			"A folder of ONNX's test data (input_0.pb, input_1.pb, ...) is read like a file.\n" +
			"If a model has several inputs, give each as NAME=FILE, or all in one .npz, JSON or CSV file\n" +
			"that has their names.",
		Example: "  zkml prove --input digit.png\n" +
			"  zkml prove mnist.zkml --input t10k-images-idx3-ubyte.gz:7 -o seven.json\n" +
			"  zkml prove loan.zkml --input income=income.npy --input history=history.csv",
		Args: app.AtMost(1, "BUNDLE"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.parse(c); err != nil {
				return err
			}
			return o.run(c, a, args)
		},
	}
	f := c.Flags()
	f.StringArrayVar(&o.inputs, "input", nil, app.InputHelp)
	f.StringVarP(&o.out, "out", "o", app.DefaultProof, "the proof's file")
	f.StringVar(&o.context, "context", "",
		"number, decimal or hex with 0x, that binds the proof to one use, for models compiled with --context")
	f.StringArrayVar(&o.salts, "salt", nil,
		"private file of an earlier commitment or proof, whose commitments the proof should have; NAME=FILE for one "+
			"input that another model calls by another name")
	f.StringVar(&o.signature, "signature", "",
		"the file of the input's signature (zkml sign), for models compiled with --input-signed-by")
	f.BoolVar(&o.resize, "resize", false, "allow a picture of another size")
	return c
}

func (o *proveOptions) parse(c *cobra.Command) error {
	if o.context == "" {
		return nil
	}
	var err error
	if o.parsedContext, err = load.ParseContext(o.context); err != nil {
		return app.Usage(c, err)
	}
	return nil
}

func (o *proveOptions) run(c *cobra.Command, a *app.App, args []string) error {
	begin := time.Now()
	b, err := load.BundleFor(c, args)
	if err != nil {
		return err
	}
	if err := o.checkAsked(c, b); err != nil {
		return err
	}
	if err := o.readSalts(a, b); err != nil {
		return err
	}
	if err := o.checkFiles(b.Manifest.Layout); err != nil {
		return err
	}
	m, err := load.BundleSchema(b, o.resize)
	if err != nil {
		return err
	}
	x, err := load.Read(a, m, o.inputs)
	if err != nil {
		return err
	}
	res, err := o.prove(c.Context(), a, b, x)
	if err != nil {
		return err
	}
	r := &proveResult{
		Proof: o.out, ProofBytes: len(res.Proof.Proof), Statement: res.Proof.Claim,
		PublicInputs: res.Proof.PublicInputs, Arguments: res.Proof.Arguments, UnsafeSRS: res.Proof.UnsafeSRS,
	}
	if r.Output == nil && len(b.Manifest.Layout.Outputs()) == 1 {
		r.Output = &verifier.Output{}
	}
	if err := o.write(a, res, r); err != nil {
		return err
	}
	if r.UnsafeSRS {
		a.WarnUnsafe("this proof was made")
	}
	r.Seconds, r.PeakMemoryBytes = time.Since(begin).Seconds(), prover.PeakMemory()
	return a.Emit(r, func(w io.Writer) { r.print(w, b, args) })
}

// checkAsked requires a context and a signature if, and only if, the model was compiled
// with them.
func (o *proveOptions) checkAsked(c *cobra.Command, b *artifact.Bundle) error {
	signed := len(b.Manifest.Layout.Signers()) > 0
	switch {
	case signed && o.signature == "":
		return app.Usage(c, fmt.Errorf("%s was compiled with --input-signed-by: "+
			"give the signature with --signature FILE", b.Dir))
	case !signed && o.signature != "":
		return app.Usage(c, fmt.Errorf("--signature: %s was compiled without --input-signed-by; "+
			"compile with it to require one", b.Dir))
	}
	return load.CheckContext(c, b, o.parsedContext)
}

func (o *proveOptions) prove(
	ctx context.Context, a *app.App, b *artifact.Bundle, x zkml.Sample,
) (*zkml.ProveResult, error) {
	options := zkml.ProveOptions{Context: o.parsedContext, Commitment: o.carried}
	var err error
	if o.signature != "" {
		if options.Signature, err = signature.Read(o.signature); err != nil {
			return nil, app.WithHint(err, "make one with zkml sign --input FILE --key KEY")
		}
	}
	options.Setup.Progress = a.Progress.Show
	if options.Setup.Store, err = load.Store(a); err != nil {
		return nil, err
	}
	defer a.Progress.Done()
	return zkml.Prove(ctx, b, x, options)
}

func (r *proveResult) print(w io.Writer, b *artifact.Bundle, args []string) {
	app.PrintClaim(w, b.Manifest.Layout, &r.Statement)
	fmt.Fprintf(w, "proof\t%s (%d bytes, %d public inputs)\n", r.Proof, r.ProofBytes, len(r.PublicInputs))
	if r.PrivateFile != "" {
		fmt.Fprintf(w, "salts\t%s, for you alone\n", r.PrivateFile)
	}
	fmt.Fprintf(w, "took\t%.2f s, %s\n", r.Seconds, app.Megabytes(r.PeakMemoryBytes))
	next := append([]string{"zkml", "verify"}, args...)
	if r.Proof != app.DefaultProof {
		next = append(next, "--proof", r.Proof)
	}
	fmt.Fprintf(w, "next\t%s\n", app.ShellLine(next...))
}
