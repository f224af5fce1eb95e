package compiler

import (
	"github.com/zkml-go/zkml/compiler/ir"
)

// dropAlike drops what is added alike to all elements of each group of an argmax: it
// changes no winner. So the distances of k-means from its centroids are compared without
// the square of the point, which all of them have. A private model keeps its terms, since
// whether weights are equal is part of the secret.
func dropAlike(x *rewriter, s *ir.Step) (bool, error) {
	winner, ok := s.Kind.(*ir.ArgMax)
	if !ok || x.program.Secret {
		return false, nil
	}
	m := x.Producer(s.In[0])
	if m == nil || x.Uses(m.Out) != 1 {
		return false, nil
	}
	a, ok := m.Kind.(*ir.Affine)
	if !ok {
		return false, nil
	}
	drop := make([]map[ir.Term]bool, a.Rows.Len()) // by row
	found := false
	for _, g := range winner.Groups {
		alike := shared(a, g)
		for _, row := range g {
			if drop[row] != nil { // of another group too, which may have other terms alike
				return false, nil
			}
			drop[row] = alike
		}
		found = found || len(alike) > 0
	}
	if !found {
		return false, nil
	}
	kind, in := a.Without(m.In, func(row int, t ir.Term) bool { return drop[row][t] })
	return true, x.replace(m, kind, in)
}

// shared gives the terms that all rows have; none for a single one.
func shared(a *ir.Affine, rows []int32) map[ir.Term]bool {
	both := map[ir.Term]bool{}
	for i, row := range rows {
		list := a.Rows.Row(int(row), nil)
		next := make(map[ir.Term]bool, len(both))
		for _, t := range list {
			if i == 0 || both[t] {
				next[t] = true
			}
		}
		if both = next; len(both) == 0 {
			break
		}
	}
	if len(rows) < 2 {
		clear(both)
	}
	return both
}
