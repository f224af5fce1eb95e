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
		Name: "Conv", Since: []int{1, 11, 22}, Tolerance: 1,
		Note: "any number of spatial axes, all attributes; weights and bias constant or variable",
		New:  takes(2, 3, newConv),
	})
}

// conv slides weights W, of M x C/groups x kernel, over X, of N x C x spatial.
type conv struct {
	window
	groups int
	// variable tells that the weights depend on the model's input.
	variable bool
	over     placement
	taps     []int // C/groups x kernel
	out      []int // N x M x spatial
}

func newConv(n *graph.Node) (Op, error) {
	w, err := readWindow(n)
	groups := n.Int("group", 1)
	if err == nil && groups < 1 {
		err = fmt.Errorf("group %d: there must be at least 1", groups)
	}
	return &conv{window: w, groups: groups}, err
}

// Infer implements Op.
func (c *conv) Infer(in []Arg) ([]Out, error) {
	dtype, err := realType(in)
	if err != nil {
		return nil, err
	}
	c.variable = in[1].Const == nil
	if in[0].Const != nil && in[1].Const != nil && given(in, 2) && in[2].Const == nil {
		return nil, errors.New("only the bias B depends on the model's input; add it after the Conv")
	}
	x, w := in[0].Shape, in[1].Shape
	if err := c.checkShapes(x, w); err != nil {
		return nil, err
	}
	if given(in, 2) && !slices.Equal(in[2].Shape, w[:1]) {
		return nil, fmt.Errorf("the bias B is %v, but the weights W make %d channels", in[2].Shape, w[0])
	}
	sized := c.window
	sized.kernel = w[2:]
	c.taps = w[1:]
	if c.over, err = sized.place(x[2:]); err != nil {
		return nil, err
	}
	c.out = slices.Concat([]int{x[0], w[0]}, c.over.out())
	return []Out{{DType: dtype, Shape: slices.Clone(c.out)}}, checkWork(append(slices.Clone(c.out), w[1:]...)...)
}

// checkShapes compares the input with the weights.
func (c *conv) checkShapes(x, w []int) error {
	switch {
	case len(x) < 3:
		return fmt.Errorf("the input X is %v, but must have a batch, a channel and spatial axes", x)
	case len(w) != len(x):
		return fmt.Errorf("the input X is %v and the weights W are %v; they must have the same rank", x, w)
	case c.kernel != nil && !slices.Equal(c.kernel, w[2:]):
		return fmt.Errorf("kernel_shape %v differs from that of the weights W, %v", c.kernel, w[2:])
	case slices.Contains(w, 0):
		return fmt.Errorf("the weights W are %v, which has no elements", w)
	case x[1]%c.groups != 0 || x[1]/c.groups != w[1]:
		return fmt.Errorf("the input X has %d channels, but the weights W take %d in each of %d groups", x[1], w[1],
			c.groups)
	case w[0]%c.groups != 0:
		return fmt.Errorf("the weights W make %d channels, which %d groups do not divide", w[0], c.groups)
	}
	return nil
}

// Float implements Op.
func (c *conv) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](c.out...)
	w, kernel := in[1], tensor.Size(in[1].Shape[2:])
	plane, area := tensor.Size(in[0].Shape[2:]), tensor.Size(c.out[2:])
	starts, offsets := c.over.slide()
	made, taken := w.Shape[0]/c.groups, w.Shape[1]
	for source := range in[0].Shape[0] * in[0].Shape[1] {
		batch, channel := source/in[0].Shape[1], source%in[0].Shape[1]
		x := c.over.padded(in[0].Data[source*plane:][:plane], 0, 0)
		first := channel / taken * made
		for m := first; m < first+made; m++ {
			weights := w.Data[(m*taken+channel%taken)*kernel:]
			to := out.Data[(batch*w.Shape[0]+m)*area:][:area]
			for k, offset := range offsets {
				for p, start := range starts {
					to[p] += float64(weights[k] * x[start+offset])
				}
			}
		}
	}
	if len(in) > 2 && in[2] != nil {
		for i := range out.Data {
			out.Data[i] += in[2].Data[i/area%w.Shape[0]]
		}
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op. The rows of one channel share a scale and a kernel; a
// position's pattern leaves out elements on the padding.
func (c *conv) Lower(l *Lowering) ([]ir.ID, error) {
	if c.variable {
		return c.lowerProducts(l)
	}
	w := l.In[1].Const
	kernel, plane := tensor.Size(w.Shape[2:]), tensor.Size(l.In[0].Shape[2:])
	made, taken := w.Shape[0]/c.groups, w.Shape[1]
	ids, number := l.variables()
	a := newAffine(tensor.Size(c.out), ids...)
	kernels := make([]int32, w.Shape[0])
	for m := range kernels {
		kernels[m] = a.Kernel(w.Data[m*taken*kernel:][:taken*kernel])
	}
	taps := c.over.taps()
	patterns := make([]int32, len(taps))
	for i, position := range taps {
		patterns[i] = tapPattern(a, position, taken, plane, kernel)
	}
	for i := range a.Group {
		batch, m, at := i/len(taps)/w.Shape[0], i/len(taps)%w.Shape[0], i%len(taps)
		a.Group[i] = m
		if len(taps[at]) > 0 {
			a.part(i, 0, patterns[at], kernels[m], (batch*c.groups+m/made)*taken*plane+taps[at][0].in)
		}
		c.addBias(a, l, number, i, m)
	}
	return a.emit(l)
}

// addBias adds the bias of channel m to row i, if there is one. number numbers the variables.
func (c *conv) addBias(a *affine, l *Lowering, number []int, i, m int) {
	switch {
	case !given(l.In, 2):
	case l.In[2].Const != nil:
		a.Bias[i] = l.In[2].Const.Data[m]
	default:
		a.term(i, number[2], m, 1)
	}
}

// lowerProducts multiplies variable weights by what each window reads, a column for each
// position: one matrix product for each group of each batch.
func (c *conv) lowerProducts(l *Lowering) ([]ir.ID, error) {
	kernel, plane := tensor.Size(l.In[1].Shape[2:]), tensor.Size(l.In[0].Shape[2:])
	taken, parts, taps := l.In[1].Shape[1], c.out[0]*c.groups, c.over.taps()
	rows := taken * kernel
	p := moved{shape: []int{parts, rows, len(taps)}, from: make([]source, parts*rows*len(taps))}
	for i := range p.from {
		p.from[i].in = -1
	}
	for part := range parts {
		for channel := range taken {
			for at, position := range taps {
				for _, t := range position {
					row := part*rows + channel*kernel + t.kernel
					p.from[row*len(taps)+at] = source{index: int32((part*taken+channel)*plane + t.in)}
				}
			}
		}
	}
	dot := &ir.Dot{N: l.In[1].Shape[0] / c.groups, K: rows, M: len(taps)}
	for part := range parts {
		dot.A = append(dot.A, int32(part%c.groups*dot.N*rows))
		dot.B = append(dot.B, int32(part*rows*len(taps)))
	}
	out := l.Step(dot, l.ID[1], l.gathered(p, l.In[:1], l.ID[:1]))
	if !given(l.In, 2) {
		return []ir.ID{out}, nil
	}
	ids, number := []ir.ID{out}, []int{-1, -1, 1}
	if l.In[2].Const == nil {
		ids = append(ids, l.ID[2])
	}
	a := newAffine(tensor.Size(c.out), ids...)
	a.Fixed = l.In[2].Const == nil
	for i := range a.Group {
		m := i / len(taps) % c.out[1]
		a.term(i, 0, i, 1)
		if c.addBias(a, l, number, i, m); !a.Fixed {
			a.Group[i] = m
		}
	}
	return a.emit(l)
}

// tapPattern is the pattern that a window at one position reads in all channels of a
// group.
func tapPattern(a *affine, position []tap, channels, plane, kernel int) int32 {
	var delta, place, taps []int32
	for channel := range channels {
		for _, t := range position {
			at := channel*kernel + t.kernel
			delta, place, taps = append(delta, int32(channel*plane+t.in-position[0].in)), append(place, int32(at)),
				append(taps, int32(at)+1)
		}
	}
	return a.Pattern(delta, place, taps)
}
