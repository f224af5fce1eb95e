package op_test

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// moveRefusals are of operators that move elements.
var moveRefusals = slices.Concat(rearrangeRefusals, pickRefusals)

// rearrangeRefusals are of operators that move elements by what is known at compile time.
var rearrangeRefusals = []refusal{
	{Case{Op: "DepthToSpace", In: []Input{Var(1, 4, 1, 1)}}, "blocksize is 0"},
	{Case{Op: "DepthToSpace", Attrs: Attrs(map[string]any{"blocksize": 2, "mode": "RCD"}),
		In: []Input{Var(1, 4, 1, 1)}},
		`mode "RCD" is not known`},
	{Case{Op: "DepthToSpace", Attrs: Attrs(map[string]any{"blocksize": 2}), In: []Input{Var(1, 6, 1, 1)}},
		"6 channels are no multiple of 2 by 2"},
	{Case{Op: "DepthToSpace", Attrs: Attrs(map[string]any{"blocksize": 2}), In: []Input{Var(4, 1)}},
		"batch, channels, height and width are expected"},
	{Case{Op: "SpaceToDepth", Attrs: Attrs(map[string]any{"blocksize": 2}), In: []Input{Var(1, 1, 2, 3)}},
		"2 by 3 is not made of blocks of 2 by 2"},
	{Case{Op: "Trilu", In: []Input{Var(3)}}, "matrices are expected"},
	{Case{Op: "Trilu", In: []Input{Var(2, 3), Ints(1, 2)}}, "k has 2 elements"},
	{Case{Op: "Trilu", In: []Input{Var(2, 3), Var(1).As(graph.Int64)}}, "k depends on the model's input"},
	{Case{Op: "EyeLike", In: []Input{Var(3)}}, "a matrix is expected"},
	{Case{Op: "EyeLike", Attrs: Attrs(map[string]any{"dtype": 8}), In: []Input{Var(2, 2)}},
		"element type number 8 is not supported"},
	{Case{Op: "ReverseSequence", In: []Input{Var(2), Ints(1)}}, "batch and time are expected"},
	{Case{Op: "ReverseSequence", Attrs: Attrs(map[string]any{"time_axis": 2}), In: []Input{Var(2, 2), Ints(1, 1)}},
		"batch_axis is 1 and time_axis 2"},
	{Case{Op: "ReverseSequence", In: []Input{Var(2, 2), Ints(1)}}, "lengths of shape [1] for a batch of 2"},
	{Case{Op: "ReverseSequence", In: []Input{Var(2, 1), Ints(3)}}, "length 3 is outside an axis of size 2"},
	{Case{Op: "ReverseSequence", In: []Input{Var(2, 1), Var(1)}}, "the lengths are of type float"},
	{Case{Op: "Compress", In: []Input{six, Var(2).As(graph.Bool)}}, "the condition depends on the model's input"},
	{Case{Op: "Compress", Attrs: Attrs(map[string]any{"axis": 1}), In: []Input{six, Ints(1, 1, 1, 1)}},
		"a condition of 4 elements for an axis of size 3"},
	{Case{Op: "Compress", Attrs: Attrs(map[string]any{"axis": 2}), In: []Input{six, Ints(1)}}, "axis 2 is outside"},
	{Case{Op: "NonZero", In: []Input{Var(2)}}, "multiply by a mask"},
	{Case{Op: "Where", In: []Input{Var(1).As(graph.Bool), Scalar(2), Scalar(-1e30)}}, "too far apart"},
	{Case{Op: "CenterCropPad", In: []Input{Var(2, 3), Ints(1)}}, "1 sizes for 2 axes"},
	{Case{Op: "CenterCropPad", In: []Input{Var(2), Ints(-1)}}, "negative size"},
	{Case{Op: "CenterCropPad", Attrs: Attrs(map[string]any{"axes": []int{0, 0}}), In: []Input{Var(2), Ints(1, 1)}},
		"listed twice"},
	{Case{Op: "CenterCropPad", In: []Input{Var(2), Var(1).As(graph.Int64)}}, "the shape depends on the model's input"},
}

// six is a variable of two rows and three columns.
var six = Var(2, 3)
