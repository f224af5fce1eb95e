package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/conformance"
	"github.com/zkml-go/zkml/verifier"
)

// The exit codes that scripts rely on.
const (
	exitDone     = 0
	exitError    = 1
	exitUsage    = 2
	exitRejected = 3
)

var errInterrupted = errors.New("interrupted; nothing was left half written")

// interrupted is what an interruption makes of an error. What was sent to a chain is
// beyond recall, and its error says where to look for it.
func interrupted(err error) error {
	if errors.Is(err, chain.ErrPending) {
		return err
	}
	return errInterrupted
}

// usageError is a mistake in what was typed.
type usageError struct {
	err     error
	command string
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// usage makes a usage error of a command.
func usage(c *cobra.Command, err error) error {
	return &usageError{err, c.CommandPath()}
}

// hintedError carries what to do next.
type hintedError struct {
	error
	hint string
}

func (e *hintedError) Unwrap() error { return e.error }

func withHint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &hintedError{err, fmt.Sprintf(format, args...)}
}

func exitCode(err error) int {
	var u *usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &u):
		return exitUsage
	case errors.Is(err, verifier.ErrRejected), errors.Is(err, conformance.ErrFailed):
		return exitRejected
	}
	return exitError
}

// report writes an error and its hint to standard error.
func (a *app) report(err error) {
	fmt.Fprintf(a.err, "zkml: %s: %v\n", a.paint(red, "error"), err)
	var u *usageError
	var h *hintedError
	switch {
	case errors.As(err, &h):
		fmt.Fprintf(a.err, "zkml: %s: %s\n", a.paint(bold, "hint"), h.hint)
	case errors.As(err, &u):
		fmt.Fprintf(a.err, "zkml: %s: `%s --help` shows what can be typed\n", a.paint(bold, "hint"), u.command)
	}
}

// atMost limits a command's arguments; names says what they are.
func atMost(n int, names string) cobra.PositionalArgs {
	return between(0, n, names)
}

func exactly(n int, names string) cobra.PositionalArgs {
	return between(n, n, names)
}

func between(least, most int, names string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usage(c, fmt.Errorf("%s is missing", names))
		case len(args) > most && most == 0:
			return usage(c, fmt.Errorf("unexpected argument %q; the command takes none", args[0]))
		case len(args) > most:
			return usage(c, fmt.Errorf("unexpected argument %q; the command takes %s alone", args[most], names))
		}
		return nil
	}
}

// excludes is the usage error for a flag beside another, which does what it says
// and has no use for the others.
func excludes(c *cobra.Command, flag, does string, others ...string) error {
	for _, other := range others {
		if c.Flags().Changed(other) {
			return usage(c, fmt.Errorf("--%s %s: it does not go with --%s", flag, does, other))
		}
	}
	return nil
}

// outputFlags name what a command writes.
var outputFlags = []string{"out", "plot", "new-key", "deployments"}

// checkOutputs is the usage error for "-", which is no standard output here: that
// one has the command's own words or its JSON object.
func checkOutputs(c *cobra.Command, _ []string) error {
	for _, name := range outputFlags {
		if f := c.Flags().Lookup(name); f != nil && f.Value.String() == "-" {
			return usage(c, fmt.Errorf("--%s -: it cannot go to standard output; name a file, or ./- for one of that name", name))
		}
	}
	return nil
}

// required is the usage error for a flag that must be given.
func required(c *cobra.Command, flag string) error {
	if c.Flags().Changed(flag) {
		return nil
	}
	return usage(c, fmt.Errorf("--%s is missing", flag))
}
