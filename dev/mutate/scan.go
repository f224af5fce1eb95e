package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"sort"
)

// scan collects the mutants of one file, as insertions into its text, which keep
// every line where it is.
type scan struct {
	*source
	reach      *reach
	function   string
	statements map[*ast.CallExpr]bool     // that stand by themselves
	given      map[*ast.CompositeLit]bool // handed to a call that emits
	mutants    []mutant
	edits      []edit
	first      int // the id before the first mutant
}

// edit replaces the bytes of [at, end) by text. Insertions at one place come in
// order: closing ones first, the innermost first; then opening ones, the
// outermost first.
type edit struct {
	at, end int
	text    string
	closing bool
	order   int
}

func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	t := f.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "." + f.Name.Name
	}
	return f.Name.Name
}

// scanFile finds the mutants of a file; their ids follow first. Mutated are the
// functions that emit or record, and those that they call.
func scanFile(r *reach, file *source, first int) *scan {
	s := &scan{
		source: file, reach: r, first: first,
		statements: map[*ast.CallExpr]bool{}, given: map[*ast.CompositeLit]bool{},
	}
	for _, d := range file.syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil || plain[functionName(fn)] != "" {
			continue
		}
		if o := r.code.info.Defs[fn.Name]; r.constrains(o) || r.feeds[o] {
			s.function = functionName(fn)
			ast.Inspect(fn.Body, s.visit)
		}
	}
	return s
}

func (s *scan) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BlockStmt:
		s.block(n.List)
	case *ast.CaseClause:
		s.block(n.Body)
	case *ast.CallExpr:
		s.call(n)
	case *ast.CompositeLit:
		s.literal(n)
	}
	if st, ok := n.(ast.Stmt); ok {
		s.statement(st)
	}
	return true
}

// text is a node's source.
func (s *scan) text(n ast.Node) string {
	return string(s.source.text[s.at(n.Pos()):s.at(n.End())])
}

func (s *scan) at(p token.Pos) int { return s.reach.code.fset.Position(p).Offset }

// receiver is what a method is called on.
func (s *scan) receiver(c *ast.CallExpr) string { return s.text(c.Fun.(*ast.SelectorExpr).X) }

// add records a mutant and gives its id.
func (s *scan) add(what string) int {
	s.mutants = append(s.mutants, mutant{file: s.path, function: s.function, what: oneLine(what)})
	return s.first + len(s.mutants)
}

// wrap puts text before and behind a node. what may show the node as %s; before
// takes the mutant's number as %d.
func (s *scan) wrap(n ast.Node, what, before, behind string) {
	if bytes.Contains([]byte(what), []byte("%s")) {
		what = fmt.Sprintf(what, s.text(n))
	}
	id := s.add(what)
	s.edits = append(s.edits,
		edit{at: s.at(n.Pos()), end: s.at(n.Pos()), text: fmt.Sprintf(before, id), order: len(s.edits)},
		edit{at: s.at(n.End()), end: s.at(n.End()), text: behind, closing: true, order: -len(s.edits)})
}

func (s *scan) insert(p token.Pos, text string) {
	s.edits = append(s.edits, edit{at: s.at(p), end: s.at(p), text: text, order: len(s.edits)})
}

func (s *scan) replace(n ast.Node, text string) {
	s.edits = append(s.edits, edit{at: s.at(n.Pos()), end: s.at(n.End()), text: text, order: len(s.edits)})
}

// apply gives the text with all edits.
func (s *scan) apply() []byte {
	sort.SliceStable(s.edits, func(i, j int) bool {
		a, b := s.edits[i], s.edits[j]
		if a.at != b.at {
			return a.at < b.at
		}
		if a.closing != b.closing {
			return a.closing
		}
		return a.order < b.order
	})
	var out bytes.Buffer
	at := 0
	for _, e := range s.edits {
		out.Write(s.source.text[at:e.at])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(s.source.text[at:])
	return out.Bytes()
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

// calls tells whether code has a call that fulfils a condition.
func (s *scan) calls(code ast.Node, is func(*ast.CallExpr) bool) bool {
	found := false
	ast.Inspect(code, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			found = found || is(call)
		}
		return !found
	})
	return found
}

func (s *scan) anyCalls(list []ast.Expr, is func(*ast.CallExpr) bool) bool {
	return slices.ContainsFunc(list, func(e ast.Expr) bool { return s.calls(e, is) })
}
