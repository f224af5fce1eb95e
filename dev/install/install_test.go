package install

import (
	"archive/zip"
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestInstall installs contracts/ in empty projects outside the repository, each with a
// contract that inherits from the package and a test that calls it.
func TestInstall(t *testing.T) {
	w := newWorkplace(t)
	t.Run("package", w.wantFiles)
	t.Run("Foundry by npm", w.foundry)
	t.Run("Foundry by npm from a clone", w.clone)
	t.Run("Foundry by Soldeer", w.soldeer)
	t.Run("Hardhat", w.hardhat)
}

// initiated is a project that forge init made, with the contract and its test, other
// folders of libraries and more in foundry.toml.
func (w *workplace) initiated(t *testing.T, name, libs, more string) string {
	t.Helper()
	w.run(t, w.dir, "forge", "init", "--empty", "--no-git", "--offline", name)
	dir := w.project(t, name, map[string]string{"Door.sol": "src/Door.sol", "Door.t.sol": "test/Door.t.sol"})
	file := filepath.Join(dir, "foundry.toml")
	made := read(t, file)
	if !strings.Contains(made, `libs = ["lib"]`) {
		t.Fatalf("forge init wrote\n%s", made)
	}
	write(t, file, strings.Replace(made, `libs = ["lib"]`, "libs = "+libs, 1)+more)
	return dir
}

func (w *workplace) foundry(t *testing.T) {
	dir := w.initiated(t, "foundry", `["lib", "node_modules"]`, "")
	w.typed(t, dir, commands(t, "npm install zkml-contracts"))
	wantPass(t, w.run(t, dir, "forge", "test"))
}

// clone only installs: the package is the same.
func (w *workplace) clone(t *testing.T) {
	absolute, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(absolute, filepath.Join(w.dir, "zkml")); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(w.dir, "cloned")
	write(t, filepath.Join(dir, "package.json"), "{}")
	w.typed(t, dir, commands(t, "npm pack"))
	if read(t, filepath.Join(dir, "node_modules", "zkml-contracts", "LICENSE")) != read(t, contracts+"/LICENSE") {
		t.Error("another package was installed")
	}
}

// soldeer installs what forge soldeer push sends, from a server on this machine.
func (w *workplace) soldeer(t *testing.T) {
	dir := w.initiated(t, "soldeer", `["lib", "dependencies"]`, `
[soldeer]
remappings_version = false

[dependencies]
`)
	served := filepath.Join(w.dir, "served")
	write(t, filepath.Join(served, "@openzeppelin-contracts~"+w.needed.version+".zip"), zipped(t, w.needed.files))
	write(t, filepath.Join(served, "zkml-contracts~"+w.packed.version+".zip"), read(t, w.push(t)))
	server := httptest.NewServer(http.FileServer(http.Dir(served)))
	t.Cleanup(server.Close)
	w.typed(t, dir, soldeerInstall.ReplaceAllString(commands(t, "forge soldeer"), "$0 --url "+server.URL+"/$1.zip"))
	wantPass(t, w.run(t, dir, "forge", "test"))
}

var soldeerInstall = regexp.MustCompile(`forge soldeer install (\S+)`)

// commands is the block of the README's commands that has a text.
func commands(t *testing.T, text string) string {
	t.Helper()
	for _, m := range shellBlock.FindAllStringSubmatch(read(t, contracts+"/README.md"), -1) {
		if strings.Contains(m[1], text) {
			return m[1]
		}
	}
	t.Fatalf("contracts/README.md does not say %q", text)
	return ""
}

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// typed runs commands as somebody types them.
func (w *workplace) typed(t *testing.T, dir, commands string) {
	t.Helper()
	w.run(t, dir, "sh", "-euc", commands)
}

// push makes the file that Soldeer would be sent, and gives its path.
func (w *workplace) push(t *testing.T) string {
	t.Helper()
	from := filepath.Join(w.dir, "pushed")
	for _, folder := range []string{"src", "test", "script"} {
		if err := os.CopyFS(filepath.Join(from, folder), os.DirFS(filepath.Join(contracts, folder))); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(contracts)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Type().IsRegular() {
			write(t, filepath.Join(from, e.Name()), read(t, filepath.Join(contracts, e.Name())))
		}
	}
	w.run(t, from, "forge", "soldeer", "push", "zkml-contracts~"+w.packed.version, "--dry-run", "--skip-warnings")
	file := filepath.Join(from, "pushed.zip")
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	var names []string
	for _, f := range archive.File {
		if !f.FileInfo().IsDir() {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	wantNames(t, "Soldeer's archive", names, "LICENSE", "README.md", "soldeer.toml")
	return file
}

func zipped(t *testing.T, files map[string][]byte) string {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func wantPass(t *testing.T, printed string) {
	t.Helper()
	if !strings.Contains(printed, "1 tests passed, 0 failed") {
		t.Errorf("forge test printed\n%s", printed)
	}
}

func (w *workplace) hardhat(t *testing.T) {
	kept, err := exec.Command("sh", filepath.Join(root, "scripts", "hardhat.sh")).Output()
	if err != nil {
		t.Skipf("scripts/hardhat.sh failed, so contracts/ is not installed in a Hardhat project: %v", err)
	}
	dir := w.project(t, "hardhat", map[string]string{
		"Door.sol": "contracts/Door.sol", "door.js": "test/door.js", "hardhat.config.js": "hardhat.config.js",
	})
	w.typed(t, dir, commands(t, "npm install zkml-contracts"))
	modules := filepath.Join(strings.TrimSpace(string(kept)), "node_modules")
	for _, name := range []string{"hardhat", "ethers", "@nomicfoundation"} {
		if err := os.Symlink(filepath.Join(modules, name), filepath.Join(dir, "node_modules", name)); err != nil {
			t.Fatal(err)
		}
	}
	compiler, err := filepath.Abs(filepath.Join(root, "scripts", "solc", "node_modules", "solc", "soljson.js"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := w.command(t, dir, filepath.Join(modules, ".bin", "hardhat"), "test")
	cmd.Env = append(cmd.Env, "SOLJSON="+compiler, "HARDHAT_DISABLE_TELEMETRY_PROMPT=true")
	printed, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(printed), "2 passing") {
		t.Errorf("hardhat test: %v\n%s", err, printed)
	}
}
