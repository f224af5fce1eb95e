package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/zkml-go/zkml/chain/solc"
)

// foundry PROGRAM ARGUMENTS...: runs a program of Foundry in the working directory, which
// must succeed.
func foundry(ts *testscript.TestScript, _ bool, args []string) {
	cmd, err := solc.Foundry(args[0], args[1:]...)
	ts.Check(err)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(cmd.Env, "FOUNDRY_FUZZ_RUNS=32")
	text, err := cmd.CombinedOutput()
	ts.Logf("%s", text)
	ts.Check(err)
}

// viem is the folder with the pinned viem and TypeScript; empty where they cannot be had.
var viem = sync.OnceValue(func() string {
	if _, err := exec.LookPath("node"); err != nil {
		return ""
	}
	out, err := exec.Command("sh", filepath.Join(projectRoot(), "scripts", "viem.sh")).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
})

const tsconfig = `{"compilerOptions": {"target": "es2022", "module": "nodenext", "moduleResolution": "nodenext",
	"strict": true, "noUncheckedIndexedAccess": true, "exactOptionalPropertyTypes": true, "noUnusedLocals": true,
	"erasableSyntaxOnly": true, "isolatedModules": true, "verbatimModuleSyntax": true,
	"skipLibCheck": true, "types": []}}`

// client EXPORT NAME PROOF: compiles the exported TypeScript client, and holds it in Node
// against the export's description and the proof, as the tests of verifier/solidity do.
func client(ts *testscript.TestScript, _ bool, args []string) {
	from, name, proof := ts.MkAbs(args[0]), args[1], ts.MkAbs(args[2])
	dir := ts.MkAbs("client")
	packages := filepath.Join(viem(), "node_modules")
	ts.Check(errors.Join(
		os.MkdirAll(filepath.Join(dir, "exported"), 0o700),
		os.Symlink(packages, filepath.Join(dir, "node_modules")),
		os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type": "module"}`), 0o600),
		os.WriteFile(filepath.Join(dir, "tsconfig.json"), []byte(tsconfig), 0o600),
	))
	for to, path := range map[string]string{
		"exported/client.ts": filepath.Join(from, name+".ts"), "exported/proof.json": proof,
		"exported/description.json": filepath.Join(from, strings.ToLower(name)+".json"),
		"vectors.json":              filepath.Join(projectRoot(), "docs/vectors.json"),
		"check.mjs":                 filepath.Join(projectRoot(), "verifier/solidity/testdata/client/check.mjs"),
	} {
		data, err := os.ReadFile(path)
		ts.Check(err)
		ts.Check(os.WriteFile(filepath.Join(dir, to), data, 0o600))
	}
	for _, args := range [][]string{
		{filepath.Join(packages, "typescript/bin/tsc"), "-p", "."}, {"check.mjs", "client.js", "exported"},
	} {
		cmd := exec.Command("node", args...)
		cmd.Dir = dir
		text, err := cmd.CombinedOutput()
		ts.Logf("%s", text)
		ts.Check(err)
	}
}
