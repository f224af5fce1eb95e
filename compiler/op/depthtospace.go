package op

import (
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(
		Spec{Name: "DepthToSpace", Since: []int{1, 11, 13}, Note: "modes DCR and CRD",
			New: takes(1, 1, newDepthToSpace)},
		Spec{Name: "SpaceToDepth", Since: []int{1, 13}, Note: "all", New: takes(1, 1, newSpaceToDepth)},
	)
}

// blockOf reads the size of a block and the shape of the one input.
func blockOf(n *graph.Node) (int, func(in []Arg) ([]int, error), error) {
	b := n.Int("blocksize", 0)
	if b < 1 || b > maxElements {
		return 0, nil, fmt.Errorf("attribute blocksize is %d, but must be a size", b)
	}
	return b, func(in []Arg) ([]int, error) {
		if len(in[0].Shape) != 4 {
			return nil, fmt.Errorf("an input of shape %v, but batch, channels, height and width are expected",
				in[0].Shape)
		}
		return in[0].Shape, nil
	}, nil
}

func newDepthToSpace(n *graph.Node) (Op, error) {
	mode := n.String("mode", "DCR")
	if mode != "DCR" && mode != "CRD" {
		return nil, fmt.Errorf("mode %q is not known; supported are DCR and CRD", mode)
	}
	b, shapeOf, err := blockOf(n)
	if err != nil {
		return nil, err
	}
	return &movement{plan: func(in []Arg) ([]moved, error) {
		s, err := shapeOf(in)
		if err != nil {
			return nil, err
		}
		if s[1]%b != 0 || s[1]/b%b != 0 {
			return nil, fmt.Errorf("%d channels are no multiple of %d by %d, the block", s[1], b, b)
		}
		channels := s[1] / b / b
		old := []int{s[0], b, b, channels, s[2], s[3]}
		axes := []int{0, 3, 4, 1, 5, 2}
		if mode == "CRD" {
			old, axes = []int{s[0], channels, b, b, s[2], s[3]}, []int{0, 1, 4, 2, 5, 3}
		}
		_, index, err := permuted(old, axes)
		return []moved{rearranged(in, []int{s[0], channels, s[2] * b, s[3] * b}, index)}, err
	}}, nil
}

func newSpaceToDepth(n *graph.Node) (Op, error) {
	b, shapeOf, err := blockOf(n)
	if err != nil {
		return nil, err
	}
	return &movement{plan: func(in []Arg) ([]moved, error) {
		s, err := shapeOf(in)
		if err != nil {
			return nil, err
		}
		if s[2]%b != 0 || s[3]%b != 0 {
			return nil, fmt.Errorf("a picture of %d by %d is not made of blocks of %d by %d", s[2], s[3], b, b)
		}
		old := []int{s[0], s[1], s[2] / b, b, s[3] / b, b}
		shape := []int{s[0], s[1] * b * b, s[2] / b, s[3] / b}
		_, index, err := permuted(old, []int{0, 3, 5, 1, 2, 4})
		return []moved{rearranged(in, shape, index)}, err
	}}, nil
}
