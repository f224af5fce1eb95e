package solidity_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// put writes files of the given text into a folder.
func put(t *testing.T, dir, text string, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// entries lists a folder, without folders below it.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range all {
		if !e.IsDir() {
			list = append(list, e.Name())
		}
	}
	return list
}

// exporter writes exports of one key, which must succeed.
type exporter func(t *testing.T, name, dir string, with ...solidity.Option) solidity.Result

func exporting(
	key *verifier.Key,
	export func(*verifier.Key, *verifier.Proof, string, string, ...solidity.Option) (solidity.Result, error),
) exporter {
	return func(t *testing.T, name, dir string, with ...solidity.Option) solidity.Result {
		t.Helper()
		r, err := export(key, nil, name, dir, with...)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
}

// TestExportReplaces: of an earlier export nothing is left but what this one
// writes; what is somebody's own stays.
func TestExportReplaces(t *testing.T) {
	key, _ := small(t, "private input, class", toy.About())
	own, shared := exporting(key, solidity.Export), exporting(key, solidity.ExportShared)
	after := func(first, second exporter, with ...solidity.Option) (string, []string) {
		dir := t.TempDir()
		put(t, dir, "mine", "foundry.toml", "Mine.sol", "mine.json")
		first(t, "m", dir, with...)
		return dir, second(t, "m", dir).Removed
	}
	for _, c := range []struct {
		name          string
		first, second exporter
		with          []solidity.Option
		removed       []string
		left          []string
	}{
		{"the same", own, own, nil, nil,
			[]string{"IM.sol", "M.sol", "PlonkVerifier.sol", "README.md", "m.json", ".gitignore"}},
		{"shared after gnark's", own, shared, nil, []string{"PlonkVerifier.sol"},
			[]string{"IM.sol", "M.sol", "MKey.sol", "README.md", "SharedPlonkVerifier.sol", "m.json",
				".gitignore"}},
		{"gnark's after shared", shared, own, nil, []string{"SharedPlonkVerifier.sol", "MKey.sol"},
			[]string{"IM.sol", "M.sol", "PlonkVerifier.sol", "README.md", "m.json", ".gitignore"}},
		{"without the client", own, own, []solidity.Option{solidity.WithClient}, []string{"M.ts"},
			[]string{"IM.sol", "M.sol", "PlonkVerifier.sol", "README.md", "m.json", ".gitignore"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, removed := after(c.first, c.second, c.with...)
			slices.Sort(removed)
			slices.Sort(c.removed)
			if removed = slices.Compact(removed); !slices.Equal(removed, c.removed) {
				t.Errorf("removed %q", removed)
			}
			want := append(c.left, "foundry.toml", "slither.config.json", "InferenceFormat.sol", "Mine.sol",
				"mine.json")
			slices.Sort(want)
			if got := entries(t, dir); !slices.Equal(got, want) {
				t.Errorf("there is %q", got)
			}
			for _, mine := range []string{"foundry.toml", "Mine.sol", "mine.json"} {
				if read(t, dir, mine) != "mine" {
					t.Errorf("%s was replaced", mine)
				}
			}
		})
	}
}

// TestExportSpares: a file that no export wrote is an error, and stays; so does
// everything else then.
func TestExportSpares(t *testing.T) {
	key, _ := small(t, "private input, class", toy.About())
	own := exporting(key, solidity.Export)
	for _, c := range []struct {
		name string
		make func(t *testing.T, dir string)
		want string
	}{
		{"a README", func(t *testing.T, dir string) { put(t, dir, "mine", "README.md") }, "README.md is in the way"},
		{"a contract", func(t *testing.T, dir string) { put(t, dir, "mine", "M.sol") }, "M.sol is in the way"},
		{"a client", func(t *testing.T, dir string) { own(t, "m", dir); put(t, dir, "mine", "M.ts") },
			"M.ts is in the way"},
		{"a link", func(t *testing.T, dir string) {
			if err := os.Symlink("elsewhere", filepath.Join(dir, "M.sol")); err != nil {
				t.Skip(err)
			}
		}, "M.sol is in the way"},
		{"another model", func(t *testing.T, dir string) { own(t, "castle", dir) },
			"holds the contracts of another model (castle.json)"},
		{"two other models", func(t *testing.T, dir string) {
			other := t.TempDir()
			own(t, "castle", dir)
			own(t, "tower", other)
			put(t, dir, read(t, other, "tower.json"), "tower.json")
		}, "another model (castle.json, tower.json)"},
		{"an export of another version", func(t *testing.T, dir string) {
			own(t, "m", dir)
			put(t, dir, strings.Replace(read(t, dir, "m.json"), `"version": 2`, `"version": 9`, 1), "m.json")
		}, "m.json: version 9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			c.make(t, dir)
			before := entries(t, dir)
			if _, err := solidity.ExportShared(key, nil, "m", dir, solidity.WithClient); err == nil ||
				!strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
			if got := entries(t, dir); !slices.Equal(got, before) {
				t.Errorf("there is %q, was %q", got, before)
			}
		})
	}
}

// TestExportBesideAnother: of two exports that somebody brought together, one is
// replaced and the other stays whole, but for what they have in common.
func TestExportBesideAnother(t *testing.T) {
	key, _ := small(t, "private input, class", toy.About())
	shared := exporting(key, solidity.ExportShared)
	dir, other := t.TempDir(), t.TempDir()
	shared(t, "castle", dir, solidity.WithClient)
	shared(t, "tower", other)
	for _, name := range []string{"tower.json", "Tower.sol", "ITower.sol", "TowerKey.sol"} {
		put(t, dir, read(t, other, name), name)
	}
	if err := os.Remove(filepath.Join(dir, "README.md")); err != nil {
		t.Fatal(err)
	}
	if got := shared(t, "castle", dir).Removed; !slices.Equal(got, []string{"Castle.ts"}) {
		t.Errorf("removed %q", got)
	}
	for _, name := range []string{"tower.json", "Tower.sol", "ITower.sol", "TowerKey.sol"} {
		if read(t, dir, name) != read(t, other, name) {
			t.Errorf("%s was touched", name)
		}
	}
}

// TestExportStaysInside: a description that names contracts elsewhere makes nobody
// remove them.
func TestExportStaysInside(t *testing.T) {
	key, _ := small(t, "private input, class", toy.About())
	own := exporting(key, solidity.Export)
	parent := t.TempDir()
	dir := filepath.Join(parent, "out")
	own(t, "m", dir)
	put(t, parent, "mine", "Victim.sol")
	evil := strings.Replace(read(t, dir, "m.json"), `"PlonkVerifier",`, `"PlonkVerifier", "../Victim",`, 1)
	put(t, dir, strings.Replace(evil, `"name": "M"`, `"name": "../Victim"`, 1), "m.json")
	own(t, "m", dir)
	if read(t, parent, "Victim.sol") != "mine" {
		t.Error("a file outside was touched")
	}
}
