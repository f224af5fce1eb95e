package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"sort"
)

// scan collects the mutants of one file, as insertions into its text, which keep
// every line where it is.
type scan struct {
	path     string
	source   []byte
	fset     *token.FileSet
	function string
	checked  map[*ast.CompositeLit]bool // windows passed to a range check
	mutants  []mutant
	edits    []edit
	first    int // the id before the first mutant
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

// plain are functions among those that emit constraints which emit none: they
// compute what is expected or what it costs, or assign a witness.
var plain = []string{
	"Commit", "Cover", "Statement.Assign", "Statement.Claim", "Statement.Count", "Statement.ModelCommitment", "Statement.assignModel",
	"Statement.recordModel", "Statement.weights", "T", "secretLayer.checks", "secretLayer.packs", "secretLayer.pickGroup",
	"secretLayer.singleGates",
}

func edited(f *ast.FuncDecl) bool {
	return f.Body != nil && !slices.Contains(plain, functionName(f))
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

// scanFile finds the mutants of a file; their ids follow first.
func scanFile(path string, source []byte, first int) (*scan, error) {
	s := &scan{path: path, source: source, fset: token.NewFileSet(), checked: map[*ast.CompositeLit]bool{}, first: first}
	f, err := parser.ParseFile(s.fset, path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || !edited(fn) {
			continue
		}
		s.function = functionName(fn)
		ast.Inspect(fn.Body, s.visit)
	}
	return s, nil
}

func (s *scan) visit(n ast.Node) bool {
	if st, ok := n.(ast.Stmt); ok {
		s.statement(st)
	}
	switch n := n.(type) {
	case *ast.CallExpr:
		if name := callee(n); name == "Bound" && len(n.Args) == 2 {
			if w, ok := n.Args[1].(*ast.CompositeLit); ok {
				s.checked[w] = true
			}
		}
		s.call(n)
	case *ast.CompositeLit:
		s.literal(n)
	}
	return true
}

// text is a node's source.
func (s *scan) text(n ast.Node) string { return string(s.source[s.at(n.Pos()):s.at(n.End())]) }

func (s *scan) at(p token.Pos) int { return s.fset.Position(p).Offset }

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
		out.Write(s.source[at:e.at])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(s.source[at:])
	return out.Bytes()
}
