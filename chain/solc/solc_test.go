package solc_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/chain/solc"
)

// compile compiles or skips where there is no compiler.
func compile(t *testing.T, sources map[string]string) (map[string]solc.Artifact, error) {
	t.Helper()
	artifacts, err := solc.Compile(sources)
	if errors.Is(err, solc.ErrNoCompiler) {
		t.Skip(err)
	}
	return artifacts, err
}

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"an error", "pragma solidity ^0.8.24; contract C { x }", "ParserError"},
		{"a warning", "// SPDX-License-Identifier: MIT\n" +
			"pragma solidity ^0.8.24; contract C { function f() external pure { uint256 x; } }", "Warning"},
		{"a missing import", `import "./D.sol";`, "not found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := compile(t, map[string]string{"C.sol": c.source})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestCompileWith takes a program that answers as solc does, and refuses others.
func TestCompileWith(t *testing.T) {
	script := func(body string) string {
		path := filepath.Join(t.TempDir(), "solc")
		if err := os.WriteFile(path, []byte("#!/bin/sh\ncat >/dev/null\n"+body), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	answer := `{"contracts":{"C.sol":{"C":{"abi":[],"metadata":"{\"compiler\":{\"version\":\"0.8.99\"}}",` +
		`"evm":{"bytecode":{"object":"6000"},"deployedBytecode":{"object":"00"}}}}}}`
	got, err := solc.CompileWith(script(`[ "$1" = --standard-json ] && echo '`+answer+`'`), nil)
	if err != nil || len(got["C.sol:C"].Code) != 2 {
		t.Errorf("%v, %v", got, err)
	}
	for _, c := range []struct{ name, program, want string }{
		{"one that fails", script("echo broken >&2; exit 1"), "broken"},
		{"one that does not say its version", script("echo '" + strings.Replace(answer, "0.8.99", "", 1) + "'"),
			"which version it is"},
		{"one that says something else", script("echo hello"), "standard JSON"},
		{"an immutable beyond the code", script("echo '" + strings.Replace(answer, `"00"`,
			`"00","immutableReferences":{"1":[{"start":1,"length":32}]}`, 1) + "'"), "outside the code"},
		{"none", filepath.Join(t.TempDir(), "none"), "no Solidity compiler"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := solc.CompileWith(c.program, nil); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestSources(t *testing.T) {
	if _, err := solc.Sources(t.TempDir()); err == nil {
		t.Error("an empty folder gives sources")
	}
}

func TestNoNode(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := solc.Compile(nil); !errors.Is(err, solc.ErrNoCompiler) {
		t.Errorf("got %v", err)
	}
}

// TestIs knows a contract's code by all but its immutables.
func TestIs(t *testing.T) {
	const source = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;
contract C { uint256 public immutable a; constructor(uint256 a_) { a = a_; } }`
	artifacts, err := compile(t, map[string]string{"C.sol": source})
	if err != nil {
		t.Fatal(err)
	}
	a := artifacts["C.sol:C"]
	at := bytes.Index(a.Runtime, make([]byte, 32))
	if at < 0 {
		t.Fatalf("no place for an immutable in %x", a.Runtime)
	}
	changed := func(i int) []byte {
		code := bytes.Clone(a.Runtime)
		code[i]++
		return code
	}
	for name, c := range map[string]struct {
		code []byte
		want bool
	}{
		"as compiled":          {a.Runtime, true},
		"with an immutable":    {changed(at + 31), true},
		"with another byte":    {changed(at - 1), false},
		"with a byte too many": {append(bytes.Clone(a.Runtime), 0), false},
		"empty":                {nil, false},
	} {
		if got := a.Is(c.code); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
