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
	secret bool // the leaves are a private model's
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

// rows bound each output by the least and the largest leaf of each tree.
func (e ensemble) rows() []circuits.Row {
	rows := make([]circuits.Row, len(e.bias))
	for k := range rows {
		lo, hi := e.bias[k], e.bias[k]
		for _, at := range e.roots {
			least, most := e.bounds(at, k)
			lo, hi = lo+least, hi+most
		}
		rows[k] = circuits.Row{Bias: e.bias[k], Lo: lo, Hi: hi, Window: circuits.Cover(lo, hi)}
	}
	return rows
}

// bounds are the least and the largest value of an output below a node.
func (e ensemble) bounds(at int32, output int) (least, most int64) {
	if at < 0 {
		v := e.leaves[^at][output]
		return v, v
	}
	highLeast, highMost := e.bounds(e.nodes[at].High, output)
	lowLeast, lowMost := e.bounds(e.nodes[at].Low, output)
	return min(highLeast, lowLeast), max(highMost, lowMost)
}

func (e ensemble) circuit(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
	return b.Trees(in, &circuits.Ensemble{
		Nodes: e.nodes, Roots: e.roots, Leaf: func(leaf, output int) int64 { return e.leaves[leaf][output] },
		Secret: e.secret,
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

// treeShapes are trees of three bits: every form of a choice, of leaves, of a leaf and a
// node, of nodes, with differences of zero, with a bit that is asked twice, with shared
// nodes.
var treeShapes = map[string]func(e *ensemble) int32{
	"a stump":                   func(e *ensemble) int32 { return e.node(0, ^0, ^1) },
	"equal leaves":              func(e *ensemble) int32 { return e.node(1, e.node(0, ^0, ^0), ^1) },
	"a leaf above a node":       func(e *ensemble) int32 { return e.node(1, ^0, e.node(0, ^1, ^2)) },
	"a leaf below a node":       func(e *ensemble) int32 { return e.node(1, e.node(0, ^1, ^2), ^0) },
	"a leaf above, no gap":      func(e *ensemble) int32 { return e.node(1, ^0, e.node(0, ^1, ^0)) },
	"a leaf below, no gap":      func(e *ensemble) int32 { return e.node(1, e.node(0, ^1, ^0), ^0) },
	"nodes of one bit":          func(e *ensemble) int32 { return e.node(1, e.node(0, ^0, ^1), e.node(0, ^1, ^2)) },
	"nodes of one bit, no gap":  func(e *ensemble) int32 { return e.node(1, e.node(0, ^0, ^1), e.node(0, ^2, ^1)) },
	"nodes of one bit, no step": func(e *ensemble) int32 { return e.node(1, e.node(0, ^3, ^0), e.node(0, ^0, ^1)) },
	"nodes of two bits":         func(e *ensemble) int32 { return e.node(2, e.node(0, ^0, ^1), e.node(1, ^1, ^2)) },
	"nodes of two, no gap":      func(e *ensemble) int32 { return e.node(2, e.node(0, ^0, ^1), e.node(1, ^2, ^1)) },
	"a bit asked twice, high":   func(e *ensemble) int32 { return e.node(0, e.node(0, ^0, ^1), e.node(1, ^1, ^2)) },
	"a bit asked twice, low":    func(e *ensemble) int32 { return e.node(0, e.node(1, ^0, ^1), e.node(0, ^1, ^2)) },
	"a stump below a node": func(e *ensemble) int32 {
		return e.node(2, e.node(1, ^0, e.node(0, ^1, ^2)), e.node(0, ^3, ^4))
	},
	"a stump above a node": func(e *ensemble) int32 {
		return e.node(2, e.node(0, ^3, ^4), e.node(1, ^0, e.node(0, ^1, ^2)))
	},
	"two deep nodes": func(e *ensemble) int32 {
		return e.node(2, e.node(1, ^0, e.node(0, ^1, ^2)), e.node(0, e.node(1, ^3, ^4), ^1))
	},
	"one node twice": func(e *ensemble) int32 {
		shared := e.node(0, ^0, ^1)
		return e.node(1, e.node(2, shared, ^2), e.node(2, ^1, shared))
	},
	"the same on both sides": func(e *ensemble) int32 {
		shared := e.node(2, e.node(0, ^0, ^1), e.node(1, ^1, ^2))
		return e.node(1, shared, shared)
	},
	"a node that nothing reaches": func(e *ensemble) int32 {
		e.node(2, e.node(0, ^0, ^1), e.node(1, ^1, ^2))
		return e.node(1, ^0, ^1)
	},
	"one bit a level": func(e *ensemble) int32 {
		low := e.node(1, e.node(0, ^4, ^0), e.node(0, ^1, ^1))
		return e.node(2, e.node(1, e.node(0, ^0, ^1), e.node(0, ^2, ^3)), low)
	},
	"a leaf":         func(*ensemble) int32 { return ^0 },
	"a leaf of zero": func(*ensemble) int32 { return ^4 },
}

// treeExamples are the shapes, forests, and trees of known bits and of splits.
func treeExamples() []example {
	r := rand.New(rand.NewSource(3))
	var out []example
	add := func(name string, bits int, e ensemble) {
		out = append(out, example{"trees, " + name, e.gadget(bits)})
		e.secret = true
		out = append(out, example{"trees, " + name + ", secret", e.gadget(bits)})
	}
	for name, build := range treeShapes {
		e := ensemble{leaves: [][]int64{{5}, {-3}, {2}, {13}, {0}}, bias: []int64{0}}
		e.roots = []int32{build(&e)}
		add(name, 3, e)
		e.leaves, e.bias = [][]int64{{5, 1}, {-3, 2}, {2, -9}, {13, 0}, {0, 4}}, []int64{0, 1}
		e.secret = true
		out = append(out, example{"trees, " + name + ", secret, two outputs", e.gadget(3)})
	}
	cancel := ensemble{leaves: [][]int64{{5}, {-3}}, bias: []int64{1}}
	cancel.roots = []int32{cancel.node(0, ^0, ^1), cancel.node(0, ^1, ^0), cancel.node(1, ^0, ^1)}
	add("stumps of one bit that cancel", 2, cancel)
	opposite := ensemble{leaves: [][]int64{{5}, {-5}, {2}}, bias: []int64{0}}
	opposite.roots = []int32{opposite.node(0, ^2, ^0), opposite.node(1, ^2, ^1)}
	add("stumps of constants that cancel", 2, opposite)
	deep := ensemble{bias: []int64{0, 3}}
	deep.roots = []int32{deep.full([]int32{0, 1, 2, 3}, random(r, 2)), deep.full([]int32{3, 1}, random(r, 2))}
	add("of depth four, two outputs", 4, deep)
	flat := ensemble{bias: []int64{1, 2}}
	flat.roots = []int32{
		flat.full([]int32{2, 0, 3}, random(r, 2)), flat.full([]int32{1, 3, 0, 2}, random(r, 2)),
		flat.full([]int32{3, 1}, random(r, 2)), flat.full([]int32{1, 2, 1}, random(r, 2)),
	}
	add("oblivious", 4, flat)
	wide := ensemble{bias: make([]int64, 90)}
	wide.roots = []int32{wide.full([]int32{0, 1, 2}, random(r, 90)), wide.full([]int32{2}, random(r, 90))}
	add("of more outputs than an element holds", 3, wide)
	known := ensemble{bias: []int64{0}}
	known.roots = []int32{known.full([]int32{0, 1, 2}, random(r, 1))}
	out = append(out, example{"trees, of bits that are known", circuittest.Gadget{
		In: 2, Bits: 1, Digit: 4,
		Eval: func(in []int64) []int64 { return known.eval([]int64{1, in[0], 0}) },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			sure := b.Splits(in[1], []int64{0, 2})
			return known.circuit(b, []*circuits.Value{sure[0], in[0], sure[1]})
		},
	}}, example{"trees of splits", circuittest.Gadget{
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

// TestRandomTrees: whatever the shape and the leaves, many of them equal, the circuit
// computes what the trees do, and as many gates are counted as are made (Compile compares).
func TestRandomTrees(t *testing.T) {
	const cases = 300
	r := rand.New(rand.NewSource(5))
	for range cases {
		w := randomWood(r)
		s := circuittest.Compile(t, w.gadget().Statement())
		for _, in := range w.gadget().Inputs(r, 4) {
			s.Computes(in, w.gadget().Eval(in))
		}
		if t.Failed() {
			t.Fatalf("%+v", w)
		}
	}
}

// wood is an ensemble whose bits are inputs, some of them several times, or known.
type wood struct {
	ensemble
	inputs int
	from   []int // by bit: the input, or −1 or −2 where it is known as 0 or 1
}

func randomWood(r *rand.Rand) wood {
	outputs := 1 + r.Intn(3)
	w := wood{inputs: 1 + r.Intn(5), ensemble: ensemble{bias: make([]int64, outputs), secret: r.Intn(2) == 0}}
	for range 1 + r.Intn(8) {
		w.from = append(w.from, r.Intn(w.inputs+2)-2)
	}
	values := []int64{1, 2, 5}[r.Intn(3)] // how many different ones leaves have
	for range 1 + r.Intn(6) {
		leaf := make([]int64, outputs)
		for k := range leaf {
			leaf[k] = (r.Int63n(values) - values/2) << (r.Intn(2) * 9)
		}
		w.leaves = append(w.leaves, leaf)
	}
	for k := range w.bias {
		w.bias[k] = r.Int63n(3) - 1
	}
	child := func() int32 { // a leaf, or a node, which several may share
		if n := len(w.nodes); n > 0 && r.Intn(3) > 0 {
			return int32(max(0, n-1-r.Intn(4)))
		}
		return ^int32(r.Intn(len(w.leaves)))
	}
	for range r.Intn(12) {
		high, low := child(), child()
		w.node(int32(r.Intn(len(w.from))), high, low)
	}
	for range 1 + r.Intn(4) {
		w.roots = append(w.roots, child())
	}
	return w
}

// gadget opens some of the bits.
func (w wood) gadget() circuittest.Gadget {
	return circuittest.Gadget{
		In: w.inputs, Bits: 1, Digit: 4,
		Eval: func(in []int64) []int64 {
			bits := make([]int64, len(w.from))
			for i, from := range w.from {
				if bits[i] = int64(-1 - from); from >= 0 {
					bits[i] = in[from]
				}
			}
			return w.eval(bits)
		},
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			in = append(opened(b, in[:1], circuits.Window{Bits: 1}), in[1:]...)
			known := b.Splits(in[0], []int64{0, 2})
			bits := make([]*circuits.Value, len(w.from))
			for i, from := range w.from {
				if from < 0 {
					bits[i] = known[2+from]
				} else {
					bits[i] = in[from]
				}
			}
			return w.circuit(b, bits)
		},
	}
}
