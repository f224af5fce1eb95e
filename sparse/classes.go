package sparse

import "slices"

// Inputs numbers rows by what they read: rows with one number read the same elements
// in the same order.
func (m *Matrix[W]) Inputs(i int) int {
	m.once.Do(m.classify)
	return int(m.inputs[i])
}

// Lists numbers rows by their weights: rows with one number have the same weights in
// the same order. Rows with different numbers may have equal weights too.
func (m *Matrix[W]) Lists(i int) int {
	m.once.Do(m.classify)
	return int(m.weights[i])
}

// chain numbers sequences: equal ones have equal numbers.
type chain map[[4]int32]int32

func (c chain) then(before, x, y, z int32) int32 {
	key := [4]int32{before, x, y, z}
	n, ok := c[key]
	if !ok {
		n = int32(len(c)) + 1
		c[key] = n
	}
	return n
}

func (m *Matrix[W]) classify() {
	shapes, places := make([]int32, len(m.patterns)), make([]int32, len(m.patterns))
	deltas, orders := numbered{}, numbered{}
	for i := range m.patterns {
		p := &m.patterns[i]
		shapes[i] = deltas.of(p.delta)
		if places[i] = -int32(len(p.delta)); p.place != nil {
			places[i] = orders.of(p.place)
		}
	}
	inputs, weights := chain{}, chain{}
	m.inputs, m.weights = make([]int32, m.Len()), make([]int32, m.Len())
	for i := range m.Len() {
		for _, p := range m.Parts(i) {
			m.inputs[i] = inputs.then(m.inputs[i], p.In, shapes[p.Pattern], p.First)
			m.weights[i] = weights.then(m.weights[i], p.Kernel, places[p.Pattern], 0)
		}
	}
}

// numbered numbers different lists in order of first appearance, from 1 on.
type numbered struct {
	byHash map[uint64][]int32
	lists  [][]int32
}

func (n *numbered) of(list []int32) int32 {
	h := hash(0, list)
	for _, i := range n.byHash[h] {
		if slices.Equal(n.lists[i], list) {
			return i + 1
		}
	}
	if n.byHash == nil {
		n.byHash = map[uint64][]int32{}
	}
	n.lists = append(n.lists, list)
	i := int32(len(n.lists))
	n.byHash[h] = append(n.byHash[h], i-1)
	return i
}
