package circuits

import (
	"math/big"

	"github.com/zkml-go/zkml/gate"
)

// oblivious is a full tree whose nodes of one level ask the same bit, as CatBoost grows them: the
// bits from the top, and the leaves from those of the lowest bits on.
type oblivious struct {
	bits   []int // numbers, all different
	leaves []int
}

// leastOblivious is the depth from which on an oblivious tree of secret leaves has gates of its
// own, which are fewer.
const leastOblivious = 3

// obliviousTree tells whether a root's tree is one, all of whose nodes belong to it alone.
func (f *forest) obliviousTree(root int32, parents []int) (*oblivious, bool) {
	o := &oblivious{}
	level := []int32{root}
	for level[0] >= 0 {
		number := f.numbers[f.e.Nodes[level[0]].Bit]
		next := make([]int32, 0, 2*len(level))
		for _, at := range level {
			if at < 0 || parents[at] != 1 || f.numbers[f.e.Nodes[at].Bit] != number {
				return nil, false
			}
			next = append(next, f.e.Nodes[at].Low, f.e.Nodes[at].High)
		}
		for _, n := range o.bits {
			if n == number {
				return nil, false
			}
		}
		if v := f.bits[number]; v.Lo == v.Hi {
			return nil, false
		}
		o.bits, level = append(o.bits, number), next
	}
	for _, at := range level {
		if at >= 0 {
			return nil, false
		}
		o.leaves = append(o.leaves, int(^at))
	}
	return o, len(o.bits) >= leastOblivious
}

// parents counts the nodes and roots that lead to each node.
func (f *forest) parents() []int {
	out := make([]int, len(f.e.Nodes))
	add := func(at int32) {
		if at >= 0 {
			out[at]++
		}
	}
	for _, n := range f.e.Nodes {
		add(n.High)
		add(n.Low)
	}
	for _, at := range f.e.Roots {
		add(at)
	}
	return out
}

// secretOblivious finds the values of the roots of oblivious trees, and marks their nodes as done.
func (f *forest) secretOblivious(values []branch, done []bool) {
	parents := f.parents()
	for _, root := range f.e.Roots {
		if root < 0 {
			continue
		}
		o, ok := f.obliviousTree(root, parents)
		if !ok {
			continue
		}
		leaves := make([]*big.Int, len(o.leaves))
		for i, leaf := range o.leaves {
			leaves[i] = f.leaf(leaf).constant
		}
		values[root] = f.secretLevels(o.bits, leaves)
		f.mark(root, done)
	}
}

func (f *forest) mark(at int32, done []bool) {
	if at >= 0 {
		done[at] = true
		f.mark(f.e.Nodes[at].High, done)
		f.mark(f.e.Nodes[at].Low, done)
	}
}

// secretLevels is the value of an oblivious tree, low + b·(high − low) for its first bit b: the
// difference of two trees of the same bits is one of the differences of their leaves, so that a
// node takes two gates, one less than secretNodes.
//
// Soundness: as for secretChoice. Low brings a coefficient for each of its leaves, the difference
// one for each of high's: together as many as there are leaves, each once.
func (f *forest) secretLevels(bits []int, leaves []*big.Int) branch {
	half := len(leaves) / 2
	b := f.b.wireOf(f.bits[bits[0]])
	if len(bits) == 1 {
		return branch{leaves[0], minus(leaves[1], leaves[0]), bits[0], b}
	}
	apart := make([]*big.Int, half)
	for i := range apart {
		apart[i] = minus(leaves[half+i], leaves[i])
	}
	low, rise := f.secretLevels(bits[1:], leaves[:half]), f.secretLevels(bits[1:], apart)
	gap := gate.Term{Wire: b, Coef: rise.constant}
	if len(bits) == 2 {
		return f.secretWire(low, f.add(gap, gate.Term{Wire: low.wire, Coef: low.coef}, f.part(rise, bits[0], false)))
	}
	return f.secretWire(low, f.add(gate.T(low.wire, 1), gate.T(f.times(rise.wire, gap), 1)))
}
