package op

import (
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{Name: "Where", Since: []int{9, 16}, Note: "constant condition", New: takes(3, 3, newWhere)})
}

func newWhere(*graph.Node) (Op, error) {
	return &movement{plan: func(in []Arg) ([]moved, error) {
		condition, err := integers(in, 0, "the condition")
		if err != nil {
			return nil, err
		}
		if err := oneType(in, 1); err != nil {
			return nil, err
		}
		shape, err := tensor.Broadcast(in[0].Shape, in[1].Shape, in[2].Shape)
		if err != nil {
			return nil, err
		}
		if err := checkSize(shape); err != nil {
			return nil, err
		}
		index := make([][]int, 3)
		for i := range index {
			index[i] = tensor.BroadcastIndex(in[i].Shape, shape)
		}
		p := moved{dtype: in[1].DType, shape: shape, from: make([]source, tensor.Size(shape))}
		for i := range p.from {
			from := 2
			if condition[index[0][i]] != 0 {
				from = 1
			}
			p.from[i] = source{int32(from), int32(index[from][i])}
		}
		return []moved{p}, nil
	}}, nil
}
