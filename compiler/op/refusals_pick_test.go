package op_test

import (
	"github.com/zkml-go/zkml/compiler/graph"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// index is a variable of integers.
func index(shape ...int) Input { return Var(shape...).As(graph.Int64) }

// pickRefusals are of operators whose indices may be variable.
var pickRefusals = []refusal{
	{Case{Op: "Gather", In: []Input{Reals([]int{2}, 1, 2), Var(1)}}, "the indices are of type float"},
	{Case{Op: "Gather", In: []Input{Var(0), index(1)}}, "the axis is empty"},
	{Case{Op: "Gather", In: []Input{Var(1 << 14), index(1 << 14)}}, "multiplications"},
	{Case{Op: "GatherND", In: []Input{Var(2), index(1, 2)}}, "tuples of 2 indices for data of shape [2]"},
	{Case{Op: "GatherND", In: []Input{Var(2), index()}}, "do not begin with the same 0 axes"},
	{Case{Op: "GatherND", Attrs: Attrs(map[string]any{"batch_dims": 1}), In: []Input{Var(2, 3), index(3, 1)}},
		"do not begin with the same 1 axes"},
	{Case{Op: "GatherND", In: []Input{Var(2, 3), Reals([]int{1, 2}, 0, 3).As(graph.Int64)}},
		"index 3 is outside an axis of size 3"},
	{Case{Op: "GatherND", In: []Input{Var(2, 3), Var(1, 2)}}, "the indices are of type float"},
	{Case{Op: "GatherND", In: []Input{Reals([]int{2, 0}), index(1, 2)}}, "an axis is empty"},
	{Case{Op: "OneHot", In: []Input{index(1), index(1), Ints(0, 1)}}, "the depth depends on the model's input"},
	{Case{Op: "OneHot", In: []Input{index(1), Ints(0), Ints(0, 1)}}, "the depth [0] is not one size"},
	{Case{Op: "OneHot", In: []Input{index(1), Ints(2), Ints(1)}}, "values of shape [1]"},
	{Case{Op: "OneHot", In: []Input{Var(1), Ints(2), Ints(0, 1)}}, "the indices are of type float"},
	{Case{Op: "OneHot", In: []Input{index(1), Ints(2), Var(2).As(graph.Bool)}}, "type bool are not numbers"},
	{Case{Op: "OneHot", Attrs: Attrs(map[string]any{"axis": 2}), In: []Input{index(1), Ints(2), Ints(0, 1)}},
		"axis 2 is outside"},
	{Case{Op: "OneHot", In: []Input{index(1 << 13), Ints(1 << 13), Ints(0, 1)}}, "a circuit cannot hold it"},
	{Case{Op: "ScatterElements", In: []Input{Var(2), Ints(0, 1), Var(1)}}, "updates of shape [1]"},
	{Case{Op: "ScatterElements", In: []Input{Var(2, 2), index(1, 3), Var(1, 3)}}, "reach outside data of shape [2 2]"},
	{Case{Op: "ScatterElements", In: []Input{Var(2), Ints(2), Var(1)}}, "index 2 is outside an axis of size 2"},
	{Case{Op: "ScatterElements", In: []Input{Var(2), Var(1), Var(1)}}, "the indices are of type float"},
	{Case{Op: "ScatterElements", In: []Input{Var(0), index(1), Var(1)}}, "the axis is empty"},
	{Case{Op: "ScatterElements", In: []Input{Var(2), Ints(0), index(1)}}, "put a Cast before"},
	{Case{Op: "ScatterElements", Attrs: Attrs(map[string]any{"axis": 1}), In: []Input{Var(2), Ints(0), Var(1)}},
		"axis 1 is outside"},
	{Case{Op: "ScatterElements", Attrs: Attrs(map[string]any{"reduction": "mean"}),
		In: []Input{Var(2), Ints(0), Var(1)}}, `reduction "mean" is not known`},
	{Case{Op: "ScatterElements", Attrs: Attrs(map[string]any{"reduction": "add"}),
		In: []Input{Var(2).As(graph.Bool), Ints(0), Var(1).As(graph.Bool)}}, "of type bool is not supported"},
	{Case{Op: "ScatterElements", In: []Input{Var(1 << 14), index(1 << 14), Var(1 << 14)}}, "multiplications"},
	{Case{Op: "ScatterElements", In: []Input{Var(2), index(2), Reals([]int{2}, 5, 6)}}, "two updates land on one"},
	{Case{Op: "ScatterND", In: []Input{Var(2), index(1, 2), Var(1)}}, "indices of the data's first axes"},
	{Case{Op: "ScatterND", In: []Input{Var(2, 3), index(1, 1), Var(1, 2)}}, "updates of shape [1 2], but [1 3]"},
	{Case{Op: "ScatterND", In: []Input{Var(2), Reals([]int{1, 1}, -3).As(graph.Int64), Var(1)}},
		"index -3 is outside an axis of size 2"},
	{Case{Op: "ScatterND", In: []Input{Var(0), index(1, 1), Var(1)}}, "an axis is empty"},
	{Case{Op: "TensorScatter", Opset: 24, In: []Input{Var(1, 2, 1), Var(1, 3, 1)}}, "it must fit"},
	{Case{Op: "TensorScatter", Opset: 24, Attrs: Attrs(map[string]any{"axis": 0}),
		In: []Input{Var(2, 2), Var(1, 2)}}, "behind the batch"},
	{Case{Op: "TensorScatter", Opset: 24, In: []Input{Var(1, 2, 1), Var(1, 1, 1), Ints(0, 0)}},
		"write_indices of shape [2] for a batch of 1"},
	{Case{Op: "TensorScatter", Opset: 24, In: []Input{Var(1, 2, 1), Var(1, 2, 1), Ints(1)}},
		"updates of 2 steps from step 1 on do not fit into 2"},
	{Case{Op: "TensorScatter", Opset: 24, Attrs: Attrs(map[string]any{"mode": "ring"}),
		In: []Input{Var(1, 2, 1), Var(1, 2, 1)}}, `mode "ring" is not known`},
}
