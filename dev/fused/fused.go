// Package fused finds the products of floats that a Go compiler may fuse into a
// sum. It owns the criterion, for the rule that forbids them and the generator that
// rounds them. It must not know which packages it is applied to. Only dev/ imports it.
package fused

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// Find lists the products in file whose rounding the compiler may omit, as
// *ast.BinaryExpr or *ast.AssignStmt with *=, in the order of the source.
//
// The specification of Go allows x*y + z to be computed with one rounding, also
// across statements and calls, unless the product is converted explicitly:
// float64(x*y) + z. So a product passes only where its value goes straight into a
// conversion, another product, a quotient, a comparison, or a function of package
// math or fmt, none of which is fused with it. info must hold the file's types and uses.
func Find(info *types.Info, file *ast.File) []ast.Node {
	var found []ast.Node
	var path []ast.Node
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			path = path[:len(path)-1]
			return true
		}
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.MUL && float(info, n) && !rounded(info, n, path) {
				found = append(found, n)
			}
		case *ast.AssignStmt:
			if n.Tok == token.MUL_ASSIGN && float(info, n.Lhs[0]) {
				found = append(found, n)
			}
		}
		path = append(path, n)
		return true
	})
	return found
}

// float tells whether an expression is of a float or complex type and not constant.
func float(info *types.Info, e ast.Expr) bool {
	tv, ok := info.Types[e]
	if !ok || tv.Value != nil {
		return false
	}
	basic, ok := tv.Type.Underlying().(*types.Basic)
	if !ok { // a type parameter, which may be a float
		_, ok = tv.Type.(*types.TypeParam)
		return ok
	}
	return basic.Info()&(types.IsFloat|types.IsComplex) != 0
}

// rounded tells whether what reads the value of n, whose parents are in path, keeps
// it from being fused.
func rounded(info *types.Info, n ast.Expr, path []ast.Node) bool {
	for _, parent := range slices.Backward(path) {
		switch p := parent.(type) {
		case *ast.ParenExpr:
			n = p
			continue
		case *ast.UnaryExpr: // a negated product is fused as well
			n = p
			continue
		case *ast.BinaryExpr:
			return !slices.Contains([]token.Token{token.ADD, token.SUB}, p.Op)
		case *ast.CallExpr:
			return p.Fun != n && (info.Types[p.Fun].IsType() || ofLibrary(info, p.Fun))
		}
		return false
	}
	return false
}

// ofLibrary tells whether a function is one of package math or fmt.
func ofLibrary(info *types.Info, fun ast.Expr) bool {
	selector, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	used := info.Uses[selector.Sel]
	return used != nil && used.Pkg() != nil && slices.Contains([]string{"math", "fmt"}, used.Pkg().Path())
}
