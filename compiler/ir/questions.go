package ir

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
	// OrderKeeper is a kind that may keep the strict order of the elements in every one
	// of the groups.
	OrderKeeper interface{ KeepsOrder(groups [][]int32) bool }
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
}

func asks[I any](k Kind) bool { _, ok := k.(I); return ok }

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

// Ranks implements Ranker.
func (a *ArgMax) Ranks() [][]int32 { return a.Groups }

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
