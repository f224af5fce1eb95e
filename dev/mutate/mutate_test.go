package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
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

// planted is code of package circuits with one site for each rule.
const planted = `package circuits

import (
	"math/big"

	"github.com/zkml-go/zkml/gate"
)

func (b *Builder) Gadget(xs []gate.Wire, v *Value, e expression, n int, k *big.Int) gate.Wire {
	var terms []gate.Term
	acc := xs[0]
	b.g.Assert(xs[0], xs[1], xs[2], gate.Q{L: 1, K: n})
	for _, x := range xs {
		b.check(x, 0, 5)
	}
	for range xs {
		terms = append(terms, gate.T(acc, 3), gate.Term{acc, k})
	}
	acc = b.g.Quad(acc, acc, gate.Q{M: 1})
	if v.open {
		b.bind(v, e)
	}
	k.Add(k, k)
	ds := b.digits(xs, 0, b.widths(7))
	b.Bound(ds[0].wires, Window{Base: 0, Bits: 9})
	low, _ := b.plantedPair(b.lowBits(acc)[0])
	b.below(low, 4)
	b.tables.Range(3).Contain(low, 2)
	b.g.Commit(xs)
	return b.g.Form(gate.T(acc, 2), gate.T(acc, 1), gate.Q{M: 1, K: 6})
}

func (b *Builder) plantedPair(x gate.Wire) (low, high gate.Wire) {
	b.equal(x, x)
	return x, b.g.Linear(gate.T(x, 1), gate.T(x, 2))
}

func plantedWindow(hi int64) Window { return Cover(0, hi+1) }
`

// plantedSites are the mutants of planted code that there have to be.
var plantedSites = []string{
	"drop b.g.Assert(xs[0], xs[1], xs[2], gate.Q{L: 1, K: n})", "L one more in gate.Q{L: 1, K: n}",
	"no K in gate.Q{L: 1, K: n}",
	"skip the last round of range xs", "skip the last round of range xs (2)",
	"drop b.check(x, 0, 5)", "bits one more in b.check(x, 0, 5)", "shift one more in b.check(x, 0, 5)",
	"coef one more in gate.T(acc, 3)", "Coef one more in gate.Term{acc, k}", "drop acc = b.g.Quad(acc, acc, " +
		"gate.Q{M: 1})",
	"skip if v.open", "drop b.bind(v, e)", "drop k.Add(k, k)",
	"no assertions in b.digits(xs, 0, b.widths(7))", "bits one more in b.widths(7)",
	"drop b.Bound(ds[0].wires, Window{Base: 0, Bits: 9})", "Bits one more in Window{Base: 0, Bits: 9}",
	"no assertions in b.plantedPair(b.lowBits(acc)[0])", "no assertions in b.lowBits(acc)",
	"drop b.below(low, 4)", "n one more in b.below(low, 4)", "drop b.tables.Range(3).Contain(low, 2)",
	"first wire not committed: b.g.Commit(xs)", "last wire not committed: b.g.Commit(xs)",
	"challenge is a constant: b.g.Commit(xs)",
	"coef one more in gate.T(acc, 2)", "K one more in gate.Q{M: 1, K: 6}", "no M in gate.Q{M: 1, K: 6}",
}

// scanPlanted finds the mutants of the planted code, in the packages as they are.
func scanPlanted(t *testing.T) *scan {
	t.Helper()
	const path = "circuits/gadget.go"
	c, err := load(root, map[string]string{path: planted})
	if err != nil {
		t.Fatal(err)
	}
	r, err := derive(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range c.files {
		if f.path == path {
			s := scanFile(r, f, 100)
			number(s.mutants)
			return s
		}
	}
	t.Fatal("the planted code is lost")
	return nil
}

// TestSites: each rule finds its site, and what comes out is Go again with every
// line in its place.
func TestSites(t *testing.T) {
	s := scanPlanted(t)
	var all strings.Builder
	for _, m := range s.mutants {
		all.WriteString(m.name() + "\n")
	}
	for _, want := range plantedSites {
		if !strings.Contains(all.String(), "circuits/gadget.go Builder.Gadget: "+want+"\n") {
			t.Errorf("no mutant %q among\n%s", want, all.String())
		}
	}
	if strings.Contains(all.String(), "plantedWindow") {
		t.Error("a function that no gadget calls is mutated")
	}
	text := string(s.apply())
	if _, err := parser.ParseFile(token.NewFileSet(), "", text, 0); err != nil {
		t.Errorf("%v in\n%s", err, text)
	}
	if got, want := strings.Count(text, "\n"), strings.Count(planted, "\n"); got != want {
		t.Errorf("%d lines became %d", want, got)
	}
	if !strings.Contains(text, "if mutant != 102 && gate.MutantQuiet == 0 { b.g.Assert(xs[0], xs[1], xs[2], "+
		"gate.Q{L: mutant") {
		t.Errorf("edits do not nest:\n%s", text)
	}
}

// TestGatesAreFound: the derivation starts from every method of gate.API but
// Hint, and takes those for assertions that define no wire.
func TestGatesAreFound(t *testing.T) {
	c, err := load(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := derive(c)
	if err != nil {
		t.Fatal(err)
	}
	api := r.api.Underlying().(*types.Interface)
	for i := range api.NumMethods() {
		m := api.Method(i)
		if got, want := r.emits[m], m.Name() != "Hint"; got != want {
			t.Errorf("%s emits: %v, want %v", m.Name(), got, want)
		}
		if got, want := r.direct[m], slices.Contains([]string{"Assert", "Zero"}, m.Name()); got != want {
			t.Errorf("%s is an assertion: %v, want %v", m.Name(), got, want)
		}
	}
	functions := map[string]bool{}
	for _, f := range c.files {
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				functions[functionName(fn)] = true
			}
		}
	}
	for name := range plain {
		if !functions[name] {
			t.Errorf("there is no function %s: take it off the list of plain ones", name)
		}
	}
}

func TestReport(t *testing.T) {
	results := []result{
		{mutant{file: "a.go", function: "F", what: "drop x"}, "a/b.TestX/sub.x/y"},
		{mutant{file: "a.go", function: "F", what: "drop y"}, "a/b.TestX"},
		{mutant{file: "a.go", function: "G", what: "drop z", ordinal: 2}, ""},
	}
	text := report(results)
	for _, want := range []string{"3 mutants, 2 killed, 1 explained", "| a.go | F | 2 | 2 | a/b.TestX |",
		"`drop z (2)`"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if err := unexplained(results); err == nil || !strings.Contains(err.Error(), "drop z (2)") {
		t.Errorf("got %v, want the survivor", err)
	}
}
