package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
)

// flagLine is a flag's line of a help text.
var flagLine = regexp.MustCompile(`^ *(-\w, )?--[\w-]+( (string|stringArray|int|uint|float|duration))?   +\S`)

// TestEveryCommandIsDocumented walks all commands and groups: each has an example,
// and before a flag's text stands its value's type, for which words in back quotes
// would be taken.
func TestEveryCommandIsDocumented(t *testing.T) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		t.Run(c.CommandPath(), func(t *testing.T) {
			if c.Short == "" || !strings.Contains(c.Example, c.CommandPath()) {
				t.Errorf("short %q, example %q", c.Short, c.Example)
			}
			for _, line := range strings.Split(strings.TrimSpace(c.LocalFlags().FlagUsages()), "\n") {
				if line != "" && !flagLine.MatchString(line) {
					t.Errorf("%q", line)
				}
			}
		})
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(rootCommand(app.New(nil, nil, nil)))
}

// TestInterruptionLeavesNothing stops a compilation at several moments, and then
// lets one end: it finds a usable cache, and leaves none of those before a form
// to write there.
func TestInterruptionLeavesNothing(t *testing.T) {
	t.Setenv("ZKML_CACHE", t.TempDir())
	dir := t.TempDir()
	if err := writeFiles(dir); err != nil {
		t.Fatal(err)
	}
	compile := func(ctx context.Context, out string) (int, string) {
		var stdout, stderr bytes.Buffer
		code := executed(ctx, nil, &stdout, &stderr, []string{"compile", filepath.Join(dir, "tiny.onnx"), "-o", out})
		return code, stderr.String()
	}
	for _, after := range []time.Duration{0, time.Millisecond, 20 * time.Millisecond, 80 * time.Millisecond,
		200 * time.Millisecond} {
		t.Run(after.String(), func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "tiny.zkml")
			ctx, cancel := context.WithTimeout(context.Background(), after)
			defer cancel()
			code, stderr := compile(ctx, out)
			checkInterrupted(t, code, stderr, out)
		})
	}
	if code, stderr := compile(context.Background(), filepath.Join(t.TempDir(), "tiny.zkml")); code != app.ExitDone {
		t.Errorf("uninterrupted: exit code %d: %s", code, stderr)
	}
}

// checkInterrupted allows what was finished in time, and nothing half done.
func checkInterrupted(t *testing.T, code int, stderr, bundle string) {
	t.Helper()
	left, err := os.ReadDir(filepath.Dir(bundle))
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case code == app.ExitDone && len(left) == 1:
		t.Skip("it was done before the interruption")
	case code != app.ExitError || len(left) > 0:
		t.Errorf("exit code %d, %d files are left", code, len(left))
	case !strings.Contains(stderr, "interrupted"):
		t.Errorf("it says %q", stderr)
	}
}

// TestInterruptionEndsTheWaitForInput gives up a standard input that never
// comes.
func TestInterruptionEndsTheWaitForInput(t *testing.T) {
	silent, writer := io.Pipe()
	defer writer.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	var stdout, stderr bytes.Buffer
	if code := executed(ctx, silent, &stdout, &stderr, []string{"estimate", "-"}); code != app.ExitError {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("it says %q", stderr.String())
	}
}

// executed gives the exit code of a command.
func executed(ctx context.Context, in io.Reader, out, err io.Writer, args []string) int {
	a := app.New(in, out, err)
	return a.Execute(ctx, rootCommand(a), args)
}
