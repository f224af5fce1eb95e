package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// functionOfChosen has the bits that choose an element for a place choose the values of a function
// of what they choose: one of the bits of a place is one, so that the function, or the product of
// two such numbers, is a sum of these bits too.
func functionOfChosen(x *rewriter, s *ir.Step) (bool, error) {
	switch k := s.Kind.(type) {
	case ir.Elementwise:
		c := x.chosen(s.In[0])
		if c == nil {
			return false, nil
		}
		rows := make([]chosenRow, len(c.rows))
		for i, r := range c.rows {
			rows[i] = chosenRow{place: r.place, values: s.Kind.Eval([][]float64{r.values}, len(r.values))}
		}
		return true, x.replace(s, c.affine(rows), []ir.ID{c.from})
	case *ir.Product:
		a, b := x.chosen(s.In[0]), x.chosen(s.In[1])
		if a == nil || b == nil || a.from != b.from {
			return false, nil
		}
		rows := make([]chosenRow, len(k.A))
		for i := range rows {
			p, q := a.rows[k.A[i]], b.rows[k.B[i]]
			if p.place != q.place {
				return false, nil
			}
			rows[i] = chosenRow{place: p.place, values: slices.Clone(p.values)}
			for j, v := range q.values {
				rows[i].values[j] = float64(rows[i].values[j] * v)
			}
		}
		a.fixed = a.fixed && b.fixed
		return true, x.replace(s, a.affine(rows), []ir.ID{a.from})
	}
	return false, nil
}

// chosenRows are numbers that each depend on one place of a step that ranks elements.
type chosenRows struct {
	from  ir.ID
	n     int // elements of a place
	rows  []chosenRow
	fixed bool
}

// chosenRow is the place, and the number by the element that has it.
type chosenRow struct {
	place  int
	values []float64
}

// mostChosen bounds the numbers that are listed for the rows of a step.
const mostChosen = 1 << 24

// chosen reads linear steps and moves whose elements are each a sum over the bits of one place;
// nil for others.
func (x *rewriter) chosen(id ir.ID) *chosenRows {
	m := x.Producer(id)
	if m == nil || len(m.In) != 1 {
		return nil
	}
	switch k := m.Kind.(type) {
	case *ir.Top:
		c := &chosenRows{from: id, n: len(k.Groups[0]), fixed: true}
		for i := range x.program.Size(id) {
			bit := make([]float64, c.n)
			bit[i%c.n] = 1
			c.rows = append(c.rows, chosenRow{place: i / c.n, values: bit})
		}
		return c
	case *ir.Move:
		c := x.chosen(m.In[0])
		if c == nil {
			return nil
		}
		rows := c.rows
		c.rows = nil
		for _, j := range k.Index {
			c.rows = append(c.rows, rows[j])
		}
		return c
	case *ir.Affine:
		return x.sumsOfChosen(k, m.In[0])
	}
	return nil
}

// sumsOfChosen are the rows of a linear step that each depend on one place.
func (x *rewriter) sumsOfChosen(a *ir.Affine, in ir.ID) *chosenRows {
	c := x.chosen(in)
	if c == nil || len(a.Bias)*c.n > mostChosen {
		return nil
	}
	of := c.rows
	c.rows, c.fixed = nil, c.fixed && a.Fixed
	for i, bias := range a.Bias {
		row := a.Rows.Row(i, nil)
		if len(row) == 0 {
			return nil
		}
		r := chosenRow{place: of[row[0].Index].place, values: slices.Repeat([]float64{bias}, c.n)}
		for _, t := range row {
			from := of[t.Index]
			if from.place != r.place {
				return nil
			}
			for j, v := range from.values {
				r.values[j] += float64(t.W * v)
			}
		}
		c.rows = append(c.rows, r)
	}
	return c
}

// affine is the linear step of such rows.
func (c *chosenRows) affine(rows []chosenRow) *ir.Affine {
	list := make([][]ir.Term, len(rows))
	for i, r := range rows {
		for j, v := range r.values {
			list[i] = append(list[i], ir.Term{Index: int32(r.place*c.n + j), W: v})
		}
	}
	return &ir.Affine{
		Rows: sparse.Rows(list), Bias: make([]float64, len(rows)), Group: make([]int, len(rows)), Fixed: c.fixed,
	}
}
