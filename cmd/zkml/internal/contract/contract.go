// Package contract owns the flags that name a contract's method and the values of its
// arguments. The commands import it.
package contract

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/chain/calldata"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/printable"
)

// Options are those flags.
type Options struct {
	ABI, Name, Signature, Method string
	Args
}

// Flags adds them to a command.
func (o *Options) Flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.ABI, "abi", "", "a file with the contract's ABI: a plain one, or what forge, Hardhat or "+
		"export-verifier wrote")
	f.StringVar(&o.Name, "contract", "", "the contract's name, whose ABI is below out/ or artifacts/ here")
	f.StringVar(&o.Signature, "sig", "", "the method as 'enter(bytes input, int256[] output, bytes proof)'; names "+
		"may be left out where the arguments are the wrapper's")
	f.StringVar(&o.Method, "method", "", "the method's name, or its signature where the name has several")
	o.Args.Flag(c, "NAME=VALUE, the value of an argument that the proof does not have; "+
		"NAME=@OTHER takes the proof's OTHER; lists and structs are JSON")
}

// Check is the usage error for flags that exclude each other.
func (o *Options) Check(c *cobra.Command) error {
	named := 0
	for _, flag := range []string{"abi", "contract", "sig"} {
		if c.Flags().Changed(flag) {
			named++
		}
	}
	switch {
	case named > 1:
		return app.Usage(c, errors.New("name the method by one of --abi, --contract and --sig"))
	case o.Signature != "" && o.Method != "":
		return app.Usage(c, errors.New("--sig names the method: it does not go with --method"))
	}
	return nil
}

// Args are the values of --arg.
type Args struct{ args []string }

// Flag adds --arg to a command.
func (o *Args) Flag(c *cobra.Command, help string) {
	c.Flags().StringArrayVar(&o.args, "arg", nil, help)
}

// Given reads --arg.
func (o *Args) Given(c *cobra.Command) ([]calldata.Given, error) {
	var out []calldata.Given
	for _, arg := range o.args {
		name, text, ok := strings.Cut(arg, "=")
		if !ok || name == "" {
			return nil, app.Usage(c, fmt.Errorf("--arg: write NAME=VALUE, not %q", arg))
		}
		out = append(out, calldata.Given{Name: name, Text: text})
	}
	return out, nil
}

// Interface reads the contract's ABI, where one is named: nil where none is.
func (o *Options) Interface() (*calldata.Interface, error) {
	path := o.ABI
	switch {
	case o.Name != "":
		var err error
		if path, err = find(o.Name); err != nil {
			return nil, err
		}
	case path == "":
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	contract, err := calldata.ReadInterface(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &contract, nil
}

// places are where compilers leave a contract's ABI: Foundry's and Hardhat's folders.
var places = []string{
	"out/*.sol/NAME.json", "artifacts/*/NAME.sol/NAME.json", "artifacts/*.sol/NAME.json", "artifacts/*/*.sol/NAME.json",
}

// find is the file of a contract's ABI, by the contract's name.
func find(name string) (string, error) {
	if strings.ContainsAny(name, `/\*?[`) {
		return "", fmt.Errorf("--contract %s: it is a contract's name; a file is named with --abi",
			printable.Name(name))
	}
	var found []string
	for _, place := range places {
		list, err := filepath.Glob(strings.ReplaceAll(filepath.FromSlash(place), "NAME", name))
		if err != nil {
			return "", err
		}
		found = append(found, list...)
	}
	slices.Sort(found)
	found = slices.Compact(found)
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		here, err := os.Getwd()
		if err != nil {
			return "", err
		}
		return "", app.WithHint(fmt.Errorf("--contract %s: nothing was compiled of this name below out/ or "+
			"artifacts/ of %s", printable.Name(name), here),
			"compile it first (forge build), or name the file of its ABI with --abi")
	}
	return "", fmt.Errorf("--contract %s: several files fit: name one with --abi: %s", printable.Name(name),
		strings.Join(found, ", "))
}
