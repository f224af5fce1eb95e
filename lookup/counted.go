package lookup

import "github.com/zkml-go/zkml/gate"

// Where gates are only counted, a table does not keep its queries: a large circuit
// asks tens of millions, and their number decides the gates. The wires are noted for
// the commitment as they come.

func (a *Argument) note(q query) {
	a.count.Commits(q.in)
	if q.out != nil {
		a.count.Commits(q.out)
	}
}

// countIdentity counts the gates that denominators, Inverse, fractions and AssertZero
// emit for the table's identity.
func (t *Table) countIdentity(c *gate.Counter) {
	perQuery, perEntry := 2, 0 // a denominator's gate and its inverse's
	if t.Out != nil {
		perQuery = 4
	}
	for i := range t.In {
		if perEntry++; t.out(i) != 0 {
			perEntry++
		}
	}
	c.Add(perQuery*t.asked + perEntry)
	c.AssertZero(t.asked + len(t.In))
}
