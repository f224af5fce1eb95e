package solidity_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// longest is the longest name that a contract can have, and more.
var longest = strings.Repeat("Long", 20)

// longNames has ports of every kind with long names, which begin alike.
func longNames() toy.Scenario {
	port := func(i, n int) visibility.Tensor {
		return visibility.Tensor{Name: name(i), Shape: []int{n}, Bits: 8, Zero: 1 << 7, Scale: 0.25}
	}
	class := func(i, n int) visibility.Tensor {
		return visibility.Tensor{Name: name(i), Shape: []int{n}, Bits: 5, Scale: 1, Classes: true}
	}
	return toy.Of("long names", visibility.Plan{
		Private: visibility.Private{Named: []string{name(1), name(2)}, Model: true}, Bind: visibility.BindHash,
		Commit: visibility.CommitEach, Context: true, SignedBy: visibility.EdDSA, Signed: name(1),
		Inputs:  []visibility.Tensor{port(0, 4), port(1, 4), port(2, 4), port(3, 4)},
		Outputs: []visibility.Tensor{port(4, 4), port(5, 4), class(6, 1), class(7, 3)}, Reveal: visibility.Scores,
		Reveals: map[string]visibility.Reveal{
			name(5): visibility.Commitment, name(6): visibility.Class, name(7): visibility.Class,
		},
	})
}

func name(i int) string { return longest + string(rune('A'+i)) }

// exportAll writes exports of scenarios, with gnark's verifier and with the shared one, into
// folders of their own below dir, and returns the folders.
func exportAll(t *testing.T, dir, model string, scenarios []toy.Scenario) []string {
	t.Helper()
	var folders []string
	for _, s := range scenarios {
		p, err := toy.New(s.Layout, toy.About(), 0)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := p.Prove(s.Claim)
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, strings.NewReplacer(" ", "-", ",", "").Replace(s.Name))
		if _, err := solidity.Export(p.Key, proof, model, to); err != nil {
			t.Fatal(err)
		}
		if _, err := solidity.ExportShared(p.Key, proof, model, to+"-shared"); err != nil {
			t.Fatal(err)
		}
		folders = append(folders, to, to+"-shared")
	}
	return folders
}

// TestClean holds the exports of all kinds against forge fmt, with short names and with long
// ones, and against forge's linter.
func TestClean(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles many contracts")
	}
	all := slices.Concat(toy.Scenarios(), toy.Several(), []toy.Scenario{toy.Integers(), longNames()})
	rows := slices.Concat(toy.Rows(), toy.Labelled())
	format, lint := []string{"fmt", "--check"}, []string{"lint", "--deny", "warnings"}
	for _, c := range []struct {
		model     string
		scenarios []toy.Scenario
		commands  [][]string
	}{
		{"m", all, [][]string{format, lint}}, {longest, slices.Concat(all, rows), [][]string{format}},
		{"rows", rows, [][]string{format, lint}}, // as many files as one compilation has memory for
	} {
		t.Run(c.model, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			exportAll(t, dir, c.model, c.scenarios)
			put(t, dir, "[profile.default]\nsrc = \".\"\n[fmt]\nignore = [\"*/PlonkVerifier.sol\"]\n", "foundry.toml")
			for _, args := range c.commands {
				if text, err := forge(t, dir, args...); err != nil {
					t.Errorf("forge %s: %s", args, text)
				}
			}
		})
	}
}

// miscounted is a plural after one, or a word that is neither.
var miscounted = regexp.MustCompile(`\b1 [a-z ]*(elements|bytes|integers|words|groups|inputs|outputs)\b|` +
	`\(s\)|<no value>`)

// TestGrammar reads the READMEs and the contracts of all kinds of exports.
func TestGrammar(t *testing.T) {
	one := toy.Of("one number", visibility.Plan{Reveal: visibility.Scores,
		Inputs:  []visibility.Tensor{{Name: "x", Shape: []int{1}, Bits: 8, Scale: 1}},
		Outputs: []visibility.Tensor{{Name: "y", Shape: []int{1}, Bits: 8, Scale: 1}}})
	dir := t.TempDir()
	all := slices.Concat(toy.Scenarios(), toy.Several(), toy.Rows(), toy.Labelled(), []toy.Scenario{one})
	for _, folder := range exportAll(t, dir, "m", all) {
		for _, name := range []string{"README.md", "M.sol", "IM.sol", "consumer/MConsumer.sol"} {
			if at := miscounted.FindString(read(t, folder, name)); at != "" {
				t.Errorf("%s/%s: %q", filepath.Base(folder), name, at)
			}
		}
	}
	if text := read(t, dir, "one-number", "README.md"); !strings.Contains(text, "1 element, 1 byte each, big-endian") {
		t.Error(text)
	}
}
