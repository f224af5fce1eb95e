package program

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/circuits"
)

// Trees sums leaves of decision trees. Node n goes to High[n] where element Bit[n] of
// the input is 1, and to Low[n] where it is 0; children come before their parents, and one
// that is negative is the leaf ^child. Output k is Bias[k] and, of the leaf that each tree
// reaches, Leaves[leaf·outputs + k].
type Trees struct {
	Bit, High, Low []int32
	Roots          []int32
	Leaves         []int64
	Bias           []int64
	// Secret marks the leaves and the biases of a private model: Limit then bounds every sum's
	// magnitude in place of them.
	Secret bool  `cbor:",omitempty"`
	Limit  int64 `cbor:",omitempty"`
	// filled marks trees that Filled made: they have no leaves, so nothing to check.
	filled bool
}

// Holds implements Secretive.
func (t *Trees) Holds() (secret, hashed bool) { return t.Secret, false }

// fill gives leaves and biases that are w times different numbers: a slot of the key holds a
// difference of leaves, which must not be zero for all of them.
func (t *Trees) fill(w int64) Kernel {
	out := *t
	out.filled = true
	at := uint64(0)
	spread := func(n int) []int64 {
		list := make([]int64, n)
		for i := range list {
			at += 0x9e3779b97f4a7c15 // the mixing of SplitMix64
			x := (at ^ at>>30) * 0xbf58476d1ce4e5b9
			x = (x ^ x>>27) * 0x94d049bb133111eb
			list[i] = w * int64((x^x>>31)>>14)
		}
		return list
	}
	out.Leaves, out.Bias = spread(len(t.Leaves)), spread(len(t.Bias))
	return &out
}

// Eval implements Kernel. It looks at every node once, since nodes that many trees share
// may lie one below the other.
func (t *Trees) Eval(in [][]int64) []int64 {
	ends := make([]int32, len(t.Bit)) // the leaf that a node leads to, as a child
	end := func(at int32) int32 {
		if at >= 0 {
			return ends[at]
		}
		return at
	}
	for n, bit := range t.Bit {
		if in[0][bit] == 1 {
			ends[n] = end(t.High[n])
		} else {
			ends[n] = end(t.Low[n])
		}
	}
	out := append([]int64{}, t.Bias...)
	for _, at := range t.Roots {
		for k := range out {
			out[k] += t.leaf(int(^end(at)), k)
		}
	}
	return out
}

func (t *Trees) leaf(leaf, output int) int64 { return t.Leaves[leaf*len(t.Bias)+output] }

// Range implements Kernel: a tree's least and largest leaves, whatever its bits, or Limit for a
// private model.
func (t *Trees) Range(in [][]Interval) ([]Interval, error) {
	for i, iv := range in[0] {
		if iv.Lo < 0 || iv.Hi > 1 {
			return nil, fmt.Errorf("element %d of a tree's bits may be in [%d, %d]", i, iv.Lo, iv.Hi)
		}
	}
	return t.sums()
}

func (t *Trees) sums() ([]Interval, error) {
	out := make([]Interval, len(t.Bias))
	values := make([]Interval, len(t.Bit))
	for k := range out {
		of := func(at int32) Interval {
			if at >= 0 {
				return values[at]
			}
			v := t.leaf(int(^at), k)
			return Interval{v, v}
		}
		for n := range values {
			high, low := of(t.High[n]), of(t.Low[n])
			values[n] = Interval{min(high.Lo, low.Lo), max(high.Hi, low.Hi)}
		}
		if t.filled {
			continue
		}
		out[k] = Interval{t.Bias[k], t.Bias[k]}
		for _, at := range t.Roots {
			v := of(at)
			if out[k].Lo+v.Lo < -maxInteger || out[k].Hi+v.Hi > maxInteger {
				return nil, fmt.Errorf("output %d %w", k, errWide)
			}
			out[k].Lo, out[k].Hi = out[k].Lo+v.Lo, out[k].Hi+v.Hi
		}
	}
	if !t.Secret {
		return out, nil
	}
	for k, iv := range out {
		if iv.Lo < -t.Limit || iv.Hi > t.Limit {
			return nil, fmt.Errorf("output %d can exceed the declared range of ±%d: declare a wider one", k, t.Limit)
		}
		out[k] = Interval{-t.Limit, t.Limit}
	}
	return out, nil
}

// Full is the depth of the trees, if they are full ones of one depth whose nodes each have one
// parent; else it is −1.
func (t *Trees) Full() int {
	depths := make([]int, len(t.Bit))
	of := func(at int32) int {
		if at < 0 {
			return 0
		}
		return depths[at]
	}
	parents := make([]int, len(t.Bit))
	add := func(at int32) {
		if at >= 0 {
			parents[at]++
		}
	}
	whole := true
	for n := range depths {
		high, low := of(t.High[n]), of(t.Low[n])
		depths[n], whole = high+1, whole && high == low
		add(t.High[n])
		add(t.Low[n])
	}
	for _, at := range t.Roots {
		add(at)
		whole = whole && of(at) == of(t.Roots[0])
	}
	if !whole || len(t.Roots) == 0 || slices.ContainsFunc(parents, func(n int) bool { return n != 1 }) {
		return -1
	}
	return of(t.Roots[0])
}

// Define implements Kernel.
func (t *Trees) Define(
	b *circuits.Builder, in [][]*circuits.Value, open []circuits.Window,
) ([]*circuits.Value, error) {
	ranges, err := t.sums()
	if err != nil {
		return nil, err
	}
	rows := make([]circuits.Row, len(t.Bias))
	for k := range rows {
		rows[k] = circuits.Row{Bias: t.Bias[k], Lo: ranges[k].Lo, Hi: ranges[k].Hi, Window: open[k]}
	}
	e := &circuits.Ensemble{
		Nodes: make([]circuits.TreeNode, len(t.Bit)), Roots: t.Roots, Leaf: t.leaf, Secret: t.Secret,
	}
	for n := range e.Nodes {
		e.Nodes[n] = circuits.TreeNode{Bit: t.Bit[n], High: t.High[n], Low: t.Low[n]}
	}
	return b.Trees(in[0], e, rows), nil
}

func (t *Trees) check(in []int, out int) error {
	n := len(t.Bit)
	if len(t.High) != n || len(t.Low) != n {
		return fmt.Errorf("%d nodes have %d and %d children", n, len(t.High), len(t.Low))
	}
	if len(t.Bias) == 0 || len(t.Leaves)%len(t.Bias) != 0 {
		return fmt.Errorf("%d values of leaves with %d outputs", len(t.Leaves), len(t.Bias))
	}
	if err := inside(t.Bit, in[0]); err != nil {
		return err
	}
	leaves := len(t.Leaves) / len(t.Bias)
	within := func(child int32, before int) error {
		if child >= 0 && int(child) >= before || child < 0 && int(^child) >= leaves {
			return fmt.Errorf("its child or root %d is no leaf, and no node before it", child)
		}
		return nil
	}
	for i := range t.Bit {
		if err := errors.Join(within(t.High[i], i), within(t.Low[i], i)); err != nil {
			return fmt.Errorf("node %d: %w", i, err)
		}
	}
	for _, at := range t.Roots {
		if err := within(at, n); err != nil {
			return err
		}
	}
	if t.Limit < 0 || t.Limit > maxInteger || !t.Secret && t.Limit != 0 {
		return fmt.Errorf("a declared range of ±%d is not one of %d bits of a private model", t.Limit, circuits.MaxBits)
	}
	for _, list := range [][]int64{t.Leaves, t.Bias} {
		for _, v := range list {
			if v < -maxInteger || v > maxInteger {
				return fmt.Errorf("a leaf or bias of %d is not one of %d bits", v, circuits.MaxBits)
			}
		}
	}
	return outputs(len(t.Bias), out)
}

func (t *Trees) work() Work {
	return Work{Indices: 3*int64(len(t.Bit)) + int64(len(t.Roots)), Terms: budget.Sum(int64(len(t.Leaves)),
		budget.Product(len(t.Bit)+len(t.Roots), len(t.Bias)))}
}

// Words implements Kernel.
func (t *Trees) Words() string {
	what := fmt.Sprintf("trees[%d trees, %d nodes, %d leaves, %d outputs", len(t.Roots), len(t.Bit),
		len(t.Leaves)/len(t.Bias), len(t.Bias))
	if t.Secret {
		return fmt.Sprintf("%s, secret leaves, |sum| <= %d, contents %.32s]", what, t.Limit, contents(t.structure))
	}
	return fmt.Sprintf("%s, contents %.32s]", what, contents(func(yield func(int64) bool) {
		going := true
		t.structure(func(v int64) bool { going = yield(v); return going })
		for _, v := range slices.Concat(t.Leaves, t.Bias) {
			if !going || !yield(v) {
				return
			}
		}
	}))
}

// structure lists the nodes and the roots.
func (t *Trees) structure(yield func(int64) bool) {
	for _, list := range [][]int32{t.Bit, t.High, t.Low, t.Roots} {
		for _, v := range list {
			if !yield(int64(v)) {
				return
			}
		}
		if !yield(math.MinInt64) { // no element: the lists end here
			return
		}
	}
}

func (t *Trees) String() string {
	return fmt.Sprintf("trees[%d trees, %d nodes, %d outputs]", len(t.Roots), len(t.Bit), len(t.Bias))
}
