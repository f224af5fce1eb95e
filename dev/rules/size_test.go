package rules

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// maxFile and maxFunction are the lines that a file and a function may have.
const (
	maxFile     = 400
	maxFunction = 60
)

// written is the folder of contracts that zkml wrote.
const written = "contracts/fixtures/"

func isTest(path string) bool { return strings.HasSuffix(path, "_test.go") }

// TestFilesAreShort bounds the files that people write.
func TestFilesAreShort(t *testing.T) {
	generated := map[string]bool{}
	goFiles := files(t, ".go")
	for _, p := range goFiles {
		generated[p] = true
	}
	for _, s := range parse(t, goFiles) {
		generated[s.path] = false
	}
	for _, p := range files(t, ".go", ".py", ".sh", ".sol", ".tmpl", ".js", ".mjs") {
		if strings.HasPrefix(p, written) {
			continue
		}
		if n := lines(read(t, p)); n >= maxFile && !generated[p] {
			t.Errorf("%s has %d lines, a file has fewer than %d: part it by what it does", p, n, maxFile)
		}
	}
}

// TestFunctionsAreShort bounds functions, those of tests included.
func TestFunctionsAreShort(t *testing.T) {
	for _, s := range parse(t, files(t, ".go")) {
		for _, decl := range s.file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			if n := s.line(f.End()) - s.line(f.Pos()) + 1; n >= maxFunction {
				t.Errorf("%s:%d: %s has %d lines, a function has fewer than %d", s.path, s.line(f.Pos()), f.Name.Name,
					n, maxFunction)
			}
		}
	}
}

// idle are names that say nothing of what is inside.
var idle = []string{"util", "utils", "helper", "helpers", "common", "misc"}

// TestNamesSayWhatIsInside refuses idle names for files and folders.
func TestNamesSayWhatIsInside(t *testing.T) {
	all, err := tracked()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		for _, part := range strings.Split(p, "/") {
			name := strings.TrimSuffix(strings.TrimSuffix(part, path.Ext(part)), "_test")
			if slices.Contains(idle, strings.ToLower(name)) {
				t.Errorf("%s: %q does not say what is inside", p, name)
			}
		}
	}
}
