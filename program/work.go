package program

import (
	"math"

	"github.com/zkml-go/zkml/budget"
)

// Work counts the work of evaluating a program, bounding its integers and making its
// circuit, so that the program can be refused before any of it is done. A count beyond
// 64 bits is math.MaxInt64.
type Work struct {
	// Elements are those of all values.
	Elements int64
	// Terms are the products by a constant in linear layers.
	Terms int64
	// Products are those of two variables. Each takes a gate, and another to add it.
	Products int64
	// Indices are the elements that windows, groups, moves and products list.
	Indices int64
	// Entries are those of the tables, where each table counts once for each step that
	// uses it.
	Entries int64
}

// Work adds up the work of all steps.
func (p *Program) Work() (Work, error) {
	var w Work
	for _, v := range p.Values {
		w.Elements = budget.Sum(w.Elements, budget.Product(v.Shape...))
	}
	for _, s := range p.Steps {
		d, err := kindOfKernel(s.Kernel)
		if err != nil {
			return Work{}, err
		}
		k := d.work(s.Kernel)
		w.Terms, w.Products = budget.Sum(w.Terms, k.Terms), budget.Sum(w.Products, k.Products)
		w.Indices, w.Entries = budget.Sum(w.Indices, k.Indices), budget.Sum(w.Entries, k.Entries)
	}
	return w, nil
}

// Check compares the work of a whole program with the budget. The error is a
// *budget.Exceeded that names the place.
func (w Work) Check(place string) error {
	m := budget.NewMeter(place)
	for _, r := range []struct {
		limit  budget.Limit
		amount int64
	}{
		{budget.Elements, w.Elements}, {budget.Multiplications, w.Terms}, {budget.Products, w.Products},
		{budget.Indices, w.Indices}, {budget.AllEntries, w.Entries},
	} {
		if err := m.Take(r.limit, r.amount); err != nil {
			return err
		}
	}
	return nil
}

func (l *Linear) work() Work { return Work{Terms: int64(l.Rows.Terms())} }

func (c *Compare) work() Work { return Work{} }

func (s *Saturate) work() Work { return Work{Indices: int64(len(s.Group))} }

func (t *Table) work() Work { return Work{Entries: int64(len(t.Out))} }

func (m *Max) work() Work { return Work{Indices: listed(m.Windows)} }

func (a *ArgMax) work() Work { return Work{Indices: listed(a.Groups)} }

func (m *Move) work() Work { return Work{Indices: int64(len(m.Index))} }

func (p *Product) work() Work { return Work{Products: int64(len(p.A)), Indices: 2 * int64(len(p.A))} }

func (d *Dot) work() Work {
	return Work{Products: budget.Product(len(d.A), d.N, d.K, d.M), Indices: 2 * int64(len(d.A))}
}

func (s *Softmax) work() Work {
	return Work{Indices: listed(s.Groups), Entries: int64(len(s.Exp)) + int64(len(s.Log))}
}

func listed(lists [][]int32) int64 {
	n := 0
	for _, list := range lists {
		n += len(list)
	}
	return int64(n)
}

// Amounts of work that no circuit does in one row, with room: an element that is read
// costs a good part of a row, unless it is only moved, and a row of a packed layer
// holds two terms for each of at most 126 sums.
const (
	elementsPerRow = 64
	termsPerRow    = 512
)

// Fits tells whether a circuit of the given number of rows can do the work for each
// input of a batch. It may say yes where counting says no.
func (w Work) Fits(rows uint64, batch int) bool {
	within := func(amount int64, perRow uint64) bool {
		return rows <= math.MaxInt64/perRow && budget.Product(amount, int64(batch)) <= int64(rows*perRow)
	}
	return within(w.Elements, elementsPerRow) && within(w.Indices, elementsPerRow) &&
		within(w.Terms, termsPerRow) && within(w.Products, 1)
}
