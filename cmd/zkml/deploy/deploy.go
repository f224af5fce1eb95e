// Package deploy is the command `zkml deploy`. Only cmd/zkml imports it.
package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/chain/calldata"
	"github.com/zkml-go/zkml/chain/solc"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/contract"
	"github.com/zkml-go/zkml/cmd/zkml/internal/node"
	"github.com/zkml-go/zkml/cmd/zkml/internal/source"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// deployOptions are the flags of `zkml deploy`.
type deployOptions struct {
	node.Options
	contract.Args
	source         source.Options
	consumer       bool
	solc, verifier string
	// given are the arguments of the consumer's constructor.
	given []calldata.Given
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
	// Verification is what the explorer says of each contract, with --verify.
	Verification []source.Verdict `json:"verification,omitempty"`
	// verifierName is the verifier contract's.
	verifierName string
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
			"record goes to deployments/CHAIN.json. Contracts that were exported with --shared use the verifier\n" +
			"on record, or a new one. Nothing is sent before the arguments of --consumer's constructor fit.\n" +
			"With --verify the sources are sent to an explorer, which shows them to everybody.\n" +
			"The key comes from a keystore file, an environment variable or a hardware wallet, never from the\n" +
			"command line.",
		Example: "  zkml deploy --rpc http://127.0.0.1:8545 --keystore key.json\n" +
			"  zkml deploy mnist-verifier --rpc https://node.example --wallet ledger: --consumer\n" +
			"  zkml deploy --rpc https://node.example --keystore key.json --verify sourcify \\\n" +
			"      --verifier-url https://sourcify.dev/server",
		Args: app.AtMost(1, "DIR or JSON"),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, a, args) },
	}
	o.Flags(c)
	c.Flags().BoolVar(&o.consumer, "consumer", false, "also deploy the example that consumes predictions")
	c.Flags().StringVar(&o.verifier, "verifier", "", "the address of the verifier that models share, for contracts "+
		"that were exported with --shared (default the recorded one, or a new one)")
	o.Args.Flag(c, "with --consumer: NAME=VALUE, an argument of its constructor beside the wrapper; lists are JSON")
	o.source.Flags(c, "also show the sources on an explorer")
	c.Flags().StringVar(&o.solc, "solc", "", "the Solidity compiler, a program that takes --standard-json (default "+
		"the project's pinned one)")
	return c
}

func (o *deployOptions) run(c *cobra.Command, a *app.App, args []string) error {
	if err := o.CheckSigner(c); err != nil {
		return err
	}
	var err error
	if o.given, err = o.Given(c); err != nil {
		return err
	}
	if len(o.given) > 0 && !o.consumer {
		return app.Usage(c, errors.New("--arg is for the constructor of the example: it goes with --consumer"))
	}
	explorer, err := o.source.Explorer(c)
	if err != nil {
		return err
	}
	dir, err := exportedFolder(args)
	if err != nil {
		return err
	}
	project, err := o.compile(a, dir)
	if err != nil {
		return err
	}
	if err := o.check(c, project); err != nil {
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
	if r.verifierName = solidity.VerifierName; project.Shared() {
		r.verifierName = solidity.SharedName
	}
	var failed error
	if explorer != nil {
		r.Verification, failed = source.Verify(c.Context(), a, explorer, o.Deployments, n.ChainID, deployment)
		failed = app.WithHint(app.AfterDoing(failed), "the contracts are deployed, and on record in %s; "+
			"send the sources again with %s", file, o.source.Again(dir, n.ChainID, o.Deployments))
	}
	return errors.Join(failed, a.Emit(r, r.print))
}

// compile compiles the exported contracts.
func (o *deployOptions) compile(a *app.App, dir string) (*chain.Project, error) {
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
	if err == nil && !strings.HasPrefix(p.Compiler(), solidity.CompilerVersion+"+") {
		a.Note("solc %s compiled the contracts, and an export names %s: another version gives other code. "+
			"The record keeps the version, for explorers; models share a verifier only where one version compiled both",
			p.Compiler(), solidity.CompilerVersion)
	}
	return p, err
}

// check refuses, before a chain is asked, what no transaction should find out.
func (o *deployOptions) check(c *cobra.Command, p *chain.Project) error {
	if o.verifier != "" && !p.Shared() {
		return app.Usage(c, errors.New("--verifier: the contracts were exported without --shared, "+
			"and have a verifier of their own"))
	}
	if !o.consumer {
		return nil
	}
	args, err := o.constructor(p, chain.Address{})
	if err != nil {
		return err
	}
	_, err = p.Build(p.Description.Name+"Consumer", args...)
	return err
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

// deploy creates the wrapper and what was asked for beside it. Everything is on record
// before it is sent, whatever becomes of it.
func (o *deployOptions) deploy(
	ctx context.Context, a *app.App, n *chain.Node, p *chain.Project, d *chain.Deployment,
) (file string, err error) {
	var args []any
	if p.Shared() {
		at, err := o.shared(ctx, a, n, p)
		if err != nil {
			return "", err
		}
		args = append(args, at)
	}
	record := func(c *chain.Contract) error { return o.record(n, d, c) }
	if err := o.create(ctx, a, n, p, record, d.Name, args...); err != nil {
		return "", err
	}
	if d.Verifier, err = n.ConfirmWrapper(ctx, &d.Contracts[0], d.VKSHA256, o.Patience); err != nil {
		return "", o.unconfirmed(n, &d.Contracts[0], err)
	}
	if file, err = chain.Put(o.Deployments, n.ChainID, d); err != nil || !o.consumer {
		return file, err
	}
	if args, err = o.constructor(p, d.Contracts[0].Address); err != nil {
		return "", err
	}
	if err := o.create(ctx, a, n, p, record, d.Name+"Consumer", args...); err != nil {
		return "", fmt.Errorf("%s is at %s, on record in %s; its consumer: %w", d.Name, d.Contracts[0].Address,
			file, err)
	}
	return file, nil
}

// shared is the address of the verifier that models share: the one that was named or is
// on record, or else a new one, which goes on record.
func (o *deployOptions) shared(
	ctx context.Context, a *app.App, n *chain.Node, p *chain.Project,
) (at chain.Address, err error) {
	r, err := chain.ReadRecord(o.Deployments, n.ChainID)
	if err != nil {
		return at, err
	}
	known := r.Shared
	if o.verifier != "" {
		known = &chain.Contract{Name: solidity.SharedName}
		if known.Address, err = chain.ParseAddress(o.verifier); err != nil {
			return at, fmt.Errorf("--verifier: %w", err)
		}
	}
	if known != nil {
		older := known.Compiled == nil
		err := p.CheckShared(ctx, n, known)
		if older && err == nil {
			_, err = chain.PutShared(o.Deployments, n.ChainID, known)
		}
		if !errors.Is(err, chain.ErrOtherContract) || o.verifier != "" {
			return known.Address, err
		}
		a.Note("%s is not the shared verifier of these sources, or of another chain of this number: "+
			"a new one is deployed (%v)", known.Address, err)
	}
	record := func(c *chain.Contract) error {
		at = c.Address
		_, err := chain.PutShared(o.Deployments, n.ChainID, c)
		return err
	}
	return at, o.create(ctx, a, n, p, record, solidity.SharedName)
}

// constructor are the arguments of the consumer's constructor: the wrapper's address, and
// what --arg states.
func (o *deployOptions) constructor(p *chain.Project, wrapper chain.Address) ([]any, error) {
	artifact, err := p.Artifact(p.Description.Name + "Consumer")
	if err != nil {
		return nil, err
	}
	args, err := calldata.Construct(artifact.ABI, []any{wrapper}, o.given)
	if err != nil {
		return nil, app.WithHint(fmt.Errorf("%sConsumer: %w", p.Description.Name, err),
			"give each with --arg NAME=VALUE: the commitment to the model that it trusts, the key of the signer")
	}
	return args, nil
}

// record puts a contract of a deployment on record, when it is signed and when it is there.
func (o *deployOptions) record(n *chain.Node, d *chain.Deployment, c *chain.Contract) error {
	at := slices.IndexFunc(d.Contracts, func(old chain.Contract) bool { return old.Transaction == c.Transaction })
	if at < 0 {
		d.Contracts = append(d.Contracts, *c)
	} else {
		d.Contracts[at] = *c
	}
	_, err := chain.Put(o.Deployments, n.ChainID, d)
	return err
}

// create plans a contract's creation, asks, records, sends it, and records that it is
// there.
func (o *deployOptions) create(
	ctx context.Context, a *app.App, n *chain.Node, p *chain.Project, record func(*chain.Contract) error, name string,
	args ...any,
) error {
	build, err := p.Build(name, args...)
	if err != nil {
		return err
	}
	plan, err := n.Plan(ctx, nil, build.Code(), build.Artifact.ABI)
	if err != nil {
		return o.FeeCap(fmt.Errorf("deploy %s: %w", name, err))
	}
	if err := o.Confirm(a, n, plan, "deploy "+name); err != nil {
		return err
	}
	creation, err := n.SignCreation(ctx, plan, build)
	if err != nil {
		return fmt.Errorf("deploy %s: %w", name, err)
	}
	if err := record(&creation.Contract); err != nil {
		return err
	}
	a.Progress.Stage("wait for a block")
	defer a.Progress.Done()
	if err := n.Create(ctx, creation, o.Patience); err != nil {
		return o.unconfirmed(n, &creation.Contract, fmt.Errorf("deploy %s: %w", name, err))
	}
	return record(&creation.Contract)
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
	fmt.Fprintf(w, "%s\t%s\n", r.verifierName, r.Verifier)
	if r.Consumer != "" {
		fmt.Fprintf(w, "%sConsumer\t%s\n", r.Name, r.Consumer)
	}
	fmt.Fprintf(w, "transaction\t%s (block %s, %d gas)\n", r.Transaction, r.Block, r.GasUsed)
	fmt.Fprintf(w, "recorded in\t%s\n", r.File)
	source.Print(w, r.Verification)
	fmt.Fprintf(w, "next\tzkml call --proof %s\n", app.DefaultProof)
}
