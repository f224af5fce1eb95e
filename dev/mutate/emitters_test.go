package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// aside are the folders whose code makes no circuit that anybody proves.
var aside = []string{"testkit", "dev", "testdata", "node_modules", "build", "bin"}

// harmless are the names of gate that count, or hold a wire that somebody else made.
var harmless = []string{"Counter", "ErrBudget", "Wire"}

// emitter is a folder whose code makes constraints: where it does first, and whether it
// has an argument.
type emitter struct {
	at       string
	argument bool
}

// emitters finds them by what they use: gates, and the registry of hints.
func emitters(t *testing.T) map[string]emitter {
	t.Helper()
	out := map[string]emitter{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && path != root && (slices.Contains(aside, name) || strings.HasPrefix(name, ".")):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		e := out[filepath.ToSlash(dir)]
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				x, ok := n.X.(*ast.Ident)
				if ok && (x.Name == "gate" && !slices.Contains(harmless, n.Sel.Name) || n.Sel.Name == "RegisterHint") {
					e.at = path
				}
			case *ast.FuncDecl:
				e.argument = e.argument || n.Recv != nil && n.Name.Name == "Collect"
			}
			return true
		})
		if e != (emitter{}) {
			out[filepath.ToSlash(dir)] = e
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestEmittersAreMutated: whatever makes constraints has mutants, so that a new argument
// or a new package of gadgets is not left out; and an argument has its record of attacks.
func TestEmittersAreMutated(t *testing.T) {
	all := emitters(t)
	for dir, e := range all {
		if e.at != "" && !slices.ContainsFunc(mutated, func(m examined) bool { return m.dir == dir }) {
			t.Errorf("%s makes constraints (%s) and has no row in mutated", dir, e.at)
		}
		records, _ := os.ReadDir(filepath.Join(root, dir, "testdata", "soundness"))
		if e.argument && len(records) == 0 {
			t.Errorf("%s has an argument and no records in testdata/soundness", dir)
		}
	}
	for _, want := range []string{"circuits", "lookup"} {
		if all[want].at == "" {
			t.Errorf("%s was not seen to make constraints", want)
		}
	}
	if !all["lookup"].argument {
		t.Error("lookup was not seen to be an argument")
	}
}
