package main

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

const root = "../.."

// tried is how many mutants the tests try: as many as some seconds allow.
const tried = 12

// TestSampleIsKilled tries a few mutants; go run ./dev/mutate tries all.
func TestSampleIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles four packages' tests")
	}
	if err := run(root, options{sample: tried}); err != nil {
		t.Fatal(err)
	}
}

// TestExplanationsHaveMutants: an explanation goes with the code it is about.
func TestExplanationsHaveMutants(t *testing.T) {
	code, err := instrument(root)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, m := range code.mutants {
		if names[m.name()] {
			t.Errorf("two mutants are called %q", m.name())
		}
		names[m.name()] = true
	}
	for name := range explained {
		if !names[name] {
			t.Errorf("no mutant is called %q: take its explanation out", name)
		}
	}
}

// planted is code with one site for each rule.
const planted = `package circuits

func (b *Builder) Gadget(xs []gate.Wire) {
	b.g.Assert(x, y, z, gate.Q{L: 1, K: n})
	for _, x := range xs {
		b.check(x, 0, 5)
	}
	for range xs {
		terms = append(terms, gate.T(x, 3))
	}
	acc = b.g.Quad(acc, x, gate.Q{M: 1})
	if v.open {
		b.bind(v, e)
	}
	ds := b.digits(xs, 0, b.widths(7))
	b.Bound(xs, Window{Base: 0, Bits: 9})
	p.Finish(b.g.Commit(p.Wires))
}

func Cover(lo, hi int64) Window { b.check(lo, hi, 3) }
`

// TestSites: each rule finds its site, and what comes out is Go again with every
// line in its place.
func TestSites(t *testing.T) {
	s, err := scanFile("circuits/gadget.go", []byte(planted), 100)
	if err != nil {
		t.Fatal(err)
	}
	number(s.mutants)
	var all strings.Builder
	for _, m := range s.mutants {
		all.WriteString(m.name() + "\n")
	}
	for _, want := range []string{
		"drop b.g.Assert(x, y, z, gate.Q{L: 1, K: n})", "L one more in gate.Q{L: 1, K: n}", "no K in gate.Q{L: 1, K: n}",
		"skip the last round of range xs", "skip the last round of range xs (2)", "drop b.check(x, 0, 5)", "one bit more: b.check(x, 0, 5)",
		"leave out of append(terms, gate.T(x, 3))", "coefficient one more: gate.T(x, 3)", "drop acc = b.g.Quad(acc, x, gate.Q{M: 1})",
		"skip if v.open", "drop b.bind(v, e)", "no range check: b.digits", "one bit more: b.widths(7)",
		"drop b.Bound(xs, Window{Base: 0, Bits: 9})", "no range check: b.Bound(xs, Window{Base: 0, Bits: 9})", "one bit more: Window{Base: 0, Bits: 9}",
		"first wire not committed: b.g.Commit(p.Wires)", "last wire not committed: b.g.Commit(p.Wires)", "challenge is a constant: b.g.Commit(p.Wires)",
	} {
		if !strings.Contains(all.String(), "circuits/gadget.go Builder.Gadget: "+want+"\n") {
			t.Errorf("no mutant %q among\n%s", want, all.String())
		}
	}
	if strings.Contains(all.String(), "Cover") {
		t.Error("a function that emits nothing is mutated")
	}
	text := string(s.apply())
	if _, err := parser.ParseFile(token.NewFileSet(), "", text, 0); err != nil {
		t.Errorf("%v in\n%s", err, text)
	}
	if got, want := strings.Count(text, "\n"), strings.Count(planted, "\n"); got != want {
		t.Errorf("%d lines became %d", want, got)
	}
	if !strings.Contains(text, "if mutant != 101 { b.g.Assert(x, y, z, gate.Q{L: mutantNone(103, mutantAlter(102, 1))") &&
		!strings.Contains(text, "if mutant != 101 { b.g.Assert(x, y, z, gate.Q{L: mutantAlter(102, mutantNone(103, 1))") {
		t.Errorf("edits do not nest:\n%s", text)
	}
}

func TestReport(t *testing.T) {
	results := []result{
		{mutant{file: "a.go", function: "F", what: "drop x"}, "a/b.TestX/sub.x/y"},
		{mutant{file: "a.go", function: "F", what: "drop y"}, "a/b.TestX"},
		{mutant{file: "a.go", function: "G", what: "drop z", ordinal: 2}, ""},
	}
	text := report(results)
	for _, want := range []string{"3 mutants, 2 killed, 1 explained", "| a.go | F | 2 | 2 | a/b.TestX |", "`drop z (2)`"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if err := unexplained(results); err == nil || !strings.Contains(err.Error(), "drop z (2)") {
		t.Errorf("got %v, want the survivor", err)
	}
}
