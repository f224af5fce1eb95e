package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

// maxExtent bounds the sizes in a window's attributes.
var maxExtent = int(budget.Window.Most)

// window holds the attributes that Conv and the pools share, one number for
// each spatial axis (two for pads: all begins, then all ends). An absent list
// is nil and stands for ones, or for zeros in pads.
type window struct {
	kernel, strides, dilations, pads []int
	autoPad                          string
	ceil                             bool
}

// readWindow reads and checks what can be checked without an input's shape.
func readWindow(n *graph.Node) (window, error) {
	w := window{
		kernel: n.Ints("kernel_shape"), strides: n.Ints("strides"), dilations: n.Ints("dilations"),
		pads: n.Ints("pads"), autoPad: n.String("auto_pad", "NOTSET"), ceil: n.Int("ceil_mode", 0) != 0,
	}
	for _, list := range []struct {
		name   string
		values []int
		least  int
	}{{"kernel_shape", w.kernel, 1}, {"strides", w.strides, 1}, {"dilations", w.dilations, 1}, {"pads", w.pads, 0}} {
		for _, v := range list.values {
			if v < list.least || v > maxExtent {
				return w, fmt.Errorf("%s %v: each must be between %d and %d", list.name, list.values, list.least,
					maxExtent)
			}
		}
	}
	if padded := slices.ContainsFunc(w.pads, func(p int) bool { return p != 0 }); padded && w.autoPad != "NOTSET" {
		return w, fmt.Errorf("auto_pad %s together with pads %v; only one of them may be given", w.autoPad, w.pads)
	}
	if !slices.Contains([]string{"NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"}, w.autoPad) {
		return w, fmt.Errorf("auto_pad %q is not NOTSET, VALID, SAME_UPPER or SAME_LOWER", w.autoPad)
	}
	return w, nil
}

// readPool reads a window whose kernel the node must state.
func readPool(n *graph.Node) (window, error) {
	w, err := readWindow(n)
	if err == nil && w.kernel == nil {
		err = errors.New("kernel_shape is absent, but required")
	}
	return w, err
}

// placement is a window laid over the spatial axes of an input.
type placement []placedAxis

// placedAxis is one axis of a placement. Position o of the output takes the
// kernel elements k at input positions o·stride + k·dilation - begin. end is
// the padding after the input; with ceil_mode a window may reach beyond it.
type placedAxis struct{ in, out, kernel, stride, dilation, begin, end int }

// place lays the window over an input's spatial axes.
func (w window) place(spatial []int) (placement, error) {
	rank := len(spatial)
	for _, list := range []struct {
		name   string
		values []int
		want   int
	}{{"kernel_shape", w.kernel, rank}, {"strides", w.strides, rank}, {"dilations", w.dilations, rank},
		{"pads", w.pads, 2 * rank}} {
		if list.values != nil && len(list.values) != list.want {
			return nil, fmt.Errorf("%s %v has %d numbers, but %d spatial axes take %d", list.name, list.values,
				len(list.values), rank, list.want)
		}
	}
	p := make(placement, rank)
	for i, size := range spatial {
		x := placedAxis{in: size, kernel: w.kernel[i], stride: 1, dilation: 1}
		if w.strides != nil {
			x.stride = w.strides[i]
		}
		if w.dilations != nil {
			x.dilation = w.dilations[i]
		}
		if w.pads != nil {
			x.begin, x.end = w.pads[i], w.pads[rank+i]
		}
		if err := w.fit(&x); err != nil {
			return nil, fmt.Errorf("spatial axis %d: %w", i, err)
		}
		p[i] = x
	}
	return p, checkSize(p.extents())
}

// fit computes the output size of an axis, and its padding where auto_pad asks.
func (w window) fit(x *placedAxis) error {
	if w.autoPad == "SAME_UPPER" || w.autoPad == "SAME_LOWER" {
		x.out = (x.in + x.stride - 1) / x.stride
		total := max((x.out-1)*x.stride+x.span()-x.in, 0)
		x.begin = total / 2
		if w.autoPad == "SAME_LOWER" {
			x.begin = total - x.begin
		}
		x.end = total - x.begin
		return nil
	}
	room := x.begin + x.in + x.end - x.span()
	if room >= 0 {
		x.out = room/x.stride + 1
	}
	// With ceil_mode a last window may reach beyond the padding, if it starts
	// inside the input or the padding before it.
	if next := x.out * x.stride; w.ceil && w.autoPad == "NOTSET" && next < room+x.stride && next < x.begin+x.in {
		x.out++
	}
	if x.out == 0 {
		return fmt.Errorf("a kernel that spans %d does not fit into size %d with padding %d and %d", x.span(), x.in,
			x.begin, x.end)
	}
	return nil
}

// span is the number of input positions from the kernel's first to its last.
func (x placedAxis) span() int { return (x.kernel-1)*x.dilation + 1 }

// extent is the size of the padded axis that all windows lie in.
func (x placedAxis) extent() int {
	return max((x.out-1)*x.stride+x.span(), x.begin+x.in+x.end)
}

// sizes lists one number for each axis.
func (p placement) sizes(of func(placedAxis) int) []int {
	out := make([]int, len(p))
	for i, x := range p {
		out[i] = of(x)
	}
	return out
}

func (p placement) extents() []int { return p.sizes(placedAxis.extent) }
func (p placement) out() []int     { return p.sizes(func(x placedAxis) int { return x.out }) }
func (p placement) kernel() []int  { return p.sizes(func(x placedAxis) int { return x.kernel }) }

// padded copies one channel into an array that all windows lie in, with pad
// around it and beyond wherever ceil_mode lets a window reach further.
func (p placement) padded(channel []float64, pad, beyond float64) []float64 {
	strides := tensor.Strides(p.extents())
	out := slices.Repeat([]float64{beyond}, tensor.Size(p.extents()))
	inside := p.sizes(func(x placedAxis) int { return x.begin + x.in + x.end })
	for _, at := range tensor.Walk(inside, strides, 0) {
		out[at] = pad
	}
	start := 0
	for i, x := range p {
		start += x.begin * strides[i]
	}
	for i, at := range tensor.Walk(p.sizes(func(x placedAxis) int { return x.in }), strides, start) {
		out[at] = channel[i]
	}
	return out
}

// slide lists the start of each window in the array that padded makes, and the distance
// of each kernel element from the start.
func (p placement) slide() (starts, offsets []int) {
	starts, offsets = tensor.Strides(p.extents()), tensor.Strides(p.extents())
	for i, x := range p {
		starts[i] *= x.stride
		offsets[i] *= x.dilation
	}
	return tensor.Walk(p.out(), starts, 0), tensor.Walk(p.kernel(), offsets, 0)
}

// tap pairs an element of a channel with the kernel element over it.
type tap struct{ in, kernel int }

// taps lists the window of each output position without its padding, by
// ascending input element, which is ascending kernel element too.
func (p placement) taps() [][]tap {
	all := [][]tap{{{}}}
	for _, x := range p {
		next := make([][]tap, 0, len(all)*x.out)
		for _, outer := range all {
			for o := range x.out {
				next = append(next, x.extend(outer, o))
			}
		}
		all = next
	}
	return all
}

// extend refines taps over the axes before x by position o of x.
func (x placedAxis) extend(outer []tap, o int) []tap {
	first := o*x.stride - x.begin
	out := make([]tap, 0, len(outer)*x.kernel)
	for _, t := range outer {
		for k := range x.kernel {
			if at := first + k*x.dilation; at >= 0 && at < x.in {
				out = append(out, tap{in: t.in*x.in + at, kernel: t.kernel*x.kernel + k})
			}
		}
	}
	return out
}

// covered counts, for each output position, the kernel elements over the input
// or its padding.
func (p placement) covered() []int {
	all := []int{1}
	for _, x := range p {
		next := make([]int, 0, len(all)*x.out)
		for _, outer := range all {
			for o := range x.out {
				room := x.begin + x.in + x.end - o*x.stride
				next = append(next, outer*min(x.kernel, (room+x.dilation-1)/x.dilation))
			}
		}
		all = next
	}
	return all
}

// common refuses windows of pools that ONNX and onnxruntime place differently: onnxruntime pads SAME by what
// the kernel takes without its dilations, and by negative amounts where strides pass over the ends.
func (w window) common(x placedAxis) error {
	differ := false
	switch w.autoPad {
	case "SAME_UPPER", "SAME_LOWER":
		total := (x.out-1)*x.stride + x.kernel - x.in
		if w.autoPad == "SAME_LOWER" {
			total++
		}
		differ = x.dilation > 1 && x.kernel > 1 || total/2 != x.begin
	case "VALID":
		differ = w.ceil && (x.in-x.span())%x.stride != 0 && x.out*x.stride < x.in
	}
	if !differ {
		return nil
	}
	return fmt.Errorf("auto_pad %s with stride %d, dilation %d and ceil_mode %t is one thing to ONNX and another to "+
		"onnxruntime; export with pads instead of auto_pad", w.autoPad, x.stride, x.dilation, w.ceil)
}

// pool is the Infer of the pools: input 0 is N x C x spatial axes. Every window
// must hold an element of the input.
func (w window) pool(in []Arg) (placement, []Out, error) {
	shape := in[0].Shape
	if len(shape) < 3 {
		return nil, nil, fmt.Errorf("the input is %v, but must have a batch, a channel and spatial axes", shape)
	}
	p, err := w.place(shape[2:])
	if err != nil {
		return nil, nil, err
	}
	for i, x := range p {
		if err := w.common(x); err != nil {
			return nil, nil, fmt.Errorf("spatial axis %d: %w", i, err)
		}
	}
	out := slices.Concat(shape[:2], p.out())
	if err := checkWork(append([]int{tensor.Size(p.kernel())}, out...)...); err != nil {
		return nil, nil, err
	}
	for i, x := range p {
		for o := range x.out {
			if len(x.extend([]tap{{}}, o)) == 0 {
				return nil, nil, fmt.Errorf("spatial axis %d: window %d holds only padding; "+
					"make the padding smaller than the kernel", i, o)
			}
		}
	}
	return p, []Out{{DType: in[0].DType, Shape: out}}, nil
}
