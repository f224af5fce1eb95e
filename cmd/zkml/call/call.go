// Package call is the command `zkml call`. Only cmd/zkml imports it.
package call

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/cmd/zkml/internal/node"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// callOptions are the flags of `zkml call`.
type callOptions struct {
	node.Options
	proof, to, method, from string
	dryRun                  bool
}

// callResult is what `zkml call --json` prints.
type callResult struct {
	Accepted bool   `json:"accepted"`
	ChainID  string `json:"chain_id"`
	To       string `json:"to"`
	Method   string `json:"method"`
	DryRun   bool   `json:"dry_run"`
	// Reason says why a proof was refused.
	Reason string `json:"reason,omitempty"`
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
		Use:   "call",
		Short: "Send a proof to a contract on a chain",
		Long: "Call a contract that `zkml deploy` put on a chain with a proof, and print what it shows. The\n" +
			"contract is found by the proof's key in deployments/CHAIN.json; with --to, it is any contract whose\n" +
			"method takes what the wrapper's verify takes. --dry-run asks the node and sends nothing, for which\n" +
			"no key is needed. Exit code 3 says that the contract refused the proof.",
		Example: "  zkml call --rpc http://127.0.0.1:8545 --dry-run\n" +
			"  zkml call --proof seven.json --keystore key.json --method submit",
		Args: app.AtMost(0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return o.run(c, a) },
	}
	o.Flags(c)
	f := c.Flags()
	f.StringVar(&o.proof, "proof", app.DefaultProof, "the proof's file; - is standard input")
	f.StringVar(&o.method, "method", string(solidity.MethodVerifyOrRevert), "the contract's method")
	f.StringVar(&o.to, "to", "", "the contract's address (default the recorded one that has the method)")
	f.BoolVar(&o.dryRun, "dry-run", false, "ask the node what would happen, and send nothing")
	f.StringVar(&o.from, "from", "", "with --dry-run: the account that would send it")
	return c
}

func (o *callOptions) run(c *cobra.Command, a *app.App) error {
	if err := o.check(c); err != nil {
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
	call, err := o.prepare(c.Context(), n, proof)
	if err != nil {
		return err
	}
	r := &callResult{
		ChainID: n.ChainID.String(), To: call.To.Hex(), Method: o.method, DryRun: o.dryRun,
		Events: []string{}, UnsafeSRS: call.Deployment.UnsafeSRS,
	}
	a.NoteGas(call.Deployment.Layout)
	verdict := o.ask(c.Context(), a, n, call, r)
	if verdict != nil && !errors.Is(verdict, verifier.ErrRejected) {
		return verdict
	}
	if r.UnsafeSRS {
		a.WarnUnsafe("the key of this contract was made")
	}
	if r.Accepted = verdict == nil; r.Accepted {
		err = r.tell(call, proof)
	} else {
		r.Reason = strings.TrimPrefix(verdict.Error(), verifier.ErrRejected.Error()+": ")
	}
	if r.Output == nil && len(call.Deployment.Layout.Outputs()) == 1 {
		r.Output = &verifier.Output{}
	}
	if r.Outputs == nil {
		r.Outputs = []verifier.NamedOutput{}
	}
	return errors.Join(verdict, err, a.Emit(r, func(w io.Writer) { r.print(w, call) }))
}

func (o *callOptions) check(c *cobra.Command) error {
	if o.dryRun {
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

// prepare finds the contract, and makes sure that it is the model's.
func (o *callOptions) prepare(ctx context.Context, n *chain.Node, proof *verifier.Proof) (*chain.ProofCall, error) {
	record, err := chain.ReadRecord(o.Deployments, n.ChainID)
	if err != nil {
		return nil, err
	}
	d, err := n.Deployed(ctx, record, proof.VKSHA256)
	switch {
	case errors.Is(err, chain.ErrOtherContract):
		return nil, app.WithHint(err, "%s records another chain of the same number, "+
			"one that was started anew perhaps: deploy again", chain.RecordPath(o.Deployments, n.ChainID))
	case err != nil:
		return nil, app.WithHint(err, "deploy the contracts with zkml deploy, "+
			"or name the folder of its records with --deployments")
	}
	return chain.NewProofCall(d, proof, o.to, o.method)
}

// ask makes the call, or sends it. The error is verifier.ErrRejected if the
// contract refused the proof.
func (o *callOptions) ask(ctx context.Context, a *app.App, n *chain.Node, call *chain.ProofCall, r *callResult) error {
	from := n.From()
	if o.from != "" {
		var err error
		if from, err = chain.ParseAddress(o.from); err != nil {
			return fmt.Errorf("--from: %w", err)
		}
	}
	if err := call.Try(ctx, n, from); err != nil || o.dryRun {
		return err
	}
	plan, err := n.Plan(ctx, &call.To, call.Data, call.Known...)
	if err != nil {
		return o.FeeCap(call.Judge(err))
	}
	if err := o.Confirm(a, n, plan, "call "+o.method+" of "+call.To.Hex()); err != nil {
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

// tell fills in what the proof shows.
func (r *callResult) tell(call *chain.ProofCall, proof *verifier.Proof) error {
	words := make([]*big.Int, len(proof.PublicInputs))
	for i := range words {
		words[i] = proof.PublicInputs[i].Int()
	}
	claim, err := call.Deployment.Layout.Claim(words)
	if err != nil {
		return err
	}
	r.Statement = verifier.InWords(call.Deployment.Layout, claim)
	return nil
}

func (r *callResult) print(w io.Writer, call *chain.ProofCall) {
	if !r.Accepted {
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
