package app

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/verifier"
)

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want int
	}{
		{"done", nil, 0},
		{"error", errors.New("x"), 1},
		{"hinted error", WithHint(errors.New("x"), "y"), 1},
		{"usage", Usage(&cobra.Command{Use: "zkml"}, errors.New("x")), 2},
		{"rejected", fmt.Errorf("proof.json: %w", verifier.ErrRejected), 3},
		{"proof of another key", fmt.Errorf("proof.json: %w", verifier.ErrOtherKey), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ExitCode(c.err); got != c.want {
				t.Errorf("exit code %d, want %d", got, c.want)
			}
		})
	}
}

// TestInterrupted tells what was sent from what was not.
func TestInterrupted(t *testing.T) {
	sent := WithHint(fmt.Errorf("transaction 0x01 is %w", chain.ErrPending), "look there")
	if err := interrupted(sent); err != sent {
		t.Errorf("after sending: %v", err)
	}
	if err := interrupted(errors.New("x")); err != errInterrupted {
		t.Errorf("before sending: %v", err)
	}
}

func TestColour(t *testing.T) {
	for _, colour := range []bool{true, false} {
		t.Run(fmt.Sprint(colour), func(t *testing.T) {
			var stderr bytes.Buffer
			a := New(nil, nil, &stderr)
			a.UseTerminal(colour)
			a.Report(errors.New("x"))
			if strings.Contains(stderr.String(), "\x1b") != colour {
				t.Errorf("%q", stderr.String())
			}
		})
	}
}
