package rules

import (
	"go/ast"
	"path"
	"strings"
	"testing"
)

// TestPackagesIntroduceThemselves wants a package comment that says what the
// package owns; of a command, what it does.
func TestPackagesIntroduceThemselves(t *testing.T) {
	introduced := map[string]bool{}
	for _, s := range parse(t, files(t, ".go")) {
		dir := path.Dir(s.path)
		if isTest(s.path) && strings.HasSuffix(s.file.Name.Name, "_test") {
			continue
		}
		introduced[dir] = introduced[dir] || s.file.Doc != nil && !directive(s.file.Doc)
	}
	for dir, ok := range introduced {
		if !ok {
			t.Errorf("%s has no package comment: say what it owns, what it must not know, who may import it", dir)
		}
	}
}

func directive(c *ast.CommentGroup) bool { return strings.TrimSpace(c.Text()) == "" }

// TestExportedNamesAreDocumented wants a comment on every exported name that
// other packages can see.
func TestExportedNamesAreDocumented(t *testing.T) {
	for _, s := range parse(t, files(t, ".go")) {
		if isTest(s.path) || s.file.Name.Name == "main" {
			continue
		}
		for _, decl := range s.file.Decls {
			for _, name := range undocumented(decl) {
				t.Errorf("%s:%d: %s has no comment", s.path, s.line(decl.Pos()), name)
			}
		}
	}
}

func undocumented(decl ast.Decl) []string {
	if f, ok := decl.(*ast.FuncDecl); ok {
		if f.Doc != nil || !f.Name.IsExported() || !exportedReceiver(f) {
			return nil
		}
		return []string{f.Name.Name}
	}
	g := decl.(*ast.GenDecl)
	if g.Doc != nil {
		return nil
	}
	var out []string
	for _, spec := range g.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Doc == nil && spec.Name.IsExported() {
				out = append(out, spec.Name.Name)
			}
		case *ast.ValueSpec:
			if spec.Doc == nil && spec.Comment == nil && spec.Names[0].IsExported() {
				out = append(out, spec.Names[0].Name)
			}
		}
	}
	return out
}

// selfExplaining are methods that say all by their name.
var selfExplaining = map[string]bool{"String": true, "Error": true, "Unwrap": true}

func exportedReceiver(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	if selfExplaining[f.Name.Name] {
		return false
	}
	typ := f.Recv.List[0].Type
	if p, ok := typ.(*ast.StarExpr); ok {
		typ = p.X
	}
	if g, ok := typ.(*ast.IndexExpr); ok {
		typ = g.X
	}
	name, ok := typ.(*ast.Ident)
	return !ok || name.IsExported()
}
