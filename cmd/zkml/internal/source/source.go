// Package source owns the flags that name an explorer, and what a command tells of its
// verdicts. The commands import it.
package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/chain/explorer"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
)

// Options are the flags.
type Options struct{ kind, url, keyEnv string }

// Flags adds them to a command.
func (o *Options) Flags(c *cobra.Command, help string) {
	f := c.Flags()
	f.StringVar(&o.kind, "verify", "", help+", which speaks the protocol of this kind: "+
		strings.Join(explorer.Kinds(), " or "))
	f.StringVar(&o.url, "verifier-url", "", "the URL of the explorer's programming interface")
	f.StringVar(&o.keyEnv, "verifier-key-env", "", "the name of the environment variable that holds the key which the "+
		"explorer wants, if it wants one")
}

// Explorer returns the explorer that is named; nil without --verify.
func (o *Options) Explorer(c *cobra.Command) (*explorer.Explorer, error) {
	switch {
	case o.kind == "" && (o.url != "" || o.keyEnv != ""):
		return nil, app.Usage(c, errors.New("--verifier-url and --verifier-key-env go with --verify"))
	case o.kind == "":
		return nil, nil
	case o.url == "":
		return nil, app.Usage(c, errors.New("--verify: name the explorer with --verifier-url"))
	}
	key := ""
	if o.keyEnv != "" {
		if key = os.Getenv(o.keyEnv); key == "" {
			return nil, errors.New("--verifier-key-env: there is no environment variable of this name, or it is empty")
		}
	}
	e, err := explorer.New(o.kind, o.url, key)
	if err != nil {
		return nil, app.Usage(c, fmt.Errorf("--verify: %w", err))
	}
	return e, nil
}

// Again is the command that sends the sources of what was deployed from a folder.
func (o *Options) Again(dir string, chainID *big.Int, deployments string) string {
	words := []string{"zkml", "verify-source", dir, "--chain-id", chainID.String(), "--deployments", deployments,
		"--verify", o.kind, "--verifier-url", "URL"}
	if o.keyEnv != "" {
		words = append(words, "--verifier-key-env", o.keyEnv)
	}
	return app.ShellLine(words...)
}

// Verdict is what an explorer says of a contract.
type Verdict struct {
	Name     string `json:"name"`
	Address  string `json:"address"`
	Contract string `json:"contract"`
	Compiler string `json:"compiler"`
	Verified bool   `json:"verified"`
	// Before tells that the explorer had the sources.
	Before bool   `json:"before"`
	Match  string `json:"match,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// Verify sends the sources of a recorded deployment. The error names the contracts that are
// not verified.
func Verify(
	ctx context.Context, a *app.App, e *explorer.Explorer, dir string, chainID *big.Int, d *chain.Deployment,
) ([]Verdict, error) {
	r, err := chain.ReadRecord(dir, chainID)
	if err != nil {
		return nil, err
	}
	sources, err := r.Sources(dir, d)
	if err != nil {
		return nil, err
	}
	var list []Verdict
	var failed []string
	var why error
	for _, s := range sources {
		a.Progress.Stage("verify " + s.Name)
		v, err := e.Verify(ctx, chainID, s)
		a.Progress.Done()
		verdict := Verdict{Name: s.Name, Address: s.Address.Hex(), Contract: s.Compiled.Contract,
			Compiler: s.Compiled.Compiler, Verified: err == nil, Before: v.Before, Match: v.Match}
		if err != nil {
			failed, why, verdict.Reason = append(failed, s.Name), err, err.Error()
		}
		list = append(list, verdict)
		if ctx.Err() != nil {
			break
		}
	}
	if why != nil {
		return list, fmt.Errorf("not verified: %s: %w", strings.Join(failed, ", "), why)
	}
	return list, nil
}

// Print writes verdicts.
func Print(w io.Writer, list []Verdict) {
	for _, v := range list {
		how := v.Match
		if v.Before {
			how = "before"
		}
		if how != "" {
			how = " (" + how + ")"
		}
		if v.Verified {
			fmt.Fprintf(w, "verified\t%s at %s%s\n", v.Name, v.Address, how)
		} else {
			fmt.Fprintf(w, "NOT VERIFIED\t%s at %s: %s\n", v.Name, v.Address, v.Reason)
		}
	}
}
