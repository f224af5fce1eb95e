// Package exportverifier is the command `zkml export-verifier`. Only cmd/zkml
// imports it.
package exportverifier

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/verifier"
)

// exportOptions are the flags of `zkml export-verifier`.
type exportOptions struct {
	out, name, proof string
	ts, shared       bool
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &exportOptions{}
	c := &cobra.Command{
		Use:   "export-verifier [BUNDLE or VK]",
		Short: "Write the Solidity contracts that check a model's proofs",
		Long: "Write gnark's PlonkVerifier, a typed wrapper for the model with its interface, and a contract\n" +
			"that consumes its predictions: a Foundry project whose tests pass unchanged. A proof of the\n" +
			"model, if there is one, is included as an example.\n" +
			"With --shared, the verifier is one that serves all models and is deployed only once.\n" +
			"An earlier export in the folder is replaced; no other file is overwritten, and foundry.toml stays.",
		Example: "  zkml export-verifier\n  zkml export-verifier mnist.zkml -o contracts --proof proof.json",
		Args:    app.AtMost(1, "BUNDLE or VK"),
		RunE:    func(_ *cobra.Command, args []string) error { return o.run(a, args) },
	}
	f := c.Flags()
	f.StringVarP(&o.out, "out", "o", "", "the folder to write (default MODEL-verifier)")
	f.StringVar(&o.name, "name", "", "the model's name in Solidity (default the bundle's)")
	f.BoolVar(&o.ts, "ts", false, "also write a TypeScript client, which turns proof.json into calls with viem")
	f.StringVar(&o.proof, "proof", "", "the proof to include as an example (default proof.json, "+
		"if it is a proof for this model)")
	f.BoolVar(&o.shared, "shared", false, "use a verifier that models share, "+
		"in place of gnark's for this key only")
	return c
}

func (o *exportOptions) run(a *app.App, args []string) error {
	name, args, err := o.target(args)
	if err != nil {
		return err
	}
	key, err := load.Key(a, args)
	if err != nil {
		return err
	}
	fixture, err := o.fixture(a, key)
	if err != nil {
		return err
	}
	dir := o.out
	if dir == "" {
		dir = name + "-verifier"
	}
	r, err := zkml.Export(key, dir, zkml.ExportOptions{Name: name, Proof: fixture, Client: o.ts, Shared: o.shared})
	if err != nil {
		return err
	}
	if len(r.Removed) > 0 {
		a.Note("removed files of an earlier export from %s: %s", dir, strings.Join(r.Removed, ", "))
	}
	if r.UnsafeSRS {
		a.WarnUnsafe("the key of these contracts was made")
	}
	a.NoteGas(key.Layout)
	return a.Emit(r, func(w io.Writer) { print(w, r) })
}

// target returns the model's name, and the arguments, to which it adds the bundle that it
// found if none was named.
func (o *exportOptions) target(args []string) (string, []string, error) {
	if len(args) == 0 {
		dir, err := artifact.Find(".")
		if err != nil {
			return "", nil, err
		}
		args = []string{dir}
	}
	switch {
	case o.name != "":
		return o.name, args, nil
	case args[0] == "-":
		return "model", args, nil
	}
	return strings.TrimSuffix(artifact.Name(filepath.Clean(args[0])), ".json"), args, nil
}

// fixture reads the proof that was named, or proof.json if it is for this key.
func (o *exportOptions) fixture(a *app.App, key *verifier.Key) (*verifier.Proof, error) {
	if o.proof != "" {
		return load.Proof(a, o.proof)
	}
	p, err := load.Proof(a, app.DefaultProof)
	if err == nil {
		_, err = verifier.Verify(key, p)
	}
	switch {
	case err == nil:
		return p, nil
	case errors.Is(err, fs.ErrNotExist):
		a.Note("no proof is included as an example: there is no %s; make one with zkml prove", app.DefaultProof)
	default:
		a.Note("no proof is included as an example: %s is not a proof for this model (%v)", app.DefaultProof, err)
	}
	return nil, nil
}

func print(w io.Writer, r *zkml.ExportResult) {
	fmt.Fprintf(w, "directory\t%s\n", r.Directory)
	fmt.Fprintf(w, "contracts\t%s\n", strings.Join(r.Contracts, ", "))
	fmt.Fprintf(w, "files\t%s\n", strings.Join(r.Files, ", "))
	if r.Shared {
		fmt.Fprintf(w, "next\tdeploy %s once, then the wrapper with its address\n", r.Contracts[0])
		return
	}
	fmt.Fprintf(w, "next\t%s --rpc URL --keystore FILE\n", app.ShellLine("zkml", "deploy", r.Directory))
}
