package op_test

import (
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// arithmeticRefusals are those of operators that compute with numbers.
var arithmeticRefusals = []refusal{
	{Case{Op: "Sin", In: []Input{Var(2).As(graph.Int64)}}, "only real types are supported"},
	{Case{Op: "Shrink", Attrs: Attrs(map[string]any{"lambd": math.NaN()}), In: []Input{Var(2)}},
		"attribute lambd is not finite"},
	{Case{Op: "Div", In: []Input{Var(2).As(graph.Int64), Ints(1, 0)}}, "the divisor holds a zero"},
	{Case{Op: "Mod", In: []Input{Var(2), Scalar(2)}}, "attribute fmod must be 1"},
	{Case{Op: "Mod", In: []Input{Var(2).As(graph.Int64), Ints(0)}}, "the divisor holds a zero"},
	{Case{Op: "Mod", Attrs: Attrs(map[string]any{"fmod": 1}), In: []Input{Var(2), Scalar(0)}},
		"the divisor holds a zero"},
	{Case{Op: "Mod", Attrs: Attrs(map[string]any{"fmod": 1}), In: []Input{Var(2), Scalar(math.Inf(1))}},
		"infinite or NaN"},
	{Case{Op: "Mod", Attrs: Attrs(map[string]any{"fmod": 1}), In: []Input{Var(2), Var(2)}},
		"depends on the model's input"},
	{Case{Op: "Mod", Attrs: Attrs(map[string]any{"fmod": 1}), In: []Input{Var(2), Reals([]int{2}, 1, 2)}},
		"different elements"},
	{Case{Op: "BiasGelu", Domain: "com.microsoft", Opset: 1, In: []Input{Var(2)}},
		"1 inputs, but the operator takes 2 to 2"},
	{Case{Op: "BiasGelu", Domain: "com.microsoft", Opset: 1, In: []Input{Var(2), Reals([]int{1, 2}, 1, 2)}},
		"the bias, of shape [1 2], does not broadcast to the input's, [2]"},
	{Case{Op: "FastGelu", Domain: "com.microsoft", Opset: 1, In: []Input{Var(2), Var(2).As(graph.Int64)}},
		"operand 0 is of type float and operand 1 of type int64"},
	{Case{Op: "PRelu", In: []Input{Var(2), Reals([]int{1, 2}, 1, 2)}}, "does not broadcast to the input's, [2]"},
	{Case{Op: "PRelu", In: []Input{Var(2), Ints(1)}}, "operand 0 is of type float and operand 1 of type int64"},
	{Case{Op: "Hardmax", In: []Input{Var(2).As(graph.Int64)}}, "only real types"},
	{Case{Op: "Hardmax", In: []Input{Var(2, 0)}}, "has no elements"},
	{Case{Op: "ReduceL2", In: []Input{Var(2).As(graph.Int64)}}, "only real types"},
	{Case{Op: "ReduceLogSum", In: []Input{Var(2, 0), Ints(1)}}, "has no elements"},
	{Case{Op: "ReduceMin", In: []Input{Var(2, 0), Ints(1)}}, "has no elements"},
	{Case{Op: "ReduceL1", In: []Input{Var(2).As(graph.Bool)}}, "bool are not numbers"},
}
