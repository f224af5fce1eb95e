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
	register(
		Spec{Name: "MatMulInteger", Since: []int{10}, Note: "as MatMul, exactly; either side constant or both variable",
			New: takes(2, 4, newMatMulInteger)},
		Spec{Name: "QLinearMatMul", Since: []int{10, 21}, Tolerance: 1,
			Note: "as MatMul, in exact integers that are rescaled as onnxruntime does; constant scales and zero " +
				"points, by column of a constant B",
			New: takes(8, 8, newQLinearMatMul)},
	)
}

// integerMatMul is a product of integers, of which zero points are taken away.
type integerMatMul struct {
	matmul
	sides [2]side
}

// side is an operand: the numbers of its inputs.
type side struct {
	value, zero int
	zeroOf      []int // by element, the index of its zero point
}

func newMatMulInteger(*graph.Node) (Op, error) {
	return &integerMatMul{sides: [2]side{{value: 0, zero: 2}, {value: 1, zero: 3}}}, nil
}

// Infer implements Op.
func (p *integerMatMul) Infer(in []Arg) ([]Out, error) {
	outs, err := p.infer(in)
	if err != nil {
		return nil, err
	}
	outs[0].DType = graph.Int32
	return outs, nil
}

func (p *integerMatMul) infer(in []Arg) ([]Out, error) {
	for k := range p.sides {
		if err := p.sides[k].infer(in, k); err != nil {
			return nil, err
		}
	}
	return p.matmul.Infer(p.real(in))
}

// infer reads the zero points of operand k: one, one for each row of A, one for each column of B, or
// any that broadcast.
func (s *side) infer(in []Arg, k int) error {
	x, zero := in[s.value], arg(in, s.zero)
	if !slices.Contains(quantTypes, x.DType) {
		return fmt.Errorf("operand %c is of type %s; only integers of 2 to 16 bits are supported", 'A'+k, x.DType)
	}
	if zero == nil {
		return nil
	}
	if zero.DType != x.DType {
		return fmt.Errorf("the zero point of operand %c is of type %s, but the operand of type %s", 'A'+k, zero.DType,
			x.DType)
	}
	shape := zero.Shape
	if k == 0 && len(shape) == 1 && shape[0] != 1 {
		shape = []int{shape[0], 1}
	}
	if all, err := tensor.Broadcast(shape, x.Shape); err == nil && slices.Equal(all, x.Shape) {
		s.zeroOf = tensor.BroadcastIndex(shape, x.Shape)
		return nil
	}
	if tensor.Size(shape) == 1 {
		s.zeroOf = make([]int, tensor.Size(x.Shape))
		return nil
	}
	return fmt.Errorf("the zero points of operand %c are %v, which do not broadcast to it, %v", 'A'+k, zero.Shape,
		x.Shape)
}

func (s *side) index(i int) int { return s.zeroOf[i] }

// real are the operands as matmul infers them.
func (p *integerMatMul) real(in []Arg) []Arg {
	out := make([]Arg, 2)
	for k, s := range p.sides {
		out[k] = in[s.value]
		out[k].DType = graph.Float32
	}
	return out
}

// Float implements Op.
func (p *integerMatMul) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	list := make([]*tensor.Float, 2)
	for k, s := range p.sides {
		list[k] = in[s.value]
		if s.zero < len(in) {
			list[k] = minus(list[k], in[s.zero], s.index)
		}
	}
	return p.matmul.Float(list)
}

// Lower implements Op.
func (p *integerMatMul) Lower(l *Lowering) ([]ir.ID, error) {
	sub, err := p.operands(l)
	if err != nil {
		return nil, err
	}
	return p.matmul.Lower(sub)
}

// operands are the operands without their zero points.
func (p *integerMatMul) operands(l *Lowering) (*Lowering, error) {
	sub := *l
	sub.In, sub.ID = make([]Arg, 2), make([]ir.ID, 2)
	for k, s := range p.sides {
		var zeroID ir.ID
		zero := arg(l.In, s.zero)
		if zero != nil {
			zeroID = l.ID[s.zero]
		}
		var err error
		if sub.In[k], sub.ID[k], err = l.integersMinus(l.In[s.value], l.ID[s.value], zero, zeroID,
			s.index); err != nil {
			return nil, err
		}
	}
	return &sub, nil
}

// qLinearMatMul is a product of codes, by onnxruntime's definition.
type qLinearMatMul struct {
	integerMatMul
	by *requantise
}

func newQLinearMatMul(*graph.Node) (Op, error) {
	return &qLinearMatMul{integerMatMul: integerMatMul{sides: [2]side{{value: 0, zero: 2}, {value: 3, zero: 5}}}}, nil
}

// Infer implements Op.
func (p *qLinearMatMul) Infer(in []Arg) ([]Out, error) {
	outs, err := p.infer(in)
	if err != nil {
		return nil, err
	}
	var scales [3]*quantParams
	for k := range 2 {
		if scales[k], err = readScales(in[3*k+1], nil); err != nil {
			return nil, err
		}
	}
	if scales[2], err = readScales(in[6], arg(in, 7)); err != nil {
		return nil, err
	}
	columns := len(scales[1].scale)
	switch {
	case p.k == 0:
		return nil, errors.New("the operands have no elements to multiply")
	case len(scales[0].scale) > 1:
		return nil, errors.New("operand A has several scales; only one is supported")
	case columns > 1 && (columns != p.m || in[3].Const == nil || len(in[3].Shape) != 2):
		return nil, fmt.Errorf("operand B has %d scales; only one is supported, or one for each column of a "+
			"constant matrix",
			columns)
	}
	if outs[0].DType, err = quantType(arg(in, 7), graph.Uint8); err == nil {
		p.by, err = newRequantise(scales[0], scales[1], scales[2], outs[0].DType)
	}
	return outs, err
}

// column is that of an element of the result.
func (p *qLinearMatMul) column(i int) int { return i % p.m }

// Float implements Op.
func (p *qLinearMatMul) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	sums, err := p.integerMatMul.Float(in)
	if err != nil {
		return nil, err
	}
	return []*tensor.Float{p.by.float(sums[0], p.column)}, nil
}

// Lower implements Op.
func (p *qLinearMatMul) Lower(l *Lowering) ([]ir.ID, error) {
	sub, err := p.operands(l)
	if err != nil {
		return nil, err
	}
	sums, err := only(p.matmul.Lower(sub))
	if err != nil {
		return nil, err
	}
	var spans []interval
	if len(p.by.by) > 1 {
		spans = p.spans(l, sub.In[1].Const)
	}
	id, err := p.by.lower(l, sums, p.column, spans)
	return []ir.ID{id}, err
}

// spans are the intervals of the sums of each column of a constant B.
func (p *qLinearMatMul) spans(l *Lowering, b *tensor.Float) []interval {
	lo, hi := integerTypes[l.In[0].DType].limits()
	if z := constOf(arg(l.In, 2)); z != nil {
		lo, hi = lo-slices.Max(z.Data), hi-slices.Min(z.Data)
	}
	columns := make([]float64, 0, len(b.Data))
	for m := range p.m {
		for k := range p.k {
			columns = append(columns, b.Data[k*p.m+m])
		}
	}
	return channelSpans(l, columns, p.k, nil, lo, hi, integerTypes[l.In[3].DType])
}
