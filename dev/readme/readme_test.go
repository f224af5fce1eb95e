package readme

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/chain/evm"
)

var update = flag.Bool("update", false, "write the outputs of the pages' commands anew")

const page = "../../README.md"

// home is the folder that the page's commands are typed in.
const home = "../../examples/mnist"

// lent are the parts of it that they read.
var lent = []string{"models", "formats", "samples"}

func readLines(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "\n")
}

// transcribe types the commands of a page's console blocks, in order, and compares what
// they print, or writes it into the page. It returns how many there are.
func transcribe(t *testing.T, page string, typed func(step) []string) (ran int) {
	t.Helper()
	lines := readLines(t, page)
	var out []string
	last := 0
	for _, b := range blocks(lines) {
		if b.language != "console" {
			continue
		}
		out = append(out, lines[last:b.first]...)
		for _, s := range steps(lines[b.first:b.last]) {
			got := typed(s)
			compare(t, page, s, got)
			out = append(append(out, s.shown...), got...)
			ran++
		}
		last = b.last
	}
	if *update {
		out = append(out, lines[last:]...)
		if err := os.WriteFile(page, []byte(strings.Join(out, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return ran
}

// TestCommands runs the commands of the page's console blocks, in order and in
// one folder, and compares what they print.
func TestCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("the page's commands prove four times")
	}
	dir := t.TempDir()
	workplace(t, dir)
	ran := transcribe(t, page, func(s step) []string { return run(t, dir, s.command) })
	if ran < 10 {
		t.Errorf("the page has %d commands", ran)
	}
	lines := readLines(t, page)
	t.Run("contract", func(t *testing.T) { compile(t, lines, dir) })
}

// install puts zkml into a folder's bin.
func install(t *testing.T, dir string) {
	t.Helper()
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "bin", "zkml"), "../../cmd/zkml")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

// workplace puts zkml into a folder's bin, and beside it what the commands read.
func workplace(t *testing.T, dir string) {
	t.Helper()
	install(t, dir)
	for _, name := range lent {
		from, err := filepath.Abs(filepath.Join(home, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(from, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// run gives the lines that a command prints on both streams.
func run(t *testing.T, dir, command string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"),
		"NO_COLOR=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return printed(string(out))
}

// printed parts an output into lines.
func printed(out string) []string {
	if out == "" {
		return nil
	}
	lines := strings.Split(strings.TrimRight(out, "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}

func compare(t *testing.T, page string, s step, got []string) {
	t.Helper()
	if *update {
		return
	}
	want := slices.Clone(s.want)
	for len(want) > 0 && want[len(want)-1] == "" {
		want = want[:len(want)-1]
	}
	if !slices.EqualFunc(want, got, func(a, b string) bool { return normal(a) == normal(b) }) {
		t.Errorf("$ %s\nprints\n%s\n%s has\n%s\nif that is meant, run go test ./dev/readme -update",
			s.command, strings.Join(got, "\n"), filepath.Base(page), strings.Join(want, "\n"))
	}
}

// compile compiles the page's contract among those that its commands exported.
func compile(t *testing.T, lines []string, dir string) {
	n := 0
	for _, b := range blocks(lines) {
		if b.language == "solidity" {
			n++
			text := strings.Join(lines[b.first:b.last], "\n")
			if err := os.WriteFile(filepath.Join(dir, "contracts", "Page.sol"), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n != 1 {
		t.Fatalf("the page has %d contracts", n)
	}
	_, err := evm.CompileDir(filepath.Join(dir, "contracts"))
	if errors.Is(err, evm.ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Error(err)
	}
}

// TestShell looks up what the page's sh blocks call: targets of the Makefile and
// packages.
func TestShell(t *testing.T) {
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	lines := readLines(t, page)
	n := 0
	for _, b := range blocks(lines) {
		if b.language != "sh" {
			continue
		}
		for _, line := range lines[b.first:b.last] {
			words := strings.Fields(strings.Split(line, "#")[0])
			if len(words) < 2 {
				continue
			}
			n++
			switch words[0] {
			case "make":
				if !strings.Contains(string(makefile), "\n"+words[1]+":") {
					t.Errorf("%s: the Makefile has no such target", line)
				}
			case "go":
				if _, err := os.Stat(filepath.Join("../..", words[2])); err != nil {
					t.Errorf("%s: %v", line, err)
				}
			}
		}
	}
	if n == 0 {
		t.Error("the page has no sh blocks")
	}
}

func TestSteps(t *testing.T) {
	got := steps([]string{"$ a \\", "    b", "one", "$ c", "", "two"})
	if len(got) != 2 || got[0].command != "a b" || !slices.Equal(got[1].want, []string{"", "two"}) {
		t.Errorf("%+v", got)
	}
	if a, b := normal("took   3.00 s, 50.9 MB 0x"+strings.Repeat("ab", 32)),
		normal("took 12 s, 1 MB "+strings.Repeat("0f", 32)); a != b {
		t.Errorf("%q is not %q", a, b)
	}
}
