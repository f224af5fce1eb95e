package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{Name: "Compress", Since: []int{9, 11}, Note: "constant condition", New: takes(2, 2, newCompress)},
		Spec{Name: "NonZero", Since: []int{9, 13}, Note: "constants only", New: takes(1, 1, newNonZero)},
	)
}

func newCompress(n *graph.Node) (Op, error) {
	_, along := n.Attrs["axis"]
	at := n.Int("axis", 0)
	return &movement{plan: func(in []Arg) ([]moved, error) {
		condition, err := integers(in, 1, "the condition")
		if err != nil {
			return nil, err
		}
		old, a := in[0].Shape, 0
		if !along {
			old = []int{tensor.Size(old)}
		} else if a, err = axis(at, len(old)); err != nil {
			return nil, err
		}
		if len(condition) > old[a] {
			return nil, fmt.Errorf("a condition of %d elements for an axis of size %d", len(condition), old[a])
		}
		picks, shape := whole(old), slices.Clone(old)
		picks[a] = nil
		for i, c := range condition {
			if c != 0 {
				picks[a] = append(picks[a], i)
			}
		}
		shape[a] = len(picks[a])
		return []moved{rearranged(in, shape, grid(old, picks))}, nil
	}}, nil
}

func newNonZero(*graph.Node) (Op, error) {
	return &constant{make: func(in []Arg) (*graph.Const, error) {
		if in[0].Const == nil {
			return nil, fmt.Errorf("how many elements are not zero depends on the model's input, but shapes must be " +
				"known at compile time; multiply by a mask in place of picking elements")
		}
		var at []int
		for i, v := range in[0].Const.Data {
			if v != 0 {
				at = append(at, i)
			}
		}
		shape := in[0].Shape
		strides, out := tensor.Strides(shape), tensor.New[float64](len(shape), len(at))
		for k, i := range at {
			for a, d := range shape {
				out.Data[a*len(at)+k] = float64(i / strides[a] % d)
			}
		}
		return &graph.Const{DType: graph.Int64, Float: out}, nil
	}}, nil
}
