package call

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/dataset"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/verifier"
)

// dataOptions are the flags of a call about a data set.
type dataOptions struct {
	dataset.Options
	context string
}

// defaultProofs is how many proofs are made if no limit is given.
const defaultProofs = 10

func (o *dataOptions) flags(c *cobra.Command) {
	o.Flags(c, fmt.Sprintf("as many as %d proofs are about", defaultProofs))
	f := c.Flags()
	f.Lookup("data").Usage = "prove each sample of FILE or NAME=FILE, ask the node about each proof, and send nothing"
	f.Lookup("output").Usage = "with --data: the output that the labels are for, if there are several, or it shows " +
		"scores"
	f.StringVar(&o.context, "context", "", "with --data: the number, decimal or hex with 0x, that binds every proof")
}

// ofData are flags that mean something only with a data set, and ofOne only without.
var (
	ofData = []string{"labels", "output", "limit", "resize", "context"}
	ofOne  = []string{"proof", "keystore", "password-env", "key-env", "wallet", "yes"}
)

// check is the usage error for flags that do not belong together.
func (o *dataOptions) check(c *cobra.Command) error {
	if len(o.Files) > 0 {
		err := app.Excludes(c, "data", "proves each sample and sends nothing", ofOne...)
		return errors.Join(app.WithHint(err, "leave it out, or leave --data out to call with one proof"), o.Check(c))
	}
	for _, flag := range ofData {
		if c.Flags().Changed(flag) {
			return app.WithHint(app.Usage(c, fmt.Errorf("--%s goes with --data, which makes the proofs", flag)),
				"give the samples with --data FILE, or leave it out")
		}
	}
	return nil
}

// dataResult is what `zkml call --data --json` prints.
type dataResult struct {
	// Accepted tells that every proof was.
	Accepted bool   `json:"accepted"`
	ChainID  string `json:"chain_id"`
	To       string `json:"to"`
	Method   string `json:"method"`
	DryRun   bool   `json:"dry_run"`
	Samples  int    `json:"samples"`
	// Proofs are as many as the samples, or fewer for a model of batches.
	Proofs         int `json:"proofs"`
	AcceptedProofs int `json:"accepted_proofs"`
	// Gas is what a transaction with an accepted proof would use: null without one.
	Gas     *zkml.GasRange `json:"gas"`
	Refused []refusal      `json:"refused"`
	// Evaluation is of the accepted proofs, as `zkml eval` has it: null without one.
	Evaluation *zkml.EvaluateResult `json:"evaluation"`
	UnsafeSRS  bool                 `json:"unsafe_srs"`
}

// refusal is a proof that the contract refused, by its first sample.
type refusal struct {
	Sample   int    `json:"sample"`
	Reason   string `json:"reason"`
	Reverted bool   `json:"reverted"`
	Error    string `json:"error,omitempty"`
}

// runData proves samples, asks the node about each proof, and sums up.
func (o *callOptions) runData(c *cobra.Command, a *app.App, args []string) error {
	options, err := o.called(c)
	if err != nil {
		return err
	}
	b, try, err := o.toTry(c, a, args)
	if err != nil {
		return err
	}
	n, err := o.Connect(c.Context(), a, c)
	if err != nil {
		return err
	}
	defer n.Close()
	asked := &asked{node: n, options: options}
	if asked.from, err = o.sender(n); err != nil {
		return err
	}
	if asked.deployment, err = o.placed(c.Context(), n, b.Key(), len(args) > 0); err != nil {
		return err
	}
	a.NoteGas(b.Manifest.Layout)
	if err := asked.probe(c.Context(), a); err != nil {
		return err
	}
	try.Ask = asked.ask
	res, err := zkml.Try(c.Context(), b, try.samples, try.TryOptions)
	if err != nil {
		return err
	}
	if b.Manifest.SRS.Unsafe {
		a.WarnUnsafe("the key of this contract was made")
	}
	r := asked.result(res, b)
	err = a.Emit(r, func(w io.Writer) { r.print(w, b.Manifest.Layout.Items()) })
	if len(res.Refused) > 0 {
		first := res.Refused[0]
		err = errors.Join(err, fmt.Errorf("%d of %d proofs were refused; sample %d: %w",
			len(res.Refused), res.Proofs, first.Sample, first.Why))
	}
	return err
}

// toTry reads the bundle, the samples and what their proofs need.
func (o *callOptions) toTry(c *cobra.Command, a *app.App, args []string) (*artifact.Bundle, *trial, error) {
	if len(args) > 0 {
		if info, err := os.Stat(args[0]); args[0] == "-" || err == nil && !info.IsDir() {
			return nil, nil, app.Usage(c, fmt.Errorf("--data proves each sample: name the model's bundle; "+
				"%s is no folder", printable.Name(args[0])))
		}
	}
	t := &trial{}
	var err error
	if o.data.context != "" {
		if t.Context, err = load.ParseContext(o.data.context); err != nil {
			return nil, nil, app.Usage(c, err)
		}
	}
	b, err := load.Bundle(args)
	if err != nil {
		return nil, nil, err
	}
	if err := load.CheckContext(c, b, t.Context); err != nil {
		return nil, nil, err
	}
	layout := b.Manifest.Layout
	if len(layout.Signers()) > 0 {
		return nil, nil, app.WithHint(app.Usage(c, fmt.Errorf("--data: %s was compiled with --input-signed-by, so "+
			"that each sample needs a signature of its own", b.Dir)),
			"prove each with zkml prove --signature FILE, and ask about it with --dry-run")
	}
	limit := o.data.Limit
	if limit == 0 {
		limit = defaultProofs * layout.Items()
	}
	if t.samples, t.Labels, err = o.data.Read(a, b, limit); err != nil {
		return nil, nil, err
	}
	t.fill(a, layout.Items())
	t.Output, t.Setup.Progress = o.data.Output, a.Progress.Show
	t.Setup.Store, err = load.Store(a)
	return b, t, err
}

// trial is what is tried.
type trial struct {
	zkml.TryOptions
	samples []zkml.Sample
}

// fill leaves out the last samples where they fill no proof.
func (t *trial) fill(a *app.App, items int) {
	rest := len(t.samples) % items
	if rest == 0 || rest == len(t.samples) {
		return
	}
	a.Note("the last samples, %d of them, do not fill a proof of %d, and are left out", rest, items)
	t.samples = t.samples[:len(t.samples)-rest]
	if t.Labels != nil {
		t.Labels = t.Labels[:len(t.samples)]
	}
}

// asked is who is asked about proofs.
type asked struct {
	node       *chain.Node
	from       chain.Address
	deployment *chain.Deployment
	options    chain.CallOptions
	call       *chain.ProofCall
}

// probe asks about a proof that is none, before any is made: an error is one of the
// address, the method or its arguments, and not of a proof.
func (q *asked) probe(ctx context.Context, a *app.App) error {
	none := &verifier.Proof{
		VKSHA256: q.deployment.VKSHA256, Proof: []byte{0},
		PublicInputs: make([]verifier.Word, q.deployment.Layout.Count()),
	}
	verdict, err := q.ask(ctx, none)
	if err == nil && verdict.Refused == nil {
		a.Warn("%s accepts one zero byte for a proof too: what it accepts says nothing of proofs", q.call.To)
	}
	return err
}

// ask asks about one proof.
func (q *asked) ask(ctx context.Context, p *verifier.Proof) (v zkml.Verdict, err error) {
	if q.call, err = chain.NewProofCall(q.deployment, p, q.options); err != nil {
		return v, err
	}
	if err = q.call.Try(ctx, q.node, q.from); err == nil {
		v.Gas, err = q.call.Gas(ctx, q.node, q.from)
	}
	var revert *chain.Revert
	if errors.Is(err, verifier.ErrRejected) || errors.As(err, &revert) {
		return zkml.Verdict{Refused: err}, nil
	}
	return v, err
}

func (q *asked) result(res *zkml.TryResult, b *artifact.Bundle) *dataResult {
	r := &dataResult{
		Accepted: len(res.Refused) == 0, ChainID: q.node.ChainID.String(), To: q.call.To.Hex(),
		Method: q.call.Method.RawName, DryRun: true, Samples: res.Samples, Proofs: res.Proofs,
		AcceptedProofs: res.Accepted, Gas: res.Gas, Refused: []refusal{}, Evaluation: res.Evaluation,
		UnsafeSRS: b.Manifest.SRS.Unsafe,
	}
	for _, x := range res.Refused {
		text, revert := reason(x.Why)
		one := refusal{Sample: x.Sample, Reason: text, Reverted: revert != nil}
		if revert != nil {
			one.Error = revert.Name
		}
		r.Refused = append(r.Refused, one)
	}
	return r
}

func (r *dataResult) print(w io.Writer, items int) {
	fmt.Fprintf(w, "samples\t%d", r.Samples)
	if items > 1 {
		fmt.Fprintf(w, ", %d in each proof", items)
	}
	fmt.Fprintf(w, "\naccepted\t%d of %d proofs, by %s of %s on chain %s\n",
		r.AcceptedProofs, r.Proofs, r.Method, r.To, r.ChainID)
	for i, x := range r.Refused {
		if i == app.ShownScores {
			fmt.Fprintf(w, "REFUSED\tand %d more\n", len(r.Refused)-i)
			break
		}
		fmt.Fprintf(w, "REFUSED\tsample %d: %s\n", x.Sample, x.Reason)
	}
	if r.Gas != nil {
		fmt.Fprintf(w, "gas\tleast %d, mean %d, greatest %d\n", r.Gas.Least, r.Gas.Mean, r.Gas.Greatest)
		dataset.Print(w, r.Evaluation)
	}
	fmt.Fprintf(w, "sent\tnothing\n")
}
