package op

import (
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(Spec{Name: "CenterCropPad", Since: []int{18}, Note: "constant shape; any axes",
		New: takes(2, 2, newCenterCropPad)})
}

func newCenterCropPad(n *graph.Node) (Op, error) {
	return &movement{plan: func(in []Arg) ([]moved, error) {
		rank := len(in[0].Shape)
		want, err := integers(in, 1, "the shape")
		if err != nil {
			return nil, err
		}
		axes := n.Ints("axes")
		if axes == nil {
			axes = indices(rank)
		}
		if _, err := axisSet(axes, rank); err != nil {
			return nil, err
		}
		if len(want) != len(axes) {
			return nil, fmt.Errorf("%d sizes for %d axes", len(want), len(axes))
		}
		if err := checkSize(want); err != nil {
			return nil, err
		}
		pads := make([][2]int, rank)
		for k, a := range axes {
			a = (a + rank) % rank
			more := want[k] - in[0].Shape[a] // negative where it is cut; the odd one is at the end
			pads[a] = [2]int{more / 2, more - more/2}
		}
		p, err := padded(in, pads, padModes["constant"])
		return []moved{p}, err
	}}, nil
}
