// Command zkml compiles ONNX models into gnark PLONK circuits, proves their
// predictions, and exports the contracts that check them. It owns flags, what a
// user sees, and exit codes; the work is done in the packages below it. One
// command is one file: an Options struct, flags apart from behaviour. Nobody
// imports it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

func main() { os.Exit(run()) }

// run is main with a result, so that its deferred calls happen.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	a := newApp(os.Stdin, os.Stdout, os.Stderr)
	if term.IsTerminal(int(os.Stderr.Fd())) {
		a.useTerminal(os.Getenv("NO_COLOR") == "")
	}
	return a.execute(ctx, os.Args[1:])
}
