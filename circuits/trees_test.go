package circuits_test

import (
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// ensemble is a list of trees with leaves of several outputs.
type ensemble struct {
	nodes  []circuits.TreeNode
	roots  []int32
	leaves [][]int64
	bias   []int64
}

func (e ensemble) eval(in []int64) []int64 {
	out := append([]int64{}, e.bias...)
	for _, at := range e.roots {
		for at >= 0 {
			n := e.nodes[at]
			at = n.Low
			if in[n.Bit] == 1 {
				at = n.High
			}
		}
		for k, v := range e.leaves[^at] {
			out[k] += v
		}
	}
	return out
}

// rows bound each output by the least and the largest leaf of every tree.
func (e ensemble) rows() []circuits.Row {
	rows := make([]circuits.Row, len(e.bias))
	for k := range rows {
		least, most := e.leaves[0][k], e.leaves[0][k]
		for _, leaf := range e.leaves {
			least, most = min(least, leaf[k]), max(most, leaf[k])
		}
		n := int64(len(e.roots))
		lo, hi := e.bias[k]+n*least, e.bias[k]+n*most
		rows[k] = circuits.Row{Bias: e.bias[k], Lo: lo, Hi: hi, Window: circuits.Cover(lo, hi)}
	}
	return rows
}

func (e ensemble) circuit(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
	return b.Trees(in, &circuits.Ensemble{
		Nodes: e.nodes, Roots: e.roots, Leaf: func(leaf, output int) int64 { return e.leaves[leaf][output] },
	}, e.rows())
}

func (e ensemble) gadget(bits int) circuittest.Gadget {
	return circuittest.Gadget{In: bits, Bits: 1, Digit: 4, Eval: e.eval, Circuit: e.circuit}
}

// full makes a tree whose nodes have bits and leaves of their own.
func (e *ensemble) full(bits []int32, leaf func() []int64) int32 {
	if len(bits) == 0 {
		e.leaves = append(e.leaves, leaf())
		return ^int32(len(e.leaves) - 1)
	}
	high, low := e.full(bits[1:], leaf), e.full(bits[1:], leaf)
	e.nodes = append(e.nodes, circuits.TreeNode{Bit: bits[0], High: high, Low: low})
	return int32(len(e.nodes) - 1)
}

// node adds a node.
func (e *ensemble) node(bit, high, low int32) int32 {
	e.nodes = append(e.nodes, circuits.TreeNode{Bit: bit, High: high, Low: low})
	return int32(len(e.nodes) - 1)
}

func random(r *rand.Rand, outputs int) func() []int64 {
	return func() []int64 {
		leaf := make([]int64, outputs)
		for k := range leaf {
			leaf[k] = r.Int63n(9) - 4
		}
		return leaf
	}
}

// treeExamples cover every form of a choice: of leaves, of a leaf and a node, of nodes,
// with differences of zero, with a bit that is asked twice, with shared nodes.
func treeExamples() []example {
	r := rand.New(rand.NewSource(3))
	const high, low = -1, -2 // leaves 0 and 1
	two := [][]int64{{5}, {-3}}
	add := func(out []example, name string, bits int, e ensemble) []example {
		return append(out, example{"trees, " + name, e.gadget(bits)})
	}
	out := add(nil, "a leaf", 1, ensemble{roots: []int32{high}, leaves: two, bias: []int64{7}})
	out = add(out, "a leaf of zero", 1, ensemble{roots: []int32{high}, leaves: [][]int64{{0}}, bias: []int64{0}})
	out = add(out, "a stump", 1, ensemble{nodes: []circuits.TreeNode{{High: high, Low: low}}, roots: []int32{0},
		leaves: two, bias: []int64{0}})
	out = add(out, "stumps of one bit that cancel", 1, ensemble{
		nodes: []circuits.TreeNode{{High: high, Low: low}, {High: low, Low: high}}, roots: []int32{0, 1}, leaves: two,
		bias: []int64{1},
	})
	out = add(out, "equal leaves", 2, ensemble{
		nodes: []circuits.TreeNode{{High: high, Low: high}, {Bit: 1, High: 0, Low: low}}, roots: []int32{1},
		leaves: two, bias: []int64{0},
	})
	for name, build := range map[string]func(e *ensemble) int32{
		"a leaf above a node":       func(e *ensemble) int32 { return e.node(1, high, e.node(0, low, -3)) },
		"a leaf below a node":       func(e *ensemble) int32 { return e.node(1, e.node(0, low, -3), high) },
		"a leaf above, no gap":      func(e *ensemble) int32 { return e.node(1, high, e.node(0, low, high)) },
		"a leaf below, no gap":      func(e *ensemble) int32 { return e.node(1, e.node(0, low, high), high) },
		"nodes of one bit":          func(e *ensemble) int32 { return e.node(1, e.node(0, high, low), e.node(0, low, -3)) },
		"nodes of one bit, no gap":  func(e *ensemble) int32 { return e.node(1, e.node(0, high, low), e.node(0, -3, low)) },
		"nodes of one bit, no step": func(e *ensemble) int32 { return e.node(1, e.node(0, -4, high), e.node(0, high, low)) },
		"nodes of two bits":         func(e *ensemble) int32 { return e.node(2, e.node(0, high, low), e.node(1, low, -3)) },
		"nodes of two, no gap":      func(e *ensemble) int32 { return e.node(2, e.node(0, high, low), e.node(1, -3, low)) },
		"a bit asked twice, high":   func(e *ensemble) int32 { return e.node(0, e.node(0, high, low), e.node(1, low, -3)) },
		"a bit asked twice, low":    func(e *ensemble) int32 { return e.node(0, e.node(1, high, low), e.node(0, low, -3)) },
		"one node twice": func(e *ensemble) int32 {
			shared := e.node(0, high, low)
			return e.node(1, e.node(2, shared, -3), e.node(2, low, shared))
		},
		"the same on both sides": func(e *ensemble) int32 {
			shared := e.node(2, e.node(0, high, low), e.node(1, low, -3))
			return e.node(1, shared, shared)
		},
		"a node that nothing reaches": func(e *ensemble) int32 {
			e.node(2, e.node(0, high, low), e.node(1, low, -3))
			return e.node(1, high, low)
		},
	} {
		e := ensemble{leaves: [][]int64{{5}, {-3}, {2}, {13}}, bias: []int64{0}}
		e.roots = []int32{build(&e)}
		out = add(out, name, 3, e)
	}
	deep := ensemble{bias: []int64{0, 3}}
	deep.roots = []int32{deep.full([]int32{0, 1, 2, 3}, random(r, 2)), deep.full([]int32{3, 1}, random(r, 2))}
	out = add(out, "of depth four, two outputs", 4, deep)
	wide := ensemble{bias: make([]int64, 60)}
	wide.roots = []int32{wide.full([]int32{0, 1, 2}, random(r, 60)), wide.full([]int32{2}, random(r, 60))}
	out = add(out, "of more outputs than an element holds", 3, wide)
	known := ensemble{bias: []int64{0}}
	known.roots = []int32{known.full([]int32{0, 1, 2}, random(r, 1))}
	out = append(out, example{"trees, of bits that are known", circuittest.Gadget{
		In: 2, Bits: 1, Digit: 4,
		Eval: func(in []int64) []int64 { return known.eval([]int64{1, in[0], 0}) },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			sure := b.Splits(in[1], []int64{0, 2})
			return known.circuit(b, []*circuits.Value{sure[0], in[0], sure[1]})
		},
	}})
	out = append(out, example{"trees of splits", circuittest.Gadget{
		In: 2, Bits: 4, Lo: -8, Digit: 4,
		Eval: func(in []int64) []int64 { return deep.eval(evalSplits([]int64{-2, 5})(in)) },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return deep.circuit(b, splits([]int64{-2, 5})(b, in))
		},
	}})
	sortByName(out)
	return out
}

// TestTreesRefuseOthersThanBits panics where a tree would read a number that is no bit.
func TestTreesRefuseOthersThanBits(t *testing.T) {
	g := ensemble{nodes: []circuits.TreeNode{{High: -1, Low: -1}}, roots: []int32{0}, leaves: [][]int64{{1}},
		bias: []int64{0}}.gadget(1)
	g.Bits = 2
	if _, err := g.Statement().Count(); err == nil {
		t.Error("a number of two bits was taken for a bit")
	}
}
