package op

import (
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "CumSum", Since: []int{11, 14}, Tolerance: 1,
		Note: "along a constant axis; a sum has a term for each element before it",
		New: takes(2, 2, func(n *graph.Node) (Op, error) {
			return &cumulative{exclusive: n.Int("exclusive", 0) != 0, reverse: n.Int("reverse", 0) != 0}, nil
		}),
	})
}

// cumulative gives each element the sum of those up to it along an axis.
type cumulative struct {
	exclusive, reverse bool // it leaves the element itself out; it sums from the end
	shape              []int
	axis               int
	integer            graph.DType
}

// Infer implements Op.
func (c *cumulative) Infer(in []Arg) ([]Out, error) {
	if in[1].Const == nil || len(in[1].Const.Data) != 1 {
		return nil, fmt.Errorf("input 1, the axis, is no constant number; only one is supported")
	}
	at := in[1].Const.Data[0]
	rank := len(in[0].Shape)
	if !(at >= float64(-rank) && at < float64(rank)) {
		return nil, fmt.Errorf("axis %g is outside a tensor of rank %d", at, rank)
	}
	c.axis = (int(at) + rank) % rank
	c.shape, c.integer = in[0].Shape, integerType(in[0].DType)
	if err := checkWork(append([]int{c.shape[c.axis]}, c.shape...)...); err != nil {
		return nil, err
	}
	return sameShape(in[:1])
}

// each calls f for every element, with those that are summed for it.
func (c *cumulative) each(f func(out int32, of []int32)) {
	for _, fibre := range fibres(c.shape, c.axis) {
		for k, i := range fibre {
			from, to := 0, k+1
			switch {
			case c.reverse && c.exclusive:
				from, to = k+1, len(fibre)
			case c.reverse:
				from, to = k, len(fibre)
			case c.exclusive:
				to = k
			}
			f(i, fibre[from:to])
		}
	}
}

// Float implements Op.
func (c *cumulative) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](c.shape...)
	c.each(func(i int32, of []int32) {
		for _, j := range of {
			out.Data[i] += in[0].Data[j]
		}
	})
	return []*tensor.Float{out}, fits(c.integer, out)
}

// Lower implements Op.
func (c *cumulative) Lower(l *Lowering) ([]ir.ID, error) {
	a := newAffine(tensor.Size(c.shape), l.ID[0])
	a.Fixed = true
	c.each(func(i int32, of []int32) {
		for _, j := range of {
			a.term(int(i), 0, int(j), 1)
		}
	})
	return a.emit(l)
}

// Work implements Worker.
func (c *cumulative) Work() Work { return listedWork(c.shape[c.axis], tensor.Size(c.shape)) }

// Reach implements Reacher.
func (c *cumulative) Reach(most []float64) float64 {
	return float64(most[0] * float64(c.shape[c.axis]))
}
