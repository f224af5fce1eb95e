package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// statement drops statements, rounds of loops and branches.
func (s *scan) statement(n ast.Stmt) {
	switch n := n.(type) {
	case *ast.ExprStmt:
		if call, ok := n.X.(*ast.CallExpr); ok {
			s.statements[call] = true
			s.dropCall(n, call)
		}
	case *ast.AssignStmt:
		call, ok := n.Rhs[0].(*ast.CallExpr)
		single := ok && len(n.Lhs) == 1 && !s.builtin(call, "append")
		if n.Tok == token.ASSIGN && (single || s.anyCalls(n.Rhs, s.emits)) {
			s.drop(n)
		}
	case *ast.RangeStmt:
		s.loop(n)
	case *ast.IfStmt:
		if s.constrained(n.Body) {
			s.wrap(n.Cond, "skip if %s", "mutantNever(%d, ", ")")
		}
	}
}

func (s *scan) drop(n ast.Stmt) { s.wrap(n, "drop %s", "if mutant != %d { ", " }") }

// dropCall drops a call that stands by itself and emits, records, or computes a
// coefficient. What asserts or records by itself is also left out where all of a
// call's assertions are.
func (s *scan) dropCall(n *ast.ExprStmt, call *ast.CallExpr) {
	callee := s.reach.callee(call)
	switch {
	case s.reach.direct[callee]:
		s.wrap(n, "drop %s", "if mutant != %d && "+s.quiet()+" == 0 { ", " }")
	case s.reach.constrains(callee) || changesInteger(callee):
		s.drop(n)
	}
}

// quiet names the counter of the calls under way whose assertions are left out.
func (s *scan) quiet() string {
	if strings.HasPrefix(s.path, "gate/") {
		return "MutantQuiet"
	}
	return "gate.MutantQuiet"
}

// call mutates what is passed on, and leaves out what a call asserts.
func (s *scan) call(n *ast.CallExpr) {
	if s.builtin(n, "append") {
		if len(n.Args) == 2 && pure(n.Args[0]) {
			s.wrap(n, "leave out of %s", "mutantPick(%d, ", ", "+s.text(n.Args[0])+")")
		}
		return
	}
	f := s.reach.callee(n)
	if f == nil {
		return
	}
	signature := f.(types.Object).Type().(*types.Signature)
	switch {
	case s.reach.commits(f):
		s.commit(n)
	case s.reach.points(f) && len(n.Args) > 1:
		s.wrap(n, "one point for all variables: %s", "mutantSame(%d, ", ")")
	case s.reach.numbered(f):
		s.numbers(n, signature.Params())
	}
	if s.reach.constrains(f) {
		for _, a := range n.Args {
			if l, ok := a.(*ast.CompositeLit); ok {
				s.given[l] = true
			}
		}
	}
	if s.reach.asserts[f] && !s.reach.direct[f] && !s.statements[n] && signature.Results().Len() == 1 && s.hasBody(f) {
		s.wrap(n, "no assertions in %s", "mutantLoud(mutantQuiet(%d), ", ")")
	}
}

// hasBody tells whether a function is of the mutated code.
func (s *scan) hasBody(f node) bool { return len(s.reach.calls[f]) > 0 }

// numbers makes each integer that a call is given one more.
func (s *scan) numbers(n *ast.CallExpr, params *types.Tuple) {
	for i, a := range n.Args {
		if i < params.Len() {
			s.more(a, params.At(i).Type(), params.At(i).Name()+" one more in "+s.text(n))
		}
	}
}

// more makes an integer one more, small or big.
func (s *scan) more(n ast.Expr, t types.Type, what string) {
	switch t.String() {
	case "int", "int64":
		s.wrap(n, what, "mutantAlter(%d, "+t.String()+"(", "))")
	case "*math/big.Int":
		s.wrap(n, what, "mutantMore(%d, ", ")")
	}
}

// commit leaves wires out of a commitment, or takes a constant for a challenge.
func (s *scan) commit(n *ast.CallExpr) {
	last := n.Args[len(n.Args)-1]
	s.wrap(last, "first wire not committed: "+s.text(n), "mutantTail(%d, ", ")")
	s.wrap(last, "last wire not committed: "+s.text(n), "mutantHead(%d, ", ")")
	if n.Ellipsis == token.NoPos { // gnark's own is another type
		s.wrap(n.Fun, "challenge is a constant: "+s.text(n), "mutantPick(%d, ", ", mutantConstant("+s.receiver(n)+"))")
	}
}

// literal mutates the coefficients of a gate, and the numbers of a structure
// that a call which emits is given.
func (s *scan) literal(n *ast.CompositeLit) {
	t := s.reach.code.info.Types[n].Type
	if p, ok := t.(*types.Pointer); ok { // elided in a list of pointers
		t = p.Elem()
	}
	named, ok := t.(*types.Named)
	if !ok || !s.given[n] && !s.reach.coefficients[named.Obj()] {
		return
	}
	fields, ok := named.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, e := range n.Elts {
		f := (*types.Var)(nil)
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			f, _ = s.reach.code.info.Uses[kv.Key.(*ast.Ident)].(*types.Var)
			e = kv.Value
		} else {
			f = fields.Field(i)
		}
		s.more(e, f.Type(), f.Name()+" one more in "+s.text(n))
		if s.reach.coefficients[named.Obj()] && f.Type().String() == "int" {
			s.wrap(e, fmt.Sprintf("no %s in %s", f.Name(), s.text(n)), "mutantNone(%d, ", ")")
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

// block leaves out what calls assert that have several results: nothing can be
// wrapped around them.
func (s *scan) block(list []ast.Stmt) {
	for _, n := range list {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) < 2 || len(a.Rhs) != 1 {
			continue
		}
		if call, ok := a.Rhs[0].(*ast.CallExpr); ok && s.reach.asserts[s.reach.callee(call)] {
			held := fmt.Sprintf("mutantHeld%d", s.first+len(s.mutants)+1)
			s.wrap(a, "no assertions in "+s.text(call), held+" := mutantQuiet(%d); ", "; mutantLoud("+held+", 0)")
		}
	}
}

// emits tells whether a call emits or records.
func (s *scan) emits(c *ast.CallExpr) bool { return s.reach.constrains(s.reach.callee(c)) }

// constrained tells whether code emits constraints or gathers terms.
func (s *scan) constrained(body ast.Node) bool {
	return s.calls(body, func(c *ast.CallExpr) bool { return s.builtin(c, "append") || s.emits(c) })
}

// builtin tells whether a call is of one of the language's own functions.
func (s *scan) builtin(c *ast.CallExpr, name string) bool {
	id, ok := c.Fun.(*ast.Ident)
	if !ok {
		return false
	}
	_, ok = s.reach.code.info.Uses[id].(*types.Builtin)
	return ok && id.Name == name
}
