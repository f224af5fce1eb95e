package op

import (
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{Name: "Transpose", Since: []int{1, 13, 21, 23, 24, 25}, Note: "all", New: takes(1, 1, newTranspose)})
}

func newTranspose(n *graph.Node) (Op, error) {
	perm := n.Ints("perm")
	return &movement{plan: func(in []Arg) ([]moved, error) {
		shape, index, err := permuted(in[0].Shape, perm)
		if err != nil {
			return nil, err
		}
		return []moved{rearranged(in, shape, index)}, nil
	}}, nil
}

// permuted orders axes by perm, nil for the reverse, and returns the new shape
// and each new element's old flat index.
func permuted(old, perm []int) (shape, index []int, err error) {
	rank := len(old)
	if perm == nil {
		for i := range rank {
			perm = append(perm, rank-1-i)
		}
	}
	set, err := axisSet(perm, rank)
	if err != nil {
		return nil, nil, err
	}
	if len(perm) != len(set) {
		return nil, nil, fmt.Errorf("perm %v does not fit a tensor of rank %d", perm, rank)
	}
	shape, strides := make([]int, rank), make([]int, rank)
	for i, a := range perm {
		a = (a + rank) % rank
		shape[i], strides[i] = old[a], tensor.Strides(old)[a]
	}
	return shape, tensor.Walk(shape, strides, 0), nil
}
