package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/tensor"
)

// combinations are the reductions that are neither sums nor maxima of the elements.
var combinations = []struct {
	reduction
	tolerance float64
	float     func(x []float64) float64
	lower     func(l *Lowering, r *reduce, groups [][]int32) (ir.ID, error)
}{
	{reduction{name: "ReduceL1", since: []int{1, 11, 13, 18}, most: 2, note: "axes by attribute or constant input"},
		2, sumSize, lowerL1},
	{reduction{name: "ReduceL2", since: []int{1, 11, 13, 18}, most: 2,
		note: "axes by attribute or constant input; the root is a table over the format of the sum, " +
			"coarse where that is small"},
		4, func(x []float64) float64 { return math.Sqrt(sumSquare(x)) }, lowerL2},
	{reduction{name: "ReduceLogSum", since: []int{1, 11, 13, 18}, most: 2,
		note: "axes by attribute or constant input; a sum that is not positive counts as zero, where it saturates " +
			"at the least value that samples show"},
		4, func(x []float64) float64 { return logarithm(sumOf(x)) }, lowerLogSum},
	{reduction{name: "ReduceMin", since: []int{1, 11, 12, 13, 18, 20}, most: 2,
		note: "axes by attribute or constant input; of truth values too"},
		1, func(x []float64) float64 { return slices.Min(x) }, lowerMin},
	{reduction{name: "ReduceLogSumExp", since: []int{1, 11, 13, 18}, most: 2, note: "axes by attribute or constant " +
		"input; an element that is 24 below the largest counts as 24 below"},
		4, logSumExp, lowerLogSumExp},
	{reduction{name: "ReduceProd", since: []int{1, 11, 13, 18}, most: 2, note: "axes by attribute or constant input; " +
		fmt.Sprintf("at most %d elements together", mostFactors)},
		4, productOf, lowerProduct},
	{reduction{name: "ReduceSumSquare", since: []int{1, 11, 13, 18}, most: 2,
		note: "axes by attribute or constant input"},
		2, sumSquare, lowerSumSquare},
}

// mostFactors bounds a product: the error grows with each factor.
const mostFactors = 16

func init() {
	for _, c := range combinations {
		spec := c.spec()
		spec.Tolerance = c.tolerance
		spec.New = takes(1, c.most, func(n *graph.Node) (Op, error) {
			r := reduce{reduction: c.reduction, node: n, keep: n.Int("keepdims", 1) != 0}
			return &combination{reduce: r, float: c.float, lower: c.lower}, nil
		})
		register(spec)
	}
}

// combination is one of combinations bound to a node.
type combination struct {
	reduce
	float func(x []float64) float64
	lower func(l *Lowering, r *reduce, groups [][]int32) (ir.ID, error)
}

// Infer implements Op.
func (c *combination) Infer(in []Arg) ([]Out, error) {
	outs, err := c.reduce.Infer(in)
	if err != nil {
		return nil, err
	}
	n := tensor.Size(c.shape) / max(tensor.Size(c.ones), 1)
	switch {
	case c.integer != "" && slices.Contains([]string{"ReduceL2", "ReduceLogSum", "ReduceLogSumExp"}, c.name):
		_, err = realType(in[:1])
	case n == 0 && slices.Contains([]string{"ReduceLogSum", "ReduceLogSumExp", "ReduceMin"}, c.name):
		err = fmt.Errorf("the input, %v, has no elements to combine", c.shape)
	case c.name == "ReduceProd" && n > mostFactors && in[0].Const == nil:
		err = fmt.Errorf("%d elements are multiplied together; at most %d are supported", n, mostFactors)
	}
	return outs, err
}

// groups lists the elements that are combined, by output.
func (r *reduce) groups() [][]int32 {
	starts, offsets := r.regions()
	out := make([][]int32, len(starts))
	for i, start := range starts {
		for _, offset := range offsets {
			out[i] = append(out[i], int32(start+offset))
		}
	}
	return out
}

// Float implements Op.
func (c *combination) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](c.out...)
	for i, g := range c.groups() {
		x := make([]float64, len(g))
		for k, j := range g {
			x[k] = in[0].Data[j]
		}
		out.Data[i] = c.float(x)
	}
	return []*tensor.Float{out}, fits(c.integer, out)
}

// Lower implements Op.
func (c *combination) Lower(l *Lowering) ([]ir.ID, error) {
	out, err := c.lower(l, &c.reduce, c.groups())
	return []ir.ID{out}, err
}

func sumSquare(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v * v)
	}
	return sum
}

func productOf(x []float64) float64 {
	product := 1.0
	for _, v := range x {
		product = float64(product * v)
	}
	return product
}

// logSumExp is log Σ exp(x) without overflow.
func logSumExp(x []float64) float64 {
	top, sum := math.Inf(-1), 0.0
	for _, v := range x {
		top = max(top, v)
	}
	for _, v := range x {
		sum += libm.Exp(v - top)
	}
	return top + libm.Log(sum)
}

// lowerSumSquare multiplies rows of differences by themselves, so that nothing is rounded before
// the sum. Squares of other numbers are left apart: their sum joins linear steps that follow.
func lowerSumSquare(l *Lowering, r *reduce, groups [][]int32) (ir.ID, error) {
	if affineOf(l.Producer(l.ID[0])) == nil || len(groups) == 0 || len(groups[0]) == 0 {
		return l.sums(l.product(l.ID[0], l.ID[0]), groups)
	}
	x, rows := l.ID[0], &ir.Move{In: make([]int32, tensor.Size(r.shape)), Index: slices.Concat(groups...)}
	if !slices.IsSorted(rows.Index) {
		x = l.named(l.Name, len(groups), len(groups[0])).Step(rows, x)
	}
	return l.squares(x, len(groups), len(groups[0])), nil
}

// sums adds the elements of each group, as output 0 of the node.
func (l *Lowering) sums(x ir.ID, groups [][]int32) (ir.ID, error) {
	sum := newAffine(len(groups), x)
	sum.Fixed = true
	for i, g := range groups {
		for _, j := range g {
			sum.term(i, 0, int(j), 1)
		}
	}
	return only(sum.emit(l))
}

// lowerProduct multiplies halves of each group, and the products of both.
func lowerProduct(l *Lowering, r *reduce, groups [][]int32) (ir.ID, error) {
	if len(groups) == 0 || len(groups[0]) == 0 {
		return only(newAffine(len(groups), l.ID[0]).constant(1).emit(l))
	}
	rows := l.named(l.Name, r.out...)
	pick := func(k int) ir.ID {
		m := &ir.Move{In: make([]int32, len(groups))}
		for _, g := range groups {
			m.Index = append(m.Index, g[k])
		}
		return rows.Step(m, l.ID[0])
	}
	var times func(from, to int) ir.ID
	times = func(from, to int) ir.ID {
		if to-from == 1 {
			return pick(from)
		}
		middle := (from + to) / 2
		return rows.product(times(from, middle), times(middle, to))
	}
	return times(0, len(groups[0])), nil
}

// constant sets every row to a number.
func (a *affine) constant(v float64) *affine {
	for i := range a.Bias {
		a.Bias[i] = v
	}
	return a
}

// lowerLogSumExp adds the logarithm of the sum of exponentials of distances from the
// largest element to this element.
func lowerLogSumExp(l *Lowering, r *reduce, groups [][]int32) (ir.ID, error) {
	const far = 24 // exp(−24) is far below the resolution of a table
	x := l.ID[0]
	rows, same := l.named(l.Name, r.out...), l.named(l.Name, r.shape...)
	top := rows.Step(&ir.Max{Windows: groups}, x)
	below := newAffine(l.Size(x), x, top)
	below.Fixed = true
	for row, g := range groups {
		for _, j := range g {
			below.term(int(j), 0, int(j), 1)
			below.term(int(j), 1, row, -1)
		}
	}
	distance, err := only(below.emit(same))
	if err != nil {
		return 0, err
	}
	distance = same.Step(&ir.Clamp{Lo: -far, Hi: 0}, distance)
	sum, err := rows.sums(same.Step(&ir.Func{Name: "exp", F: libm.Exp, Monotone: true, Strict: true}, distance), groups)
	if err != nil {
		return 0, err
	}
	log := rows.Step(logStep(), sum)
	both := newAffine(len(groups), top, log)
	both.Fixed = true
	for i := range groups {
		both.term(i, 0, i, 1)
		both.term(i, 1, i, 1)
	}
	return only(both.emit(l))
}

// logStep is the function of the operator Log.
func logStep() *ir.Func {
	return &ir.Func{Name: "log", F: logarithm, Monotone: true, Strict: true}
}

// logarithm counts what is negative as zero.
func logarithm(x float64) float64 { return libm.Log(max(x, 0)) }
