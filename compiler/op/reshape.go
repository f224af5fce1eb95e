package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{Name: "Flatten", Since: []int{1, 9, 11, 13, 21, 23, 24, 25}, Note: "all", New: takes(1, 1, newFlatten)},
		Spec{Name: "Reshape", Since: []int{5, 13, 14, 19, 21, 23, 24, 25}, Note: "constant shape; 0, -1 and allowzero",
			New: takes(2, 2, newReshape)},
		Spec{Name: "Squeeze", Since: []int{1, 11, 13, 21, 23, 24, 25}, Note: "axes by attribute or constant input",
			New: takes(1, 2, newSqueeze)},
		Spec{Name: "Unsqueeze", Since: []int{1, 11, 13, 21, 23, 24, 25}, Note: "axes by attribute or constant input",
			New: takes(1, 2, newUnsqueeze)},
	)
}

func newFlatten(n *graph.Node) (Op, error) {
	at := n.Int("axis", 1)
	return &movement{plan: func(in []Arg) ([]moved, error) {
		shape := in[0].Shape
		a := at
		if a < 0 {
			a += len(shape)
		}
		if a < 0 || a > len(shape) {
			return nil, fmt.Errorf("axis %d is outside a tensor of rank %d", at, len(shape))
		}
		return reshaped(in, []int{tensor.Size(shape[:a]), tensor.Size(shape[a:])}), nil
	}}, nil
}

func newReshape(n *graph.Node) (Op, error) {
	allowZero := n.Int("allowzero", 0) != 0
	return &movement{plan: func(in []Arg) ([]moved, error) {
		want, err := integers(in, 1, "the shape")
		if err != nil {
			return nil, err
		}
		shape, err := newShape(in[0].Shape, want, allowZero)
		if err != nil {
			return nil, err
		}
		return reshaped(in, shape), nil
	}}, nil
}

// newShape resolves the 0 (copy) and -1 (the rest) of a wanted shape.
func newShape(old, want []int, allowZero bool) ([]int, error) {
	shape, open, size, total := slices.Clone(want), -1, 1, tensor.Size(old)
	limit := max(total, maxElements)
	for i, d := range want {
		switch {
		case d == -1 && open < 0:
			open = i
			continue
		case d == 0 && !allowZero && i < len(old):
			shape[i] = old[i]
		case d < 0 || d > limit || d == 0 && !allowZero:
			return nil, fmt.Errorf("cannot reshape %v to %v", old, want)
		}
		if size *= shape[i]; size > limit {
			return nil, fmt.Errorf("cannot reshape %v to %v", old, want)
		}
	}
	if open >= 0 && size > 0 {
		shape[open] = total / size
		size *= shape[open]
	}
	if size != total || open >= 0 && shape[open] < 0 {
		return nil, fmt.Errorf("cannot reshape %v to %v: the sizes differ", old, want)
	}
	return shape, nil
}

// axesOf reads axes that are an attribute in old opsets and input 1 in newer ones. It
// gives nil where there are none.
func axesOf(n *graph.Node, in []Arg) ([]int, error) {
	if given(in, 1) {
		return integers(in, 1, "the list of axes")
	}
	return n.Ints("axes"), nil
}

// axisSet marks the listed axes of a tensor of a rank; each may occur once.
func axisSet(axes []int, rank int) ([]bool, error) {
	set := make([]bool, rank)
	for _, a := range axes {
		i, err := axis(a, rank)
		if err != nil {
			return nil, err
		}
		if set[i] {
			return nil, fmt.Errorf("axis %d is listed twice", a)
		}
		set[i] = true
	}
	return set, nil
}

func newSqueeze(n *graph.Node) (Op, error) {
	return &movement{plan: func(in []Arg) ([]moved, error) {
		axes, err := axesOf(n, in)
		if err != nil {
			return nil, err
		}
		drop, err := axisSet(axes, len(in[0].Shape))
		if err != nil {
			return nil, err
		}
		shape := []int{}
		for i, d := range in[0].Shape {
			switch {
			case drop[i] && d != 1:
				return nil, fmt.Errorf("axis %d has size %d; only axes of size 1 can be squeezed", i, d)
			case drop[i] || axes == nil && d == 1:
			default:
				shape = append(shape, d)
			}
		}
		return reshaped(in, shape), nil
	}}, nil
}

func newUnsqueeze(n *graph.Node) (Op, error) {
	return &movement{plan: func(in []Arg) ([]moved, error) {
		axes, err := axesOf(n, in)
		if err != nil {
			return nil, err
		}
		added, err := axisSet(axes, len(in[0].Shape)+len(axes))
		if err != nil {
			return nil, err
		}
		rest, shape := in[0].Shape, make([]int, len(added))
		for i := range shape {
			if added[i] {
				shape[i] = 1
				continue
			}
			shape[i], rest = rest[0], rest[1:]
		}
		return reshaped(in, shape), nil
	}}, nil
}
