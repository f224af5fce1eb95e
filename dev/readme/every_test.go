package readme

import (
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/chain/solc"
)

const (
	contracts = root + "/contracts/README.md"
	makefile  = root + "/Makefile"
	scripts   = root + "/cmd/zkml/testdata/script/"
)

// elsewhere are the commands that are not typed as the page has them. Where has is empty, a
// line of the file runs the same program with the same flags; else the file has that text.
var elsewhere = []struct{ command, file, has, why string }{
	{"zkml deploy contracts --key-env DEPLOYER_KEY --yes --timeout", scripts + "chain.txtar", "",
		"the node must not mine"},
	{"zkml deploy contracts --key-env DEPLOYER_KEY --consumer --verify", scripts + "explorer.txtar", "",
		"the explorer is a server of the test's"},
	{"zkml verify-source", scripts + "explorer.txtar", "", "the explorer is a server of the test's"},
	{"zkml call ../digit.zkml --proof ../proof.json --to $MARKET", scripts + "own.txtar", "",
		"the contract is the reader's own"},
	{"cast send --private-key", scripts + "own.txtar", "", "the contract is the reader's own"},
	{"eval cast send --private-key", scripts + "own.txtar", "", "the contract is the reader's own"},
	{"make demo-contracts", makefile, "for run in contracts/examples/*/run.sh", "it runs all that " +
		"docs/deploying.md runs one of"},
	{"scripts/slither.sh", root + "/dev/release/parts.go", "scripts/slither.sh", "make release-check runs it"},
}

// TestEveryBlockIsRun asks of each block of commands who runs it: the session of
// TestDeploying, a script of cmd/zkml by the block's heading, the tests of dev/install, CI
// by the Makefile, or what elsewhere says.
func TestEveryBlockIsRun(t *testing.T) {
	used := make([]bool, len(elsewhere))
	for _, page := range []string{deploying, contracts} {
		all := commands(readLines(t, page), page == deploying)
		if len(all) == 0 {
			t.Errorf("%s: no commands were found", page)
		}
		headings := scripted(t, page)
		for _, c := range all {
			if c.sh && headings[c.heading] || isForgeOnly(t, c.text) || installed(t, c.text) || made(t, c.text) ||
				isElsewhere(t, c.text, used) {
				continue
			}
			t.Errorf("%s: nothing runs\n%s\nmake it a console block of docs/deploying.md, whose output the test "+
				"writes with -update, or say in elsewhere who runs it", page, c.text)
		}
	}
	for i, row := range elsewhere {
		if !used[i] {
			t.Errorf("no page has %q: drop its row", row.command)
		}
	}
}

// program is how an indented block of commands begins; others are signatures.
var program = regexp.MustCompile(`^    (make|zkml|go|npm|git|forge|cast|anvil|sh|(\.\./|\./)?[\w./]+\.sh)\b`)

// command is one of a page, or all of a sh block, with the heading that it is below.
type command struct {
	text, heading string
	sh            bool
}

// commands finds a page's commands, but for console blocks if these are typed.
func commands(lines []string, typed bool) []command {
	var out []command
	fenced := map[int]bool{}
	for _, b := range blocks(lines) {
		body := lines[b.first:b.last]
		for i := b.first - 1; i <= b.last; i++ {
			fenced[i] = true
		}
		switch {
		case b.language == "console" && typed:
		case b.language == "sh":
			out = append(out, command{strings.Join(body, "\n"), heading(lines, b.first), true})
		default:
			for _, s := range steps(body) {
				out = append(out, command{text: s.command})
			}
		}
	}
	for i, line := range lines {
		if !fenced[i] && program.MatchString(line) {
			text, _, _ := strings.Cut(line, "#")
			out = append(out, command{text: strings.TrimSpace(text)})
		}
	}
	return out
}

// heading is the last one before a line; a sh block's comments are none.
func heading(lines []string, before int) string {
	for i := before - 1; i >= 0; i-- {
		if text, ok := strings.CutPrefix(strings.TrimLeft(lines[i], "#"), " "); ok && lines[i][0] == '#' {
			return text
		}
	}
	return ""
}

// typedPage is a line of a script that types the sh blocks below headings of a page; after
// a + it takes no commands.
var (
	typedPage = regexp.MustCompile(`(?m)^typed (\S+) (.*)$`)
	quoted    = regexp.MustCompile(`'((?:[^']|'')*)'`)
)

// scripted are the headings of a page whose sh blocks a script of cmd/zkml types.
func scripted(t *testing.T, page string) map[string]bool {
	files, err := filepath.Glob(scripts + "*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("cmd/zkml has no scripts", err)
	}
	out := map[string]bool{}
	for _, file := range files {
		for _, m := range typedPage.FindAllStringSubmatch(text(t, file), -1) {
			if root+"/"+m[1] != page {
				continue
			}
			for _, q := range quoted.FindAllStringSubmatch(m[2], -1) {
				out[strings.ReplaceAll(q[1], "''", "'")] = true
			}
		}
	}
	return out
}

func TestCommandsAreFound(t *testing.T) {
	lines := strings.Split("# x y\n```console\n$ a\nb\n```\n```sh\nc\nd\n```\n```text\n$ e \\\n   f\ng\n```\n"+
		"    make h   # i\n    verify(bytes j)\n    scripts/k.sh\n```ts\nl\n```", "\n")
	for typed, want := range map[bool][]string{
		false: {"a", "c\nd", "e f", "make h", "scripts/k.sh"}, true: {"c\nd", "e f", "make h", "scripts/k.sh"},
	} {
		var got []string
		for _, c := range commands(lines, typed) {
			got = append(got, c.text)
			if (c.heading == "x y") != c.sh {
				t.Errorf("%q is below %q", c.text, c.heading)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("typed %t: %q", typed, got)
		}
	}
}

func text(t *testing.T, path string) string { return strings.Join(readLines(t, path), "\n") }

// asked are the blocks that dev/install types, by a text that each has.
var asked = regexp.MustCompile(`commands\(t, "([^"]+)"\)`)

func installed(t *testing.T, block string) bool {
	files, err := filepath.Glob("../install/*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatal("dev/install has no tests", err)
	}
	for _, file := range files {
		for _, m := range asked.FindAllStringSubmatch(text(t, file), -1) {
			if strings.Contains(block, m[1]) {
				return true
			}
		}
	}
	return false
}

// recipe is a target of the Makefile with what it does, and made of what make is told to.
var (
	recipe   = regexp.MustCompile(`(?m)^([\w-]+):.*\n((?:\t.*\n)*)`)
	makeWord = regexp.MustCompile(`(?:\bmake|\$\(MAKE\))(?: --[\w-]+)* ([\w-]+)`)
)

// made tells whether a command is a target that CI reaches.
func made(t *testing.T, command string) bool {
	recipes := map[string]string{}
	for _, m := range recipe.FindAllStringSubmatch(text(t, makefile), -1) {
		recipes[m[1]] = m[2]
	}
	reached := map[string]bool{}
	var follow func(commands string)
	follow = func(commands string) {
		for _, m := range makeWord.FindAllStringSubmatch(commands, -1) {
			if body, ok := recipes[m[1]]; ok && !reached[m[1]] {
				reached[m[1]] = true
				follow(body)
			}
		}
	}
	follow(text(t, root+"/.ci/run"))
	target, ok := strings.CutPrefix(command, "make ")
	return ok && reached[target]
}

// run and flag are the parts of a command that a test of it has too.
var (
	called = regexp.MustCompile(`\b(zkml|cast|forge) [a-z-]+`)
	flags  = regexp.MustCompile(`--[a-z-]+`)
)

func isElsewhere(t *testing.T, command string, used []bool) bool {
	for i, row := range elsewhere {
		if !strings.HasPrefix(command, row.command) {
			continue
		}
		used[i] = true
		if row.has != "" {
			return strings.Contains(text(t, row.file), row.has)
		}
		parts := slices.Concat(called.FindAllString(command, -1), flags.FindAllString(command, -1))
		return slices.ContainsFunc(readLines(t, row.file), func(line string) bool {
			return !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(line, p) })
		})
	}
	return false
}

// isForgeOnly tells whether a command asks an explorer by Foundry's own program, which
// wants the network first. Its flags must be Foundry's.
func isForgeOnly(t *testing.T, command string) bool {
	if !strings.HasPrefix(command, "forge verify-contract ") {
		return false
	}
	help, err := solc.Foundry("forge", "verify-contract", "--help")
	if errors.Is(err, solc.ErrNoFoundry) || errors.Is(err, solc.ErrNoCompiler) {
		return true
	}
	if err != nil {
		t.Fatal(err)
	}
	said, err := help.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range flags.FindAllString(command, -1) {
		if !strings.Contains(string(said), flag) {
			t.Errorf("forge verify-contract has no %s", flag)
		}
	}
	return true
}
