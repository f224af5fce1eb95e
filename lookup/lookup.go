// Package lookup owns lookup tables and the logarithmic-derivative argument
// over them (Haböck, https://eprint.iacr.org/2022/1530): an argument of package
// argument, whose queries and counts are committed before the challenge is drawn.
// It must not know tensors or models; circuits imports it.
//
// The argument. A table is a list of tuples (in, out) with constant entries; a
// query is a tuple of wires that must equal one of them. With challenges α, β
// and the number m_e of queries that equal entry e,
//
//	Σ_queries 1/(α − in − β·out)  =  Σ_entries m_e/(α − in_e − β·out_e)
//
// holds as an identity in α and β only if every query is an entry. Each table
// has its own identity. One sum over all tables would need something that tells
// tables apart, and a number added to in does not: in may be any field element
// until this argument says otherwise.
//
// The circuit's one challenge gives both points (see package argument). Cleared of
// denominators, the identity is a polynomial of degree below 2^24 in α and in β,
// as there are fewer queries and entries than that. A false identity then holds
// for at most 2^48 of the 2^253.6 values of the challenge.
package lookup

import (
	"fmt"
	"math/big"

	"github.com/zkml-go/zkml/argument"
	"github.com/zkml-go/zkml/gate"
)

// degreeBits bounds the degree of a table's identity: there must be fewer than
// 2^degreeBits queries and entries.
const degreeBits = 24

// Argument collects the tables and queries of one circuit. It implements
// argument.Argument.
type Argument struct {
	g      gate.API
	count  *gate.Counter // g, where gates are only counted
	tables []*Table
	byKey  map[string]*Table
	closed bool
}

// New starts an argument.
func New(g gate.API) *Argument {
	count, _ := g.(*gate.Counter)
	return &Argument{g: g, count: count, byKey: map[string]*Table{}}
}

// Table is a set of allowed tuples. If Out is nil, it is a table of single values.
type Table struct {
	In, Out []int64
	first   int64 // In[i] = first + i, except in a set
	set     bool
	queries []query     // none where gates are only counted
	asked   int         // queries
	counts  []gate.Wire // of the entries, once they are collected
	of      *Argument
}

type query struct {
	in, out gate.Wire // out is nil in a table of values
	shift   int64
}

// Range is the table of the values 0 .. 2^bits−1.
func (a *Argument) Range(bits int) *Table {
	return a.table(fmt.Sprintf("range %d", bits), 0, 1<<bits, nil)
}

// Function is the table of the tuples (first+i, out[i]). key names it: equal
// keys must mean equal tables, which share their entries.
func (a *Argument) Function(key string, first int64, out []int64) *Table {
	return a.table("function "+key, first, len(out), out)
}

// Set is the table of the given values, which are different. key names it: equal
// keys must mean equal sets.
func (a *Argument) Set(key string, values []int64) *Table {
	t := a.table("set "+key, 0, 0, nil)
	t.In, t.set = values, true
	return t
}

func (a *Argument) table(key string, first int64, n int, out []int64) *Table {
	if t, ok := a.byKey[key]; ok {
		return t
	}
	t := &Table{In: make([]int64, n), Out: out, first: first, of: a}
	for i := range t.In {
		t.In[i] = first + int64(i)
	}
	a.tables = append(a.tables, t)
	a.byKey[key] = t
	return t
}

// Contain requires w+shift to be a value of the table.
//
// Soundness: w is committed before the challenge, and the argument holds only
// if w+shift equals an entry. Range: the table's.
func (t *Table) Contain(w gate.Wire, shift int64) {
	if t.Out != nil {
		panic("lookup: a function's table is asked for tuples")
	}
	t.ask(query{in: w, shift: shift})
}

// Map requires (in, out) to be a tuple of the table: out is the function's value
// at in.
//
// Soundness: both wires are committed before the challenge, and β separates
// them: neither needs a range check of its own. Range: in and out are then
// entries, whatever they were before.
func (t *Table) Map(in, out gate.Wire) {
	if t.Out == nil {
		panic("lookup: a table of values is asked for values")
	}
	t.ask(query{in: in, out: out})
}

// ask records a query. Misuse: a query after Collect would not be committed to, and
// panics.
func (t *Table) ask(q query) {
	if t.of.closed {
		panic("lookup: a query comes after the wires were collected")
	}
	t.asked++
	if t.of.count != nil {
		t.of.note(q)
		return
	}
	t.queries = append(t.queries, q)
}

func (a *Argument) used() []*Table {
	var out []*Table
	for _, t := range a.tables {
		if t.asked > 0 {
			out = append(out, t)
		}
	}
	return out
}

// Collect implements argument.Argument: every query's wires and every entry's
// count.
func (a *Argument) Collect() []gate.Wire {
	a.closed = true
	var wires []gate.Wire
	for _, t := range a.used() {
		for _, q := range t.queries {
			wires = append(wires, q.in)
			if q.out != nil {
				wires = append(wires, q.out)
			}
		}
		t.counts = t.count(a.g)
		wires = append(wires, t.counts...)
	}
	return wires
}

// count has a hint count how often each entry occurs among the queries.
func (t *Table) count(g gate.API) []gate.Wire {
	if t.set {
		return t.countSet(g)
	}
	inputs := make([]gate.Wire, 0, 2*len(t.queries)+1)
	inputs = append(inputs, big.NewInt(t.first))
	for _, q := range t.queries {
		inputs = append(inputs, q.in, big.NewInt(q.shift))
	}
	return g.Hint(Counts, len(t.In), inputs...)
}

func (t *Table) countSet(g gate.API) []gate.Wire {
	inputs := make([]gate.Wire, 0, len(t.In)+2*len(t.queries))
	for _, v := range t.In {
		inputs = append(inputs, big.NewInt(v))
	}
	for _, q := range t.queries {
		inputs = append(inputs, q.in, big.NewInt(q.shift))
	}
	return g.Hint(Members, len(t.In), inputs...)
}

// Finish implements argument.Argument: it asserts every table's identity.
func (a *Argument) Finish(c *argument.Challenge) {
	alpha, beta := a.points(c)
	for _, t := range a.used() {
		if t.asked+len(t.In) >= 1<<degreeBits {
			panic("lookup: more queries and entries than the challenge can tell apart")
		}
		if a.count != nil {
			t.countIdentity(a.count)
			continue
		}
		var terms []gate.Term
		for _, inv := range a.g.Inverse(t.denominators(a.g, alpha, beta)) {
			terms = append(terms, gate.T(inv, 1))
		}
		for _, f := range t.fractions(a.g, alpha, beta) {
			terms = append(terms, gate.T(f, -1))
		}
		gate.AssertZero(a.g, terms)
	}
}

// points gives α and β; without tables of functions there is no β.
func (a *Argument) points(c *argument.Challenge) (alpha, beta gate.Wire) {
	functions := false
	for _, t := range a.used() {
		functions = functions || t.Out != nil
	}
	if !functions {
		return c.Points(degreeBits)[0], nil
	}
	p := c.Points(degreeBits, degreeBits)
	return p[0], p[1]
}

// denominators gives α − in − β·out of every query: one gate, two for tuples.
func (t *Table) denominators(g gate.API, alpha, beta gate.Wire) []gate.Wire {
	out := make([]gate.Wire, len(t.queries))
	for i, q := range t.queries {
		d := g.Quad(alpha, q.in, gate.Q{L: 1, R: -1, K: int(-q.shift)})
		if q.out != nil {
			d = minusProduct(g, d, beta, q.out)
		}
		out[i] = d
	}
	return out
}

// minusProduct returns d − a·b, in two gates: the product uses both inputs of its
// gate, and d could join it only as the third wire of an assertion about a hint.
func minusProduct(g gate.API, d, a, b gate.Wire) gate.Wire {
	product := g.Quad(a, b, gate.Q{M: 1})
	return g.Linear(gate.T(d, 1), gate.T(product, -1))
}

// fractions gives m/(α − in − β·out) of every entry.
//
// Soundness: a fraction c is hinted and bound by c·(α − in − β·out) = m, whose
// left factor is zero for some entry only with negligible probability.
func (t *Table) fractions(g gate.API, alpha, beta gate.Wire) []gate.Wire {
	inputs := []gate.Wire{alpha, big.NewInt(0)}
	if beta != nil {
		inputs[1] = beta
	}
	for i, m := range t.counts {
		inputs = append(inputs, m, big.NewInt(t.In[i]), big.NewInt(t.out(i)))
	}
	cs := g.Hint(Fractions, len(t.counts), inputs...)
	for i, c := range cs {
		in := int(t.In[i])
		if t.out(i) == 0 {
			g.Assert(c, alpha, t.counts[i], gate.Q{L: -in, M: 1, O: -1})
			continue
		}
		d := g.Quad(alpha, beta, gate.Q{L: 1, R: -int(t.out(i)), K: -in})
		g.Assert(c, d, t.counts[i], gate.Q{M: 1, O: -1})
	}
	return cs
}

func (t *Table) out(i int) int64 {
	if t.Out == nil {
		return 0
	}
	return t.Out[i]
}
