// Package call is the command `zkml call`. Only cmd/zkml imports it.
package call

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/chain/calldata"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/contract"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/cmd/zkml/internal/node"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// callOptions are the flags of `zkml call`.
type callOptions struct {
	node.Options
	contract        contract.Options
	data            dataOptions
	proof, to, from string
	dryRun          bool
}

// callResult is what `zkml call --json` prints.
type callResult struct {
	Accepted bool   `json:"accepted"`
	ChainID  string `json:"chain_id"`
	To       string `json:"to"`
	Method   string `json:"method"`
	DryRun   bool   `json:"dry_run"`
	// Reason says why a proof was refused, or why the contract reverted.
	Reason string `json:"reason,omitempty"`
	// Reverted tells that the contract reverted, and Error is the name of its error, where
	// it is known.
	Reverted bool   `json:"reverted"`
	Error    string `json:"error,omitempty"`
	// Arguments are those of the method.
	Arguments []verifier.Argument `json:"arguments"`
	// Statement is what the proof shows; empty where it was refused. Of one output,
	// Output is there all the same.
	verifier.Statement
	Transaction string   `json:"transaction,omitempty"`
	Block       string   `json:"block,omitempty"`
	GasUsed     uint64   `json:"gas_used,omitempty"`
	Events      []string `json:"events"`
	UnsafeSRS   bool     `json:"unsafe_srs"`
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &callOptions{}
	c := &cobra.Command{
		Use:   "call [BUNDLE or VK]",
		Short: "Send a proof to a contract on a chain",
		Long: "Call a contract with a proof, and print what the proof shows. The contract is the one that\n" +
			"`zkml deploy` put on the chain (deployments/CHAIN.json), or any contract at the address --to. Each\n" +
			"argument of its method is the one of the proof that has its name, and the others are given with\n" +
			"--arg; --abi, --contract or --sig describe a method that is not the wrapper's. What is not recorded\n" +
			"as deployed needs the model's bundle or verifying key; where one is named, the proof must hold\n" +
			"under it. --dry-run asks the node and sends nothing, for which no key is needed. Exit code 3 says\n" +
			"that the proof was refused, or that the contract reverted.\n" +
			"--data proves samples of a data set, asks the node about each, and sends nothing: it prints the\n" +
			"least, mean and greatest gas, and how well the accepted outputs agree with the float model and the\n" +
			"labels. It keeps no proof.",
		Example: "  zkml call --rpc http://127.0.0.1:8545 --dry-run\n" +
			"  zkml call --proof seven.json --keystore key.json --method submit\n" +
			"  zkml call --to 0x00000000000000000000000000000000000000AA --contract Market --arg round=7 --dry-run\n" +
			"  zkml call mnist.zkml --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz --limit 20",
		Args: app.AtMost(1, "BUNDLE or VK"),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, a, args) },
	}
	o.Flags(c)
	f := c.Flags()
	f.StringVar(&o.proof, "proof", app.DefaultProof, "the proof's file; - is standard input")
	o.contract.Flags(c)
	f.StringVar(&o.to, "to", "", "the contract's address (default the recorded one that has the method)")
	f.BoolVar(&o.dryRun, "dry-run", false, "ask the node what would happen, and send nothing")
	f.StringVar(&o.from, "from", "", "with --dry-run or --data: the account that would send it")
	o.data.flags(c)
	return c
}

func (o *callOptions) run(c *cobra.Command, a *app.App, args []string) error {
	if err := o.check(c); err != nil {
		return err
	}
	if len(o.data.Files) > 0 {
		return o.runData(c, a, args)
	}
	options, err := o.called(c)
	if err != nil {
		return err
	}
	proof, err := load.Proof(a, o.proof)
	if err != nil {
		return err
	}
	n, err := o.Connect(c.Context(), a, c)
	if err != nil {
		return err
	}
	defer n.Close()
	d, err := o.deployment(c.Context(), a, n, proof, args)
	if err != nil {
		return err
	}
	call, err := chain.NewProofCall(d, proof, options)
	if err != nil {
		return err
	}
	r := &callResult{
		ChainID: n.ChainID.String(), To: call.To.Hex(), Method: call.Method.RawName, Arguments: call.Arguments,
		DryRun: o.dryRun, Events: []string{}, UnsafeSRS: d.UnsafeSRS,
	}
	a.NoteGas(call.Deployment.Layout)
	verdict := o.ask(c.Context(), a, n, call, r)
	var revert *chain.Revert
	if r.Reverted = errors.As(verdict, &revert); r.Reverted {
		r.Error = revert.Name
	} else if verdict != nil && !errors.Is(verdict, verifier.ErrRejected) {
		return verdict
	}
	if r.UnsafeSRS {
		a.WarnUnsafe("the key of this contract was made")
	}
	if r.Accepted = verdict == nil; r.Accepted {
		err = r.tell(call, proof)
	} else {
		r.Reason, _ = reason(verdict)
	}
	if r.Output == nil && len(d.Layout.Outputs()) == 1 {
		r.Output = &verifier.Output{}
	}
	if r.Outputs == nil {
		r.Outputs = []verifier.NamedOutput{}
	}
	return errors.Join(verdict, err, a.Emit(r, func(w io.Writer) { r.print(w, call) }))
}

// called is what the flags say of the contract and its method.
func (o *callOptions) called(c *cobra.Command) (chain.CallOptions, error) {
	out := chain.CallOptions{To: o.to, Method: o.contract.Method}
	var err error
	if out.Given, err = o.contract.Given(c); err != nil {
		return out, err
	}
	if out.Interface, err = o.contract.Interface(); err != nil {
		return out, err
	}
	if o.contract.Signature != "" {
		m, err := calldata.Parse(o.contract.Signature)
		out.Exact = &m
		return out, err
	}
	if out.Interface == nil && out.Method == "" {
		out.Method = string(solidity.MethodVerifyOrRevert)
	}
	return out, nil
}

func (o *callOptions) check(c *cobra.Command) error {
	if err := o.contract.Check(c); err != nil {
		return err
	}
	if err := o.data.check(c); err != nil {
		return err
	}
	if o.dryRun || len(o.data.Files) > 0 {
		if o.Signers() > 1 {
			return o.CheckSigner(c)
		}
		return nil
	}
	if o.from != "" {
		return app.Usage(c, errors.New("--from goes with --dry-run; what is sent comes from the account that signs"))
	}
	return o.CheckSigner(c)
}

// deployment is what is recorded of the proof's key on the chain. Where nothing is, and
// the contract's address is given, it is what the key says. Under a key that is named or
// found here, the proof must hold.
func (o *callOptions) deployment(
	ctx context.Context, a *app.App, n *chain.Node, proof *verifier.Proof, args []string,
) (*chain.Deployment, error) {
	if len(args) == 0 {
		d, err := o.recorded(ctx, n, proof.VKSHA256)
		if o.to == "" || !errors.Is(err, chain.ErrUnrecorded) {
			return d, err
		}
	}
	key, err := load.Key(a, args)
	if err != nil {
		return nil, app.WithHint(err, "name the model's bundle or verifying key: "+
			"the contract at --to is no record of zkml deploy")
	}
	if _, err := verifier.Verify(key, proof); err != nil {
		return nil, err
	}
	return o.placed(ctx, n, key, true)
}

// placed is what is recorded of a key, or, where the contract's address is given, what the
// key says: that alone if the key was named, else only where nothing is recorded.
func (o *callOptions) placed(
	ctx context.Context, n *chain.Node, key *verifier.Key, named bool,
) (*chain.Deployment, error) {
	if o.to == "" || !named {
		d, err := o.recorded(ctx, n, key.VKSHA256)
		if o.to == "" || !errors.Is(err, chain.ErrUnrecorded) {
			return d, err
		}
	}
	return chain.OfKey(key)
}

func (o *callOptions) recorded(ctx context.Context, n *chain.Node, vkSHA256 string) (*chain.Deployment, error) {
	record, err := chain.ReadRecord(o.Deployments, n.ChainID)
	if err != nil {
		return nil, err
	}
	d, err := n.Deployed(ctx, record, vkSHA256)
	switch {
	case errors.Is(err, chain.ErrOtherContract):
		return nil, app.WithHint(err, "%s records another chain of the same number, "+
			"one that was started anew perhaps: deploy again", chain.RecordPath(o.Deployments, n.ChainID))
	case err != nil:
		return nil, app.WithHint(err, "deploy the contracts with zkml deploy, "+
			"or name the folder of its records with --deployments, or a contract's address with --to")
	}
	return d, nil
}

// ask makes the call, or sends it. The error is verifier.ErrRejected if the
// contract refused the proof.
func (o *callOptions) ask(ctx context.Context, a *app.App, n *chain.Node, call *chain.ProofCall, r *callResult) error {
	from, err := o.sender(n)
	if err != nil {
		return err
	}
	if err := call.Try(ctx, n, from); err != nil || o.dryRun {
		return err
	}
	plan, err := n.Plan(ctx, &call.To, call.Data, call.Known...)
	if err != nil {
		return o.FeeCap(call.Judge(err))
	}
	if err := o.Confirm(a, n, plan, "call "+call.Method.RawName+" of "+call.To.Hex()); err != nil {
		return err
	}
	a.Progress.Stage("wait for a block")
	defer a.Progress.Done()
	receipt, err := call.Send(ctx, n, plan, o.Patience)
	if err != nil {
		return err
	}
	r.Transaction, r.Block, r.GasUsed = receipt.TxHash.Hex(), receipt.BlockNumber.String(), receipt.GasUsed
	r.Events = chain.Events(receipt, call.Known...)
	return nil
}

// sender is the account whose call it is.
func (o *callOptions) sender(n *chain.Node) (from chain.Address, err error) {
	if o.from == "" {
		return n.From(), nil
	}
	if from, err = chain.ParseAddress(o.from); err != nil {
		return from, fmt.Errorf("--from: %w", err)
	}
	return from, nil
}

// reason says why a contract refused a proof, and how it reverted, if it did.
func reason(verdict error) (text string, revert *chain.Revert) {
	if errors.As(verdict, &revert) {
		return revert.Error(), revert
	}
	return strings.TrimPrefix(verdict.Error(), verifier.ErrRejected.Error()+": "), nil
}

// tell fills in what the proof shows.
func (r *callResult) tell(call *chain.ProofCall, proof *verifier.Proof) error {
	claim, err := proof.Claimed(call.Deployment.Layout)
	if err != nil {
		return err
	}
	r.Statement = verifier.InWords(call.Deployment.Layout, claim)
	return nil
}

func (r *callResult) print(w io.Writer, call *chain.ProofCall) {
	switch {
	case !r.Accepted && r.Reverted && !solidity.Rejects(r.Error):
		fmt.Fprintf(w, "REVERTED\t%s\n", r.Reason)
		return
	case !r.Accepted:
		fmt.Fprintf(w, "REJECTED\t%s\n", r.Reason)
		return
	}
	fmt.Fprintf(w, "accepted\t%s of %s on chain %s\n", r.Method, r.To, r.ChainID)
	app.PrintClaim(w, call.Deployment.Layout, &r.Statement)
	for _, e := range r.Events {
		fmt.Fprintf(w, "event\t%s\n", e)
	}
	if r.DryRun {
		fmt.Fprintf(w, "sent\tnothing\n")
		return
	}
	fmt.Fprintf(w, "transaction\t%s (block %s, %d gas)\n", r.Transaction, r.Block, r.GasUsed)
}
