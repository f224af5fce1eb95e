package install

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/chain/solc"
)

// root is the repository's folder, seen from this package.
const root = "../.."

// workplace is a machine of a user's: it has npm, Foundry and a compiler, and knows the
// packages that contracts/ gives and needs.
type workplace struct {
	dir    string // where projects are, outside the repository
	packed tarball
	needed tarball // what packed depends on
	env    []string
}

// newWorkplace skips the test where npm or Foundry cannot be had, as all tests of
// contracts do.
func newWorkplace(t *testing.T) *workplace {
	t.Helper()
	if testing.Short() {
		t.Skip("installing takes seconds")
	}
	forge, err := solc.Foundry("forge")
	if errors.Is(err, solc.ErrNoCompiler) || errors.Is(err, solc.ErrNoFoundry) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("sh", filepath.Join(root, "scripts", "contracts.sh"), "true").CombinedOutput()
	if err != nil {
		t.Skipf("scripts/contracts.sh failed, so contracts/ is not installed anywhere: %s", out)
	}
	w := &workplace{dir: t.TempDir()}
	w.env = append(forge.Env,
		"PATH="+filepath.Dir(forge.Path)+string(os.PathListSeparator)+os.Getenv("PATH"),
		"NO_COLOR=1", "HOME="+w.dir, "npm_config_cache="+filepath.Join(w.dir, "npm-cache"),
		"npm_config_update_notifier=false", "npm_config_audit=false", "npm_config_fund=false",
		"npm_config_ignore_scripts=true")
	w.packed = w.pack(t, contracts)
	w.needed = w.pack(t, filepath.Join(contracts, "node_modules", "@openzeppelin", "contracts"))
	w.env = append(w.env, "npm_config_registry="+serveNPM(t, w.packed, w.needed))
	return w
}

// pack makes a folder a package.
func (w *workplace) pack(t *testing.T, folder string) tarball {
	t.Helper()
	into := t.TempDir()
	name := w.run(t, folder, "npm", "pack", "--silent", "--pack-destination", into)
	return readTarball(t, filepath.Join(into, strings.TrimSpace(name)))
}

// command is a program of the workplace, which its PATH has.
func (w *workplace) command(t *testing.T, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), "sh", append([]string{"-c", `exec "$0" "$@"`, name}, args...)...)
	cmd.Dir, cmd.Env = dir, slices.Clone(w.env)
	return cmd
}

// run gives what a program prints on both streams, and ends the test if it fails.
func (w *workplace) run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	out, err := w.command(t, dir, name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// project makes a folder for a project with files of testdata, each at the path that
// the map gives it.
func (w *workplace) project(t *testing.T, name string, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(w.dir, name)
	for from, to := range files {
		write(t, filepath.Join(dir, to), read(t, filepath.Join("testdata", from)))
	}
	return dir
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
