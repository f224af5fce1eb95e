package ir

import "slices"

// What passes ask of a kind are the interfaces below, found by assertion: a kind that
// has not one answers no, and is left alone by the pass. A test of package compiler
// holds every kind against a table of answers.
type (
	// Elementwise is a kind whose output i is one function of input i alone.
	Elementwise interface{ Elementwise() }
	// Rising is an elementwise kind that may never decrease: it then commutes with a
	// maximum.
	Rising interface{ NeverDecreases() bool }
	// Largest is a kind that picks largest elements: what never decreases may follow
	// it in place of going before it.
	Largest interface{ PicksLargest() }
	// Ranker is a kind whose outputs depend on nothing but the order of the elements in
	// each group: positions of the largest.
	Ranker interface{ Ranks() (groups [][]int32) }
	// OrderKeeper is a kind that keeps the strict order of the elements in every one of
	// the groups.
	OrderKeeper interface{ KeepsOrder(groups [][]int32) bool }
	// Addresser is a kind that reads elements by index. Through reads the inputs of a
	// move, from, in place of the k-th of in; nil where it cannot.
	Addresser interface {
		Through(in []ID, k int, from []ID, move *Move) (Kind, []ID)
	}
	// Reader is a kind that may leave elements of its only input unread. Reads lists
	// those it reads; Reread reads each from another place.
	Reader interface {
		Reads() []int32
		Reread(place map[int32]int32) Kind
	}
	// Shrinker is a kind that can make some of its outputs only.
	Shrinker interface{ Keep(outputs []int32) Kind }
	// Counter is a kind that may give integers: of integers, or of any numbers.
	Counter interface{ GivesIntegers(ofIntegers bool) bool }
)

// Questions are what passes ask, by name.
var Questions = []struct {
	Name string
	Ask  func(Kind) bool
}{
	{"elementwise", asks[Elementwise]},
	{"may never decrease", asks[Rising]},
	{"picks the largest", asks[Largest]},
	{"ranks", asks[Ranker]},
	{"may keep the order", asks[OrderKeeper]},
	{"reads by index", asks[Addresser]},
	{"may leave elements unread", asks[Reader]},
	{"makes some outputs only", asks[Shrinker]},
	{"may give integers", asks[Counter]},
}

func asks[I any](k Kind) bool { _, ok := k.(I); return ok }

// reindexed reads each element of lists from another place.
func reindexed(lists [][]int32, place func(int32) int32) [][]int32 {
	out := make([][]int32, len(lists))
	for i, list := range lists {
		out[i] = make([]int32, len(list))
		for k, j := range list {
			out[i][k] = place(j)
		}
	}
	return out
}

// by is a place in a move's or a pass's table.
func by(index []int32) func(int32) int32 { return func(j int32) int32 { return index[j] } }

func in(place map[int32]int32) func(int32) int32 { return func(j int32) int32 { return place[j] } }

// InputNumber finds or adds an input of a step.
func InputNumber(in *[]ID, id ID) int32 {
	if i := slices.Index(*in, id); i >= 0 {
		return int32(i)
	}
	*in = append(*in, id)
	return int32(len(*in) - 1)
}

// Elementwise implements Elementwise.
func (*Clamp) Elementwise() {}

// NeverDecreases implements Rising.
func (*Clamp) NeverDecreases() bool { return true }

// Elementwise implements Elementwise.
func (*Func) Elementwise() {}

// NeverDecreases implements Rising.
func (f *Func) NeverDecreases() bool { return f.Monotone }

// KeepsOrder implements OrderKeeper.
func (f *Func) KeepsOrder([][]int32) bool { return f.Strict }

// PicksLargest implements Largest.
func (*Max) PicksLargest() {}

// Through implements Addresser, for a move of one input.
func (m *Max) Through(_ []ID, _ int, from []ID, move *Move) (Kind, []ID) {
	if len(from) > 1 {
		return nil, nil
	}
	return &Max{Windows: reindexed(m.Windows, by(move.Index))}, slices.Clone(from)
}

// Reads implements Reader.
func (m *Max) Reads() []int32 { return slices.Concat(m.Windows...) }

// Reread implements Reader.
func (m *Max) Reread(place map[int32]int32) Kind {
	return &Max{Windows: reindexed(m.Windows, in(place))}
}

// Keep implements Shrinker.
func (m *Max) Keep(outputs []int32) Kind {
	out := &Max{}
	for _, i := range outputs {
		out.Windows = append(out.Windows, m.Windows[i])
	}
	return out
}

// Ranks implements Ranker.
func (a *ArgMax) Ranks() [][]int32 { return a.Groups }

// Through implements Addresser, for a move of one input.
func (a *ArgMax) Through(_ []ID, _ int, from []ID, move *Move) (Kind, []ID) {
	if len(from) > 1 {
		return nil, nil
	}
	return &ArgMax{Groups: reindexed(a.Groups, by(move.Index)), Last: a.Last}, slices.Clone(from)
}

// Reads implements Reader.
func (a *ArgMax) Reads() []int32 { return slices.Concat(a.Groups...) }

// Reread implements Reader.
func (a *ArgMax) Reread(place map[int32]int32) Kind {
	return &ArgMax{Groups: reindexed(a.Groups, in(place)), Last: a.Last}
}

// KeepsOrder implements OrderKeeper: every group that is asked for must lie inside one
// of the softmax's.
func (s *Softmax) KeepsOrder(groups [][]int32) bool {
	group := map[int32]int{}
	for i, g := range s.Groups {
		for _, j := range g {
			group[j] = i + 1
		}
	}
	for _, g := range groups {
		for _, j := range g {
			if group[j] == 0 || group[j] != group[g[0]] {
				return false
			}
		}
	}
	return true
}

// Through implements Addresser, for a move of one input.
func (p *Product) Through(ids []ID, k int, from []ID, move *Move) (Kind, []ID) {
	if len(from) > 1 {
		return nil, nil
	}
	ids = slices.Clone(ids)
	ids[k] = from[0]
	factors := [][]int32{p.A, p.B}
	factors[k] = reindexed(factors[k:k+1], by(move.Index))[0]
	return &Product{A: factors[0], B: factors[1]}, ids
}

// Through implements Addresser: two moves are one.
func (m *Move) Through(ids []ID, k int, from []ID, move *Move) (Kind, []ID) {
	out := &Move{In: make([]int32, len(m.In)), Index: make([]int32, len(m.In))}
	var kept []ID
	for i := range m.In {
		id, index := ids[m.In[i]], m.Index[i]
		if int(m.In[i]) == k {
			id, index = from[move.In[index]], move.Index[index]
		}
		out.In[i], out.Index[i] = InputNumber(&kept, id), index
	}
	return out, kept
}

// Reads implements Reader.
func (m *Move) Reads() []int32 { return m.Index }

// Reread implements Reader.
func (m *Move) Reread(place map[int32]int32) Kind {
	return &Move{In: m.In, Index: reindexed([][]int32{m.Index}, in(place))[0]}
}
