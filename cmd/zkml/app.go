package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/internal/progress"
)

// app is what all commands share: the three streams, and how results and notes
// reach them.
type app struct {
	// in is the one reader of standard input: a second one would miss what the first
	// has read ahead.
	in       *bufio.Reader
	out, err io.Writer
	json     bool
	colour   bool
	progress *progress.Reporter
}

func newApp(in io.Reader, out, err io.Writer) *app {
	return &app{in: bufio.NewReader(in), out: out, err: err, progress: progress.New(nil)}
}

// useTerminal turns on what a person at a terminal sees: bars, and colour.
func (a *app) useTerminal(colour bool) {
	a.progress = progress.New(a.err)
	a.colour = colour
}

// execute runs the command that args name and gives the exit code.
func (a *app) execute(ctx context.Context, args []string) int {
	a.in = bufio.NewReader(&interruptible{ctx, a.in})
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	a.progress.Done()
	if ctx.Err() != nil && err != nil {
		err = interrupted(err)
	}
	if err != nil {
		a.report(err)
	}
	return exitCode(err)
}

// interruptible is standard input whose waiting ends with a context.
type interruptible struct {
	ctx context.Context
	in  io.Reader
}

// Read implements io.Reader.
func (r *interruptible) Read(p []byte) (int, error) {
	return await(r.ctx, func() (int, error) { return r.in.Read(p) })
}

// commands is the table of commands, in the order in which a newcomer needs
// them.
var commands = []func(*app) *cobra.Command{
	compileCommand, proveCommand, verifyCommand, exportCommand,
	runCommand, evalCommand, estimateCommand, inspectCommand,
	commitCommand, signCommand, auditCommand, deployCommand, callCommand,
	opsCommand, srsCommand, completionCommand, versionCommand,
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "zkml",
		Short: "Prove the predictions of ONNX models, on chain and off",
		Long: "zkml turns a trained model into a proof system for its predictions:\n" +
			"compile the model once, prove a prediction, verify it anywhere.",
		Example: "  zkml compile model.onnx\n  zkml prove --input digit.png\n  zkml verify\n  zkml export-verifier",
		Version: toolVersion,
	}
	a.group(root)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print one JSON object on standard output, and nothing else there")
	root.PersistentPreRunE = checkOutputs
	for _, c := range commands {
		root.AddCommand(c(a))
	}
	completeWords(root)
	return root
}

// group makes a command that only holds others: it shows its help, but under --json, and any word
// that is none of its commands is a usage error.
func (a *app) group(c *cobra.Command) {
	c.SilenceErrors, c.SilenceUsage = true, true
	c.CompletionOptions.DisableDefaultCmd = true
	c.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usage(c, err) })
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		err := fmt.Errorf("unknown command %q", args[0])
		if near := c.SuggestionsFor(args[0]); len(near) > 0 {
			err = fmt.Errorf("unknown command %q; did you mean %s?", args[0], near[0])
		}
		return usage(c, err)
	}
	c.SuggestionsMinimumDistance = 2
	c.RunE = func(c *cobra.Command, _ []string) error {
		if a.json {
			return usage(c, errors.New("no command was given, and help is no JSON object"))
		}
		return c.Help()
	}
}

// emit prints a command's result: the object where --json was given, else the
// text that print writes, aligned at tabs.
func (a *app) emit(object any, print func(w io.Writer)) error {
	a.progress.Done()
	if a.json {
		e := json.NewEncoder(a.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(object)
	}
	w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	print(w)
	return w.Flush()
}

// note tells a person, on standard error, what is no error.
func (a *app) note(format string, args ...any) {
	a.progress.Done()
	fmt.Fprintf(a.err, "zkml: note: %s\n", fmt.Sprintf(format, args...))
}

// warn is a note that must not be overlooked.
func (a *app) warn(format string, args ...any) {
	a.progress.Done()
	fmt.Fprintf(a.err, "zkml: %s: %s\n", a.paint(red, "WARNING"), fmt.Sprintf(format, args...))
}

// warnUnsafe is the warning that goes with everything made with an SRS whose
// secret is known.
func (a *app) warnUnsafe(what string) {
	a.warn("%s with an unsafe SRS, whose secret anybody can know: anybody can forge its proofs; it is for tests alone", what)
}

const (
	red  = "\x1b[1;31m"
	bold = "\x1b[1m"
)

func (a *app) paint(colour, text string) string {
	if !a.colour {
		return text
	}
	return colour + text + "\x1b[0m"
}

// grace is how long interrupted work may take to end by itself.
const grace = 500 * time.Millisecond

// await runs work that looks at its context seldom or never, and leaves it
// behind soon after ctx is done: the process ends then.
func await[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		v, err := work()
		done <- answer{v, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-time.After(grace):
		var none T
		return none, ctx.Err()
	}
}
