package rules

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"testing"
)

// integerOnly are the packages below the quantiser.
var integerOnly = []string{"argument", "circuits", "gate", "lookup", "program"}

// floatsAllowed are the declarations below the quantiser that may name a float,
// and why that decides nothing.
var floatsAllowed = map[string]string{
	"program.Value":       "a scale is a label for people",
	"program.storedValue": "the label's encoding",
	"program.sums":        "only tells whether the integer sum may have grown too large",
	"program.times":       "only tells whether the integer product may have grown too large",
}

var floatNames = []string{"float32", "float64", "complex64", "complex128"}

// TestNoFloatBelowTheQuantiser finds floats in what computes, proves or bounds
// integers.
func TestNoFloatBelowTheQuantiser(t *testing.T) {
	used := map[string]bool{}
	for _, s := range parse(t, files(t, ".go")) {
		dir := path.Dir(s.path)
		if !slices.Contains(integerOnly, dir) || isTest(s.path) {
			continue
		}
		for _, decl := range s.file.Decls {
			for _, d := range pieces(decl) {
				pos, found := floatIn(d.node)
				if !found {
					continue
				}
				key := dir + "." + d.name
				if _, ok := floatsAllowed[key]; !ok {
					t.Errorf("%s:%d: %s uses a float below the quantiser", s.path, s.line(pos), d.name)
				}
				used[key] = true
			}
		}
	}
	for key := range floatsAllowed {
		if !used[key] {
			t.Errorf("%s is allowed floats and has none: take it off the list", key)
		}
	}
}

// piece is a named part of a declaration.
type piece struct {
	name string
	node ast.Node
}

func pieces(decl ast.Decl) []piece {
	if f, ok := decl.(*ast.FuncDecl); ok {
		return []piece{{f.Name.Name, f}}
	}
	var out []piece
	for _, spec := range decl.(*ast.GenDecl).Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			out = append(out, piece{spec.Name.Name, spec})
		case *ast.ValueSpec:
			out = append(out, piece{spec.Names[0].Name, spec})
		}
	}
	return out
}

func floatIn(n ast.Node) (pos token.Pos, found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			found = found || slices.Contains(floatNames, n.Name)
		case *ast.BasicLit:
			found = found || n.Kind == token.FLOAT
		}
		if found && pos == token.NoPos {
			pos = n.Pos()
		}
		return !found
	})
	return pos, found
}
