package program

import (
	"github.com/zkml-go/zkml/argument"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/lookup"
)

// TableRows lists, by step, the rows that the step's own tables take in the lookup
// argument of a circuit for the given number of items: their entries, the queries, and the
// commitment to the answers and to the entries' counts. A table that several steps share
// is counted with the first of them, and only its queries with the others. No row is
// counted twice: what the steps have together is a part of the lookup argument's rows.
func (p *Program) TableRows(items int) []int {
	out := make([]int, len(p.Steps))
	asked := map[string]int{}
	for i, s := range p.Steps {
		k, ok := s.Kernel.(Tabular)
		if !ok {
			continue
		}
		tables := k.tables()
		for j, n := range k.queries(p.Size(s.In[0])) {
			key, n := tables[j].key(), n*items
			out[i] += tables[j].rows(asked[key]+n) - tables[j].rows(asked[key])
			asked[key] += n
		}
	}
	return out
}

// steady is a number of queries from which on each further one takes as many rows as the
// one before.
const steady = 4

// rows counts what the table takes that is asked so often.
func (t *Table) rows(queries int) int {
	if queries <= steady {
		return t.count(queries)
	}
	most := t.count(steady)
	return most + (queries-steady)*(most-t.count(steady-1))
}

// count runs the lookup argument on a counter, with the table and without it. The other
// table that both have draws the challenges that functions need, and commits to the wire
// that the queries are about: it is counted where it is made.
func (t *Table) count(queries int) int {
	var gates [2]int
	for with := range gates {
		counter := &gate.Counter{}
		a := lookup.New(counter)
		in := counter.Inputs(1)[0]
		a.Function("other", 0, []int64{1, 1}).Map(in, counter.Inputs(1)[0])
		for _, out := range counter.Inputs(with * queries) {
			a.Function("this", t.First, t.Out).Map(in, out)
		}
		argument.Finish(counter, []argument.Argument{a})
		gates[with] = counter.Gates
	}
	return gates[1] - gates[0]
}
