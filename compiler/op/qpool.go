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
		Name: "QLinearGlobalAveragePool", Domain: microsoft, Since: []int{1}, Tolerance: 1,
		Note: "codes of 8 bits, channels before the spatial axes; constant scales and zero points; exactly as " +
			"onnxruntime computes it",
		New: takes(5, 5, newQGlobalPool),
	})
}

// qGlobalPool averages the codes of each channel: their sum is rescaled.
type qGlobalPool struct {
	by   *requantise
	zero float64
	area int
	out  []int
}

func newQGlobalPool(n *graph.Node) (Op, error) {
	if n.Int("channels_last", 0) != 0 {
		return nil, errors.New("channels_last is not supported; put a Transpose before")
	}
	return &qGlobalPool{}, nil
}

// Infer implements Op.
func (q *qGlobalPool) Infer(in []Arg) ([]Out, error) {
	x, err := readScales(in[1], arg(in, 2))
	if err != nil {
		return nil, err
	}
	y, err := readScales(in[3], arg(in, 4))
	if err != nil {
		return nil, err
	}
	t, shape := in[0].DType, in[0].Shape
	switch {
	case t != graph.Int8 && t != graph.Uint8:
		return nil, fmt.Errorf("codes of type %s are not supported, only int8 or uint8", t)
	case len(shape) < 3 || tensor.Size(shape) == 0:
		return nil, fmt.Errorf("the input is %v, but must have a batch, a channel and spatial axes", shape)
	case len(x.scale) != 1 || len(y.scale) != 1:
		return nil, errors.New("several scales; only one of X and one of Y is supported")
	}
	q.area, q.zero = tensor.Size(shape[2:]), x.zero[0]
	by := float32(x.scale[0]) / float32(float32(y.scale[0])*float32(q.area))
	q.by = &requantise{by: []float32{by}, zero: y.zero[0], to: integerTypes[t]}
	q.out = slices.Clone(shape)
	for i := range q.out[2:] {
		q.out[2+i] = 1
	}
	return []Out{{DType: t, Shape: slices.Clone(q.out)}}, checkWork(shape...)
}

// Float implements Op.
func (q *qGlobalPool) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	sums := tensor.New[float64](q.out...)
	for i, x := range in[0].Data {
		sums.Data[i/q.area] += x - q.zero
	}
	return []*tensor.Float{q.by.float(sums, oneForAll)}, nil
}

// Work implements Worker.
func (q *qGlobalPool) Work() Work { return sharedWork(append(slices.Clone(q.out), q.area)...) }

// Lower implements Op.
func (q *qGlobalPool) Lower(l *Lowering) ([]ir.ID, error) {
	a := newAffine(tensor.Size(q.out), l.ID[0])
	a.Fixed = true
	pattern, kernel := a.Pattern(every(1, q.area), nil, nil), a.equalWeights(q.area, 1)
	for i := range a.Bias {
		a.part(i, 0, pattern, kernel, i*q.area)
		a.Bias[i] = float64(-q.zero * float64(q.area))
	}
	sums, err := only(a.emit(l))
	if err != nil {
		return nil, err
	}
	id, err := q.by.lower(l, sums, nil, nil)
	return []ir.ID{id}, err
}
