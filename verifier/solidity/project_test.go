package solidity_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/zkml-go/zkml/chain/solc"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// forge runs a program of Foundry in an exported folder.
func forge(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	cmd, err := solc.Foundry("forge", args...)
	if errors.Is(err, solc.ErrNoCompiler) || errors.Is(err, solc.ErrNoFoundry) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd.Dir = dir
	cmd.Env = append(cmd.Env, "FOUNDRY_FUZZ_RUNS=32")
	text, err := cmd.CombinedOutput()
	return string(text), err
}

// projects are scenarios whose claims have, together, every kind of argument.
var projects = []string{
	"input 3 bits, scores, signed", "input 12 bits, commitment, context", "private input, class",
	"private input, scores, context",
	"hashed model, input 3 bits, class, context",
	"public and private, three outputs", "one commitment to two of three", "a commitment each", "eight inputs",
	"a row", "a batch of 20 rows", "rows of which one is private",
}

// TestProject runs forge test in what is exported, as it stands, with gnark's
// verifier and with the shared one.
func TestProject(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles many contracts")
	}
	for _, name := range projects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key, proof := small(t, name, toy.About())
			dir := t.TempDir()
			if _, err := solidity.Export(key, proof, "net", dir); err != nil {
				t.Fatal(err)
			}
			passes(t, dir)
		})
	}
	t.Run("shared", func(t *testing.T) {
		t.Parallel()
		key, proof := small(t, "input 3 bits, class", toy.About())
		dir := t.TempDir()
		if _, err := solidity.ExportShared(key, proof, "net", dir); err != nil {
			t.Fatal(err)
		}
		passes(t, dir)
		// The README's way to a snapshot of the gas.
		for _, args := range [][]string{{"--match-test", "^test_"}, {"--match-test", "^test_", "--check"}} {
			if text, err := forge(t, dir, append([]string{"snapshot"}, args...)...); err != nil {
				t.Errorf("forge snapshot %s: %v\n%s", args, err, text)
			}
		}
	})
	t.Run("without a proof, a scale beyond 256 bits", func(t *testing.T) {
		t.Parallel()
		layout := toy.Find("private input, scores").Layout.Clone()
		layout.Outputs()[0].Scale = 1e-300
		p, err := toy.New(layout, toy.About(), 0)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if _, err := solidity.Export(p.Key, nil, "net", dir); err != nil {
			t.Fatal(err)
		}
		passes(t, dir)
	})
}

var passedTests = regexp.MustCompile(`(?m)^Suite result: ok\. [1-9][0-9]* passed; 0 failed; 0 skipped`)

func passes(t *testing.T, dir string) {
	t.Helper()
	if text, err := forge(t, dir, "fmt", "--check"); err != nil {
		t.Errorf("forge fmt would change it: %s", text)
	}
	text, err := forge(t, dir, "test", "--deny", "warnings")
	if err != nil || !passedTests.MatchString(text) {
		t.Errorf("forge test: %v\n%s", err, text)
	}
}

// TestProjectFinds puts a wrapper that accepts everything, and one that accepts
// nothing, in the place of the exported one: the tests have to notice.
func TestProjectFinds(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles many contracts")
	}
	key, proof := small(t, "private input, class", toy.About())
	for _, answer := range []string{"true", "false"} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if _, err := solidity.Export(key, proof, "net", dir); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "Net.sol")
			broken := regexp.MustCompile(`return answer == 1;`).ReplaceAllString(read(t, path), "return "+answer+";")
			if err := os.WriteFile(path, []byte(broken), 0o644); err != nil {
				t.Fatal(err)
			}
			if text, err := forge(t, dir, "test"); err == nil {
				t.Errorf("forge test passes:\n%s", text)
			}
		})
	}
}
