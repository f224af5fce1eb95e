package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
)

// constrains are the calls that emit a constraint, or see to it that one is
// emitted. As statements of their own they are dropped.
var constrains = []string{
	"AddPlonkConstraint", "Assert", "AssertZero", "Bound", "Contain", "Finish", "Map", "Mask", "Permutation", "Permute",
	"Quad", "Wires", "Zero", "bind", "chain", "check", "close", "closeLeft", "closeShared", "commitModel", "digits",
	"equal", "fit", "flush", "input", "lay", "productZero", "salt",
}

// widthAt says which argument of a call is a number of bits that range checks
// follow.
var widthAt = map[string]int{"check": 2, "widths": 0, "gap": 3, "Range": 0}

// callee is the last name of what is called.
func callee(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func (s *scan) statement(n ast.Stmt) {
	switch n := n.(type) {
	case *ast.ExprStmt:
		if call, ok := n.X.(*ast.CallExpr); ok && slices.Contains(constrains, callee(call)) {
			s.drop(n)
		}
	case *ast.AssignStmt:
		if call, ok := n.Rhs[0].(*ast.CallExpr); ok && n.Tok == token.ASSIGN && len(n.Lhs) == 1 && callee(call) != "append" && !pure(n.Rhs[0]) {
			s.drop(n)
		}
	case *ast.RangeStmt:
		s.loop(n)
	case *ast.IfStmt:
		if s.constrained(n.Body) {
			s.wrap(n.Cond, "skip if %s", "mutantNever(%d, ", ")")
		}
	case *ast.ReturnStmt:
		if s.function == "Pending.challenges" && len(n.Results) == 2 && s.text(n.Results[1]) == "gamma" {
			s.wrap(n.Results[0], "one challenge for both: %s", "mutantPick(%d, ", ", gamma)")
			s.wrap(n.Results[1], "one challenge for both: %s", "mutantPick(%d, ", ", alpha)")
		}
	}
}

func (s *scan) drop(n ast.Stmt) { s.wrap(n, "drop %s", "if mutant != %d { ", " }") }

// call mutates what is passed on.
func (s *scan) call(n *ast.CallExpr) {
	name := callee(n)
	switch name {
	case "append":
		if len(n.Args) == 2 && pure(n.Args[0]) {
			s.wrap(n, "leave out of %s", "mutantPick(%d, ", ", "+s.text(n.Args[0])+")")
		}
	case "T":
		s.wrap(n.Args[1], "coefficient one more: "+s.text(n), "mutantAlter(%d, int64(", "))")
	case "digits":
		if _, method := n.Fun.(*ast.SelectorExpr); method {
			s.wrap(n.Fun, "no range check: %s", "mutantPick(%d, ", ", "+s.receiver(n)+".split)")
		}
	case "Bound":
		s.wrap(n.Fun, "no range check: "+s.text(n), "mutantPick(%d, ", ", mutantUnbound)")
	case "Commit":
		if _, method := n.Fun.(*ast.SelectorExpr); method {
			s.commit(n)
		}
	}
	if at, ok := widthAt[name]; ok && at < len(n.Args) {
		s.wrap(n.Args[at], "one bit more: "+s.text(n), "mutantAlter(%d, ", ")")
	}
}

// commit leaves wires out of a commitment, or takes a constant for a challenge.
func (s *scan) commit(n *ast.CallExpr) {
	last := n.Args[len(n.Args)-1]
	s.wrap(last, "first wire not committed: "+s.text(n), "mutantTail(%d, ", ")")
	s.wrap(last, "last wire not committed: "+s.text(n), "mutantHead(%d, ", ")")
	if n.Ellipsis == token.NoPos {
		s.wrap(n.Fun, "challenge is a constant: "+s.text(n), "mutantPick(%d, ", ", mutantConstant("+s.receiver(n)+"))")
	}
}

// literal mutates the coefficients of a gate, and the width of a window that a
// range check is given.
func (s *scan) literal(n *ast.CompositeLit) {
	switch callee(&ast.CallExpr{Fun: n.Type}) {
	case "Q":
		for _, e := range n.Elts {
			kv := e.(*ast.KeyValueExpr)
			s.wrap(kv.Value, fmt.Sprintf("%s one more in %s", kv.Key, s.text(n)), "mutantAlter(%d, ", ")")
			s.wrap(kv.Value, fmt.Sprintf("no %s in %s", kv.Key, s.text(n)), "mutantNone(%d, ", ")")
		}
	case "Window":
		for _, e := range n.Elts {
			if kv := e.(*ast.KeyValueExpr); s.text(kv.Key) == "Bits" && s.checked[n] {
				s.wrap(kv.Value, "one bit more: "+s.text(n), "mutantAlter(%d, ", ")")
			}
		}
	}
}

// loop leaves out the last round of a loop that emits constraints or gathers
// what they are about.
func (s *scan) loop(n *ast.RangeStmt) {
	if n.Tok == token.ASSIGN || !pure(n.X) || !s.constrained(n.Body) {
		return
	}
	m := s.add("skip the last round of range " + oneLine(s.text(n.X)))
	index := fmt.Sprintf("mutantIndex%d", m)
	if key, ok := n.Key.(*ast.Ident); ok && key.Name != "_" {
		index = key.Name
	} else if ok {
		s.replace(key, index)
	} else {
		s.insert(n.For+token.Pos(len("for ")), index+" := ")
	}
	s.insert(n.Body.Lbrace+1, fmt.Sprintf(" if mutantLast(%d, %s, %s) { continue };", m, index, s.text(n.X)))
}

// constrained tells whether code emits constraints or gathers terms.
func (s *scan) constrained(body ast.Node) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			name := callee(call)
			found = found || name == "append" || name == "Linear" || slices.Contains(constrains, name)
		}
		return !found
	})
	return found
}

// pure tells whether code may run twice.
func pure(n ast.Expr) bool {
	ok := true
	ast.Inspect(n, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.CallExpr, *ast.FuncLit:
			ok = false
		}
		return ok
	})
	return ok
}
