package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// absorbMoves lets steps that address elements one by one read through a Move.
func absorbMoves(x *rewriter, s *ir.Step) (bool, error) {
	for k := range s.In {
		m := x.Producer(s.In[k])
		if m == nil {
			continue
		}
		move, ok := m.Kind.(*ir.Move)
		if !ok {
			continue
		}
		if changed, err := absorb(x, s, k, m, move); changed || err != nil {
			return changed, err
		}
	}
	return false, nil
}

// absorb rewrites step s to read the inputs of the move m in place of its k-th.
func absorb(x *rewriter, s *ir.Step, k int, m *ir.Step, move *ir.Move) (bool, error) {
	if _, ok := s.Kind.(ir.Elementwise); ok {
		return hoist(x, s, m, move)
	}
	var to ir.Kind
	in := slices.Clone(m.In)
	switch kind := s.Kind.(type) {
	case *ir.Affine:
		to, in = affineThrough(kind, s.In, k, m.In, move)
	case *ir.Move:
		to, in = moveThrough(kind, s.In, k, m.In, move)
	case *ir.Max:
		if len(m.In) > 1 {
			return false, nil
		}
		to = &ir.Max{Windows: renumber(kind.Windows, move.Index)}
	case *ir.ArgMax:
		if len(m.In) > 1 {
			return false, nil
		}
		to = &ir.ArgMax{Groups: renumber(kind.Groups, move.Index), Last: kind.Last}
	case *ir.Product:
		if len(m.In) > 1 {
			return false, nil
		}
		to, in = productThrough(kind, s.In, k, m.In[0], move)
	default:
		return false, nil
	}
	return true, x.replace(s, to, in)
}

// hoist exchanges an elementwise step with the move before it, where the move
// keeps every element once and has no other reader.
func hoist(x *rewriter, s, m *ir.Step, move *ir.Move) (bool, error) {
	if len(m.In) > 1 || x.Uses(m.Out) != 1 || len(move.Index) != x.program.Size(m.In[0]) || !permutation(move.Index) {
		return false, nil
	}
	return true, x.exchange(m, s, x.program.Shapes[m.In[0]])
}

func permutation(index []int32) bool {
	seen := make([]bool, len(index))
	for _, i := range index {
		if int(i) >= len(seen) || seen[i] {
			return false
		}
		seen[i] = true
	}
	return true
}

func renumber(groups [][]int32, index []int32) [][]int32 {
	out := make([][]int32, len(groups))
	for i, g := range groups {
		out[i] = make([]int32, len(g))
		for k, j := range g {
			out[i][k] = index[j]
		}
	}
	return out
}

// inputNumber finds or adds an input of a step.
func inputNumber(in *[]ir.ID, id ir.ID) int32 {
	if i := slices.Index(*in, id); i >= 0 {
		return int32(i)
	}
	*in = append(*in, id)
	return int32(len(*in) - 1)
}

func affineThrough(a *ir.Affine, in []ir.ID, k int, from []ir.ID, move *ir.Move) (*ir.Affine, []ir.ID) {
	n := &numbering{ids: slices.Clone(in)}
	kept, moved := n.of(in), n.of(from)
	rows := a.Rows.Renumber(a.Group, func(in, index int32) (int32, int32) {
		if int(in) != k {
			return kept(in), index
		}
		return moved(move.In[index]), move.Index[index]
	})
	rows, ids := n.finish(rows)
	return &ir.Affine{Rows: rows, Bias: a.Bias, Group: a.Group, Fixed: a.Fixed}, ids
}

func moveThrough(outer *ir.Move, in []ir.ID, k int, from []ir.ID, move *ir.Move) (*ir.Move, []ir.ID) {
	out := &ir.Move{In: make([]int32, len(outer.In)), Index: make([]int32, len(outer.In))}
	var ids []ir.ID
	for i := range outer.In {
		id, index := in[outer.In[i]], outer.Index[i]
		if int(outer.In[i]) == k {
			id, index = from[move.In[index]], move.Index[index]
		}
		out.In[i], out.Index[i] = inputNumber(&ids, id), index
	}
	return out, ids
}

func productThrough(p *ir.Product, in []ir.ID, k int, from ir.ID, move *ir.Move) (*ir.Product, []ir.ID) {
	through := func(index []int32) []int32 {
		out := make([]int32, len(index))
		for i, j := range index {
			out[i] = move.Index[j]
		}
		return out
	}
	ids := slices.Clone(in)
	ids[k] = from
	if k == 0 {
		return &ir.Product{A: through(p.A), B: p.B}, ids
	}
	return &ir.Product{A: p.A, B: through(p.B)}, ids
}
