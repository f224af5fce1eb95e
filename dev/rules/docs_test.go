package rules

import (
	"go/ast"
	"regexp"
	"strings"
	"testing"
)

// codeName is a package's exported name in prose, as in compiler.Optimise or
// kernel.Program.Define.
var codeName = regexp.MustCompile(`\b([a-z][a-z0-9]*)\.([A-Z]\w*)(?:\.([A-Z]\w*))?\b`)

// program is an example in Go, whose variables look like packages.
var program = regexp.MustCompile("(?ms)^```go$.*?^```$")

// foreign are packages of others that the pages name.
var foreign = map[string]bool{"frontend": true, "kzg": true, "errors": true}

// TestPagesNameWhatExists looks up every function and type that the pages name.
func TestPagesNameWhatExists(t *testing.T) {
	exist := exported(t)
	for _, page := range []string{"docs/architecture.md", "docs/library.md", "docs/rationale.md", "CONTRIBUTING.md"} {
		prose := program.ReplaceAllString(string(read(t, page)), "")
		names := codeName.FindAllStringSubmatch(prose, -1)
		if len(names) == 0 && page == "docs/architecture.md" {
			t.Errorf("%s names no function", page)
		}
		for _, n := range names {
			name := strings.TrimSuffix(n[1]+"."+n[2]+"."+n[3], ".")
			if !foreign[n[1]] && !exist[name] {
				t.Errorf("%s names %s, which does not exist", page, name)
			}
		}
	}
}

// exported lists the exported names of the repository's packages, and the
// methods of their types, as package.Name and package.Type.Method.
func exported(t *testing.T) map[string]bool {
	out := map[string]bool{}
	for _, s := range parse(t, files(t, ".go")) {
		for _, decl := range s.file.Decls {
			for _, p := range pieces(decl) {
				out[s.file.Name.Name+"."+p.name] = true
			}
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv != nil {
				out[s.file.Name.Name+"."+receiver(f)+"."+f.Name.Name] = true
			}
		}
	}
	return out
}

// receiver names the type that a method belongs to.
func receiver(f *ast.FuncDecl) string {
	typ := f.Recv.List[0].Type
	if p, ok := typ.(*ast.StarExpr); ok {
		typ = p.X
	}
	if g, ok := typ.(*ast.IndexExpr); ok {
		typ = g.X
	}
	if name, ok := typ.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}
