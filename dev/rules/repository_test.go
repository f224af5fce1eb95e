package rules

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// root is the repository's folder, seen from this package.
const root = "../.."

// module is the path of the project's module.
const module = "github.com/zkml-go/zkml"

// tracked lists the repository's files, by path from its root. A copy without
// git is walked.
var tracked = sync.OnceValues(func() ([]string, error) {
	cmd := exec.Command("git", "ls-files", "-z")
	cmd.Dir = root
	if out, err := cmd.Output(); err == nil {
		return present(strings.Split(strings.TrimRight(string(out), "\x00"), "\x00")), nil
	}
	return walk()
})

// present leaves out the files that are deleted but not yet committed as such.
func present(paths []string) []string {
	var out []string
	for _, p := range paths {
		if info, err := os.Stat(filepath.Join(root, p)); err == nil && info.Mode().IsRegular() {
			out = append(out, p)
		}
	}
	return out
}

// notOurs are the folders that scripts fill.
var notOurs = map[string]bool{".git": true, "build": true, "bin": true, "node_modules": true, ".venv": true}

func walk() ([]string, error) {
	var out []string
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && notOurs[d.Name()] {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() {
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			out = append(out, filepath.ToSlash(rel))
		}
		return nil
	})
	return out, err
}

// files gives the repository's files that end in one of the suffixes.
func files(t *testing.T, suffixes ...string) []string {
	t.Helper()
	all, err := tracked()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range all {
		for _, s := range suffixes {
			if strings.HasSuffix(p, s) {
				out = append(out, p)
				break
			}
		}
	}
	if len(out) == 0 {
		t.Fatalf("no files end in %v: the rule would hold of nothing", suffixes)
	}
	return out
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func lines(data []byte) int { return bytes.Count(data, []byte("\n")) }

// source is a parsed Go file.
type source struct {
	path string
	fset *token.FileSet
	file *ast.File
}

func (s source) line(p token.Pos) int { return s.fset.Position(p).Line }

// parse parses the Go files among paths; generated ones are left out.
func parse(t *testing.T, paths []string) []source {
	t.Helper()
	var out []source
	for _, p := range paths {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, p, read(t, p), parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if !ast.IsGenerated(f) {
			out = append(out, source{p, fset, f})
		}
	}
	return out
}
