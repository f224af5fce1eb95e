package op_test

import (
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/op"
)

// normalised lists the inputs of a BatchNormalization of two channels whose
// standard deviations are 2 and 4 with epsilon 1.
func normalised(x operand) []operand {
	return []operand{x, fixed(shaped(2), 1, 2), fixed(shaped(2), 10, 20), fixed(shaped(2), 1, -1),
		fixed(shaped(2), 3, 15)}
}

func TestBatchNorm(t *testing.T) {
	one := func(v float64) operand { return fixed(shaped(1), v) }
	epsilon := attrs{"epsilon": floatAttr(1)}
	name := "BatchNormalization"
	checkComputed(t, []computed{
		{name: "2-D", op: name, attrs: epsilon, in: normalised(varying(shaped(1, 2, 1, 2))), shape: shaped(1, 2, 1, 2),
			want: numbers(10, 10.5, 22, 22.5), steps: "affine"},
		{name: "features, two samples", op: name, attrs: epsilon, in: normalised(varying(shaped(2, 2))),
			shape: shaped(2, 2), want: numbers(10, 21.5, 11, 22.5), steps: "affine"},
		{name: "spatial, in opset 7", op: name, opset: 7, attrs: attrs{"epsilon": floatAttr(1), "spatial": intAttr(1)},
			in: normalised(varying(shaped(1, 2, 1))), shape: shaped(1, 2, 1), want: numbers(10, 21.5), steps: "affine"},
		{name: "a single axis", op: name, opset: 15, attrs: epsilon,
			in: []operand{varying(shaped(2)), one(4), one(1), one(0), one(3)}, shape: shaped(2), want: numbers(3, 5),
			steps: "affine"},
		{name: "constants", op: name, attrs: epsilon, in: normalised(fixed(shaped(1, 2))), shape: shaped(1, 2),
			want: numbers(10, 21.5)},
	})
}

func TestBatchNormRefused(t *testing.T) {
	name, x := "BatchNormalization", varying(shaped(1, 2, 2))
	negative := normalised(x)
	negative[4] = fixed(shaped(2), 1, -1)
	short := normalised(x)
	short[2] = fixed(shaped(1), 1)
	moving := normalised(x)
	moving[1] = varying(shaped(2))
	checkRefused(t, []refused{
		{name: "training", op: name, attrs: attrs{"training_mode": intAttr(1)}, in: normalised(x),
			part: "training mode is not supported"},
		{name: "training, the old way", op: name, attrs: attrs{"is_test": intAttr(0)}, in: normalised(x),
			part: "training mode is not supported"},
		{name: "statistics for each position", op: name, attrs: attrs{"spatial": intAttr(0)}, in: normalised(x),
			part: "spatial=0"},
		{name: "negative variance", op: name, in: negative, part: "a variance plus epsilon is not positive"},
		{name: "parameter size", op: name, in: short, part: "B is [1], but the input [1 2 2] needs [2]"},
		{name: "variable parameter", op: name, in: moving, part: "scale depends on the model's input"},
		{name: "four inputs", op: name, in: normalised(x)[:4], part: "4 inputs"},
		{name: "integers", op: name, in: normalised(typed(x, graph.Int32)), part: "only real types"},
	})
	t.Run("outputs of training", func(t *testing.T) {
		n := nodeOf(name, 0, nil, normalised(x))
		n.Outputs = []string{"y", "mean", "var"}
		if _, err := op.Bind(n); err == nil {
			t.Error("accepted")
		}
	})
}
