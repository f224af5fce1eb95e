package rules

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// direct gives the version of every module that the code imports from, tests
// and tools included.
func direct(t *testing.T) map[string]string {
	t.Helper()
	imports := map[string]bool{"honnef.co/go/tools/cmd/staticcheck": true}
	for _, s := range parse(t, files(t, ".go")) {
		for _, spec := range s.file.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") && !matches(path, everything) {
				imports[path] = true
			}
		}
	}
	modules := map[string]string{}
	for _, line := range strings.Split(goList(t, "-m", "-f", "{{.Path}} {{.Version}}", "all"), "\n") {
		path, version, _ := strings.Cut(line, " ")
		for i := range imports {
			if i == path || strings.HasPrefix(i, path+"/") {
				modules[path] = version
			}
		}
	}
	return modules
}

func goList(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return strings.TrimSpace(string(out))
}

var row = regexp.MustCompile(`(?m)^\| (\S+\.\S+/\S+) \| (v\S+) \| (\S+) \| .+ \|$`)

// TestThirdParty holds THIRD_PARTY.md against what is imported, and wants a line
// in docs/rationale.md for each library.
func TestThirdParty(t *testing.T) {
	listed := map[string]string{}
	for _, m := range row.FindAllStringSubmatch(string(read(t, "THIRD_PARTY.md")), -1) {
		listed[m[1]] = m[2]
	}
	used := direct(t)
	rationale := string(read(t, "docs/rationale.md"))
	for path, version := range used {
		if listed[path] != version {
			t.Errorf("THIRD_PARTY.md has %s %q, go.mod has %s", path, listed[path], version)
		}
		if !strings.Contains(rationale, path) {
			t.Errorf("docs/rationale.md does not say why %s is used", path)
		}
	}
	for path := range listed {
		if _, ok := used[path]; !ok {
			t.Errorf("THIRD_PARTY.md lists %s, which nothing imports", path)
		}
	}
}
