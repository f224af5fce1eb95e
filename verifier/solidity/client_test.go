package solidity_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	"erasableSyntaxOnly": true, "isolatedModules": true, "verbatimModuleSyntax": true,
	"skipLibCheck": true, "types": []}}`

// clientFolder is a folder for exported clients, with the packages that scripts/viem.sh
// pins and copies of files of testdata/client.
func clientFolder(t *testing.T, packages string, copies map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if err := errors.Join(
		os.Symlink(filepath.Join(packages, "node_modules"), filepath.Join(dir, "node_modules")),
		os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type": "module"}`), 0o600),
	); err != nil {
		t.Fatal(err)
	}
	for to, from := range copies {
		text := read(t, "testdata/client", from)
		path := filepath.Join(dir, to)
		if err := errors.Join(
			os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600),
		); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const compiler = "node_modules/typescript/bin/tsc"

// TestClient compiles the client of every scenario, of one port or several, with the
// strictest types, two of them with clients of viem for chains of every kind, and holds it
// in Node against the calldata that Go makes, as JavaScript and with its types stripped.
func TestClient(t *testing.T) {
	one := scenarios()
	several := slices.Concat(toy.Several(), toy.Rows(), toy.Labelled(), []toy.Scenario{toy.Integers()})
	dir := clientFolder(t, viem(t), map[string]string{
		"check.mjs": "check.mjs", "strip.mjs": "strip.mjs",
		"s0/chains.ts": "chains.ts", fmt.Sprintf("s%d/chains.ts", len(one)): "chains.ts",
	})
	if err := os.WriteFile(filepath.Join(dir, "tsconfig.json"), []byte(tsconfig), 0o600); err != nil {
		t.Fatal(err)
	}
	var folders []string
	for i, s := range append(one, several...) {
		folders = append(folders, fmt.Sprintf("s%d", i))
		writeClient(t, s, filepath.Join(dir, folders[i]))
	}
	folders = append(folders, vectorClients(t, dir)...)
	node(t, dir, compiler, "-p", ".")
	checkClients(t, dir, folders, "check.mjs", "client.js")
	t.Run("stripped", func(t *testing.T) { checkStripped(t, dir, folders) })
}

// checkClients runs check.mjs on clients in folders.
func checkClients(t *testing.T, dir string, folders []string, args ...string) {
	t.Helper()
	if said := node(t, dir, append(args, folders...)...); strings.Count(said, "ok ") != len(folders) {
		t.Errorf("Node says\n%s", said)
	}
}

// checkStripped checks clients that no compiler has seen: Node strips the types of what it
// runs, or an older one runs what its stripper, a package of its own, makes of them.
func checkStripped(t *testing.T, dir string, folders []string) {
	const flag = "--experimental-strip-types"
	switch {
	case node(t, dir, "-p", "process.allowedNodeEnvironmentFlags.has('"+flag+"')") == "true\n":
		checkClients(t, dir, folders, flag, "check.mjs", "client.ts")
	case node(t, dir, "-p", "Boolean(process.features.typescript)") == "true\n":
		checkClients(t, dir, folders, "check.mjs", "client.ts")
	default:
		t.Logf("Node %s strips no types: amaro does here", strings.TrimSpace(node(t, dir, "--version")))
		node(t, dir, append([]string{"strip.mjs"}, folders...)...)
		checkClients(t, dir, folders, "check.mjs", "client.mjs")
	}
}

// TestClientInVite builds a page with a client, with the settings of Vite's template, and
// runs the page's script where nothing of Node is in reach.
func TestClientInVite(t *testing.T) {
	packages := viem(t)
	for name, s := range map[string]toy.Scenario{"one port": scenarios()[0], "several": toy.Several()[0]} {
		t.Run(name, func(t *testing.T) {
			copies := map[string]string{}
			for _, file := range []string{"build.mjs", "index.html", "main.ts", "tsconfig.json"} {
				copies[file] = filepath.Join("vite", file)
			}
			dir := clientFolder(t, packages, copies)
			writeClient(t, s, dir)
			node(t, dir, compiler, "-p", ".")
			var shown struct {
				Holds      bool
				Asked      []string
				Submission string
			}
			if err := json.Unmarshal([]byte(node(t, dir, "build.mjs")), &shown); err != nil {
				t.Fatal(err)
			}
			var description solidity.Description
			if err := json.Unmarshal([]byte(read(t, dir, "description.json")), &description); err != nil {
				t.Fatal(err)
			}
			calldata := fmt.Sprintf("%x", []byte(description.Fixture.Calldata[4:]))
			if !shown.Holds || !slices.Equal(shown.Asked, []string{"verify"}) || shown.Submission[10:] != calldata {
				t.Errorf("the page shows %+v", shown)
			}
		})
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
	if proof.Arguments, err = solidity.Arguments(p.Key.Layout, proof); err != nil {
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
			in := visibility.Tensor{Name: f.Name, Shape: []int{f.Count}, Bits: f.Bits, Zero: f.Zero, Scale: f.Scale}
			for _, e := range f.Elements {
				in.Elements = append(in.Elements, visibility.Element(e))
			}
			plan.Inputs = append(plan.Inputs, in)
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
	Elements    []vectorElement
}

// vectorElement is an element's format there.
type vectorElement struct {
	Bits    int
	Zero    int64 `json:",string"`
	Scale   float64
	Missing *int64 `json:",string"`
}
