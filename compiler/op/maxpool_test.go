package op_test

import (
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/op"
)

func TestMaxPool(t *testing.T) {
	line := varying(shaped(1, 1, 5), -1, -5, -2, -4, -3)
	square := varying(shaped(1, 1, 3, 3), 1, 9, 2, 8, 3, 7, 4, 6, 5)
	checkComputed(t, []computed{
		{name: "1-D", op: "MaxPool", attrs: attrs{"kernel_shape": intsAttr(2)}, in: []operand{line},
			shape: shaped(1, 1, 4), want: numbers(-1, -2, -2, -3), steps: "max"},
		{name: "pads are never the largest", op: "MaxPool",
			attrs: attrs{"kernel_shape": intsAttr(2), "pads": intsAttr(1, 1)}, in: []operand{line},
			shape: shaped(1, 1, 6), want: numbers(-1, -1, -2, -2, -3, -3), steps: "max"},
		{name: "2-D", op: "MaxPool", attrs: attrs{"kernel_shape": intsAttr(2, 2)}, in: []operand{square},
			shape: shaped(1, 1, 2, 2), want: numbers(9, 9, 8, 7), steps: "max"},
		{name: "strides drop the rest", op: "MaxPool",
			attrs: attrs{"kernel_shape": intsAttr(2, 2), "strides": intsAttr(2, 2)}, in: []operand{square},
			shape: shaped(1, 1, 1, 1), want: numbers(9), steps: "max"},
		{name: "ceil_mode", op: "MaxPool",
			attrs: attrs{"kernel_shape": intsAttr(2, 2), "strides": intsAttr(2, 2), "ceil_mode": intAttr(1)},
			in:    []operand{square}, shape: shaped(1, 1, 2, 2), want: numbers(9, 7, 6, 5), steps: "max"},
		{name: "ceil_mode without a window in the padding", op: "MaxPool",
			attrs: attrs{"kernel_shape": intsAttr(1), "strides": intsAttr(2), "ceil_mode": intAttr(1)},
			in:    []operand{varying(shaped(1, 1, 2))}, shape: shaped(1, 1, 1), want: numbers(1), steps: "max"},
		{name: "ceil_mode with a kernel too long", op: "MaxPool",
			attrs: attrs{"kernel_shape": intsAttr(3), "strides": intsAttr(2), "ceil_mode": intAttr(1)},
			in:    []operand{varying(shaped(1, 1, 2))}, shape: shaped(1, 1, 1), want: numbers(2), steps: "max"},
		{name: "dilations", op: "MaxPool", attrs: attrs{"kernel_shape": intsAttr(2), "dilations": intsAttr(2)},
			in: []operand{line}, shape: shaped(1, 1, 3), want: numbers(-1, -4, -2), steps: "max"},
		{name: "auto_pad", op: "MaxPool", attrs: attrs{"kernel_shape": intsAttr(2), "auto_pad": textAttr("SAME_LOWER")},
			in: []operand{line}, shape: shaped(1, 1, 5), want: numbers(-1, -1, -2, -2, -3), steps: "max"},
		{name: "channels, samples, integers", op: "MaxPool", attrs: attrs{"kernel_shape": intsAttr(2)},
			in: []operand{typed(varying(shaped(2, 2, 2)), graph.Uint8)}, shape: shaped(2, 2, 1),
			want: numbers(2, 4, 6, 8), steps: "max"},
		{name: "2-D", op: "GlobalMaxPool", in: []operand{varying(shaped(1, 2, 2, 2))}, shape: shaped(1, 2, 1, 1),
			want: numbers(4, 8), steps: "max"},
		{name: "an inner axis", op: "ReduceMax", attrs: attrs{"axes": intsAttr(-2), "keepdims": intAttr(0)},
			in: []operand{varying(shaped(2, 2, 2))}, shape: shaped(2, 2), want: numbers(3, 4, 7, 8), steps: "max"},
		{name: "bytes", op: "ReduceMax", in: []operand{typed(varying(shaped(2)), graph.Uint8)}, shape: shaped(1),
			want: numbers(2), steps: "max"},
		{name: "negative numbers", op: "ReduceMax", in: []operand{line}, shape: shaped(1, 1, 1), want: numbers(-1),
			steps: "max"},
	})
}

func TestMaxPoolRefused(t *testing.T) {
	line, two := varying(shaped(1, 1, 5)), intsAttr(2)
	checkRefused(t, []refused{
		{name: "no kernel", op: "MaxPool", in: []operand{line}, part: "kernel_shape is absent"},
		{name: "storage_order", op: "MaxPool", attrs: attrs{"kernel_shape": two, "storage_order": intAttr(1)},
			in: []operand{line}, part: "storage_order 1 is not supported"},
		{name: "no spatial axes", op: "MaxPool", attrs: attrs{"kernel_shape": two},
			in: []operand{varying(shaped(1, 5))}, part: "must have a batch"},
		{name: "kernel of another rank", op: "MaxPool", attrs: attrs{"kernel_shape": intsAttr(2, 2)},
			in: []operand{line}, part: "has 2 numbers, but 1 spatial axes take 1"},
		{name: "a window of padding", op: "MaxPool", attrs: attrs{"kernel_shape": two, "pads": intsAttr(2, 0)},
			in: []operand{line}, part: "window 0 holds only padding"},
		{name: "a window around the input", op: "MaxPool",
			attrs: attrs{"kernel_shape": two, "dilations": two, "pads": intsAttr(1, 1)},
			in:    []operand{varying(shaped(1, 1, 1))}, part: "only padding"},
		{name: "too large", op: "MaxPool", attrs: attrs{"kernel_shape": intsAttr(1 << 14)},
			in: []operand{huge(1, 1, 1<<15)}, part: "more than 134217728"},
		{name: "truth values", op: "MaxPool", attrs: attrs{"kernel_shape": two}, in: []operand{typed(line, graph.Bool)},
			part: "type bool"},
		{name: "nothing", op: "ReduceMax", in: []operand{varying(shaped(2, 0))}, part: "has no elements to combine"},
		{name: "no spatial axes", op: "GlobalMaxPool", in: []operand{varying(shaped(1, 5))}, part: "must have a batch"},
	})
	t.Run("the output Indices", func(t *testing.T) {
		n := nodeOf("MaxPool", 0, attrs{"kernel_shape": two}, []operand{line})
		n.Outputs = []string{"y", "indices"}
		if _, err := op.Bind(n); err == nil {
			t.Error("accepted")
		}
		n.Outputs[1] = ""
		if _, err := op.Bind(n); err != nil {
			t.Errorf("refused an output that nobody reads: %v", err)
		}
	})
}
