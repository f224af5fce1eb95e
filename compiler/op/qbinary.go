package op

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	for _, name := range []string{"QLinearAdd", "QLinearMul"} {
		register(Spec{
			Name: name, Domain: microsoft, Since: []int{1}, Tolerance: 1,
			Note: "codes of 8 bits, each of A and B constant or variable; constant scales and zero points; " +
				"exactly as onnxruntime computes it",
			New: takes(7, 8, func(*graph.Node) (Op, error) { return &qBinary{times: name == "QLinearMul"}, nil }),
		})
	}
}

// qBinary adds or multiplies codes, by onnxruntime's definition.
type qBinary struct {
	times    bool
	a, b, c  quantParams
	from, to integer
	index    [2][]int
	shape    []int
	sum      *codeSum // of a sum; nil where either operand is constant
}

// Infer implements Op.
func (q *qBinary) Infer(in []Arg) ([]Out, error) {
	for k, p := range []*quantParams{&q.a, &q.b, &q.c} {
		read, err := readScales(in[3*k+1-k/2], arg(in, 3*k+2-k/2))
		if err != nil {
			return nil, err
		}
		if *p = *read; len(p.scale) != 1 {
			return nil, errors.New("several scales; only one for each of A, B and C is supported")
		}
	}
	t := in[0].DType
	if t != graph.Int8 && t != graph.Uint8 || in[3].DType != t {
		return nil, fmt.Errorf("operands of types %s and %s are not supported, only two of int8 or two of uint8", t,
			in[3].DType)
	}
	q.from, q.to = integerTypes[t], integerTypes[t]
	shape, err := tensor.Broadcast(in[0].Shape, in[3].Shape)
	if err != nil {
		return nil, err
	}
	q.shape = shape
	q.index = [2][]int{tensor.BroadcastIndex(in[0].Shape, shape), tensor.BroadcastIndex(in[3].Shape, shape)}
	if !q.times {
		if q.sum, err = q.asSum(); err != nil {
			return nil, err
		}
	}
	return []Out{{DType: t, Shape: slices.Clone(shape)}}, nil
}

// of is the code of two codes. A sum is that of fused multiplications, a product is rounded before the
// zero point is added.
func (q *qBinary) of(a, b float64) float64 {
	za, zb, zc := float32(q.a.zero[0]), float32(q.b.zero[0]), float32(q.c.zero[0])
	sa, sb, sc := float32(q.a.scale[0]), float32(q.b.scale[0]), float32(q.c.scale[0])
	if q.times {
		by := float32(float32(sa*sb) / sc)
		return q.code(float32(float32((float32(a)-za)*(float32(b)-zb))*by) + zc)
	}
	ra, rb := float32(sa/sc), float32(sb/sc)
	fixed := zc - float32(float32(ra*za)+float32(rb*zb))
	return q.code(fused(float32(a), ra, fused(float32(b), rb, fixed)))
}

// fused is x·y + z, rounded once.
func fused(x, y, z float32) float32 { return float32(float64(float64(x)*float64(y)) + float64(z)) }

func (q *qBinary) code(x float32) float64 {
	lo, hi := q.to.limits()
	return max(lo, min(hi, math.RoundToEven(float64(x))))
}

// Float implements Op.
func (q *qBinary) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](q.shape...)
	for i := range out.Data {
		out.Data[i] = q.of(in[0].Data[q.index[0][i]], in[3].Data[q.index[1][i]])
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op.
func (q *qBinary) Lower(l *Lowering) ([]ir.ID, error) {
	switch {
	case !q.times:
		return q.lowerSum(l)
	case l.In[0].Const == nil && l.In[3].Const == nil:
		return q.lowerProduct(l)
	}
	ids, number := l.variables()
	a := newAffine(len(q.index[0]), ids...)
	zeros := [2]float64{q.a.zero[0], q.b.zero[0]}
	for i := range a.Bias { // by the constant, from zero point to zero point
		for k, in := range []int{0, 3} {
			if l.In[in].Const == nil {
				w := l.In[3-in].Const.Data[q.index[1-k][i]] - zeros[1-k]
				a.Bias[i] = -float64(w * zeros[k])
				a.term(i, number[in], q.index[k][i], w)
			}
		}
	}
	products, err := only(a.emit(l))
	if err != nil {
		return nil, err
	}
	return []ir.ID{l.Step(q.product(), products)}, nil
}

// lowerSum adds codes.
func (q *qBinary) lowerSum(l *Lowering) ([]ir.ID, error) {
	ids, number := l.variables()
	b := q.sum.b
	if q.sum.table != nil && number[3] >= 0 {
		ids[number[3]], b = l.Step(q.tableOfTerms(), ids[number[3]]), 1
	}
	a := newAffine(len(q.index[0]), ids...)
	a.Fixed = len(ids) == 2
	for i := range a.Bias {
		a.Bias[i] = q.sum.constant
		j, k := q.index[0][i], q.index[1][i]
		if c := l.In[0].Const; c != nil {
			a.Bias[i] += float64(q.sum.a * c.Data[j])
		} else {
			a.term(i, number[0], j, q.sum.a)
		}
		if c := l.In[3].Const; c != nil {
			a.Bias[i] += q.sum.term(c.Data[k])
		} else {
			a.term(i, number[3], k, b)
		}
	}
	sums, err := only(a.emit(l))
	if err != nil {
		return nil, err
	}
	return []ir.ID{l.Step(q.rounded(), sums)}, nil
}

// product is the function of the product of the distances from the zero points.
func (q *qBinary) product() *ir.Func {
	by := float32(float32(float32(q.a.scale[0])*float32(q.b.scale[0])) / float32(q.c.scale[0]))
	zero := float32(q.c.zero[0])
	f := wholeFunc("code of a product", q.to, func(x float64) float64 { return q.code(float32(float32(x)*by) + zero) },
		float64(by), float64(zero))
	f.Monotone = true
	return f
}

// lowerProduct multiplies two variables.
func (q *qBinary) lowerProduct(l *Lowering) ([]ir.ID, error) {
	ids, index := make([]ir.ID, 2), [2][]int32{}
	for k, in := range []int{0, 3} {
		zero := *arg(l.In, in+2)
		var err error
		if _, ids[k], err = l.integersMinus(l.In[in], l.ID[in], &zero, 0, oneForAll); err != nil {
			return nil, err
		}
		for _, j := range q.index[k] {
			index[k] = append(index[k], int32(j))
		}
	}
	kind := &ir.Product{A: index[0], B: index[1]}
	return []ir.ID{l.Step(q.product(), l.Step(kind, ids...))}, nil
}
