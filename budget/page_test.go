package budget_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/limits.md anew")

// page is where the limits are listed for people.
const page = "../docs/limits.md"

const head = `# Limits

Written by ` + "`go test ./budget -update`" + `; do not edit.

Whoever writes a file decides how much work and memory it takes to read it. These are the
limits (package budget), which are asked before the work is done; one that is exceeded is
named in the error. They are far above what honest models need.

| limit | at most | what it counts |
|---|---|---|
`

// TestPage holds the page against the table in limits.go.
func TestPage(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "limits.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(head)
	for _, d := range file.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, s := range group.Specs {
			row := s.(*ast.ValueSpec)
			about := strings.Join(strings.Fields(row.Doc.Text()), " ")
			about, _, _ = strings.Cut(about, ". ")
			what, most := fields(t, row.Values[0].(*ast.CompositeLit))
			fmt.Fprintf(&b, "| %s | %d %s | %s |\n", row.Names[0].Name, most, what, strings.TrimSuffix(about, "."))
		}
	}
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text, err := os.ReadFile(page); err != nil || string(text) != b.String() {
		t.Errorf("%s is not the table of limits.go (%v): run go test ./budget -update", page, err)
	}
}

// fields are What and Most of a limit.
func fields(t *testing.T, limit *ast.CompositeLit) (what string, most int64) {
	t.Helper()
	for _, e := range limit.Elts {
		pair := e.(*ast.KeyValueExpr)
		value, err := types.Eval(token.NewFileSet(), nil, token.NoPos, types.ExprString(pair.Value))
		switch name := pair.Key.(*ast.Ident).Name; {
		case name == "What" && err == nil:
			what, err = strconv.Unquote(value.Value.ExactString())
		case name == "Most" && err == nil:
			most, _ = constant.Int64Val(constant.ToInt(value.Value))
		default:
			continue // Remedy names a constant of the package
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return what, most
}
