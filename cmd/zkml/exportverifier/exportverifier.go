// Package exportverifier is the command `zkml export-verifier`. Only cmd/zkml
// imports it.
package exportverifier

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// exportOptions are the flags of `zkml export-verifier`.
type exportOptions struct {
	out, name, proof string
	ts, shared       bool
	force            bool
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
			"An earlier export in the folder is replaced, with its options where none are given. What was edited\n" +
			"since stays, with the new form beside it (.new), and no other file is overwritten.",
		Example: "  zkml export-verifier\n  zkml export-verifier mnist.zkml -o contracts --proof proof.json",
		Args:    app.AtMost(1, "BUNDLE or VK"),
		RunE:    func(c *cobra.Command, args []string) error { return o.run(c, a, args) },
	}
	f := c.Flags()
	f.StringVarP(&o.out, "out", "o", "", "the folder to write (default MODEL-verifier)")
	f.StringVar(&o.name, "name", "", "the model's name in Solidity (default the bundle's)")
	f.BoolVar(&o.ts, "ts", false, "also write a TypeScript client, which turns proof.json into calls with viem")
	f.StringVar(&o.proof, "proof", "", "the proof to include as an example (default proof.json, "+
		"if it is a proof for this model)")
	f.BoolVar(&o.force, "force", false, "overwrite files that were edited since an earlier export")
	f.BoolVar(&o.shared, "shared", false, "use a verifier that models share, "+
		"in place of gnark's for this key only")
	return c
}

func (o *exportOptions) run(c *cobra.Command, a *app.App, args []string) error {
	model, args, err := target(args)
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
		dir = cmp.Or(o.name, model) + "-verifier"
	}
	if err := o.remember(c, a, dir, model); err != nil {
		return err
	}
	r, err := zkml.Export(key, dir, zkml.ExportOptions{
		Name: cmp.Or(o.name, model), Model: model, Proof: fixture, Client: o.ts, Shared: o.shared, Force: o.force,
	})
	if err != nil {
		return err
	}
	if len(r.Kept) > 0 {
		a.Note("kept, since they were edited or formatted: %s", strings.Join(r.Kept, ", "))
	}
	if len(r.Beside) > 0 {
		a.Note("their new forms are beside them: %s; --force overwrites what was edited", strings.Join(r.Beside, ", "))
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

// remember takes what was asked of an earlier export of the model in dir, except for what
// the flags say now.
func (o *exportOptions) remember(c *cobra.Command, a *app.App, dir, model string) error {
	all, err := solidity.Descriptions(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	at := slices.IndexFunc(all, func(d solidity.Described) bool {
		return d.Model == model && (o.name == "" || o.name == d.CalledAs)
	})
	if at < 0 {
		return nil
	}
	var again []string
	if o.name = all[at].CalledAs; o.name != model {
		again = append(again, "--name "+printable.Name(o.name))
	}
	if len(all[at].KeyData) > 0 && !c.Flags().Changed("shared") {
		o.shared, again = true, append(again, "--shared")
	}
	if all[at].Client && !c.Flags().Changed("ts") {
		o.ts, again = true, append(again, "--ts")
	}
	if len(again) > 0 {
		a.Note("as in the earlier export: %s", strings.Join(again, " "))
	}
	return nil
}

// target returns the model's name, and the arguments, to which it adds the bundle that it
// found if none was named.
func target(args []string) (string, []string, error) {
	if len(args) == 0 {
		dir, err := artifact.Find(".")
		if err != nil {
			return "", nil, err
		}
		args = []string{dir}
	}
	if args[0] == "-" {
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
	fmt.Fprintf(w, "next\t%s --rpc URL --keystore FILE\n", app.ShellLine("zkml", "deploy", r.Directory))
}
