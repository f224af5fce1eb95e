package ir

import (
	"cmp"
	"fmt"
	"slices"
)

// Top finds the K largest elements of each group, in order: for each place as many numbers as
// the group has elements, 1 for the element that has the place, and 0 for the others. Of equal
// elements the first counts as larger. All groups have the same number of elements.
type Top struct {
	Groups [][]int32
	K      int
}

// Eval implements Kind.
func (t *Top) Eval(in [][]float64, _ int) []float64 {
	var out []float64
	for _, g := range t.Groups {
		for _, k := range InOrder(in[0], g)[:t.K] {
			bits := make([]float64, len(g))
			bits[k] = 1
			out = append(out, bits...)
		}
	}
	return out
}

// InOrder lists the positions of a group's elements, those of the largest first, and the first
// of equal ones before the others.
func InOrder(x []float64, group []int32) []int {
	at := make([]int, len(group))
	for k := range at {
		at[k] = k
	}
	slices.SortStableFunc(at, func(i, j int) int { return cmp.Compare(x[group[j]], x[group[i]]) })
	return at
}

func (t *Top) String() string { return fmt.Sprintf("top[%d of %d groups]", t.K, len(t.Groups)) }

// Ranks implements Ranker.
func (t *Top) Ranks() [][]int32 { return t.Groups }

// Through implements Addresser, for a move of one input.
func (t *Top) Through(_ []ID, _ int, from []ID, move *Move) (Kind, []ID) {
	if len(from) > 1 {
		return nil, nil
	}
	return &Top{Groups: reindexed(t.Groups, by(move.Index)), K: t.K}, slices.Clone(from)
}

// Reads implements Reader.
func (t *Top) Reads() []int32 { return slices.Concat(t.Groups...) }

// Reread implements Reader.
func (t *Top) Reread(place map[int32]int32) Kind {
	return &Top{Groups: reindexed(t.Groups, in(place)), K: t.K}
}

// GivesIntegers implements Counter: 0 and 1.
func (*Top) GivesIntegers(bool) bool { return true }
