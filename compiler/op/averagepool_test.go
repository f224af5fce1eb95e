package op_test

import (
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
)

func TestAveragePool(t *testing.T) {
	line, square := varying(shaped(1, 1, 5)), varying(shaped(1, 1, 3, 3))
	pool := func(more attrs) attrs {
		all := attrs{"kernel_shape": intsAttr(2)}
		for name, v := range more {
			all[name] = v
		}
		return all
	}
	checkComputed(t, []computed{
		{name: "1-D", op: "AveragePool", attrs: pool(nil), in: []operand{line}, shape: shaped(1, 1, 4),
			want: numbers(1.5, 2.5, 3.5, 4.5), steps: "fixed"},
		{name: "2-D", op: "AveragePool", attrs: attrs{"kernel_shape": intsAttr(2, 2)}, in: []operand{square},
			shape: shaped(1, 1, 2, 2), want: numbers(3, 4, 6, 7), steps: "fixed"},
		{name: "strides", op: "AveragePool", attrs: pool(attrs{"strides": intsAttr(2)}), in: []operand{line},
			shape: shaped(1, 1, 2), want: numbers(1.5, 3.5), steps: "fixed"},
		{name: "dilations", op: "AveragePool", attrs: pool(attrs{"dilations": intsAttr(3)}), in: []operand{line},
			shape: shaped(1, 1, 2), want: numbers(2.5, 3.5), steps: "fixed"},
		{name: "pads", op: "AveragePool", attrs: pool(attrs{"pads": intsAttr(1, 1)}), in: []operand{line},
			shape: shaped(1, 1, 6), want: numbers(1, 1.5, 2.5, 3.5, 4.5, 5), steps: "fixed"},
		{name: "pads that count", op: "AveragePool",
			attrs: pool(attrs{"pads": intsAttr(1, 1), "count_include_pad": intAttr(1)}), in: []operand{line},
			shape: shaped(1, 1, 6), want: numbers(.5, 1.5, 2.5, 3.5, 4.5, 2.5), steps: "fixed"},
		{name: "ceil_mode", op: "AveragePool", attrs: pool(attrs{"strides": intsAttr(2), "ceil_mode": intAttr(1)}),
			in: []operand{line}, shape: shaped(1, 1, 3), want: numbers(1.5, 3.5, 5), steps: "fixed"},
		{name: "beyond the padding never counts", op: "AveragePool",
			attrs: attrs{"kernel_shape": intsAttr(3), "strides": intsAttr(3), "pads": intsAttr(1, 1),
				"ceil_mode": intAttr(1), "count_include_pad": intAttr(1)}, in: []operand{varying(shaped(1, 1, 3))},
			shape: shaped(1, 1, 2), want: numbers(1, 1.5), steps: "fixed"},
		{name: "beyond the padding, dilated", op: "AveragePool",
			attrs: attrs{"kernel_shape": intsAttr(3), "strides": intsAttr(3), "dilations": intsAttr(2),
				"pads": intsAttr(0, 1), "ceil_mode": intAttr(1), "count_include_pad": intAttr(1)},
			in: []operand{varying(shaped(1, 1, 6))}, shape: shaped(1, 1, 2), want: numbers(3, 5), steps: "fixed"},
		{name: "auto_pad", op: "AveragePool", attrs: pool(attrs{"auto_pad": textAttr("SAME_UPPER")}),
			in: []operand{line}, shape: shaped(1, 1, 5), want: numbers(1.5, 2.5, 3.5, 4.5, 5), steps: "fixed"},
		{name: "channels and samples", op: "AveragePool", attrs: pool(nil), in: []operand{varying(shaped(2, 2, 2))},
			shape: shaped(2, 2, 1), want: numbers(1.5, 3.5, 5.5, 7.5), steps: "fixed"},
		{name: "2-D", op: "GlobalAveragePool", in: []operand{varying(shaped(1, 2, 2, 2))}, shape: shaped(1, 2, 1, 1),
			want: numbers(2.5, 6.5), steps: "fixed"},
	})
}

func TestReduce(t *testing.T) {
	cube := varying(shaped(2, 2, 2))
	axes := func(v ...float64) operand { return typed(fixed(shaped(len(v)), v...), graph.Int64) }
	noop := attrs{"noop_with_empty_axes": intAttr(1)}
	checkComputed(t, []computed{
		{name: "every axis", op: "ReduceSum", in: []operand{cube}, shape: shaped(1, 1, 1), want: numbers(36),
			steps: "fixed"},
		{name: "axes by input", op: "ReduceSum", in: []operand{cube, axes(0, -1)}, shape: shaped(1, 2, 1),
			want: numbers(14, 22), steps: "fixed"},
		{name: "axes by attribute", op: "ReduceSum", opset: 11,
			attrs: attrs{"axes": intsAttr(1), "keepdims": intAttr(0)}, in: []operand{cube}, shape: shaped(2, 2),
			want: numbers(4, 6, 12, 14), steps: "fixed"},
		{name: "an empty list", op: "ReduceSum", in: []operand{cube, axes()}, shape: shaped(1, 1, 1), want: numbers(36),
			steps: "fixed"},
		{name: "no axes at all", op: "ReduceSum", attrs: noop, in: []operand{varying(shaped(2)), {}}, shape: shaped(2),
			want: numbers(1, 2), steps: "fixed"},
		{name: "a scalar", op: "ReduceSum", in: []operand{varying(shaped())}, shape: shaped(), want: numbers(1),
			steps: "fixed"},
		{name: "no elements", op: "ReduceSum", in: []operand{varying(shaped(2, 0)), axes(1)}, shape: shaped(2, 1),
			want: numbers(0, 0), steps: "fixed"},
		{name: "an outer axis", op: "ReduceMean", attrs: attrs{"axes": intsAttr(0)}, in: []operand{cube},
			shape: shaped(1, 2, 2), want: numbers(3, 4, 5, 6), steps: "fixed"},
		{name: "axes by input", op: "ReduceMean", opset: 18, attrs: attrs{"keepdims": intAttr(0)},
			in: []operand{cube, axes(1, 2)}, shape: shaped(2), want: numbers(2.5, 6.5), steps: "fixed"},
		{name: "integers of the model's input", op: "ReduceSum", in: []operand{typed(varying(shaped(2)), graph.Int64)},
			shape: shaped(1), want: numbers(3), steps: "fixed"},
		{name: "constant integers", op: "ReduceMean", in: []operand{axes(-1, -2)}, shape: shaped(1), want: numbers(-1)},
	})
}

func TestAveragePoolRefused(t *testing.T) {
	line := varying(shaped(1, 1, 5))
	checkRefused(t, []refused{
		{name: "no kernel", op: "AveragePool", in: []operand{line}, part: "kernel_shape is absent"},
		{name: "a window of padding", op: "AveragePool",
			attrs: attrs{"kernel_shape": intsAttr(1), "pads": intsAttr(0, 1)}, in: []operand{line},
			part: "window 5 holds only padding"},
		{name: "too short", op: "AveragePool", attrs: attrs{"kernel_shape": intsAttr(6)}, in: []operand{line},
			part: "does not fit into size 5"},
		{name: "integers", op: "AveragePool", attrs: attrs{"kernel_shape": intsAttr(1)},
			in: []operand{typed(line, graph.Int8)}, part: "only real types"},
		{name: "no spatial axes", op: "GlobalAveragePool", in: []operand{varying(shaped(1, 5))},
			part: "must have a batch"},
		{name: "variable axes", op: "ReduceSum", in: []operand{line, typed(varying(shaped(1)), graph.Int64)},
			part: "depends on the model's input"},
		{name: "axis out of range", op: "ReduceSum", attrs: attrs{"axes": intsAttr(3)}, in: []operand{line},
			part: "axis 3 is outside a tensor of rank 3"},
		{name: "an axis twice", op: "ReduceMean", attrs: attrs{"axes": intsAttr(0, -3)}, in: []operand{line},
			part: "axis -3 is listed twice"},
		{name: "integers of the model's input", op: "ReduceMean", in: []operand{typed(line, graph.Int64)},
			part: "only real types"},
		{name: "truth values", op: "ReduceSum", in: []operand{typed(line, graph.Bool)}, part: "type bool"},
		{name: "nothing", op: "ReduceMean", in: []operand{varying(shaped(2, 0))}, part: "has no elements to combine"},
	})
}
