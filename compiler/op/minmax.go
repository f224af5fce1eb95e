package op

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	for name, sign := range map[string]float64{"Max": 1, "Min": -1} {
		register(Spec{
			Name: name, Since: []int{6, 8, 12, 13}, Tolerance: 1,
			Note: "any number of variables and constants, with broadcasting",
			New:  takes(1, anyNumber, func(*graph.Node) (Op, error) { return &extreme{sign: sign}, nil }),
		})
	}
}

// extreme is the largest of sign·x over the inputs, element by element, times
// sign.
type extreme struct {
	sign  float64
	shape []int
	index [][]int // by input: the element that each output element reads
}

// Infer implements Op.
func (e *extreme) Infer(in []Arg) ([]Out, error) {
	shapes := make([][]int, len(in))
	for i, a := range in {
		if !a.Present {
			return nil, fmt.Errorf("input %d is absent", i)
		}
		shapes[i] = a.Shape
	}
	if err := oneType(in, 0); err != nil {
		return nil, err
	}
	shape, err := tensor.Broadcast(shapes...)
	if err != nil {
		return nil, err
	}
	if err := checkSize(shape); err != nil {
		return nil, err
	}
	if err := checkWork(append([]int{len(in)}, shape...)...); err != nil {
		return nil, err
	}
	e.shape, e.index = shape, make([][]int, len(in))
	for i, s := range shapes {
		e.index[i] = tensor.BroadcastIndex(s, shape)
	}
	return []Out{{DType: in[0].DType, Shape: shape}}, nil
}

// Float implements Op.
func (e *extreme) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](e.shape...)
	for i := range out.Data {
		best := in[0].Data[e.index[0][i]]
		for k := 1; k < len(in); k++ {
			if v := in[k].Data[e.index[k][i]]; e.sign*v > e.sign*best {
				best = v
			}
		}
		out.Data[i] = best
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op: a clamp of one variable against uniform constants;
// otherwise all inputs side by side, times sign, the maxima, times sign.
func (e *extreme) Lower(l *Lowering) ([]ir.ID, error) {
	ids, _ := l.variables()
	bound, uniform := e.bound(l.In)
	if !uniform || len(ids) != 1 || l.Size(ids[0]) != tensor.Size(e.shape) {
		return e.windows(l), nil
	}
	limits := &ir.Clamp{Lo: bound, Hi: math.Inf(1)}
	if e.sign < 0 {
		limits = &ir.Clamp{Lo: math.Inf(-1), Hi: bound}
	}
	return []ir.ID{l.Step(limits, ids[0])}, nil
}

// bound combines all constant inputs to one number, and tells whether each of them is
// uniform; without constants it is infinitely far.
func (e *extreme) bound(in []Arg) (bound float64, uniform bool) {
	bound = float64(e.sign * math.Inf(-1))
	for _, a := range in {
		if a.Const == nil {
			continue
		}
		for _, v := range a.Const.Data {
			if v != a.Const.Data[0] {
				return 0, false
			}
			if e.sign*v > e.sign*bound {
				bound = v
			}
		}
	}
	return bound, true
}

// windows lowers the general case.
func (e *extreme) windows(l *Lowering) []ir.ID {
	size, count := tensor.Size(e.shape), len(l.In)
	all := moved{shape: []int{count, size}, from: make([]source, 0, count*size)}
	for k, index := range e.index {
		for _, i := range index {
			all.from = append(all.from, source{int32(k), int32(i)})
		}
	}
	ids, number := l.variables()
	x := l.Emit(l.Node, l.Name, all.shape, all.kind(l.In, number), ids...)
	if e.sign < 0 {
		x = l.Emit(l.Node, l.Name, all.shape, scaled(count*size, -1), x)
	}
	best := &ir.Max{Windows: make([][]int32, size)}
	for i := range best.Windows {
		for k := range count {
			best.Windows[i] = append(best.Windows[i], int32(k*size+i))
		}
	}
	x = l.Step(best, x)
	if e.sign < 0 {
		x = l.Step(scaled(size, -1), x)
	}
	return []ir.ID{x}
}
