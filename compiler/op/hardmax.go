package op

import (
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "Hardmax", Since: []int{1, 11, 13},
		Note: "one axis; before opset 13 all axes from it on together; of equal elements the first is the largest",
		New: takes(1, 1, func(n *graph.Node) (Op, error) {
			return &hardmax{*newSoftmax(n, false).(*softmax)}, nil
		}),
	})
}

// hardmax is 1 for the largest element of a group, and 0 for the others.
type hardmax struct{ softmax }

// Infer implements Op.
func (h *hardmax) Infer(in []Arg) ([]Out, error) {
	if _, err := realType(in); err != nil {
		return nil, err
	}
	if tensor.Size(in[0].Shape) == 0 {
		return nil, fmt.Errorf("the input, %v, has no elements", in[0].Shape)
	}
	return h.softmax.Infer(in)
}

// Float implements Op.
func (h *hardmax) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](in[0].Shape...)
	for _, g := range h.groups {
		out.Data[g[ir.InOrder(in[0].Data, g)[0]]] = 1
	}
	return []*tensor.Float{out}, nil
}

// Work implements Worker.
func (h *hardmax) Work() Work { return chosenWork(len(h.groups), len(h.groups[0])) }

// Lower implements Op.
func (h *hardmax) Lower(l *Lowering) ([]ir.ID, error) {
	n := len(h.groups[0])
	chosen := l.Emit(l.Node, l.Name, []int{len(h.groups), n}, &ir.Top{Groups: h.groups, K: 1}, l.ID[0])
	back := &ir.Move{In: make([]int32, l.Size(chosen)), Index: make([]int32, l.Size(chosen))}
	for i, g := range h.groups {
		for k, j := range g {
			back.Index[j] = int32(i*n + k)
		}
	}
	return []ir.ID{l.Step(back, chosen)}, nil
}
