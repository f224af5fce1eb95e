package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/zkml-go/zkml/chain/solc"
)

// typed PAGE HEADING...: runs the sh blocks below the headings of a page of the project, in
// order and in one shell, with Foundry's programs. A solidity block is written to
// src/NAME.sol, where NAME is its contract. Of a heading after a + only these are taken.
func typed(ts *testscript.TestScript, _ bool, args []string) {
	page, err := os.ReadFile(filepath.Join(projectRoot(), args[0]))
	ts.Check(err)
	var script strings.Builder
	for _, heading := range args[1:] {
		heading, only := strings.CutPrefix(heading, "+")
		part := section(string(page), heading)
		if part == "" {
			ts.Fatalf("%s has no %q", args[0], heading)
		}
		script.WriteString(shellOf(part, only))
	}
	forge, err := solc.Foundry("forge")
	ts.Check(err)
	at := slices.IndexFunc(forge.Env, func(v string) bool { return strings.HasPrefix(v, "FOUNDRY_SOLC=") })
	ts.Setenv("FOUNDRY_OFFLINE", "true")
	ts.Setenv("FOUNDRY_SOLC", strings.TrimPrefix(forge.Env[at], "FOUNDRY_SOLC="))
	ts.Setenv("PATH", filepath.Dir(forge.Path)+string(os.PathListSeparator)+ts.Getenv("PATH"))
	ts.Check(ts.Exec("sh", "-euc", script.String()))
}

// section is what stands below a heading, until the next one.
func section(page, heading string) string {
	_, rest, _ := strings.Cut("\n"+page, "# "+heading+"\n")
	if end := regexp.MustCompile(`(?m)^#+ `).FindStringIndex(rest); end != nil {
		rest = rest[:end[0]]
	}
	return rest
}

var (
	fenced   = regexp.MustCompile("(?sm)^```(sh|solidity)\n(.*?)^```$")
	contract = regexp.MustCompile(`(?m)^contract (\w+)`)
)

// shellOf is a section's blocks, or only those of contracts, as one shell script.
func shellOf(part string, contracts bool) string {
	var b strings.Builder
	for _, m := range fenced.FindAllStringSubmatch(part, -1) {
		switch text := m[2]; {
		case m[1] == "solidity":
			fmt.Fprintf(&b, "cat >src/%s.sol <<'END'\n%sEND\n", contract.FindStringSubmatch(text)[1], text)
		case !contracts:
			b.WriteString(text)
		}
	}
	return b.String()
}
