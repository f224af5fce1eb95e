package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "Gemm", Since: []int{7, 9, 11, 13}, Tolerance: 1,
		Note: "all attributes; real types; A, B and C each constant or variable",
		New:  takes(2, 3, newGemm),
	})
}

// gemm is alpha·A'·B' + beta·C with A' of n x k and B' of k x m, each perhaps
// transposed, and C broadcast to n x m.
type gemm struct {
	alpha, beta    float64
	transA, transB bool
	n, k, m        int
}

func newGemm(node *graph.Node) (Op, error) {
	return &gemm{
		alpha: node.Float("alpha", 1), beta: node.Float("beta", 1),
		transA: node.Int("transA", 0) != 0, transB: node.Int("transB", 0) != 0,
	}, nil
}

// Infer implements Op.
func (g *gemm) Infer(in []Arg) ([]Out, error) {
	dtype, err := realType(in)
	if err != nil {
		return nil, err
	}
	a, b := in[0].Shape, in[1].Shape
	if len(a) != 2 || len(b) != 2 {
		return nil, fmt.Errorf("operand A is %v and B is %v, but both must be matrices; "+
			"put a Flatten before, or use MatMul", a, b)
	}
	a, b = turned(a, g.transA), turned(b, g.transB)
	if a[1] != b[0] {
		return nil, fmt.Errorf("operand A is %v and B is %v (after transposition): the inner sizes %d and %d differ", a,
			b, a[1], b[0])
	}
	g.n, g.k, g.m = a[0], a[1], b[1]
	out := []int{g.n, g.m}
	if given(in, 2) {
		if all, err := tensor.Broadcast(in[2].Shape, out); err != nil || !slices.Equal(all, out) {
			return nil, fmt.Errorf("operand C is %v, which does not broadcast to the product's shape %v",
				in[2].Shape, out)
		}
	}
	return []Out{{DType: dtype, Shape: out}}, checkWork(g.n, g.k, g.m)
}

// turned is the shape of a matrix, transposed or not.
func turned(shape []int, transposed bool) []int {
	if transposed {
		return []int{shape[1], shape[0]}
	}
	return shape
}

// a is the position in A of row n, column k of A'.
func (g *gemm) a(n, k int) int {
	if g.transA {
		return k*g.n + n
	}
	return n*g.k + k
}

// b is the position in B of row k, column m of B'.
func (g *gemm) b(k, m int) int {
	if g.transB {
		return m*g.k + k
	}
	return k*g.m + m
}

// Float implements Op.
func (g *gemm) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](g.n, g.m)
	for i := range out.Data {
		sum := 0.0
		for k := range g.k {
			sum += float64(in[0].Data[g.a(i/g.m, k)] * in[1].Data[g.b(k, i%g.m)])
		}
		out.Data[i] = float64(g.alpha * sum)
	}
	if len(in) > 2 && in[2] != nil {
		for i, j := range tensor.BroadcastIndex(in[2].Shape, out.Shape) {
			out.Data[i] += float64(g.beta * in[2].Data[j])
		}
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op. The rows of one column share a scale; where the weights are A,
// those of one row.
func (g *gemm) Lower(l *Lowering) ([]ir.ID, error) {
	ids, number := l.variables()
	if number[0] >= 0 && number[1] >= 0 {
		return g.lowerDot(l)
	}
	a := newAffine(g.n*g.m, ids...)
	switch {
	case number[0] >= 0:
		g.lowerProduct(a, number[0], g.m, func(k, m int) float64 { return l.In[1].Const.Data[g.b(k, m)] }, g.a, true)
	case number[1] >= 0:
		weight := func(k, n int) float64 { return l.In[0].Const.Data[g.a(n, k)] }
		g.lowerProduct(a, number[1], g.n, weight, func(m, k int) int { return g.b(k, m) }, false)
	default:
		for i := range a.Bias {
			n, m := i/g.m, i%g.m
			a.Group[i] = m
			for k := range g.k {
				a.Bias[i] += float64(g.alpha * l.In[0].Const.Data[g.a(n, k)] * l.In[1].Const.Data[g.b(k, m)])
			}
		}
	}
	if given(l.In, 2) {
		a.plus(l.In[2], number[2], l.Out[0].Shape, g.beta)
	}
	return a.emit(l)
}

// lowerProduct adds the product of a variable and a constant: one vector of weights for
// each column of B', or row of A', each with its own group. at is the index of the
// variable's element k in its vector v.
func (g *gemm) lowerProduct(
	a *affine, value, vectors int, weight func(k, vector int) float64, at func(v, k int) int, columns bool,
) {
	kernels := make([]int32, vectors)
	for v := range kernels {
		ws := make([]float64, g.k)
		for k := range ws {
			ws[k] = float64(g.alpha * weight(k, v))
		}
		kernels[v] = a.Kernel(ws)
	}
	delta := make([]int32, g.k)
	for k := range delta {
		delta[k] = int32(at(0, k))
	}
	pattern := a.Pattern(delta, nil, nil)
	for i := range a.Group {
		v, other := i%g.m, i/g.m
		if !columns {
			v, other = other, v
		}
		a.Group[i] = v
		a.part(i, value, pattern, kernels[v], at(other, 0))
	}
}

// lowerDot multiplies two variables, and scales and adds after it where needed.
func (g *gemm) lowerDot(l *Lowering) ([]ir.ID, error) {
	dot := l.Step(&ir.Dot{N: g.n, K: g.k, M: g.m, A: []int32{0}, B: []int32{0}},
		untransposed(l, 0, g.transA), untransposed(l, 1, g.transB))
	third := given(l.In, 2)
	if g.alpha == 1 && !third {
		return []ir.ID{dot}, nil
	}
	values, number := []ir.ID{dot}, -1
	if third && l.In[2].Const == nil {
		values, number = append(values, l.ID[2]), 1
	}
	a := newAffine(g.n*g.m, values...)
	a.Fixed = !third || number >= 0
	for i := range a.Group {
		a.term(i, 0, i, g.alpha)
	}
	if third {
		a.plus(l.In[2], number, l.Out[0].Shape, g.beta)
	}
	return a.emit(l)
}

// untransposed is matrix input i, moved into the order that ir.Dot reads.
func untransposed(l *Lowering, i int, transposed bool) ir.ID {
	if !transposed {
		return l.ID[i]
	}
	shape := turned(l.In[i].Shape, true)
	move := &ir.Move{In: make([]int32, tensor.Size(shape)), Index: make([]int32, 0, tensor.Size(shape))}
	for _, j := range tensor.Walk(shape, []int{1, shape[0]}, 0) {
		move.Index = append(move.Index, int32(j))
	}
	return l.Emit(l.Node, l.Name, shape, move, l.ID[i])
}

// maxWork bounds the terms of one node, so that a size in a broken file is an
// error and not an exhausted memory. MobileNet's largest layers have 51 million.
var maxWork = int(budget.NodeWork.Most)

// checkWork refuses a node whose terms, the product of sizes, are too many.
func checkWork(sizes ...int) error {
	n := 1
	for _, d := range sizes {
		if d > 0 && n > maxWork/d {
			return fmt.Errorf("the node takes more than %d multiplications (sizes %v); "+
				"split it, or make the model smaller", maxWork, sizes)
		}
		n *= max(d, 1)
	}
	return nil
}
