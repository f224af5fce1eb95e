package program

import (
	"errors"
	"fmt"
	"math"

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

// Range implements Kernel: a tree's least and largest leaves, whatever its bits.
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
		out[k] = Interval{t.Bias[k], t.Bias[k]}
		for _, at := range t.Roots {
			v := of(at)
			if out[k].Lo+v.Lo < -maxInteger || out[k].Hi+v.Hi > maxInteger {
				return nil, fmt.Errorf("output %d %w", k, errWide)
			}
			out[k].Lo, out[k].Hi = out[k].Lo+v.Lo, out[k].Hi+v.Hi
		}
	}
	return out, nil
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
	e := &circuits.Ensemble{Nodes: make([]circuits.TreeNode, len(t.Bit)), Roots: t.Roots, Leaf: t.leaf}
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
	return fmt.Sprintf("trees[%d trees, %d nodes, %d leaves, %d outputs, contents %.32s]", len(t.Roots), len(t.Bit),
		len(t.Leaves)/len(t.Bias), len(t.Bias), contents(func(yield func(int64) bool) {
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
			for _, list := range [][]int64{t.Leaves, t.Bias} {
				for _, v := range list {
					if !yield(v) {
						return
					}
				}
			}
		}))
}

func (t *Trees) String() string {
	return fmt.Sprintf("trees[%d trees, %d nodes, %d outputs]", len(t.Roots), len(t.Bit), len(t.Bias))
}
