package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "MatMul", Since: []int{1, 9, 13}, Tolerance: 1,
		Note: "any rank from 1, batches broadcast; either side constant or both variable",
		New:  takes(2, 2, newMatMul),
	})
}

// matmul is numpy's matmul: a batch of products of n x k and k x m matrices. a
// and b number, for each product of the batch, the matrix of A and of B in it.
type matmul struct {
	n, k, m int
	a, b    []int
	integer graph.DType // the element type, where it is not a real one
	shape   []int
}

func newMatMul(*graph.Node) (Op, error) { return &matmul{}, nil }

// Infer implements Op.
func (p *matmul) Infer(in []Arg) ([]Out, error) {
	dtype, err := commonType(in)
	if err != nil {
		return nil, err
	}
	p.integer = integerType(dtype)
	a, b := in[0].Shape, in[1].Shape
	if len(a) == 0 || len(b) == 0 {
		return nil, errors.New("an operand is a scalar; MatMul takes rank 1 and more; use Mul")
	}
	rows, columns := len(a) > 1, len(b) > 1
	if !rows {
		a = []int{1, a[0]}
	}
	if !columns {
		b = []int{b[0], 1}
	}
	batchA, batchB := a[:len(a)-2], b[:len(b)-2]
	a, b = a[len(a)-2:], b[len(b)-2:]
	if a[1] != b[0] {
		return nil, fmt.Errorf("operand A is %v and B is %v: the inner sizes %d and %d differ", in[0].Shape,
			in[1].Shape, a[1], b[0])
	}
	p.n, p.k, p.m = a[0], a[1], b[1]
	batch, err := tensor.Broadcast(batchA, batchB)
	if err != nil {
		return nil, fmt.Errorf("operand A is %v and B is %v: batch %w", in[0].Shape, in[1].Shape, err)
	}
	if err := checkWork(append(slices.Clone(batch), p.n, p.k, p.m)...); err != nil {
		return nil, err
	}
	p.a, p.b = tensor.BroadcastIndex(batchA, batch), tensor.BroadcastIndex(batchB, batch)
	p.shape = batch
	if rows {
		p.shape = append(p.shape, p.n)
	}
	if columns {
		p.shape = append(p.shape, p.m)
	}
	return []Out{{DType: dtype, Shape: slices.Clone(p.shape)}}, nil
}

// Float implements Op.
func (p *matmul) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](p.shape...)
	for batch := range p.a {
		a, b := in[0].Data[p.a[batch]*p.n*p.k:], in[1].Data[p.b[batch]*p.k*p.m:]
		to := out.Data[batch*p.n*p.m:]
		for n := range p.n {
			for k := range p.k {
				for m := range p.m {
					to[n*p.m+m] += float64(a[n*p.k+k] * b[k*p.m+m])
				}
			}
		}
	}
	return []*tensor.Float{out}, fits(p.integer, out)
}

// Lower implements Op. The rows of one column of a constant B, or of one row of a
// constant A, share a scale.
func (p *matmul) Lower(l *Lowering) ([]ir.ID, error) {
	ids, number := l.variables()
	if len(ids) == 2 {
		dot := &ir.Dot{N: p.n, K: p.k, M: p.m}
		for batch := range p.a {
			dot.A = append(dot.A, int32(p.a[batch]*p.n*p.k))
			dot.B = append(dot.B, int32(p.b[batch]*p.k*p.m))
		}
		return []ir.ID{l.Step(dot, ids...)}, nil
	}
	out := newAffine(tensor.Size(p.shape), ids...)
	if number[0] >= 0 {
		p.byColumns(out, l.In[1].Const.Data)
	} else {
		p.byRows(out, l.In[0].Const.Data)
	}
	return out.emit(l)
}

// byColumns multiplies a variable A by a constant B: a kernel is a column of B.
func (p *matmul) byColumns(out *affine, b []float64) {
	kernels := make([]int32, len(b)/max(p.k, 1))
	for c := range kernels {
		column := make([]float64, p.k)
		for k := range column {
			column[k] = b[c/p.m*p.k*p.m+c%p.m+k*p.m]
		}
		kernels[c] = out.Kernel(column)
	}
	pattern := out.Pattern(every(1, p.k), nil, nil)
	for i := range out.Group {
		batch, n, m := i/(p.n*p.m), i/p.m%p.n, i%p.m
		out.Group[i] = p.b[batch]*p.m + m
		if p.k > 0 {
			out.part(i, 0, pattern, kernels[out.Group[i]], (p.a[batch]*p.n+n)*p.k)
		}
	}
}

// byRows multiplies a constant A by a variable B: a kernel is a row of A.
func (p *matmul) byRows(out *affine, a []float64) {
	kernels := make([]int32, len(a)/max(p.k, 1))
	for r := range kernels {
		kernels[r] = out.Kernel(a[r*p.k : (r+1)*p.k])
	}
	pattern := out.Pattern(every(p.m, p.k), nil, nil)
	for i := range out.Group {
		batch, n, m := i/(p.n*p.m), i/p.m%p.n, i%p.m
		out.Group[i] = p.a[batch]*p.n + n
		if p.k > 0 {
			out.part(i, 0, pattern, kernels[out.Group[i]], p.b[batch]*p.k*p.m+m)
		}
	}
}

// every lists 0, step, 2·step, ...: n distances.
func every(step, n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i * step)
	}
	return out
}
