package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// dropUnread shrinks an affine step or a maximum to the elements that its
// reader, one that addresses elements, reads: a pool that leaves out a border,
// a slice.
func dropUnread(p *ir.Program) bool {
	for _, s := range p.Steps {
		if len(s.In) != 1 || readers(p, s.In[0]) != 1 || p.Output == s.In[0] {
			continue
		}
		m := maker(p, s.In[0])
		used := reads(s.Kind)
		if m == nil || used == nil {
			continue
		}
		keep := slices.Compact(slices.Sorted(slices.Values(used)))
		if len(keep) == p.Size(m.Out) || !keepOnly(m, keep) {
			continue
		}
		p.Shapes[m.Out] = []int{len(keep)}
		place := make(map[int32]int32, len(keep))
		for i, j := range keep {
			place[j] = int32(i)
		}
		s.Kind = reread(s.Kind, place)
		return true
	}
	return false
}

// reads lists the elements that a step of one input reads; nil for steps that
// read all.
func reads(k ir.Kind) []int32 {
	switch k := k.(type) {
	case *ir.Max:
		return slices.Concat(k.Windows...)
	case *ir.ArgMax:
		return slices.Concat(k.Groups...)
	case *ir.Move:
		return k.Index
	case *ir.Affine:
		var out []int32
		for _, row := range k.Rows {
			for _, t := range row {
				out = append(out, t.Index)
			}
		}
		return out
	}
	return nil
}

// keepOnly restricts a step's outputs, where its kind allows.
func keepOnly(s *ir.Step, keep []int32) bool {
	switch k := s.Kind.(type) {
	case *ir.Affine:
		a := &ir.Affine{Fixed: k.Fixed}
		for _, i := range keep {
			a.Rows = append(a.Rows, k.Rows[i])
			a.Bias = append(a.Bias, k.Bias[i])
			a.Group = append(a.Group, k.Group[i])
		}
		s.Kind = a
	case *ir.Max:
		m := &ir.Max{}
		for _, i := range keep {
			m.Windows = append(m.Windows, k.Windows[i])
		}
		s.Kind = m
	default:
		return false
	}
	return true
}

// reread renumbers the elements that a step reads.
func reread(k ir.Kind, place map[int32]int32) ir.Kind {
	all := func(groups [][]int32) [][]int32 {
		out := make([][]int32, len(groups))
		for i, g := range groups {
			for _, j := range g {
				out[i] = append(out[i], place[j])
			}
		}
		return out
	}
	switch k := k.(type) {
	case *ir.Max:
		return &ir.Max{Windows: all(k.Windows)}
	case *ir.ArgMax:
		return &ir.ArgMax{Groups: all(k.Groups), Last: k.Last}
	case *ir.Move:
		return &ir.Move{In: k.In, Index: all([][]int32{k.Index})[0]}
	case *ir.Affine:
		a := &ir.Affine{Bias: k.Bias, Group: k.Group, Fixed: k.Fixed, Rows: make([][]ir.Term, len(k.Rows))}
		for i, row := range k.Rows {
			for _, t := range row {
				a.Rows[i] = append(a.Rows[i], ir.Term{In: t.In, Index: place[t.Index], Tap: t.Tap, W: t.W})
			}
		}
		return a
	}
	return k
}
