package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	deployed := WithHint(AfterDoing(errors.New("deployed, and not verified")), "look there")
	if err := interrupted(deployed); err != deployed {
		t.Errorf("after deploying: %v", err)
	}
	if err := interrupted(errors.New("x")); err != errInterrupted {
		t.Errorf("before sending: %v", err)
	}
}

// TestTextFromFiles: whatever a message or an answer quotes, nothing of it is obeyed by a
// terminal, and no line of it looks like a message or an answer; JSON means the same.
func TestTextFromFiles(t *testing.T) {
	const hostile = "x\x1b[2J\u202e\u009b\nzkml: note: accepted\naccepted"
	var stdout, stderr bytes.Buffer
	a := New(nil, &stdout, &stderr)
	a.Report(WithHint(errors.Join(errors.New(hostile), errors.New("other")), "%s", hostile))
	a.Note("%s", hostile)
	a.Warn("%s", hostile)
	if err := a.Emit(nil, func(w io.Writer) {
		fmt.Fprintf(w, "name\t%q\nraw\t%s\n", hostile, "x\x1b[2J\u202e\u009b")
	}); err != nil {
		t.Fatal(err)
	}
	a.JSON = true
	text := stdout.String() + stderr.String()
	stdout.Reset()
	if err := a.Emit(map[string]string{"name": hostile}, nil); err != nil {
		t.Fatal(err)
	}
	var back map[string]string
	if err := json.Unmarshal(stdout.Bytes(), &back); err != nil || back["name"] != hostile {
		t.Errorf("the name comes back as %q, %v", back["name"], err)
	}
	for _, raw := range []string{"\x1b", "\u202e", "\u009b", "\nzkml: note: accepted", "\naccepted"} {
		if strings.Contains(text+stdout.String(), raw) {
			t.Errorf("%q is there raw:\n%s", raw, text+stdout.String())
		}
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
