// Package node owns the flags of commands that talk to a chain. The commands import
// it.
package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
)

// Options are the flags of commands that talk to a chain: where it is, who signs, and
// what must be confirmed.
type Options struct {
	rpc                      string
	keystore, keyEnv, wallet string
	passwordEnv              string
	yes                      bool
	chainID                  uint64
	txFeeCap                 float64
	// Patience is how long to wait for a block.
	Patience time.Duration
	// Deployments is the folder of records.
	Deployments string
}

// rpcEnv is the environment variable that names a node, as in other tools.
const rpcEnv = "ETH_RPC_URL"

// Flags declares all of the flags.
func (o *Options) Flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.rpc, "rpc", "", "the node's JSON-RPC URL (default what "+rpcEnv+" holds)")
	f.StringVar(&o.keystore, "keystore", "", "sign with the key in this keystore file; its password is asked for")
	f.StringVar(&o.passwordEnv, "password-env", "",
		"the name of the environment variable that holds the keystore's password")
	f.StringVar(&o.keyEnv, "key-env", "", "sign with the key in the environment variable of this name")
	f.StringVar(&o.wallet, "wallet", "", "sign with a hardware wallet: ledger: or trezor:, "+
		"and a derivation path if necessary")
	f.BoolVar(&o.yes, "yes", false, "send without asking")
	f.Uint64Var(&o.chainID, "chain-id", 0, "refuse a node of any other chain (default accept any)")
	f.Float64Var(&o.txFeeCap, "tx-fee-cap", 1, "the most that a transaction may cost, in the chain's coin; "+
		"0 means no limit")
	f.DurationVar(&o.Patience, "timeout", 5*time.Minute, "how long to wait for a block")
	f.StringVar(&o.Deployments, "deployments", "deployments",
		"the folder with the records of what was deployed, one file per chain")
}

// Signers returns how many ways to sign were given.
func (o *Options) Signers() int {
	n := 0
	for _, s := range []string{o.keystore, o.keyEnv, o.wallet} {
		if s != "" {
			n++
		}
	}
	return n
}

// CheckSigner returns a usage error unless exactly one way to sign was given.
func (o *Options) CheckSigner(c *cobra.Command) error {
	if o.Signers() == 1 {
		return nil
	}
	return app.Usage(c, errors.New("name one key that signs: --keystore FILE, --key-env NAME or --wallet URL"))
}

// Connect dials the node and reads the key, if one was named.
func (o *Options) Connect(ctx context.Context, a *app.App, c *cobra.Command) (*chain.Node, error) {
	url := o.rpc
	if url == "" {
		url = os.Getenv(rpcEnv)
	}
	if url == "" {
		return nil, app.Usage(c, fmt.Errorf("--rpc is missing, and the environment variable %s is empty", rpcEnv))
	}
	limit := chain.Wei(o.txFeeCap)
	if limit == nil {
		return nil, app.Usage(c, errors.New("--tx-fee-cap is an amount of the chain's coin, 0 for no limit"))
	}
	var signer chain.Signer
	if o.Signers() > 0 {
		var err error
		if signer, err = o.signer(a); err != nil {
			return nil, err
		}
	}
	n, err := chain.Dial(ctx, url)
	if err != nil {
		return nil, app.WithHint(err, "--rpc is the URL of a node's JSON-RPC, as in http://127.0.0.1:8545")
	}
	n.Signer = signer
	if o.txFeeCap != 0 {
		n.MaxFee = limit
	}
	if o.chainID != 0 && n.ChainID.Cmp(new(big.Int).SetUint64(o.chainID)) != 0 {
		return nil, errors.Join(fmt.Errorf("the node is on chain %s, but --chain-id is %d", n.ChainID, o.chainID),
			n.Close())
	}
	return n, nil
}

// FeeCap adds the remedy for a transaction that may cost more than the limit.
func (o *Options) FeeCap(err error) error {
	if errors.Is(err, chain.ErrFeeCap) {
		return app.WithHint(err, "ask another node, or raise the limit with --tx-fee-cap")
	}
	return err
}

func (o *Options) signer(a *app.App) (chain.Signer, error) {
	switch {
	case o.keyEnv != "":
		return chain.KeyFromEnv(o.keyEnv)
	case o.wallet != "":
		return chain.OpenWallet(o.wallet)
	}
	return chain.KeyFromKeystore(o.keystore, func() (string, error) { return o.password(a) })
}

// password reads the password from the environment or from the terminal.
func (o *Options) password(a *app.App) (string, error) {
	if o.passwordEnv != "" {
		p, ok := os.LookupEnv(o.passwordEnv)
		if !ok {
			return "", errors.New("--password-env: there is no environment variable of this name")
		}
		return p, nil
	}
	in := int(os.Stdin.Fd())
	if !term.IsTerminal(in) {
		return "", errors.New("there is no terminal to ask for the keystore's password; " +
			"put it into an environment variable and name that with --password-env")
	}
	fmt.Fprint(a.Err, "password of the keystore: ")
	defer fmt.Fprintln(a.Err)
	raw, err := term.ReadPassword(in)
	return string(raw), err
}

// errUnconfirmed means that the user did not confirm.
var errUnconfirmed = errors.New("not confirmed; nothing was sent")

// Confirm shows a plan, and asks for confirmation unless --yes was given.
func (o *Options) Confirm(a *app.App, n *chain.Node, p *chain.Plan, what string) error {
	a.Progress.Done()
	fmt.Fprintf(a.Err, "zkml: %s on chain %s, signed by %s\n", what, n.ChainID, n.From())
	fmt.Fprintf(a.Err, "zkml: gas %d (limit %d), at most %s ETH of the account's %s\n", p.Gas, p.Limit,
		chain.Ether(p.Most()), chain.Ether(p.Balance))
	if o.yes {
		return nil
	}
	fmt.Fprint(a.Err, "zkml: send it? [y/N] ")
	line, err := a.In.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return nil
	}
	return app.WithHint(errUnconfirmed, "answer y, or give --yes if nobody is there to answer")
}
