// Package verify is the command `zkml verify`. Only cmd/zkml imports it.
package verify

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/verifier"
)

// verifyOptions are the flags of `zkml verify`.
type verifyOptions struct{ proof string }

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &verifyOptions{}
	c := &cobra.Command{
		Use:   "verify [BUNDLE or VK]",
		Short: "Check a proof off chain",
		Long: "Check a proof against a verifying key: only the file verifying-key.json, or a bundle.\n" +
			"Exit code 0 means that the proof is valid, 3 that it was rejected.",
		Example: "  zkml verify\n  zkml verify verifying-key.json --proof proof.json",
		Args:    app.AtMost(1, "BUNDLE or VK"),
		RunE:    func(_ *cobra.Command, args []string) error { return o.run(a, args) },
	}
	c.Flags().StringVar(&o.proof, "proof", app.DefaultProof, "the proof's file; - is standard input")
	return c
}

func (o *verifyOptions) run(a *app.App, args []string) error {
	begin := time.Now()
	key, err := load.Key(a, args)
	if err != nil {
		return err
	}
	proof, err := load.Proof(a, o.proof)
	if err != nil {
		return err
	}
	r, verdict := zkml.Verify(key, proof)
	if r == nil {
		return verdict
	}
	if r.UnsafeSRS {
		a.WarnUnsafe("this verifying key was made")
	}
	r.Seconds = time.Since(begin).Seconds()
	return errors.Join(verdict, a.Emit(r, func(w io.Writer) { print(w, r, key) }))
}

func print(w io.Writer, r *zkml.VerifyResult, key *verifier.Key) {
	if !r.Accepted {
		fmt.Fprintf(w, "REJECTED\n")
		return
	}
	fmt.Fprintf(w, "accepted\tthe prediction follows from the model\n")
	app.PrintClaim(w, key.Layout, &verifier.Statement{
		Outputs: r.Outputs, InputCommitment: r.InputCommitment, InputCommitments: r.InputCommitments,
		Context: r.Context, ModelCommitment: r.ModelCommitment, Signer: r.Signer,
	})
	fmt.Fprintf(w, "key\t%s\n", key.VKSHA256)
	fmt.Fprintf(w, "took\t%.3f s\n", r.Seconds)
}
