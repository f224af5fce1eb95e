package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "MaxUnpool", Since: []int{9, 11, 22},
		Note: "any number of spatial axes, all attributes; constant indices, each once, and output_shape",
		New:  takes(2, 3, newMaxUnpool),
	})
}

// newMaxUnpool puts each element at its index in a tensor that is zero elsewhere, of the size
// that a pool with these attributes had before it. A larger output has zeros behind.
func newMaxUnpool(n *graph.Node) (Op, error) {
	w, err := readPool(n)
	if err != nil {
		return nil, err
	}
	return &movement{plan: func(in []Arg) ([]moved, error) {
		if _, err := realType(in[:1]); err != nil {
			return nil, err
		}
		index, err := integers(in, 1, "the indices I")
		if err == nil && !slices.Equal(in[0].Shape, in[1].Shape) {
			err = fmt.Errorf("the input X is %v and the indices I are %v; they must have one shape", in[0].Shape,
				in[1].Shape)
		}
		if err != nil {
			return nil, err
		}
		inner, err := w.unpooled(in[0].Shape)
		if err != nil {
			return nil, err
		}
		outer := inner
		if given(in, 2) {
			if outer, err = integers(in, 2, "output_shape"); err != nil {
				return nil, err
			}
		}
		return unpool(in, index, inner, outer)
	}}, nil
}

// unpooled is the shape that the pool had before it.
func (w window) unpooled(shape []int) ([]int, error) {
	rank := len(shape) - 2
	if rank < 1 || len(w.kernel) != rank || w.strides != nil && len(w.strides) != rank ||
		w.pads != nil && len(w.pads) != 2*rank {
		return nil, fmt.Errorf("kernel_shape %v, strides %v and pads %v do not fit an input of shape %v", w.kernel,
			w.strides, w.pads, shape)
	}
	out := slices.Clone(shape)
	for i := range rank {
		out[i+2] = (shape[i+2]-1)*numberAt(w.strides, i, 1) + w.kernel[i] - numberAt(w.pads, i, 0) -
			numberAt(w.pads, rank+i, 0)
	}
	return out, checkSize(out)
}

// unpool places the elements by their indices in a tensor of shape inner, which begins the
// output, of shape outer.
func unpool(in []Arg, index, inner, outer []int) ([]moved, error) {
	if err := checkSize(outer); err != nil {
		return nil, err
	}
	if len(outer) != len(inner) {
		return nil, fmt.Errorf("output_shape %v is for an output of shape %v", outer, inner)
	}
	for i := range inner {
		if outer[i] < inner[i] {
			return nil, fmt.Errorf("output_shape %v is less than the shape before the pool, %v", outer, inner)
		}
	}
	places := tensor.Walk(inner, tensor.Strides(outer), 0)
	from := slices.Repeat([]int{-1}, tensor.Size(outer))
	for i, at := range index {
		if at < 0 || at >= len(places) {
			return nil, fmt.Errorf("index %d lies outside of a tensor of shape %v", at, inner)
		}
		if from[places[at]] >= 0 {
			return nil, fmt.Errorf("index %d occurs twice; export with indices of windows that do not overlap", at)
		}
		from[places[at]] = i
	}
	return []moved{rearranged(in, outer, from)}, nil
}
