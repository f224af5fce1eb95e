package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(Spec{
		Name: "Gather", Since: []int{1, 11, 13}, Note: "constant indices, negative ones included",
		New: takes(2, 2, newGather),
	})
}

func newGather(n *graph.Node) (Op, error) {
	at := n.Int("axis", 0)
	return &movement{plan: func(in []Arg) ([]moved, error) {
		old := in[0].Shape
		a, err := axis(at, len(old))
		if err != nil {
			return nil, err
		}
		picked, err := positions(in, old[a])
		if err != nil {
			return nil, err
		}
		picks := whole(old)
		picks[a] = picked
		shape := slices.Concat(old[:a], in[1].Shape, old[a+1:])
		if err := checkSize(shape); err != nil {
			return nil, err
		}
		return []moved{rearranged(in, shape, grid(old, picks))}, nil
	}}, nil
}

// positions reads input 1 as constant positions on an axis of size d.
func positions(in []Arg, d int) ([]int, error) {
	list, err := integers(in, 1, "the list of indices")
	if err != nil {
		return nil, err
	}
	for k, p := range list {
		if p < -d || p >= d {
			return nil, fmt.Errorf("index %d is outside an axis of size %d", p, d)
		}
		list[k] = (p + d) % d
	}
	return list, nil
}
