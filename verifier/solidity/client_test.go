package solidity_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// viem is the folder with the pinned viem and TypeScript, or skips the test where
// they cannot be had.
func viem(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed: exported TypeScript is not compiled")
	}
	var why bytes.Buffer
	cmd := exec.Command("sh", "../../scripts/viem.sh")
	cmd.Stderr = &why
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("scripts/viem.sh failed, so exported TypeScript is not compiled: %s", strings.TrimSpace(why.String()))
	}
	return strings.TrimSpace(string(out))
}

// node runs a script in a folder.
func node(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("node", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("node %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

const tsconfig = `{"compilerOptions": {"target": "es2022", "module": "nodenext", "moduleResolution": "nodenext",
	"strict": true, "noUncheckedIndexedAccess": true, "exactOptionalPropertyTypes": true, "noUnusedLocals": true,
	"skipLibCheck": true, "types": []}}`

// TestClient compiles the client of every scenario, of one port or several, with the strictest types, and
// holds it in Node against the calldata that Go makes.
func TestClient(t *testing.T) {
	packages := viem(t)
	dir := t.TempDir()
	script, err := os.ReadFile("testdata/client/check.mjs")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		os.Symlink(filepath.Join(packages, "node_modules"), filepath.Join(dir, "node_modules")),
		os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type": "module"}`), 0o600),
		os.WriteFile(filepath.Join(dir, "tsconfig.json"), []byte(tsconfig), 0o600),
		os.WriteFile(filepath.Join(dir, "check.mjs"), script, 0o600),
	); err != nil {
		t.Fatal(err)
	}
	args := []string{"check.mjs"}
	all := append(append(scenarios(), toy.Several()...), toy.Integers())
	for i, s := range all {
		name := fmt.Sprintf("s%d", i)
		writeClient(t, s, filepath.Join(dir, name))
		args = append(args, name)
	}
	args = append(args, vectorClients(t, dir)...)
	node(t, dir, filepath.Join(packages, "node_modules/typescript/bin/tsc"), "-p", ".")
	if said := node(t, dir, args...); strings.Count(said, "ok ") != len(args)-1 {
		t.Errorf("Node says\n%s", said)
	}
}

// writeClient exports a scenario, with the names that the script looks for.
func writeClient(t *testing.T, s toy.Scenario, dir string) {
	t.Helper()
	about := toy.About()
	about.SRS.Unsafe = s.Name == "unsafe"
	p, err := toy.New(s.Layout, about, 8)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := p.Prove(s.Claim)
	if err != nil {
		t.Fatal(err)
	}
	result, err := solidity.Export(p.Key, proof, "net", dir, solidity.WithClient)
	if err != nil {
		t.Fatal(err)
	}
	file := result.Name + ".ts"
	var text bytes.Buffer
	if _, err := proof.WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		os.Rename(filepath.Join(dir, file), filepath.Join(dir, "client.ts")),
		os.Rename(filepath.Join(dir, strings.ToLower(result.Name)+".json"), filepath.Join(dir, "description.json")),
		os.WriteFile(filepath.Join(dir, "proof.json"), text.Bytes(), 0o600),
	); err != nil {
		t.Fatal(err)
	}
}

// vectorClients exports a client for each known commitment to tensors, and says in which
// folders.
func vectorClients(t *testing.T, dir string) []string {
	t.Helper()
	const path = "../../docs/vectors.json"
	var known struct {
		Commitments []struct {
			What    string
			Tensors []struct{ Format vectorFormat }
		}
	}
	text := read(t, path)
	if err := json.Unmarshal([]byte(text), &known); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "vectors.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var folders []string
	for i, c := range known.Commitments {
		if len(c.Tensors) == 0 {
			continue
		}
		plan := visibility.Plan{
			Private: visibility.Private{Input: true}, Reveal: visibility.Class,
			Outputs: []visibility.Tensor{{Name: "y", Shape: []int{1}, Bits: 4, Scale: 1, Classes: true}},
		}
		for _, x := range c.Tensors {
			f := x.Format
			plan.Inputs = append(plan.Inputs, visibility.Tensor{Name: f.Name, Shape: []int{f.Count}, Bits: f.Bits,
				Zero: f.Zero, Scale: f.Scale})
		}
		name := fmt.Sprintf("v%d", i)
		writeClient(t, toy.Of(c.What, plan), filepath.Join(dir, name))
		folders = append(folders, name)
	}
	return folders
}

// vectorFormat is a tensor's format in the file of vectors.
type vectorFormat struct {
	Name        string
	Count, Bits int
	Zero        int64 `json:",string"`
	Scale       float64
}
