package op

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(Spec{
		Name: "AffineGrid", Since: []int{20}, Tolerance: 2,
		Note: "constant size; constant and variable theta", New: takes(2, 2, newAffineGrid),
	})
}

// newAffineGrid makes sums of the elements of theta, a matrix for each sample: a position of the
// output is the matrix times a position of a grid from −1 to 1, whose last axis comes first.
func newAffineGrid(n *graph.Node) (Op, error) {
	align := n.Int("align_corners", 0) != 0
	return &blend{plan: func(in []Arg) (*blended, error) {
		size, err := integers(in, 1, "the size")
		if err != nil {
			return nil, err
		}
		rank, theta := len(size)-2, in[0].Shape
		if rank != 2 && rank != 3 || !slices.Equal(theta, []int{size[0], rank, rank + 1}) {
			return nil, fmt.Errorf("theta of shape %v for the size %v; it must be a matrix for each sample, with a "+
				"row for each axis and a column more", theta, size)
		}
		shape := append([]int{size[0]}, append(size[2:], rank)...)
		if err := cmp.Or(checkSize(shape), checkSize(append(size[2:], rank, rank+1))); err != nil {
			return nil, err
		}
		places := [][]addend{nil}
		for a := range rank {
			d := size[2+a]
			if align && d == 1 {
				return nil, fmt.Errorf("axis %d has size 1, which has no two corners to align; export with "+
					"align_corners=0", a)
			}
			var next [][]addend
			for _, p := range places {
				for i := range d {
					at := float64(2*i+1-d) / float64(d)
					if align {
						at = float64(2*i-d+1) / float64(d-1)
					}
					next = append(next, append([]addend{{rank - 1 - a, at}}, p...))
				}
			}
			places = next
		}
		b := &blended{shape: shape, groups: 1, planes: size[0], step: rank * (rank + 1)}
		for _, p := range places {
			for row := range rank {
				var taps []addend
				for _, t := range append(p, addend{rank, 1}) {
					if t.weight != 0 {
						taps = append(taps, addend{row*(rank+1) + t.at, t.weight})
					}
				}
				b.taps = append(b.taps, taps)
			}
		}
		return b, nil
	}}, nil
}
