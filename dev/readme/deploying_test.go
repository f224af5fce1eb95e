package readme

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/chain/solc"
)

const (
	root      = "../.."
	deploying = root + "/docs/deploying.md"
)

// replaced are the commands of docs/deploying.md that are typed otherwise here.
var replaced = []struct{ page, here, why string }{
	{"$(../../scripts/foundry.sh)/anvil >anvil.log &", "true", "the test starts the same program on a free port"},
	{"http://127.0.0.1:8545", "$NODE", "that is where it listens"},
	{"git clone https://github.com/zkml-go/zkml && cd zkml", "cd $CLONE",
		"the clone is what is examined, without a network"},
}

// TestDeploying types the console blocks of docs/deploying.md, in order, in one session on
// a local node, from the folder that the page names.
func TestDeploying(t *testing.T) {
	if testing.Short() {
		t.Skip("the page's commands prove, and lend on a node of their own")
	}
	s := newSession(t)
	transcribe(t, deploying, func(x step) []string { return s.typed(t, x) })
	for i, r := range replaced {
		if !s.met[i] {
			t.Errorf("no command of the page has %q: drop its row", r.page)
		}
	}
}

// session is a shell whose folder and variables outlive a command.
type session struct {
	dir, state string
	env        []string
	met        map[int]bool // the rows of replaced that were
}

// newSession starts a node, and makes a folder that looks like a clone, so that what
// commands write stays out of the repository.
func newSession(t *testing.T) *session {
	t.Helper()
	anvil, err := solc.Foundry("anvil", "--port", "0")
	if errors.Is(err, solc.ErrNoCompiler) || errors.Is(err, solc.ErrNoFoundry) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("sh", filepath.Join(root, "scripts", "contracts.sh"), "true").CombinedOutput()
	if err != nil {
		t.Skipf("scripts/contracts.sh failed, so there are no contracts to lend with: %s", text)
	}
	clone, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	like := t.TempDir()
	s := &session{dir: filepath.Join(like, "examples", "mnist"), state: t.TempDir(), met: map[int]bool{}}
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	workplace(t, s.dir)
	for _, name := range []string{"scripts", "build"} {
		if err := os.Symlink(filepath.Join(clone, name), filepath.Join(like, name)); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(s.dir, "bin") + string(os.PathListSeparator) + os.Getenv("PATH")
	s.env = append(os.Environ(), "PATH="+path, "NO_COLOR=1", "CLONE="+clone, "NODE="+listening(t, anvil))
	return s
}

// listening starts a node, and gives its address.
func listening(t *testing.T, anvil *exec.Cmd) string {
	t.Helper()
	out, err := anvil.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := anvil.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = anvil.Process.Kill()
		_ = anvil.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at, ok := strings.CutPrefix(lines.Text(), "Listening on "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }() // so that it can go on writing
			return "http://" + at
		}
	}
	t.Fatal("anvil ended before it listened")
	return ""
}

// asks is the end of a question that a command waits with, answered in the page.
const asks = "[y/N]"

// typed gives the lines that a command prints on both streams. It must fail if, and only
// if, the page shows an error.
func (s *session) typed(t *testing.T, x step) []string {
	t.Helper()
	command := x.command
	for i, r := range replaced {
		if strings.Contains(command, r.page) {
			command, s.met[i] = strings.ReplaceAll(command, r.page, r.here), true
		}
	}
	env, folder := filepath.Join(s.state, "env"), filepath.Join(s.state, "folder")
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `[ -f "$0" ] && . "$0" && cd "$(cat "$1")"
set -a
eval "$2"
status=$?
export -p >"$0"; pwd >"$1"; exit $status`, env, folder, command)
	cmd.Dir, cmd.Env = s.dir, s.env
	shown := strings.Join(x.want, "\n")
	cmd.Stdin = strings.NewReader(strings.Repeat("y\n", strings.Count(shown, asks+" y")))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if refused := strings.Contains(shown, "zkml: error:"); (err != nil) != refused ||
		err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v\n%s", x.command, err, out.String())
	}
	return printed(strings.ReplaceAll(out.String(), asks+" ", asks+" y\n"))
}
