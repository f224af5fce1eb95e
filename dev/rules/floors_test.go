package rules

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// tableRow is a row of the table of packages in docs/architecture.md.
var tableRow = regexp.MustCompile(`(?m)^\| ([^|]+) \| [^|]* \|[^|]*\|$`)

// floors reads the table: the patterns of each row, from the ground up. The row of the
// root package is named after the project.
func floors(t *testing.T) [][]string {
	t.Helper()
	_, page, _ := strings.Cut(string(read(t, "docs/architecture.md")), "\n## Packages\n")
	page, _, _ = strings.Cut(page, "\n## ")
	var out [][]string
	for _, m := range tableRow.FindAllStringSubmatch(page, -1) {
		if m[1] == "package" {
			continue
		}
		var row []string
		for _, name := range strings.Split(m[1], ", ") {
			if name == "zkml (the root)" {
				name = module
			}
			row = append(row, name)
		}
		out = append(out, row)
	}
	if len(out) < 10 {
		t.Fatalf("docs/architecture.md has a table of %d packages", len(out))
	}
	return out
}

// floorOf is the row of a package, -1 where it has none. Of rows with "/...", a longer
// one counts first.
func floorOf(rows [][]string, pkg string) int {
	best, length := -1, 0
	for i, row := range rows {
		for _, pattern := range row {
			if matches(pkg, pattern) && len(pattern) > length {
				best, length = i, len(pattern)
			}
		}
	}
	return best
}

// TestFloors holds every import of the project against the table: a package imports
// only rows above its own, and what stands in its own row. Tests may import anything.
func TestFloors(t *testing.T) {
	rows := floors(t)
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	used := map[int]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		fields := strings.Fields(line)
		floor := floorOf(rows, fields[0])
		if floor < 0 {
			t.Errorf("docs/architecture.md has no row for %s", fields[0])
			continue
		}
		used[floor] = true
		for _, imported := range fields[1:] {
			if at := floorOf(rows, imported); matches(imported, everything) && at > floor {
				t.Errorf("%s imports %s, whose row in docs/architecture.md is below its own", fields[0], imported)
			}
		}
	}
	for i, row := range rows {
		if !used[i] {
			t.Errorf("docs/architecture.md has a row for %v, which does not exist", row)
		}
	}
}
