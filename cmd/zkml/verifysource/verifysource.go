// Package verifysource is the command `zkml verify-source`. Only cmd/zkml imports it.
package verifysource

import (
	"errors"
	"io"
	"math/big"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/source"
)

// options are the flags of `zkml verify-source`.
type options struct {
	explorer    source.Options
	chainID     uint64
	deployments string
}

// result is what `zkml verify-source --json` prints.
type result struct {
	Name         string           `json:"name"`
	ChainID      string           `json:"chain_id"`
	VKSHA256     string           `json:"vk_sha256"`
	Verification []source.Verdict `json:"verification"`
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use:   "verify-source [DIR or JSON]",
		Short: "Show the sources of deployed contracts on an explorer",
		Long: "Send what the contracts of a recorded deployment were compiled from to an explorer, which compiles\n" +
			"it, compares the code with the chain's, and shows the sources to everybody. The deployment is the\n" +
			"newest one of the contracts that export-verifier wrote into DIR (default the newest one of the\n" +
			"record, deployments/CHAIN.json). `zkml deploy --verify` does the same at once. No node is asked and\n" +
			"nothing is signed.",
		Example: "  zkml verify-source --chain-id 1 --verify sourcify --verifier-url https://sourcify.dev/server\n" +
			"  zkml verify-source mnist-verifier --chain-id 1 --verify etherscan-compatible \\\n" +
			"      --verifier-url https://api.etherscan.io/v2/api --verifier-key-env ETHERSCAN_API_KEY",
		Args: app.AtMost(1, "DIR or JSON"),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, a, args) },
	}
	o.explorer.Flags(c, "the explorer")
	c.Flags().Uint64Var(&o.chainID, "chain-id", 0, "the chain whose record is read")
	c.Flags().StringVar(&o.deployments, "deployments", "deployments",
		"the folder with the records of what was deployed, one file per chain")
	return c
}

func (o *options) run(c *cobra.Command, a *app.App, args []string) error {
	for _, flag := range []string{"verify", "chain-id"} {
		if err := app.Required(c, flag); err != nil {
			return err
		}
	}
	e, err := o.explorer.Explorer(c)
	if err != nil {
		return err
	}
	if e == nil {
		return app.Usage(c, errors.New("--verify is empty"))
	}
	chainID := new(big.Int).SetUint64(o.chainID)
	d, err := o.deployment(chainID, args)
	if err != nil {
		return err
	}
	r := &result{Name: d.Name, ChainID: chainID.String(), VKSHA256: d.VKSHA256}
	var failed error
	r.Verification, failed = source.Verify(c.Context(), a, e, o.deployments, chainID, d)
	if len(r.Verification) == 0 {
		return failed
	}
	return errors.Join(failed, a.Emit(r, func(w io.Writer) { source.Print(w, r.Verification) }))
}

// deployment is the newest one of a project, or of all. One that was seen on the chain goes
// before those that were not.
func (o *options) deployment(chainID *big.Int, args []string) (*chain.Deployment, error) {
	r, err := chain.ReadRecord(o.deployments, chainID)
	if err != nil {
		return nil, err
	}
	key := ""
	if len(args) > 0 {
		p, err := chain.OpenProject(args[0])
		if err != nil {
			return nil, err
		}
		key = p.Description.VKSHA256
	} else if n := len(r.Deployments); n > 0 {
		key = r.Deployments[n-1].VKSHA256
	}
	list, err := r.Of(key)
	if err != nil {
		return nil, app.WithHint(err, "deploy the contracts with zkml deploy, "+
			"or name the folder of its records with --deployments")
	}
	for _, d := range list {
		if !d.Contracts[0].Unconfirmed {
			return d, nil
		}
	}
	return list[0], nil
}
