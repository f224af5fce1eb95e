package op

import (
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(Spec{
		Name: "ZipMap", Domain: mlDomain, Since: []int{1},
		Note: "its maps are read as the tensor that they are made of, in the order of the labels",
		New:  takes(1, 1, newZipMap),
	})
}

// newZipMap binds the operator that gives each column of a tensor a label: nothing moves.
func newZipMap(n *graph.Node) (Op, error) {
	labels, err := labelsOf(n, "classlabels_int64s", "classlabels_strings")
	if err != nil {
		return nil, err
	}
	return &movement{plan: func(in []Arg) ([]moved, error) {
		shape := in[0].Shape
		if len(shape) != 1 && len(shape) != 2 {
			return nil, fmt.Errorf("the input is of shape %v, but must be a row or rows of scores", shape)
		}
		if last := shape[len(shape)-1]; last != labels.count() {
			return nil, fmt.Errorf("%d labels for %d scores", labels.count(), last)
		}
		out := reshaped(in, shape)
		out[0].labels = labels.names()
		return out, nil
	}}, nil
}
