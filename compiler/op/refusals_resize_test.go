package op_test

import (
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// resized is a Resize of a matrix by constant scales.
func resized(attrs map[string]any, scales ...float64) Case {
	return Case{Op: "Resize", Attrs: Attrs(attrs), In: []Input{Var(2, 3), Absent, Reals([]int{len(scales)}, scales...)}}
}

// sampled is a GridSample of a picture of one channel by a constant grid of one position.
func sampled(attrs map[string]any, position ...float64) Case {
	return Case{Op: "GridSample", Opset: 20, Attrs: Attrs(attrs),
		In: []Input{Var(1, 1, 2, 2), Reals([]int{1, 1, 1, len(position)}, position...)}}
}

// columns is a Col2Im of a matrix of a shape, of an image in blocks.
func columns(attrs map[string]any, shape []int, image, block []float64) Case {
	return Case{Op: "Col2Im", Attrs: Attrs(attrs), In: []Input{Var(shape...), Ints(image...), Ints(block...)}}
}

// resizeRefusals are of operators that weight elements by their positions.
var resizeRefusals = []refusal{
	{Case{Op: "Resize", In: []Input{Var(2)}}, "input 2 (the list of scales) is absent"},
	{Case{Op: "Resize", In: []Input{Var(2), Absent, Var(1)}}, "the list of scales depends on the model's input"},
	{Case{Op: "Resize", In: []Input{Var(2), Absent, Absent, Var(1).As(graph.Int64)}},
		"the list of sizes depends on the model's input"},
	{Case{Op: "Resize", In: []Input{Var(2), Absent, Absent, Ints(0)}}, "an axis of size 2 cannot be resized to 0"},
	{Case{Op: "Resize", In: []Input{Var(2), Absent, Absent, Ints(2, 2)}}, "2 sizes for 1 axes"},
	{Case{Op: "Resize", Attrs: Attrs(map[string]any{"mode": "linear"}),
		In: []Input{Var(2).As(graph.Int64), Absent, Absent, Ints(3)}}, "put a Cast to float before"},
	{resized(nil, 1), "1 scales for 2 axes"},
	{resized(nil, 1, 0), "scale 0 of an axis of size 3"},
	{resized(nil, 1, math.Inf(1)), "infinite or NaN"},
	{resized(nil, 1, 1e300), "such that a circuit can hold them"},
	{resized(nil, 1e4, 1e4), "a circuit cannot hold it"},
	{resized(map[string]any{"mode": "area"}, 1, 2), `mode "area" is not known`},
	{resized(map[string]any{"nearest_mode": "up"}, 1, 2), `nearest_mode "up" is not known`},
	{resized(map[string]any{"keep_aspect_ratio_policy": "larger"}, 1, 2), `keep_aspect_ratio_policy "larger"`},
	{resized(map[string]any{"coordinate_transformation_mode": "corners"}, 1, 2),
		`coordinate_transformation_mode "corners" is not known`},
	{resized(map[string]any{"extrapolation_value": math.NaN()}, 1, 2), "extrapolation_value is not finite"},
	{resized(map[string]any{"axes": []int{0, -2}}, 1, 2), "listed twice"},
	{resized(map[string]any{"coordinate_transformation_mode": "tf_crop_and_resize"}, 1, 2),
		"input 1 (the region (roi)) is absent"},
	{Case{Op: "Resize", Attrs: Attrs(map[string]any{"coordinate_transformation_mode": "tf_crop_and_resize"}),
		In: []Input{Var(2), Ints(1), Absent, Ints(1)}}, "1 elements for 1 axes"},
	{Case{Op: "Upsample", Opset: 9, Attrs: Attrs(map[string]any{"mode": "cubic"}), In: []Input{Var(2), Ints(2)}},
		`mode "cubic" is not known`},
	{Case{Op: "Upsample", Opset: 9, In: []Input{Var(2), Var(1)}}, "the list of scales depends"},
	{Case{Op: "Upsample", Opset: 7, In: []Input{Var(2)}}, "0 scales for 1 axes"},
	{Case{Op: "Upsample", Opset: 7, In: []Input{Var(2), Var(1)}}, "takes 1 before version 9"},
	{Case{Op: "GridSample", In: []Input{Var(1, 1, 2, 2), Var(1, 1, 1, 2)}}, "the grid depends on the model's input"},
	{sampled(nil, 1, 2, 3), "a grid of shape [1 1 1 3] for an input of shape [1 1 2 2]"},
	{sampled(nil, 1, math.NaN()), "infinite or NaN"},
	{sampled(map[string]any{"mode": "area"}, 0, 0), `mode "area" is not known`},
	{sampled(map[string]any{"padding_mode": "wrap"}, 0, 0), `padding_mode "wrap" is not known`},
	{Case{Op: "AffineGrid", Opset: 20, In: []Input{Var(1, 2, 3), Var(4).As(graph.Int64)}}, "the size depends"},
	{Case{Op: "AffineGrid", Opset: 20, In: []Input{Var(1, 2, 2), Ints(1, 1, 2, 2)}}, "a row for each axis"},
	{Case{Op: "AffineGrid", Opset: 20, Attrs: Attrs(map[string]any{"align_corners": 1}),
		In: []Input{Var(1, 2, 3), Ints(1, 1, 1, 2)}}, "no two corners to align"},
	{columns(nil, []int{1, 4, 4}, []float64{3, 3}, []float64{2}), "2 sizes of the image, 1 of the block"},
	{columns(nil, []int{1, 4, 4}, []float64{3, 1}, []float64{2, 2}), "no block fits into the image of size 1"},
	{columns(nil, []int{1, 4, 5}, []float64{3, 3}, []float64{2, 2}), "4 rows and 4 blocks are expected"},
	{columns(map[string]any{"strides": []int{0, 1}}, []int{1, 4, 4}, []float64{3, 3}, []float64{2, 2}), "stride 0"},
	{columns(map[string]any{"pads": []int{1 << 24, 1 << 24, 0, 0}}, []int{1, 4, 4}, []float64{3, 3}, []float64{2, 2}),
		"too many blocks"},
}
