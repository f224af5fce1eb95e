package app

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/conformance"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/verifier"
)

// The exit codes that scripts rely on.
const (
	ExitDone     = 0
	ExitError    = 1
	ExitUsage    = 2
	ExitRejected = 3
)

var errInterrupted = errors.New("interrupted; nothing was left half written")

// interrupted replaces an error after an interruption. What was sent to a chain cannot be
// taken back, so its error stays: it says where to look for the transaction.
func interrupted(err error) error {
	var done *doneError
	if errors.Is(err, chain.ErrPending) || errors.As(err, &done) {
		return err
	}
	return errInterrupted
}

// doneError is an error after something that stays.
type doneError struct{ error }

func (e *doneError) Unwrap() error { return e.error }

// AfterDoing marks an error that came after something that stays, and says so: an
// interruption does not take its place. nil stays nil.
func AfterDoing(err error) error {
	if err == nil {
		return nil
	}
	return &doneError{err}
}

// usageError is a mistake in the command line.
type usageError struct {
	err     error
	command string
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// Usage makes a usage error of a command.
func Usage(c *cobra.Command, err error) error {
	return &usageError{err, c.CommandPath()}
}

// hintedError carries what to do next.
type hintedError struct {
	error
	hint string
}

func (e *hintedError) Unwrap() error { return e.error }

// WithHint adds what to do next to an error; nil stays nil.
func WithHint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &hintedError{err, fmt.Sprintf(format, args...)}
}

// Hinted tells whether an error has a hint.
func Hinted(err error) bool {
	var h *hintedError
	return errors.As(err, &h)
}

// Text is the text of an error, in which options of the library are called by their flags.
func Text(err error) string { return problem.Text(err, flagName) }

// ExitCode returns the process's exit code.
func ExitCode(err error) int {
	var u *usageError
	var revert *chain.Revert
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &u):
		return ExitUsage
	case errors.Is(err, verifier.ErrRejected), errors.Is(err, conformance.ErrFailed), errors.As(err, &revert):
		return ExitRejected
	}
	return ExitError
}

// Report writes an error and its hint to standard error.
func (a *App) Report(err error) {
	a.tell(red, "error", Text(err))
	var u *usageError
	var h *hintedError
	switch {
	case errors.As(err, &h):
		a.tell(bold, "hint", h.hint)
	case errors.As(err, &u):
		a.tell(bold, "hint", fmt.Sprintf("`%s --help` shows the usage", u.command))
	}
}
