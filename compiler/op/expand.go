package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{Name: "Expand", Since: []int{8, 13}, Note: "constant shape", New: takes(2, 2, newExpand)},
		Spec{Name: "Tile", Since: []int{6, 13}, Note: "constant repeats", New: takes(2, 2, newTile)},
	)
}

func newExpand(*graph.Node) (Op, error) {
	return &movement{plan: func(in []Arg) ([]moved, error) {
		want, err := integers(in, 1, "the shape")
		if err != nil {
			return nil, err
		}
		if err := checkSize(want); err != nil {
			return nil, err
		}
		shape, err := tensor.Broadcast(in[0].Shape, want)
		if err != nil {
			return nil, err
		}
		if err := checkSize(shape); err != nil {
			return nil, err
		}
		return []moved{rearranged(in, shape, tensor.BroadcastIndex(in[0].Shape, shape))}, nil
	}}, nil
}

func newTile(*graph.Node) (Op, error) {
	return &movement{plan: func(in []Arg) ([]moved, error) {
		repeats, err := integers(in, 1, "the list of repeats")
		if err != nil {
			return nil, err
		}
		old := in[0].Shape
		if len(repeats) != len(old) {
			return nil, fmt.Errorf("%d repeats for a tensor of rank %d", len(repeats), len(old))
		}
		if err := checkSize(repeats); err != nil {
			return nil, err
		}
		shape := make([]int, len(old))
		for i, d := range old {
			shape[i] = d * repeats[i]
		}
		if err := checkSize(shape); err != nil {
			return nil, err
		}
		picks := whole(old)
		for i, p := range picks {
			picks[i] = slices.Repeat(p, repeats[i])
		}
		return []moved{rearranged(in, shape, grid(old, picks))}, nil
	}}, nil
}
