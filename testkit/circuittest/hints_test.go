package circuittest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// registered lists the hints that the project's code registers, tests and what
// serves tests aside: package and function.
func registered(t *testing.T) map[string]bool {
	t.Helper()
	const root = "../.."
	out := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if name := d.Name(); name == "testkit" || name == "testdata" || name == "node_modules" || name != ".." &&
				strings.HasPrefix(name, ".") && path != root {
				return filepath.SkipDir
			}
			return nil
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if s, ok := call.Fun.(*ast.SelectorExpr); !ok || s.Sel.Name != "RegisterHint" {
				return true
			}
			for _, a := range call.Args {
				id, ok := a.(*ast.Ident)
				if !ok {
					t.Errorf("%s registers a hint without a name", path)
					continue
				}
				out[f.Name.Name+"."+id.Name] = true
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatal("no hint is registered anywhere")
	}
	return out
}

// TestEveryHintHasLies: each hint that the code registers is examined, with lies
// that know its outputs.
func TestEveryHintHasLies(t *testing.T) {
	has := map[string]bool{}
	for _, h := range Hints {
		if len(h.Lies) == 0 {
			t.Errorf("hint %s has no lies of its own", h.Name())
		}
		if has[h.Name()] {
			t.Errorf("hint %s stands twice", h.Name())
		}
		has[h.Name()] = true
	}
	all := registered(t)
	for name := range all {
		if !has[name] {
			t.Errorf("hint %s is not examined: give it a row in Hints, with lies of its own", name)
		}
	}
	for name := range has {
		if !all[name] {
			t.Errorf("hint %s is registered nowhere", name)
		}
	}
}
