// Package deploy is the command `zkml deploy`. Only cmd/zkml imports it.
package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/chain/solc"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/node"
)

// deployOptions are the flags of `zkml deploy`.
type deployOptions struct {
	node.Options
	consumer bool
	solc     string
}

// deployResult is what `zkml deploy --json` prints.
type deployResult struct {
	Name     string `json:"name"`
	ChainID  string `json:"chain_id"`
	Address  string `json:"address"`
	Verifier string `json:"verifier"`
	// Consumer is empty unless --consumer was given.
	Consumer    string `json:"consumer,omitempty"`
	Deployer    string `json:"deployer"`
	Transaction string `json:"transaction"`
	Block       string `json:"block"`
	GasUsed     uint64 `json:"gas_used"`
	VKSHA256    string `json:"vk_sha256"`
	File        string `json:"file"`
	UnsafeSRS   bool   `json:"unsafe_srs"`
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &deployOptions{}
	c := &cobra.Command{
		Use:   "deploy [DIR or JSON]",
		Short: "Put a model's contracts on a chain",
		Long: "Compile the contracts that export-verifier wrote into DIR (default the only *-verifier folder\n" +
			"in the working directory), show the price of the transaction that creates the wrapper and gnark's\n" +
			"verifier, ask, and send it. If DIR has several models, name the JSON file that describes one. The\n" +
			"record goes to deployments/CHAIN.json.\n" +
			"The key comes from a keystore file, an environment variable or a hardware wallet, never from the\n" +
			"command line.",
		Example: "  zkml deploy --rpc http://127.0.0.1:8545 --keystore key.json\n" +
			"  zkml deploy mnist-verifier --rpc https://node.example --wallet ledger: --consumer",
		Args: app.AtMost(1, "DIR or JSON"),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, a, args) },
	}
	o.Flags(c)
	c.Flags().BoolVar(&o.consumer, "consumer", false, "also deploy the example that consumes predictions")
	c.Flags().StringVar(&o.solc, "solc", "", "the Solidity compiler, a program that takes --standard-json (default "+
		"the project's pinned one)")
	return c
}

func (o *deployOptions) run(c *cobra.Command, a *app.App, args []string) error {
	if err := o.CheckSigner(c); err != nil {
		return err
	}
	project, err := o.compile(a, args)
	if err != nil {
		return err
	}
	n, err := o.Connect(c.Context(), a, c)
	if err != nil {
		return err
	}
	defer n.Close()
	d := project.Description
	if d.UnsafeSRS {
		a.WarnUnsafe("the key of these contracts was made")
	}
	if _, err := chain.ReadRecord(o.Deployments, n.ChainID); err != nil {
		return err // before anything is sent
	}
	deployment := &chain.Deployment{Name: d.Name, VKSHA256: d.VKSHA256, UnsafeSRS: d.UnsafeSRS, Layout: d.Layout,
		Deployer: n.From()}
	file, err := o.deploy(c.Context(), a, n, project, deployment)
	if err != nil {
		return err
	}
	r := newDeployResult(n, deployment, file)
	return a.Emit(r, r.print)
}

// compile finds the exported contracts and compiles them.
func (o *deployOptions) compile(a *app.App, args []string) (*chain.Project, error) {
	dir, err := exportedFolder(args)
	if err != nil {
		return nil, err
	}
	p, err := chain.OpenProject(dir)
	if err != nil {
		return nil, err
	}
	a.Progress.Stage("compile contracts")
	err = p.Compile(o.solc, o.consumer)
	a.Progress.Done()
	if errors.Is(err, solc.ErrNoCompiler) {
		err = app.WithHint(err, "name a Solidity compiler of 0.8.24 or newer with --solc PROGRAM, "+
			"or run this inside zkml's own folder with node and npm installed")
	}
	return p, err
}

// exportedFolder returns the folder that was named, or the only one that looks like
// export-verifier's.
func exportedFolder(args []string) (string, error) {
	if len(args) > 0 {
		return args[0], nil
	}
	found, err := filepath.Glob("*-verifier")
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", app.WithHint(fmt.Errorf("%d folders here are named *-verifier: %s", len(found),
			strings.Join(found, ", ")),
			"name the folder that zkml export-verifier wrote")
	}
	return found[0], nil
}

// deploy creates the wrapper and, if it was asked for, the consumer. Each transaction is
// recorded before it is sent, whatever happens then.
func (o *deployOptions) deploy(
	ctx context.Context, a *app.App, n *chain.Node, p *chain.Project, d *chain.Deployment,
) (file string, err error) {
	if err := o.create(ctx, a, n, p, d, d.Name); err != nil {
		return "", err
	}
	if d.Verifier, err = n.ConfirmWrapper(ctx, &d.Contracts[0], d.VKSHA256, o.Patience); err != nil {
		return "", o.unconfirmed(n, &d.Contracts[0], err)
	}
	if file, err = chain.Put(o.Deployments, n.ChainID, d); err != nil || !o.consumer {
		return file, err
	}
	if err := o.create(ctx, a, n, p, d, d.Name+"Consumer", d.Contracts[0].Address); err != nil {
		return "", fmt.Errorf("%s is at %s, on record in %s; its consumer: %w", d.Name, d.Contracts[0].Address,
			file, err)
	}
	return chain.Put(o.Deployments, n.ChainID, d)
}

// create plans a contract's creation, asks, records, and sends it.
func (o *deployOptions) create(
	ctx context.Context, a *app.App, n *chain.Node, p *chain.Project, d *chain.Deployment, name string, args ...any,
) error {
	artifact, err := p.Artifact(name)
	if err != nil {
		return err
	}
	code, err := chain.CreationCode(artifact, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	plan, err := n.Plan(ctx, nil, code, artifact.ABI)
	if err != nil {
		return o.FeeCap(fmt.Errorf("deploy %s: %w", name, err))
	}
	if err := o.Confirm(a, n, plan, "deploy "+name); err != nil {
		return err
	}
	creation, err := n.SignCreation(ctx, plan, name, artifact)
	if err != nil {
		return fmt.Errorf("deploy %s: %w", name, err)
	}
	return o.send(ctx, a, n, d, creation)
}

// send records a creation and sends it.
func (o *deployOptions) send(
	ctx context.Context, a *app.App, n *chain.Node, d *chain.Deployment, c *chain.Creation,
) error {
	d.Contracts = append(d.Contracts, c.Contract)
	if _, err := chain.Put(o.Deployments, n.ChainID, d); err != nil {
		return err
	}
	a.Progress.Stage("wait for a block")
	defer a.Progress.Done()
	if err := n.Create(ctx, c, o.Patience); err != nil {
		return o.unconfirmed(n, &c.Contract, fmt.Errorf("deploy %s: %w", c.Contract.Name, err))
	}
	d.Contracts[len(d.Contracts)-1] = c.Contract
	return nil
}

// unconfirmed says where a contract that may be on the chain is recorded.
func (o *deployOptions) unconfirmed(n *chain.Node, c *chain.Contract, err error) error {
	return app.WithHint(err, "%s lists it as unconfirmed, at %s: zkml call uses it once it is there; "+
		"if it never appears, deploy again",
		chain.RecordPath(o.Deployments, n.ChainID), c.Address)
}

func newDeployResult(n *chain.Node, d *chain.Deployment, file string) *deployResult {
	w := d.Contracts[0]
	r := &deployResult{
		Name: d.Name, ChainID: n.ChainID.String(), Address: w.Address.Hex(), Verifier: d.Verifier.Hex(),
		Deployer: d.Deployer.Hex(), Transaction: w.Transaction.Hex(), Block: w.Block.String(), GasUsed: w.GasUsed,
		VKSHA256: d.VKSHA256, File: file, UnsafeSRS: d.UnsafeSRS,
	}
	if len(d.Contracts) > 1 {
		r.Consumer = d.Contracts[1].Address.Hex()
	}
	return r
}

func (r *deployResult) print(w io.Writer) {
	fmt.Fprintf(w, "%s\t%s\n", r.Name, r.Address)
	fmt.Fprintf(w, "PlonkVerifier\t%s\n", r.Verifier)
	if r.Consumer != "" {
		fmt.Fprintf(w, "%sConsumer\t%s\n", r.Name, r.Consumer)
	}
	fmt.Fprintf(w, "transaction\t%s (block %s, %d gas)\n", r.Transaction, r.Block, r.GasUsed)
	fmt.Fprintf(w, "recorded in\t%s\n", r.File)
	fmt.Fprintf(w, "next\tzkml call --proof %s\n", app.DefaultProof)
}
