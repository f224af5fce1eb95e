// Package tensor owns dense row-major tensors: shapes, strides, broadcasting.
// It must not know quantisation or circuits. Everybody may import it.
package tensor

import (
	"fmt"
	"slices"
)

// Tensor is a dense row-major tensor. A scalar has an empty shape and one
// element. The zero value is not usable: use New or Of.
type Tensor[T any] struct {
	Shape []int
	Data  []T
}

// Float holds real values, and the integers of an ONNX graph (shapes,
// indices): every integer up to 2^53 is exact in it.
type Float = Tensor[float64]

// Int holds the integers of the quantised model.
type Int = Tensor[int64]

// New makes a tensor of zero values of the given shape.
func New[T any](shape ...int) *Tensor[T] {
	return &Tensor[T]{Shape: slices.Clone(shape), Data: make([]T, Size(shape))}
}

// Of wraps data, without a copy, in the given shape. It panics if their sizes
// differ: callers check the sizes of user data.
func Of[T any](data []T, shape ...int) *Tensor[T] {
	if len(data) != Size(shape) {
		panic(fmt.Sprintf("tensor: %d elements for shape %v", len(data), shape))
	}
	return &Tensor[T]{Shape: slices.Clone(shape), Data: data}
}

// Map applies f to every element.
func Map[T, U any](t *Tensor[T], f func(T) U) *Tensor[U] {
	out := New[U](t.Shape...)
	for i, v := range t.Data {
		out.Data[i] = f(v)
	}
	return out
}

// Size is the number of elements of a shape; 1 for a scalar.
func Size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// Strides gives the row-major strides of a shape.
func Strides(shape []int) []int {
	s := make([]int, len(shape))
	n := 1
	for i := len(shape) - 1; i >= 0; i-- {
		s[i] = n
		n *= shape[i]
	}
	return s
}

// Rank is the number of axes.
func (t *Tensor[T]) Rank() int { return len(t.Shape) }

// At returns the element at a full index.
func (t *Tensor[T]) At(index ...int) T { return t.Data[Offset(t.Shape, index)] }

// Offset is the position of a full index in row-major order.
func Offset(shape, index []int) int {
	o := 0
	for i, d := range shape {
		o = o*d + index[i]
	}
	return o
}

// Reshape returns the same data under another shape of equal size.
func (t *Tensor[T]) Reshape(shape ...int) *Tensor[T] { return Of(t.Data, shape...) }

// Clone copies the tensor.
func (t *Tensor[T]) Clone() *Tensor[T] {
	return &Tensor[T]{Shape: slices.Clone(t.Shape), Data: slices.Clone(t.Data)}
}

// Broadcast returns the shape that numpy's rules give to several shapes
// together, or an error naming the two sizes that do not agree.
func Broadcast(shapes ...[]int) ([]int, error) {
	rank := 0
	for _, s := range shapes {
		rank = max(rank, len(s))
	}
	out := make([]int, rank)
	for i := range out {
		out[i] = 1
	}
	for _, s := range shapes {
		for i, d := range s {
			o := &out[rank-len(s)+i]
			switch {
			case *o == 1:
				*o = d
			case d != 1 && d != *o:
				return nil, fmt.Errorf("sizes %d and %d do not broadcast (shapes %v)", *o, d, shapes)
			}
		}
	}
	return out, nil
}

// BroadcastIndex lists, for each element of shape out in row-major order, the offset
// of the element of a tensor of shape in that is read there by numpy's rules. in
// must broadcast to out.
func BroadcastIndex(in, out []int) []int {
	strides := make([]int, len(out))
	for i, s := range Strides(in) {
		if in[i] != 1 {
			strides[len(out)-len(in)+i] = s
		}
	}
	return Walk(out, strides, 0)
}

// Walk lists, for every index of shape in row-major order, start plus the sum
// of index times stride.
func Walk(shape, strides []int, start int) []int {
	out := make([]int, 0, Size(shape))
	if Size(shape) == 0 {
		return out
	}
	index := make([]int, len(shape))
	at := start
	for {
		out = append(out, at)
		axis := len(shape) - 1
		for ; axis >= 0; axis-- {
			index[axis]++
			at += strides[axis]
			if index[axis] < shape[axis] {
				break
			}
			at -= strides[axis] * shape[axis]
			index[axis] = 0
		}
		if axis < 0 {
			return out
		}
	}
}
