// Command zkml compiles ONNX models into gnark PLONK circuits, proves their
// predictions, and exports the contracts that check them. It owns flags, output and
// exit codes; the packages below it do the work. Each command is a package with an
// options struct, in which flags are separate from behaviour. Nobody imports it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
)

func main() { os.Exit(execute()) }

// execute is main with a result, so that its deferred calls run.
func execute() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	a := app.New(os.Stdin, os.Stdout, os.Stderr)
	if term.IsTerminal(int(os.Stderr.Fd())) {
		a.UseTerminal(os.Getenv("NO_COLOR") == "")
	}
	return a.Execute(ctx, rootCommand(a), os.Args[1:])
}
