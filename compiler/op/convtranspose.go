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
		Name: "ConvTranspose", Since: []int{1, 11, 22}, Tolerance: 1,
		Note: "any number of spatial axes, all attributes; constant weights and bias",
		New:  takes(2, 3, newConvTranspose),
	})
}

// convTranspose spreads X, of N x C x spatial, by weights W, of C x M/groups x kernel: input
// position i adds to the output positions i·stride + k·dilation − begin.
type convTranspose struct {
	window
	groups         int
	longer, wanted []int       // output_padding, output_shape
	over           []outerAxis // by spatial axis
	made, taken    int         // channels of a group
	out            []int       // N x M x spatial
}

// outerAxis is one axis over which an input is spread.
type outerAxis struct{ in, out, kernel, stride, dilation, begin int }

func newConvTranspose(n *graph.Node) (Op, error) {
	w, err := readWindow(n)
	c := &convTranspose{
		window: w, groups: n.Int("group", 1), longer: n.Ints("output_padding"), wanted: n.Ints("output_shape"),
	}
	if err == nil && c.groups < 1 {
		err = fmt.Errorf("group %d: there must be at least 1", c.groups)
	}
	if bad := func(v int) bool { return v < 0 || v > maxExtent }; err == nil &&
		(slices.ContainsFunc(c.longer, bad) || slices.ContainsFunc(c.wanted, bad)) {
		err = fmt.Errorf("output_padding %v or output_shape %v: each must be between 0 and %d", c.longer, c.wanted,
			maxExtent)
	}
	return c, err
}

// Infer implements Op.
func (c *convTranspose) Infer(in []Arg) ([]Out, error) {
	dtype, err := realType(in)
	if err != nil {
		return nil, err
	}
	if in[1].Const == nil || given(in, 2) && in[2].Const == nil {
		return nil, errors.New("the weights W or the bias B depend on the model's input; " +
			"only constant ones are supported: store them as initialisers")
	}
	x, w := in[0].Shape, in[1].Shape
	switch {
	case len(x) < 3:
		return nil, fmt.Errorf("the input X is %v, but must have a batch, a channel and spatial axes", x)
	case len(w) != len(x):
		return nil, fmt.Errorf("the input X is %v and the weights W are %v; they must have the same rank", x, w)
	case c.kernel != nil && !slices.Equal(c.kernel, w[2:]):
		return nil, fmt.Errorf("kernel_shape %v differs from that of the weights W, %v", c.kernel, w[2:])
	case slices.Contains(w, 0):
		return nil, fmt.Errorf("the weights W are %v, which has no elements", w)
	case x[1] != w[0] || w[0]%c.groups != 0:
		return nil, fmt.Errorf("the input X has %d channels, and the weights W take %d in %d groups", x[1], w[0],
			c.groups)
	}
	c.made, c.taken = w[1], w[0]/c.groups
	if given(in, 2) && !slices.Equal(in[2].Shape, []int{c.made * c.groups}) {
		return nil, fmt.Errorf("the bias B is %v, but the weights W make %d channels", in[2].Shape, c.made*c.groups)
	}
	if err := c.spread(x[2:], w[2:]); err != nil {
		return nil, err
	}
	c.out = []int{x[0], c.made * c.groups}
	for _, a := range c.over {
		c.out = append(c.out, a.out)
	}
	if err := checkSize(c.out); err != nil {
		return nil, err
	}
	return []Out{{DType: dtype, Shape: slices.Clone(c.out)}}, checkWork(c.work()...)
}

// work are sizes whose product bounds the terms: the kernel elements that reach an output are
// as far apart as strides and dilations have it.
func (c *convTranspose) work() []int {
	sizes := append(slices.Clone(c.out), c.taken)
	for _, a := range c.over {
		every := a.stride / commonDivisor(a.stride, a.dilation)
		sizes = append(sizes, (a.kernel+every-1)/every)
	}
	return sizes
}

// commonDivisor is the greatest common one.
func commonDivisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Work implements Worker.
func (c *convTranspose) Work() Work { return sharedWork(c.work()...) }

// spread gives the axes their sizes and paddings.
func (c *convTranspose) spread(in, kernel []int) error {
	rank := len(in)
	wanted := c.wanted
	if len(wanted) == rank+2 { // some exporters list all axes
		wanted = wanted[2:]
	}
	for _, list := range []struct {
		name   string
		values []int
		want   int
	}{{"strides", c.strides, rank}, {"dilations", c.dilations, rank}, {"pads", c.pads, 2 * rank},
		{"output_padding", c.longer, rank}, {"output_shape", wanted, rank}} {
		if list.values != nil && len(list.values) != list.want {
			return fmt.Errorf("%s %v has %d numbers, but %d spatial axes take %d", list.name, list.values,
				len(list.values), rank, list.want)
		}
	}
	c.over = make([]outerAxis, rank)
	for i := range in {
		a := outerAxis{in: in[i], kernel: kernel[i]}
		a.stride, a.dilation = numberAt(c.strides, i, 1), numberAt(c.dilations, i, 1)
		// full is the size without padding, that of pads taken off
		full := (a.in-1)*a.stride + (a.kernel-1)*a.dilation + 1 + numberAt(c.longer, i, 0)
		a.begin = numberAt(c.pads, i, 0)
		a.out = full - a.begin - numberAt(c.pads, rank+i, 0)
		same := c.autoPad == "SAME_UPPER" || c.autoPad == "SAME_LOWER"
		if same {
			if a.out = a.in * a.stride; full < a.out && wanted == nil {
				return fmt.Errorf("spatial axis %d: auto_pad %s gives size %d, of which the kernel reaches %d; to "+
					"ONNX the rest is zero, and onnxruntime leaves it away; export with pads instead of auto_pad", i,
					c.autoPad, a.out, full)
			}
		}
		if wanted != nil {
			a.out = wanted[i]
		}
		if same || wanted != nil {
			total := max(full-a.out, 0)
			a.begin = total / 2
			if c.autoPad != "SAME_UPPER" {
				a.begin = total - total/2
			}
		}
		if a.out < 1 || a.in < 1 {
			return fmt.Errorf("spatial axis %d: size %d with padding %d gives %d", i, a.in, a.begin, a.out)
		}
		c.over[i] = a
	}
	return nil
}

// numberAt is a number of a list that may be absent.
func numberAt(list []int, i, missing int) int {
	if list == nil {
		return missing
	}
	return list[i]
}

// taps lists, for each output position, the input elements that reach it with their kernel
// elements, by ascending input element.
func (c *convTranspose) taps() [][]tap {
	all := [][]tap{{{}}}
	for _, a := range c.over {
		var next [][]tap
		for _, outer := range all {
			for o := range a.out {
				next = append(next, a.extend(outer, o))
			}
		}
		all = next
	}
	return all
}

// extend refines taps over the axes before by output position o of this one.
func (a outerAxis) extend(outer []tap, o int) []tap {
	var out []tap
	for _, t := range outer {
		for k := a.kernel - 1; k >= 0; k-- {
			at := o + a.begin - k*a.dilation
			if at >= 0 && at%a.stride == 0 && at/a.stride < a.in {
				out = append(out, tap{in: t.in*a.in + at/a.stride, kernel: t.kernel*a.kernel + k})
			}
		}
	}
	return out
}

// Float implements Op.
func (c *convTranspose) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out, taps := tensor.New[float64](c.out...), c.taps()
	w, kernel, plane := in[1], tensor.Size(in[1].Shape[2:]), tensor.Size(in[0].Shape[2:])
	for i := range out.Data {
		batch, m, at := i/len(taps)/c.out[1], i/len(taps)%c.out[1], i%len(taps)
		first := m / c.made * c.taken
		for channel := first; channel < first+c.taken; channel++ {
			x := in[0].Data[(batch*in[0].Shape[1]+channel)*plane:]
			weights := w.Data[(channel*c.made+m%c.made)*kernel:]
			for _, t := range taps[at] {
				out.Data[i] += float64(weights[t.kernel] * x[t.in])
			}
		}
		if len(in) > 2 && in[2] != nil {
			out.Data[i] += in[2].Data[m]
		}
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op. The rows of one channel share a scale and a kernel, which has the
// weights from last to first, so that a pattern's are in order.
func (c *convTranspose) Lower(l *Lowering) ([]ir.ID, error) {
	w := l.In[1].Const
	kernel, plane := tensor.Size(w.Shape[2:]), tensor.Size(l.In[0].Shape[2:])
	a := newAffine(tensor.Size(c.out), l.ID[0])
	kernels := make([]int32, c.out[1])
	for m := range kernels {
		var weights []float64
		for channel := range c.taken {
			first := (m/c.made*c.taken+channel)*c.made + m%c.made
			part := slices.Clone(w.Data[first*kernel:][:kernel])
			slices.Reverse(part)
			weights = append(weights, part...)
		}
		kernels[m] = a.Kernel(weights)
	}
	taps := c.taps()
	patterns := make([]int32, len(taps))
	for i, position := range taps {
		for k := range position {
			position[k].kernel = kernel - 1 - position[k].kernel
		}
		patterns[i] = tapPattern(a, position, c.taken, plane, kernel)
	}
	for i := range a.Group {
		batch, m, at := i/len(taps)/c.out[1], i/len(taps)%c.out[1], i%len(taps)
		a.Group[i] = m
		if len(taps[at]) > 0 {
			a.part(i, 0, patterns[at], kernels[m], (batch*c.groups+m/c.made)*c.taken*plane+taps[at][0].in)
		}
		if given(l.In, 2) {
			a.Bias[i] = l.In[2].Const.Data[m]
		}
	}
	return a.emit(l)
}
