package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// dropUnread shrinks an affine step or a maximum to the elements that its
// reader, one that addresses elements, reads: a pool that leaves out a border,
// a slice.
func dropUnread(x *rewriter, s *ir.Step) (bool, error) {
	if len(s.In) != 1 || x.Uses(s.In[0]) != 1 {
		return false, nil
	}
	m := x.Producer(s.In[0])
	if m == nil {
		return false, nil
	}
	used := reads(s.Kind)
	if used == nil {
		return false, nil
	}
	keep := slices.Compact(slices.Sorted(slices.Values(used)))
	if len(keep) == x.program.Size(m.Out) {
		return false, nil
	}
	kept := keepOnly(m.Kind, keep)
	if kept == nil {
		return false, nil
	}
	x.program.Shapes[m.Out] = []int{len(keep)}
	place := make(map[int32]int32, len(keep))
	for i, j := range keep {
		place[j] = int32(i)
	}
	if err := x.replace(m, kept, m.In); err != nil {
		return false, err
	}
	return true, x.replace(s, reread(s.Kind, place), s.In)
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
		_, last := k.Rows.Extent(0)
		var out []int32
		for i, read := range k.Rows.Marked(0, last+1) {
			if read {
				out = append(out, int32(i))
			}
		}
		return out
	}
	return nil
}

// keepOnly restricts a kind's outputs; nil where it does not allow that.
func keepOnly(k ir.Kind, keep []int32) ir.Kind {
	switch k := k.(type) {
	case *ir.Affine:
		a := &ir.Affine{Fixed: k.Fixed, Rows: k.Rows.Select(keep)}
		for _, i := range keep {
			a.Bias = append(a.Bias, k.Bias[i])
			a.Group = append(a.Group, k.Group[i])
		}
		return a
	case *ir.Max:
		m := &ir.Max{}
		for _, i := range keep {
			m.Windows = append(m.Windows, k.Windows[i])
		}
		return m
	}
	return nil
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
		rows := k.Rows.Renumber(k.Group, func(in, index int32) (int32, int32) { return in, place[index] })
		return &ir.Affine{Rows: rows, Bias: k.Bias, Group: k.Group, Fixed: k.Fixed}
	}
	return k
}
