// Package app owns what all commands share: streams, results, errors with their
// hints and exit codes, the files that a command writes. It must not know any
// command. The commands import it.
package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/internal/interrupt"
	"github.com/zkml-go/zkml/internal/progress"
	"github.com/zkml-go/zkml/printable"
)

// App is what all commands share: the three streams, and how results and notes are
// written to them.
type App struct {
	// In is the only reader of standard input: a second one would miss what the first
	// has buffered.
	In *bufio.Reader
	// Out is for results, Err for messages. Text from files is not written raw to
	// either: control characters and those that change the direction of text are
	// escaped.
	Out, Err io.Writer
	// JSON makes the result one JSON object.
	JSON bool
	// Progress shows progress to a waiting user.
	Progress *progress.Reporter
	terminal io.Writer // what Err writes to, for the program's own colours
	colour   bool
}

// New returns an App without progress bars and colours.
func New(in io.Reader, out, err io.Writer) *App {
	return &App{
		In: bufio.NewReader(in), Out: printable.NewWriter(out), Err: printable.NewWriter(err),
		Progress: progress.New(nil), terminal: err,
	}
}

// UseTerminal turns on progress bars and, if colour is set, colours.
func (a *App) UseTerminal(colour bool) {
	a.Progress = progress.New(a.terminal)
	a.colour = colour
}

// Execute runs the command below root that args name, and returns the exit code.
func (a *App) Execute(ctx context.Context, root *cobra.Command, args []string) int {
	a.In = bufio.NewReader(&interruptible{ctx, a.In})
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	a.Progress.Done()
	if ctx.Err() != nil && err != nil {
		err = interrupted(err)
	}
	if err != nil {
		a.Report(err)
	}
	return ExitCode(err)
}

// interruptible is standard input whose reads end when a context is done.
type interruptible struct {
	ctx context.Context
	in  io.Reader
}

// Read implements io.Reader.
func (r *interruptible) Read(p []byte) (int, error) {
	return interrupt.Await(r.ctx, func() (int, error) { return r.in.Read(p) })
}

// Group makes a command that only holds others. It shows its help; with --json, or with a
// word that is not one of its commands, it is a usage error.
func (a *App) Group(c *cobra.Command) {
	c.SilenceErrors, c.SilenceUsage = true, true
	c.CompletionOptions.DisableDefaultCmd = true
	c.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return Usage(c, err) })
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		err := fmt.Errorf("unknown command %q", args[0])
		if near := c.SuggestionsFor(args[0]); len(near) > 0 {
			err = fmt.Errorf("unknown command %q; did you mean %s?", args[0], near[0])
		}
		return Usage(c, err)
	}
	c.SuggestionsMinimumDistance = 2
	c.RunE = func(c *cobra.Command, _ []string) error {
		if a.JSON {
			return Usage(c, errors.New("no command was given, and help is not available as JSON"))
		}
		return c.Help()
	}
}

// Emit prints a command's result: the object if --json was given, else the text that
// print writes, aligned at tabs.
func (a *App) Emit(object any, print func(w io.Writer)) error {
	a.Progress.Done()
	if a.JSON {
		e := json.NewEncoder(a.Out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(object)
	}
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	print(w)
	return w.Flush()
}

// Note writes a message that is not an error to standard error.
func (a *App) Note(format string, args ...any) {
	a.Progress.Done()
	a.tell("", "note", fmt.Sprintf(format, args...))
}

// Warn writes a note that must not be overlooked.
func (a *App) Warn(format string, args ...any) {
	a.Progress.Done()
	a.tell(red, "WARNING", fmt.Sprintf(format, args...))
}

// tell writes a message. Lines after the first are indented, so that text from a file
// cannot look like another message or a result.
func (a *App) tell(colour, word, text string) {
	text = strings.ReplaceAll(printable.Lines(text), "\n", "\n    ")
	fmt.Fprintf(a.terminal, "zkml: %s: %s\n", a.paint(colour, word), text)
}

// WarnUnsafe writes the warning for everything that was made with an SRS whose secret is
// public.
func (a *App) WarnUnsafe(what string) {
	a.Warn("%s with an unsafe SRS, whose secret is public: anybody can forge its proofs; it is only for tests",
		what)
}

const (
	red  = "\x1b[1;31m"
	bold = "\x1b[1m"
)

func (a *App) paint(colour, text string) string {
	if !a.colour || colour == "" {
		return text
	}
	return colour + text + "\x1b[0m"
}
