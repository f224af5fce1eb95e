// Package commit is the command `zkml commit`. Only cmd/zkml imports it.
package commit

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// commitOptions are the flags of `zkml commit`.
type commitOptions struct {
	inputs           []string
	out              string
	resize, saturate bool
	model            bool
}

// commitResult is what `zkml commit --json` prints.
type commitResult struct {
	// Commitment is set if there is only one; Commitments are all.
	Commitment  *verifier.Word             `json:"commitment,omitempty"`
	Commitments []verifier.NamedCommitment `json:"commitments"`
	PrivateFile string                     `json:"private_file"`
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &commitOptions{}
	c := &cobra.Command{
		Use:   "commit [BUNDLE or VK]",
		Short: "Make the salted commitment to a private input, before any proof",
		Long: "Make the commitment that a later proof will have as its public input. It reveals nothing about\n" +
			"the input, and can be published. The salt goes to a private file: prove with --salt FILE. One\n" +
			"commitment serves every model whose input has the same format (compile --input-format), so that\n" +
			"anybody can see that their proofs are about the same input. If there are several private inputs,\n" +
			"all commitments are made at once, and their salts go to one file; public inputs may be omitted.\n" +
			"With --model, show the commitment to the weights of a model that was compiled with\n" +
			"--bind-model hash: the public input that all its proofs share.",
		Example: "  zkml commit --model\n  zkml commit --input digit.png\n" +
			"  zkml prove --input digit.png --salt commitment.private.json",
		Args: app.AtMost(1, "BUNDLE or VK"),
		RunE: func(c *cobra.Command, args []string) error {
			if o.model {
				if err := app.Excludes(c, "model", "shows an existing commitment and writes nothing", "input",
					"out", "resize", "saturate"); err != nil {
					return err
				}
				return o.runModel(a, args)
			}
			if err := app.Required(c, "input"); err != nil {
				return err
			}
			return o.run(a, args)
		},
	}
	c.Flags().StringArrayVar(&o.inputs, "input", nil, app.InputHelp)
	c.Flags().StringVarP(&o.out, "out", "o", "commitment.private.json", "the salt's file, for you alone")
	c.Flags().BoolVar(&o.resize, "resize", false, "allow a picture of another size")
	c.Flags().BoolVar(&o.saturate, "saturate", false,
		"if the format cannot hold a value of the input, commit to the nearest one that it can hold")
	c.Flags().BoolVar(&o.model, "model", false, "show the commitment to the bundle's hashed model")
	return c
}

// modelCommitmentResult is what `zkml commit --model --json` prints.
type modelCommitmentResult struct {
	ModelCommitment *verifier.Word `json:"model_commitment"`
	VKSHA256        string         `json:"vk_sha256"`
}

func (o *commitOptions) runModel(a *app.App, args []string) error {
	b, err := load.Bundle(args)
	if err != nil {
		return err
	}
	commitment, err := zkml.ModelCommitment(b)
	if err != nil {
		return err
	}
	r := &modelCommitmentResult{ModelCommitment: &commitment, VKSHA256: b.Manifest.VKSHA256}
	return a.Emit(r, func(w io.Writer) {
		fmt.Fprintf(w, "model commitment\t%s\n", r.ModelCommitment)
		fmt.Fprintf(w, "verifying key\t%s\n", r.VKSHA256)
	})
}

func (o *commitOptions) run(a *app.App, args []string) error {
	m, err := load.OpenSchema(a, args, o.resize)
	if err != nil {
		return err
	}
	if err := m.CheckPrivate(); err != nil {
		return err
	}
	if err := app.CheckNew(o.out, "-o", lostSalt); err != nil {
		return err
	}
	x, err := load.Vouched(a, m.Only(func(in *visibility.Port) bool { return in.Kind().Hides }), o.inputs, o.saturate)
	if err != nil {
		return err
	}
	made, secrets, err := zkml.Commit(m.Layout, x)
	if err != nil {
		return err
	}
	r := &commitResult{Commitments: made, PrivateFile: o.out}
	if len(made) == 1 {
		r.Commitment = &made[0].Commitment
	}
	if err := verifier.NewSecrets(o.out, secrets); err != nil {
		return app.Kept(err, "-o", lostSalt)
	}
	return a.Emit(r, func(w io.Writer) {
		for _, c := range r.Commitments {
			to := ""
			if len(m.Layout.Inputs()) > 1 {
				to = " to " + strings.Join(c.Inputs, ", ")
			}
			fmt.Fprintf(w, "commitment\t%s%s\n", c.Commitment, to)
		}
		fmt.Fprintf(w, "salt\t%s, for you alone\n", r.PrivateFile)
		flags := append(app.InputFlags(m.Layout, o.inputs, o.resize), "--salt", r.PrivateFile)
		fmt.Fprintf(w, "next\t%s\n", app.ProveLine(m.Layout, m.Bundle, flags))
	})
}

// lostSalt says why a file that holds a salt is not overwritten.
const lostSalt = "without its salt no proof matches a commitment"
