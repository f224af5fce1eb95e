package install

import (
	"bufio"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what contracts/quickstart/README.md's commands print anew")

const quickstart = contracts + "/quickstart/README.md"

// pageBlock is a block of commands or of what they print; the latter is nowhere else.
var pageBlock = regexp.MustCompile("(?ms)^```(sh|text)\n(.*?)^```$")

// stage is a block of commands with the output that the page shows after it.
type stage struct {
	commands string
	shown    string
	at       [2]int // of shown in the page; zero where nothing is shown
}

// refused tells whether the page shows that the last command fails.
func (s stage) refused() bool { return strings.Contains(s.shown, "zkml: error:") }

func stages(page string) []stage {
	var out []stage
	for _, m := range pageBlock.FindAllStringSubmatchIndex(page, -1) {
		text := page[m[4]:m[5]]
		if page[m[2]:m[3]] == "sh" {
			out = append(out, stage{commands: text})
		} else {
			out[len(out)-1].shown, out[len(out)-1].at = text, [2]int{m[4], m[5]}
		}
	}
	return out
}

// mark stands before what a stage prints.
const mark = "@@@@"

// script types the stages in one shell, which ends where a command fails that should not,
// or the other way round.
func script(all []stage) string {
	var out strings.Builder
	out.WriteString("set -eu\n")
	for _, s := range all {
		fmt.Fprintf(&out, "echo %s\n", mark)
		if s.refused() {
			fmt.Fprintf(&out, "if (\n%s); then echo 'this should have been refused'; exit 1; fi\n", s.commands)
		} else {
			out.WriteString(s.commands)
		}
	}
	return out.String()
}

// TestQuickstart types the page of contracts/quickstart in a copy of that folder outside
// the repository: its own commands make the copy.
func TestQuickstart(t *testing.T) {
	w := newWorkplace(t)
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("jq is not installed, so contracts/quickstart is not run")
	}
	page := read(t, quickstart)
	node := w.anvil(t)
	w.goes(t)
	all := stages(page)
	typed := strings.ReplaceAll(script(all), "http://127.0.0.1:8545", node)
	printed := strings.Split(w.run(t, root, "sh", "-c", typed), mark+"\n")[1:]
	if len(printed) != len(all) {
		t.Fatalf("%d of %d blocks ran", len(printed), len(all))
	}
	for i, s := range slices.Backward(all) {
		switch {
		case s.at[1] == 0:
		case *update:
			page = page[:s.at[0]] + printed[i] + page[s.at[1]:]
		case normal(printed[i]) != normal(s.shown):
			t.Errorf("%s\nprints\n%s\nthe page has\n%s\nif that is meant, run go test ./dev/install -update",
				s.commands, printed[i], s.shown)
		}
	}
	if *update {
		write(t, quickstart, page)
	}
}

// anvil starts a node, and gives its address.
func (w *workplace) anvil(t *testing.T) string {
	t.Helper()
	cmd := w.command(t, w.dir, "anvil", "--port", "0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "Listening on "); ok {
			go func() {
				for lines.Scan() { // so that anvil can go on writing
				}
			}()
			return "http://" + address
		}
	}
	t.Fatal("anvil ended before it listened")
	return ""
}

// goes lets the workplace build zkml with the caches that this test has, and puts it into
// a folder of its own.
func (w *workplace) goes(t *testing.T) {
	t.Helper()
	bin := filepath.Join(w.dir, "bin")
	for i, v := range w.env {
		if strings.HasPrefix(v, "PATH=") {
			w.env[i] = "PATH=" + bin + string(os.PathListSeparator) + strings.TrimPrefix(v, "PATH=")
		}
	}
	w.env = append(w.env, "GOBIN="+bin)
	// Counters that the go command may still write when it has ended go to their usual place.
	if config, err := os.UserConfigDir(); err == nil {
		w.env = append(w.env, "XDG_CONFIG_HOME="+config)
	}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		w.env = append(w.env, name+"="+strings.TrimSpace(string(value)))
	}
}

// varying are the parts of an output that differ from run to run.
var varying = map[string]*regexp.Regexp{
	"HEX":     regexp.MustCompile(`0x[0-9a-fA-F]{8,}`),
	"until N": regexp.MustCompile(`until = \d+`),
	"N gas":   regexp.MustCompile(`\d+ gas|gas \d+ \(limit \d+\)`),
	"N ETH":   regexp.MustCompile(`[\d.]+ ETH of the account's [\d.]+`),
}

func normal(text string) string {
	for _, by := range slices.Sorted(maps.Keys(varying)) {
		text = varying[by].ReplaceAllString(text, by)
	}
	return text
}
