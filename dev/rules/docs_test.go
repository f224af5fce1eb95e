package rules

import (
	"go/ast"
	"path"
	"regexp"
	"strings"
	"testing"
)

// codeName is a package's exported name in prose, as in compiler.Optimise or
// kernel.Program.Define.
var codeName = regexp.MustCompile(`\b([a-z][a-z0-9]*)\.([A-Z]\w*)(?:\.([A-Z]\w*))?\b`)

// foreign are packages of others that the pages name.
var foreign = map[string]bool{"frontend": true, "kzg": true}

// TestPagesNameWhatExists looks up every function and type that the pages name.
func TestPagesNameWhatExists(t *testing.T) {
	exist := exported(t)
	for _, page := range []string{"docs/architecture.md", "docs/rationale.md", "CONTRIBUTING.md"} {
		names := codeName.FindAllStringSubmatch(string(read(t, page)), -1)
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

// TestEveryPackageIsOnThePage wants every package of the project in the table of
// docs/architecture.md, by itself or below one that is.
func TestEveryPackageIsOnThePage(t *testing.T) {
	page := string(read(t, "docs/architecture.md"))
	dirs := map[string]bool{}
	for _, p := range files(t, ".go") {
		dirs[path.Dir(p)] = true
	}
	for dir := range dirs {
		if !onPage(page, dir) && !unlisted(dir) {
			t.Errorf("docs/architecture.md does not mention package %s", dir)
		}
	}
}

// onPage tells whether a page names a folder, or one above it with all below it.
func onPage(page, dir string) bool {
	if strings.Contains(page, dir) {
		return true
	}
	for ; dir != "."; dir = path.Dir(dir) {
		if strings.Contains(page, dir+"/...") {
			return true
		}
	}
	return false
}

// unlisted tells the packages that only tests or scripts run.
func unlisted(dir string) bool {
	for _, part := range []string{"test", "dev/rules", "dev/readme", "dev/gen", "toy", "/fetch"} {
		if strings.Contains(dir, part) {
			return true
		}
	}
	return false
}
