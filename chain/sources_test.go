package chain_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/chain/solc"
)

// TestCompileTakesTheExported compiles the wrapper of the file that the description names,
// and no contract of the same name that another file beside it has.
func TestCompileTakesTheExported(t *testing.T) {
	want := newWorld(t).project
	dir := t.TempDir()
	if err := writeProject(dir); err != nil {
		t.Fatal(err)
	}
	const other = "// SPDX-License-Identifier: Apache-2.0\npragma solidity ^0.8.24;\ncontract Stand {}\n"
	for i := range 8 {
		name := fmt.Sprintf("%c.sol", "AaZz09Ss"[i])
		if err := os.WriteFile(filepath.Join(dir, "src", name), []byte(other), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := chain.OpenProject(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Compile("", false); errors.Is(err, solc.ErrNoCompiler) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Stand", "StandConsumer"} {
		a, err := p.Artifact(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := want.Artifact(name)
		if err != nil || !bytes.Equal(a.Code, b.Code) {
			t.Errorf("%s: another contract of this name was taken, %v", name, err)
		}
	}
}
