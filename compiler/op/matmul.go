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
	if p.integer, err = arithmetic(dtype, in); err != nil {
		return nil, err
	}
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
		return nil, fmt.Errorf("operand A is %v and B is %v: the inner sizes %d and %d differ", in[0].Shape, in[1].Shape, a[1], b[0])
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

// Lower implements Op. Rows that share a scale are those of one column of one
// constant B, or of one row of one constant A.
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
	for i := range out.Rows {
		batch, n, m := i/(p.n*p.m), i/p.m%p.n, i%p.m
		a, b := p.a[batch]*p.n*p.k+n*p.k, p.b[batch]*p.k*p.m+m
		out.reserve(i, p.k)
		for k := range p.k {
			if number[0] >= 0 {
				out.term(i, 0, a+k, l.In[1].Const.Data[b+k*p.m])
			} else {
				out.term(i, 0, b+k*p.m, l.In[0].Const.Data[a+k])
			}
		}
		out.Group[i] = p.b[batch]*p.m + m
		if number[0] < 0 {
			out.Group[i] = p.a[batch]*p.n + n
		}
	}
	return out.emit(l)
}
