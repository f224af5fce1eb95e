package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// dropUnread shrinks an affine step or a maximum to the elements that its reader reads,
// for instance before a slice or a pool that skips a border. The reader must address
// elements one by one.
func dropUnread(x *rewriter, s *ir.Step) (bool, error) {
	if len(s.In) != 1 || x.Uses(s.In[0]) != 1 {
		return false, nil
	}
	m := x.Producer(s.In[0])
	if m == nil {
		return false, nil
	}
	reader, ok := s.Kind.(ir.Reader)
	if !ok {
		return false, nil
	}
	keep := slices.Compact(slices.Sorted(slices.Values(reader.Reads())))
	shrinker, ok := m.Kind.(ir.Shrinker)
	if !ok || len(keep) == 0 || len(keep) == x.program.Size(m.Out) {
		return false, nil
	}
	x.program.Shapes[m.Out] = []int{len(keep)}
	place := make(map[int32]int32, len(keep))
	for i, j := range keep {
		place[j] = int32(i)
	}
	if err := x.replace(m, shrinker.Keep(keep), m.In); err != nil {
		return false, err
	}
	return true, x.replace(s, reader.Reread(place), s.In)
}
