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
		Spec{Name: "ConvInteger", Since: []int{10}, Note: "as Conv, exactly; constant weights",
			New: takes(2, 4, newConvInteger)},
		Spec{Name: "QLinearConv", Since: []int{10}, Tolerance: 1,
			Note: "as Conv, in exact integers that are rescaled as onnxruntime does; constant weights, " +
				"scales and zero points, scales of weights by channel",
			New: takes(8, 9, newQLinearConv)},
	)
}

// integerConv is a convolution of integers, of which zero points are taken away.
type integerConv struct {
	*conv
	// x, w, xZero and wZero are the numbers of the inputs, beyond all of them where an operator has none.
	x, w, xZero, wZero, bias int
}

func newConvInteger(n *graph.Node) (Op, error) {
	o, err := newConv(n)
	if err != nil {
		return nil, err
	}
	return &integerConv{conv: o.(*conv), x: 0, w: 1, xZero: 2, wZero: 3, bias: anyNumber}, nil
}

// Infer implements Op.
func (c *integerConv) Infer(in []Arg) ([]Out, error) {
	outs, err := c.infer(in)
	if err != nil {
		return nil, err
	}
	outs[0].DType = graph.Int32
	return outs, nil
}

func (c *integerConv) infer(in []Arg) ([]Out, error) {
	if err := quantCodes(in, c.x, c.w); err != nil {
		return nil, err
	}
	for _, p := range [][2]int{{c.xZero, c.x}, {c.wZero, c.w}} {
		if z := arg(in, p[0]); z != nil && z.DType != in[p[1]].DType {
			return nil, fmt.Errorf("the zero point, input %d, is of type %s, but what it belongs to of type %s", p[0],
				z.DType, in[p[1]].DType)
		}
	}
	if z := arg(in, c.xZero); z != nil && tensor.Size(z.Shape) != 1 {
		return nil, fmt.Errorf("the zero point of the input is %v, but must be one number", z.Shape)
	}
	z := arg(in, c.wZero)
	switch {
	case in[c.w].Const == nil || z != nil && z.Const == nil || given(in, c.bias) && in[c.bias].Const == nil:
		return nil, errors.New("the weights, their zero points or the bias depend on the model's input; " +
			"only constant ones are supported: store them as initialisers")
	case z != nil && tensor.Size(z.Shape) != 1 && !slices.Equal(z.Shape, in[c.w].Shape[:1]):
		return nil, fmt.Errorf("the zero points of the weights are %v; there must be one, or one for each channel "+
			"of %v", z.Shape, in[c.w].Shape)
	}
	return c.conv.Infer(c.real(in))
}

// real are the inputs as conv infers them.
func (c *integerConv) real(in []Arg) []Arg {
	out := []Arg{in[c.x], in[c.w]}
	w := in[c.w]
	out[1].Const = minus(w.Const, constOf(arg(in, c.wZero)), c.channelOfWeight(w.Shape, arg(in, c.wZero)))
	if given(in, c.bias) {
		out = append(out, in[c.bias])
	}
	for i := range out {
		out[i].DType = graph.Float32
	}
	return out
}

// constOf is the value of a constant input; nil where it is absent.
func constOf(a *Arg) *tensor.Float {
	if a == nil {
		return nil
	}
	return a.Const
}

// channelOfWeight is the index of the zero point of each weight.
func (c *integerConv) channelOfWeight(w []int, zero *Arg) func(i int) int {
	if zero == nil || tensor.Size(zero.Shape) == 1 {
		return oneForAll
	}
	each := tensor.Size(w[1:])
	return func(i int) int { return i / each }
}

// Float implements Op.
func (c *integerConv) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	x, w := in[c.x], in[c.w]
	if c.xZero < len(in) {
		x = minus(x, in[c.xZero], oneForAll)
	}
	if c.wZero < len(in) && in[c.wZero] != nil {
		zero := Arg{Shape: in[c.wZero].Shape}
		w = minus(w, in[c.wZero], c.channelOfWeight(w.Shape, &zero))
	}
	list := []*tensor.Float{x, w}
	if c.bias < len(in) {
		list = append(list, in[c.bias])
	}
	return c.conv.Float(list)
}

// Lower implements Op.
func (c *integerConv) Lower(l *Lowering) ([]ir.ID, error) {
	var zeroID ir.ID
	zero := arg(l.In, c.xZero)
	if zero != nil {
		zeroID = l.ID[c.xZero]
	}
	x, id, err := l.integersMinus(l.In[c.x], l.ID[c.x], zero, zeroID, oneForAll)
	if err != nil {
		return nil, err
	}
	sub := *l
	sub.In = c.real(l.In)
	sub.In[0] = x
	sub.ID = make([]ir.ID, len(sub.In))
	sub.ID[0] = id
	return c.conv.Lower(&sub)
}

// channel is the channel of an element of the result.
func (c *integerConv) channel(i int) int { return i / tensor.Size(c.out[2:]) % c.out[1] }

// spans are the intervals of the sums of each channel. Of a private model they follow from the
// types alone.
func (c *integerConv) spans(l *Lowering) []interval {
	lo, hi := integerTypes[l.In[c.x].DType].limits()
	if z := constOf(arg(l.In, c.xZero)); z != nil {
		lo, hi = lo-z.Data[0], hi-z.Data[0]
	}
	in := c.real(l.In)
	return channelSpans(l, in[1].Const.Data, tensor.Size(in[1].Shape[1:]), constOf(arg(in, 2)), lo, hi,
		integerTypes[l.In[c.w].DType])
}

// channelSpans are the intervals of sums of numbers from lo to hi times weights, so many for each
// channel, and a bias.
func channelSpans(l *Lowering, w []float64, each int, bias *tensor.Float, lo, hi float64, t integer) []interval {
	out := make([]interval, len(w)/each)
	least, most := t.limits()
	for c := range out {
		if l.Secret {
			reach := float64(float64(each)*max(hi, -lo)*(most-least)) + 1<<31
			out[c] = interval{-reach, reach}
			continue
		}
		if bias != nil {
			out[c] = interval{bias.Data[c], bias.Data[c]}
		}
		for _, v := range w[c*each:][:each] {
			out[c].lo += float64(max(v, 0)*lo) + float64(min(v, 0)*hi)
			out[c].hi += float64(max(v, 0)*hi) + float64(min(v, 0)*lo)
		}
	}
	return out
}

// qLinearConv is a convolution of codes, by onnxruntime's definition.
type qLinearConv struct {
	integerConv
	by *requantise
}

func newQLinearConv(n *graph.Node) (Op, error) {
	o, err := newConv(n)
	if err != nil {
		return nil, err
	}
	return &qLinearConv{integerConv: integerConv{conv: o.(*conv), x: 0, w: 3, xZero: 2, wZero: 5, bias: 8}}, nil
}

// Infer implements Op.
func (c *qLinearConv) Infer(in []Arg) ([]Out, error) {
	outs, err := c.infer(in)
	if err != nil {
		return nil, err
	}
	var p [3]*quantParams
	for k := range 2 {
		if p[k], err = readScales(in[3*k+1], nil); err != nil {
			return nil, err
		}
	}
	if n := len(p[1].scale); n > 1 && n != c.out[1] || len(p[0].scale) > 1 {
		return nil, fmt.Errorf("%d scales of the input and %d of the weights; there must be one, or one of each of %d "+
			"channels of the weights", len(p[0].scale), n, c.out[1])
	}
	if p[2], err = readScales(in[6], arg(in, 7)); err != nil {
		return nil, err
	}
	if outs[0].DType, err = quantType(arg(in, 7), graph.Uint8); err == nil {
		c.by, err = newRequantise(p[0], p[1], p[2], outs[0].DType)
	}
	return outs, err
}

// Float implements Op.
func (c *qLinearConv) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	sums, err := c.integerConv.Float(in)
	if err != nil {
		return nil, err
	}
	return []*tensor.Float{c.by.float(sums[0], c.channel)}, nil
}

// Lower implements Op.
func (c *qLinearConv) Lower(l *Lowering) ([]ir.ID, error) {
	sums, err := only(c.integerConv.Lower(l))
	if err != nil {
		return nil, err
	}
	id, err := c.by.lower(l, sums, c.channel, c.spans(l))
	return []ir.ID{id}, err
}
