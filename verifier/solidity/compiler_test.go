package solidity_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// TestCompilerVersion holds what an export names against the compiler that the project
// installs.
func TestCompilerVersion(t *testing.T) {
	text, err := os.ReadFile("../../scripts/solc/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var pinned struct{ Dependencies struct{ Solc string } }
	if err := json.Unmarshal(text, &pinned); err != nil || pinned.Dependencies.Solc != solidity.CompilerVersion {
		t.Errorf("solc %s is installed, %s is named: %v", pinned.Dependencies.Solc, solidity.CompilerVersion, err)
	}
	key, _ := small(t, "input 3 bits, class", toy.About())
	dir := t.TempDir()
	if _, err := solidity.Export(key, nil, "net", dir); err != nil {
		t.Fatal(err)
	}
	if want := `solc = "` + solidity.CompilerVersion + `"`; !strings.Contains(read(t, dir, "foundry.toml"), want) {
		t.Errorf("foundry.toml does not say %s", want)
	}
}
