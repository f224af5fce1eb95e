// Package prove is the command `zkml prove`. Only cmd/zkml imports it.
package prove

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// proveOptions are the flags of `zkml prove`.
type proveOptions struct {
	inputs             []string
	out, context, salt string
	signature          string
	resize             bool
	parsedContext      *big.Int
	// carried are the secrets of --salt; empty without it.
	carried verifier.Secrets
}

// proveResult is what `zkml prove --json` prints: of the output, what the proof
// reveals.
type proveResult struct {
	Proof       string `json:"proof"`
	ProofBytes  int    `json:"proof_bytes"`
	PrivateFile string `json:"private_file,omitempty"`
	// KeptPrivateFile is where the salts went that were in PrivateFile before.
	KeptPrivateFile  string          `json:"kept_private_file,omitempty"`
	Output           verifier.Output `json:"output"`
	InputCommitment  *verifier.Word  `json:"input_commitment,omitempty"`
	OutputCommitment *verifier.Word  `json:"output_commitment,omitempty"`
	ModelCommitment  *verifier.Word  `json:"model_commitment,omitempty"`
	Signer           []verifier.Word `json:"signer,omitempty"`
	PublicInputs     []verifier.Word `json:"public_inputs"`
	UnsafeSRS        bool            `json:"unsafe_srs"`
	Seconds          float64         `json:"seconds"`
	PeakMemoryBytes  int64           `json:"peak_memory_bytes"`
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &proveOptions{}
	c := &cobra.Command{
		Use:   "prove [BUNDLE]",
		Short: "Run a compiled model on an input and prove the prediction",
		Long: "Run the integer model on an input and prove its output. The proof goes to proof.json; salts,\n" +
			"where something is hidden, go to proof.private.json, which is for you alone. An older proof\n" +
			"there is replaced, and nothing else; its salts stay, as proof.1.private.json.\n" +
			"An input is a picture, .npy, .npz, CSV, JSON, IDX or .pb file; FILE:7 picks a sample of many.",
		Example: "  zkml prove --input digit.png\n  zkml prove mnist.zkml --input t10k-images-idx3-ubyte.gz:7 -o seven.json",
		Args:    app.AtMost(1, "BUNDLE"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.parse(c); err != nil {
				return err
			}
			return o.run(c, a, args)
		},
	}
	f := c.Flags()
	f.StringArrayVar(&o.inputs, "input", nil, "the input's file; - is standard input. Of a batch: one for each, or one file of all")
	f.StringVarP(&o.out, "out", "o", app.DefaultProof, "the proof's file")
	f.StringVar(&o.context, "context", "", "hex number that binds the proof to one use, for models compiled with --context")
	f.StringVar(&o.salt, "salt", "", "private file of an earlier commitment or proof, whose commitment the proof is to carry")
	f.StringVar(&o.signature, "signature", "", "the signer's word for the input (zkml sign), for models compiled with --input-signed-by")
	f.BoolVar(&o.resize, "resize", false, "allow a picture of another size")
	return c
}

func (o *proveOptions) parse(c *cobra.Command) error {
	if err := app.Required(c, "input"); err != nil {
		return err
	}
	if o.context == "" {
		return nil
	}
	var err error
	if o.parsedContext, err = parseContext(o.context); err != nil {
		return app.Usage(c, err)
	}
	return nil
}

// parseContext reads a hex number of at most 32 bytes, with or without 0x.
func parseContext(text string) (*big.Int, error) {
	digits := strings.TrimPrefix(text, "0x")
	if len(digits)%2 == 1 {
		digits = "0" + digits
	}
	raw, err := hex.DecodeString(digits)
	if err != nil || len(raw) == 0 || len(raw) > 32 {
		return nil, errors.New("--context: write a hex number of at most 32 bytes, as in 0x2a")
	}
	return new(big.Int).SetBytes(raw), nil
}

func (o *proveOptions) run(c *cobra.Command, a *app.App, args []string) error {
	begin := time.Now()
	b, err := load.Bundle(args)
	if err != nil {
		return err
	}
	if err := o.checkAsked(c, b); err != nil {
		return err
	}
	if err := o.readSalt(b); err != nil {
		return err
	}
	if err := o.checkFiles(b.Manifest.Layout); err != nil {
		return err
	}
	m, err := load.BundleTaker(b, o.resize)
	if err != nil {
		return err
	}
	x, err := load.Inputs(a, m, o.inputs)
	if err != nil {
		return err
	}
	res, err := o.prove(c.Context(), a, b, x)
	if err != nil {
		return err
	}
	r := &proveResult{
		Proof: o.out, ProofBytes: len(res.Proof.Proof),
		InputCommitment: res.Proof.Claim.InputCommitment, OutputCommitment: res.Proof.Claim.OutputCommitment,
		ModelCommitment: res.Proof.Claim.ModelCommitment, Signer: res.Proof.Claim.Signer,
		PublicInputs: res.Proof.PublicInputs, UnsafeSRS: res.Proof.UnsafeSRS,
	}
	if res.Proof.Claim.Output != nil {
		r.Output = *res.Proof.Claim.Output
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

// checkAsked requires a context and a signature just where the model was compiled
// with them.
func (o *proveOptions) checkAsked(c *cobra.Command, b *artifact.Bundle) error {
	signed := len(b.Manifest.Layout.Signers()) > 0
	switch wanted := b.Manifest.Layout.HasContext(); {
	case signed && o.signature == "":
		return app.Usage(c, fmt.Errorf("%s was compiled with --input-signed-by: give the signer's word with --signature FILE", b.Dir))
	case !signed && o.signature != "":
		return app.Usage(c, fmt.Errorf("--signature: %s was compiled without --input-signed-by; compile with it to require one", b.Dir))
	case wanted && o.parsedContext == nil:
		return app.Usage(c, fmt.Errorf("%s was compiled with --context: give one with --context HEX", b.Dir))
	case !wanted && o.parsedContext != nil:
		return app.Usage(c, fmt.Errorf("--context: %s was compiled without it; compile with --context to use one", b.Dir))
	}
	return nil
}

func (o *proveOptions) prove(ctx context.Context, a *app.App, b *artifact.Bundle, x []float64) (*zkml.ProveResult, error) {
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
	return zkml.Prove(ctx, b, zkml.Sample{x}, options)
}

// readSalt takes the salt of an earlier commitment, and what it commits to. The
// commitment fixes the input's format: a model with another one cannot match it.
func (o *proveOptions) readSalt(b *artifact.Bundle) error {
	if o.salt == "" {
		return nil
	}
	s, err := verifier.ReadSecrets(o.salt)
	if err != nil {
		return err
	}
	layout := b.Manifest.Layout
	for _, p := range layout.Commitments() {
		if p.Role != visibility.RoleInput {
			continue // an output's salt is another proof's
		}
		x, ok := s.OfInputs(layout, p)
		switch {
		case !ok:
			return fmt.Errorf("--salt %s: it holds no salt of an input; make one with zkml commit", o.salt)
		case x.Formats != layout.Format(p):
			return app.WithHint(fmt.Errorf("--salt %s: it commits to an input of %s; %s takes %s", o.salt, x.Formats, b.Dir, layout.Format(p)),
				"compile one of the models again with --input-format OTHER, where OTHER is the other's bundle or verifying key")
		}
		x.Names = verifier.CoveredNames(layout, p)
		o.carried.Openings = append(o.carried.Openings, x)
	}
	if len(o.carried.Openings) == 0 {
		return app.WithHint(fmt.Errorf("--salt %s: the input of %s is public, and its proofs carry no commitment", o.salt, b.Dir),
			"compile with --private input")
	}
	return nil
}

func (r *proveResult) print(w io.Writer, b *artifact.Bundle, args []string) {
	app.PrintClaim(w, b.Manifest.Layout.Items(), &r.Output, r.InputCommitment, r.OutputCommitment)
	if r.ModelCommitment != nil {
		fmt.Fprintf(w, "model commitment\t%s\n", r.ModelCommitment)
	}
	app.PrintSigner(w, r.Signer)
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
