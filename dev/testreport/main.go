// Command testreport runs go test with its own arguments and prints what a
// person wants to know: a line for each package, the output of failures, every
// skipped test with its reason, and the totals. It exits as go test does. It
// must not know the project; the Makefile alone runs it.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

func main() {
	cmd := exec.Command("go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
	r := newReport(os.Stdout)
	broken := r.read(out)
	err = cmd.Wait()
	r.end()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil || broken != nil || r.failed > 0:
		fmt.Fprintln(os.Stderr, "testreport:", errors.Join(err, broken))
		os.Exit(1)
	}
}
