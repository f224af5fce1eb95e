// Package calldata is the command `zkml calldata`. Only cmd/zkml imports it.
package calldata

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/chain/calldata"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/contract"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// calldataOptions are the flags of `zkml calldata`.
type calldataOptions struct {
	contract.Options
	form string
}

// The forms in which a call is printed.
const (
	formCalldata = "calldata"
	formCast     = "cast"
	formJSON     = "json"
)

// calldataResult is what `zkml calldata --json` prints.
type calldataResult struct {
	Method    string              `json:"method"`
	Signature string              `json:"signature"`
	Selector  verifier.Hex        `json:"selector"`
	Arguments []verifier.Argument `json:"arguments"`
	Calldata  verifier.Hex        `json:"calldata"`
	Cast      string              `json:"cast"`
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &calldataOptions{}
	c := &cobra.Command{
		Use:   "calldata [PROOF]",
		Short: "Encode a proof as the call of a contract",
		Long: "Write a proof as the calldata of a contract's method: the wrapper's, or any of yours. Each\n" +
			"argument of the method is the one of the proof that has its name (leading and trailing\n" +
			"underscores aside); the others are given with --arg. Nothing is checked against a key: the\n" +
			"contract does that. The proof is proof.json if none is named.",
		Example: "  zkml calldata\n" +
			"  zkml calldata proof.json --sig 'enter(uint256 round, bytes input, bytes proof)' --arg round=7\n" +
			"  zkml calldata --contract Market --method settle --form cast",
		Args: app.AtMost(1, "PROOF"),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, a, args) },
	}
	o.Flags(c)
	c.Flags().StringVar(&o.form, "form", formCalldata,
		"what is printed: calldata, cast (the signature and the arguments, for Foundry's cast), or json")
	return c
}

func (o *calldataOptions) run(c *cobra.Command, a *app.App, args []string) error {
	if err := o.Check(c); err != nil {
		return err
	}
	if o.form != formCalldata && o.form != formCast && o.form != formJSON {
		return app.Usage(c, fmt.Errorf("--form is calldata, cast or json, not %q", o.form))
	}
	given, err := o.Given(c)
	if err != nil {
		return err
	}
	path := app.DefaultProof
	if len(args) > 0 {
		path = args[0]
	}
	proof, err := load.Proof(a, path)
	if err != nil {
		return err
	}
	if proof.Arguments == nil {
		return app.WithHint(fmt.Errorf("%s does not say what a call takes: an earlier zkml wrote it", path),
			"prove again")
	}
	m, err := o.method(proof)
	if err != nil {
		return err
	}
	call, err := calldata.New(m, proof.Arguments, given)
	if err != nil {
		return app.WithHint(err, "--arg NAME=VALUE gives the value of an argument")
	}
	r := &calldataResult{
		Method: m.RawName, Signature: m.Sig, Selector: m.ID, Arguments: call.Arguments, Calldata: call.Data,
	}
	if r.Cast, err = call.Cast(); err != nil && o.form == formCast {
		return err
	}
	a.JSON = a.JSON || o.form == formJSON
	if proof.UnsafeSRS {
		a.WarnUnsafe("this proof was made")
	}
	return a.Emit(r, func(w io.Writer) { r.print(w, o.form) })
}

// method is the one that was named, or verifyOrRevert of the wrapper.
func (o *calldataOptions) method(proof *verifier.Proof) (calldata.Method, error) {
	if o.Signature != "" {
		return calldata.Parse(o.Signature)
	}
	known, err := o.Interface()
	if err != nil {
		return calldata.Method{}, err
	}
	if known != nil {
		return calldata.Find(*known, o.Method)
	}
	name := o.Method
	if name == "" {
		name = string(solidity.MethodVerifyOrRevert)
	}
	return calldata.Like(name, proof.Arguments)
}

func (r *calldataResult) print(w io.Writer, form string) {
	if form == formCast {
		fmt.Fprintln(w, r.Cast)
		return
	}
	fmt.Fprintf(w, "%#x\n", []byte(r.Calldata))
}
