package solidity_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/chain/solc"
	"github.com/zkml-go/zkml/testkit/long"
	"github.com/zkml-go/zkml/testkit/toy"
)

// nothingFound is what slither says at the end, if it has examined something.
var nothingFound = regexp.MustCompile(`analyzed \([1-9][0-9]* contracts with [0-9]+ detectors\), 0 result\(s\) found`)

// TestSlither runs slither over exports with the settings that they have: over those of one
// scenario, which has nearly every kind of argument, or over those of all.
func TestSlither(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles many contracts")
	}
	program := slither(t)
	scenarios := []toy.Scenario{toy.Find("one commitment to two of three, signed, hashed")}
	if long.Whole() {
		scenarios = slices.Concat(toy.Scenarios(), toy.Several(), toy.Rows(), toy.Labelled(),
			[]toy.Scenario{toy.Integers()})
	}
	dir := t.TempDir()
	folders := exportAll(t, dir, "m", scenarios)
	// One project, compiled once; without the optimiser, since slither reads sources.
	put(t, dir, "[profile.default]\nsrc = \".\"\nskip = [\"*/test/**\"]\noptimizer = false\n", "foundry.toml")
	program.Args = append(program.Args, ".", "--config-file", filepath.Join(folders[0], "slither.config.json"))
	program.Dir = dir
	text, err := program.CombinedOutput()
	if err != nil || !nothingFound.Match(text) {
		t.Fatalf("slither: %v\n%s", err, text)
	}
	t.Logf("slither: %d exports, nothing found", len(folders))
}

// slither returns the command that runs the pinned slither with the pinned Foundry.
func slither(t *testing.T) *exec.Cmd {
	t.Helper()
	forge, err := solc.Foundry("forge")
	if err != nil {
		t.Skip(err)
	}
	install := exec.Command("sh", "scripts/slither-install.sh")
	install.Dir = filepath.Join("..", "..")
	bin, err := install.Output()
	if err != nil {
		t.Skipf("no slither: scripts/slither-install.sh: %v", err)
	}
	cmd := exec.Command(filepath.Join(strings.TrimSpace(string(bin)), "slither"))
	path := []string{filepath.Dir(cmd.Path), filepath.Dir(forge.Path), os.Getenv("PATH")}
	cmd.Env = append(forge.Env, "PATH="+strings.Join(path, string(os.PathListSeparator)))
	return cmd
}
