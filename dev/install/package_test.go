package install

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml"
)

const contracts = root + "/contracts"

// wantNames compares the files of an archive with contracts/src and what is beside it.
func wantNames(t *testing.T, what string, got []string, beside ...string) {
	t.Helper()
	want := slices.Clone(beside)
	err := filepath.WalkDir(filepath.Join(contracts, "src"), func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			want = append(want, strings.TrimPrefix(filepath.ToSlash(path), contracts+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("%s has the files\n%v\nnot\n%v", what, got, want)
	}
}

// wantFiles checks what npm pack took.
func (w *workplace) wantFiles(t *testing.T) {
	wantNames(t, "the npm package", slices.Sorted(maps.Keys(w.packed.files)), "LICENSE", "README.md", "package.json")
}

// TestDescriptions compares what describes contracts/ as a package with the project.
func TestDescriptions(t *testing.T) {
	var manifest struct {
		Version      string
		Dependencies map[string]string
	}
	if err := json.Unmarshal([]byte(read(t, contracts+"/package.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Version != zkml.Version {
		t.Errorf("contracts/package.json has version %s, zkml is %s", manifest.Version, zkml.Version)
	}
	needed := strings.TrimPrefix(manifest.Dependencies["@openzeppelin/contracts"], "^")
	for file, line := range map[string]string{
		"soldeer.toml":      `"@openzeppelin-contracts" = "` + needed + `"`,
		"package-lock.json": `"version": "` + needed + `"`, // so that the least version is tested
	} {
		if !strings.Contains(read(t, filepath.Join(contracts, file)), line) {
			t.Errorf("contracts/%s does not have %s, as package.json has", file, line)
		}
	}
	if read(t, contracts+"/LICENSE") != read(t, root+"/LICENSE") {
		t.Error("contracts/LICENSE is not the project's")
	}
}

// link is a link of a Markdown text.
var link = regexp.MustCompile(`\]\(([^)#]+)`)

// TestLinks checks that the README's links lead somewhere from inside the package: to
// files of the package, or to the project's pages by their addresses.
func TestLinks(t *testing.T) {
	const home = "https://github.com/zkml-go/zkml/blob/main/"
	for _, m := range link.FindAllStringSubmatch(read(t, contracts+"/README.md"), -1) {
		path, absolute := strings.CutPrefix(m[1], home)
		if absolute {
			path = filepath.Join(root, path)
		} else if path = filepath.Join(contracts, path); !strings.HasPrefix(m[1], "src/") {
			t.Errorf("contracts/README.md links to %s, which the package does not have: write %s...", m[1], home)
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("contracts/README.md: %v", err)
		}
	}
}
