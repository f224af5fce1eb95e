package op_test

import (
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
)

func TestConv(t *testing.T) {
	line, square := varying(shaped(1, 1, 5)), varying(shaped(1, 1, 3, 3))
	ones := fixed(shaped(1, 1, 2, 2), 1, 1, 1, 1)
	pair := fixed(shaped(1, 1, 2), 1, 10)
	triple := fixed(shaped(1, 1, 3), 1, 10, 100)
	checkComputed(t, []computed{
		{name: "1-D", op: "Conv", in: []operand{line, pair}, shape: shaped(1, 1, 4), want: numbers(21, 32, 43, 54),
			steps: "affine"},
		{name: "strides", op: "Conv", attrs: attrs{"strides": intsAttr(2)}, in: []operand{line, pair},
			shape: shaped(1, 1, 2), want: numbers(21, 43), steps: "affine"},
		{name: "dilations", op: "Conv", attrs: attrs{"dilations": intsAttr(3)}, in: []operand{line, pair},
			shape: shaped(1, 1, 2), want: numbers(41, 52), steps: "affine"},
		{name: "pads", op: "Conv", attrs: attrs{"pads": intsAttr(1, 2)}, in: []operand{line, pair},
			shape: shaped(1, 1, 7), want: numbers(10, 21, 32, 43, 54, 5, 0), steps: "affine"},
		{name: "pads wider than the kernel", op: "Conv", attrs: attrs{"pads": intsAttr(3, 0), "strides": intsAttr(3)},
			in: []operand{line, pair, fixed(shaped(1), 7)}, shape: shaped(1, 1, 3), want: numbers(7, 28, 61),
			steps: "affine"},
		{name: "auto_pad SAME_UPPER", op: "Conv", attrs: attrs{"auto_pad": textAttr("SAME_UPPER")},
			in: []operand{line, pair}, shape: shaped(1, 1, 5), want: numbers(21, 32, 43, 54, 5), steps: "affine"},
		{name: "auto_pad SAME_LOWER", op: "Conv", attrs: attrs{"auto_pad": textAttr("SAME_LOWER")},
			in: []operand{line, pair}, shape: shaped(1, 1, 5), want: numbers(10, 21, 32, 43, 54), steps: "affine"},
		{name: "auto_pad with strides", op: "Conv",
			attrs: attrs{"auto_pad": textAttr("SAME_UPPER"), "strides": intsAttr(2)}, in: []operand{line, triple},
			shape: shaped(1, 1, 3), want: numbers(210, 432, 54), steps: "affine"},
		{name: "auto_pad VALID", op: "Conv", attrs: attrs{"auto_pad": textAttr("VALID"), "pads": intsAttr(0, 0)},
			in: []operand{line, triple}, shape: shaped(1, 1, 3), want: numbers(321, 432, 543), steps: "affine"},
		{name: "2-D", op: "Conv", attrs: attrs{"kernel_shape": intsAttr(2, 2)}, in: []operand{square, ones},
			shape: shaped(1, 1, 2, 2), want: numbers(12, 16, 24, 28), steps: "affine"},
		{name: "2-D with uneven pads", op: "Conv", attrs: attrs{"pads": intsAttr(1, 0, 0, 0)},
			in: []operand{square, ones}, shape: shaped(1, 1, 3, 2), want: numbers(3, 5, 12, 16, 24, 28),
			steps: "affine"},
		{name: "3-D", op: "Conv", in: []operand{varying(shaped(1, 1, 2, 2, 2)),
			fixed(shaped(1, 1, 2, 1, 2), 1, 1, 1, 1)}, shape: shaped(1, 1, 1, 2, 1), want: numbers(14, 22),
			steps: "affine"},
		{name: "channels and bias", op: "Conv",
			in: []operand{varying(shaped(1, 2, 2)), fixed(shaped(2, 2, 1), 1, 10, 100, 1000),
				fixed(shaped(2), .5, -.5)}, shape: shaped(1, 2, 2), want: numbers(31.5, 42.5, 3099.5, 4199.5),
			steps: "affine"},
		{name: "two groups, two samples", op: "Conv", attrs: attrs{"group": intAttr(2)},
			in: []operand{varying(shaped(2, 2, 2)), fixed(shaped(4, 1, 1), 1, 10, 100, 1000)}, shape: shaped(2, 4, 2),
			want: numbers(1, 2, 10, 20, 300, 400, 3000, 4000, 5, 6, 50, 60, 700, 800, 7000, 8000), steps: "affine"},
		{name: "bias left empty", op: "Conv", in: []operand{line, pair, {}}, shape: shaped(1, 1, 4),
			want: numbers(21, 32, 43, 54), steps: "affine"},
		{name: "constants", op: "Conv", in: []operand{fixed(shaped(1, 1, 3)), pair}, shape: shaped(1, 1, 2),
			want: numbers(21, 32)},
	})
}

// TestConvOrder pins that inner positions of a channel list the same weights.
func TestConvOrder(t *testing.T) {
	a := lowerAffine(t, "Conv", []operand{varying(shaped(1, 2, 3, 3)), fixed(shaped(1, 2, 2, 2))})
	for i := range a.Rows.Len() {
		var weights []float64
		for _, term := range a.Rows.Row(i, nil) {
			weights = append(weights, term.W)
		}
		if !slices.Equal(weights, counted(8)) {
			t.Errorf("row %d has weights %v", i, weights)
		}
	}
}

func TestConvRefused(t *testing.T) {
	line, pair := varying(shaped(1, 1, 5)), fixed(shaped(1, 1, 2))
	with := func(name string, v graph.Attr) attrs { return attrs{name: v} }
	checkRefused(t, []refused{
		{name: "no spatial axes", op: "Conv", in: []operand{varying(shaped(1, 5)), pair},
			part: "must have a batch, a channel and spatial axes"},
		{name: "ranks", op: "Conv", in: []operand{varying(shaped(1, 1, 5, 5)), pair}, part: "must have the same rank"},
		{name: "bias size", op: "Conv", in: []operand{line, pair, fixed(shaped(2))},
			part: "the bias B is [2], but the weights W make 1 channels"},
		{name: "channels", op: "Conv", in: []operand{varying(shaped(1, 3, 5)), pair},
			part: "has 3 channels, but the weights W take 1 in each of 1 groups"},
		{name: "groups that do not divide", op: "Conv", attrs: with("group", intAttr(2)),
			in: []operand{varying(shaped(1, 2, 5)), fixed(shaped(3, 1, 2))}, part: "which 2 groups do not divide"},
		{name: "no groups", op: "Conv", attrs: with("group", intAttr(0)), in: []operand{line, pair}, part: "group 0"},
		{name: "no weights", op: "Conv", in: []operand{line, fixed(shaped(0, 1, 2))}, part: "which has no elements"},
		{name: "kernel_shape", op: "Conv", attrs: with("kernel_shape", intsAttr(3)), in: []operand{line, pair},
			part: "differs from that of the weights"},
		{name: "too short", op: "Conv", attrs: with("dilations", intsAttr(5)), in: []operand{line, pair},
			part: "spatial axis 0: a kernel that spans 6 does not fit into size 5"},
		{name: "stride 0", op: "Conv", attrs: with("strides", intsAttr(0)), in: []operand{line, pair},
			part: "strides [0]: each must be between 1 and"},
		{name: "negative pads", op: "Conv", attrs: with("pads", intsAttr(-1, 0)), in: []operand{line, pair},
			part: "pads [-1 0]: each must be between 0 and"},
		{name: "enormous pads", op: "Conv", attrs: with("pads", intsAttr(1<<40, 0)), in: []operand{line, pair},
			part: "each must be between"},
		{name: "large pads", op: "Conv", attrs: attrs{"pads": intsAttr(1<<20, 1<<20, 1<<20, 1<<20)},
			in: []operand{varying(shaped(1, 1, 2, 2)), fixed(shaped(1, 1, 1, 1))}, part: "a circuit cannot hold it"},
		{name: "pads for two axes", op: "Conv", attrs: with("pads", intsAttr(0, 0, 0, 0)), in: []operand{line, pair},
			part: "has 4 numbers, but 1 spatial axes take 2"},
		{name: "auto_pad and pads", op: "Conv",
			attrs: attrs{"auto_pad": textAttr("SAME_UPPER"), "pads": intsAttr(1, 1)}, in: []operand{line, pair},
			part: "only one of them may be given"},
		{name: "unknown auto_pad", op: "Conv", attrs: with("auto_pad", textAttr("SAME")), in: []operand{line, pair},
			part: `auto_pad "SAME" is not`},
		{name: "integers", op: "Conv", in: []operand{typed(line, graph.Int8), typed(pair, graph.Int8)},
			part: "only real types"},
	})
}
