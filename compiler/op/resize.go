package op

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{
			Name: "Resize", Since: []int{10, 11, 13, 18, 19}, Tolerance: 2,
			Note: "all modes and attributes; constant sizes, scales and roi; weighted elements are of a real type; " +
				"where a scale makes a size that is no whole number, align_corners and tf_crop_and_resize are " +
				"ONNX's, not onnxruntime's, and so is the latter of an axis that keeps its size",
			New: takes(1, 4, newResize),
		},
		Spec{
			Name: "Upsample", Since: []int{7, 9}, Tolerance: 1, Note: "nearest and linear; constant scales",
			New: takes(1, 2, newUpsample),
		},
	)
}

// resizing is what a node says of how a tensor gets another size.
type resizing struct {
	interpolation
	coordinate string // the name of the transformation
	exclude    bool
	smooth     bool
	fill       float64 // of what lies outside the region
	policy     string
	axes       []int // nil for all
}

// resized is one axis: its sizes, their quotient as it is given, and the region.
type resized struct {
	in, out    int
	scale      float64
	start, end float64
}

// still tells whether the axis stays as it is.
func (r resized) still(coordinate string) bool {
	return r.in == r.out && r.scale == 1 && (coordinate != "tf_crop_and_resize" || r.start == 0 && r.end == 1)
}

// width is the size of the result before it was rounded to a whole number.
func (r resized) width() float64 { return float64(r.scale * float64(r.in)) }

// coordinates give the position in the input of position x of the result.
var coordinates = map[string]func(r resized, x float64) float64{
	"half_pixel": func(r resized, x float64) float64 { return (x+0.5)/r.scale - 0.5 },
	"half_pixel_symmetric": func(r resized, x float64) float64 {
		return float64(float64(r.in)/2*(1-float64(r.out)/r.width())) + (x+0.5)/r.scale - 0.5
	},
	"pytorch_half_pixel": func(r resized, x float64) float64 {
		if r.out == 1 {
			return 0
		}
		return (x+0.5)/r.scale - 0.5
	},
	"align_corners": func(r resized, x float64) float64 {
		if r.width() == 1 {
			return 0
		}
		return float64(x*float64(r.in-1)) / (r.width() - 1)
	},
	"asymmetric":           func(r resized, x float64) float64 { return x / r.scale },
	"tf_half_pixel_for_nn": func(r resized, x float64) float64 { return (x + 0.5) / r.scale },
	"tf_crop_and_resize": func(r resized, x float64) float64 {
		last := float64(r.in - 1)
		if r.width() == 1 {
			return float64(float64((r.start+r.end)/2) * last)
		}
		return float64(r.start*last) + float64(float64(x*(r.end-r.start))*last)/(r.width()-1)
	},
}

func newResize(n *graph.Node) (Op, error) {
	r := &resizing{
		coordinate: n.String("coordinate_transformation_mode", "half_pixel"), fill: n.Float("extrapolation_value", 0),
		exclude: n.Int("exclude_outside", 0) != 0, smooth: n.Int("antialias", 0) != 0,
		policy: n.String("keep_aspect_ratio_policy", "stretch"), axes: n.Ints("axes"),
	}
	rounding := n.String("nearest_mode", "round_prefer_floor")
	if n.Opset < 11 {
		r.coordinate, rounding = "asymmetric", "floor"
	}
	mode := n.String("mode", "nearest")
	first, ok := nearestModes[rounding]
	switch {
	case coordinates[r.coordinate] == nil:
		return nil, fmt.Errorf("coordinate_transformation_mode %q is not known", r.coordinate)
	case !ok:
		return nil, fmt.Errorf("nearest_mode %q is not known", rounding)
	case notFinite(r.fill):
		return nil, fmt.Errorf("extrapolation_value is not finite")
	case !slices.Contains([]string{"stretch", "not_larger", "not_smaller"}, r.policy):
		return nil, fmt.Errorf("keep_aspect_ratio_policy %q is not known", r.policy)
	}
	switch mode {
	case "nearest":
		r.interpolation, r.smooth, r.exclude = nearest(first), false, false
	case "linear":
		r.interpolation = linearly
	case "cubic":
		r.interpolation = cubically(n.Float("cubic_coeff_a", -0.75))
	default:
		return nil, fmt.Errorf("mode %q is not known; supported are nearest, linear and cubic", mode)
	}
	return &blend{plan: func(in []Arg) (*blended, error) {
		axes, err := r.sizes(n, in)
		if err != nil {
			return nil, err
		}
		return r.taps(in[0].Shape, axes)
	}}, nil
}

func newUpsample(n *graph.Node) (Op, error) {
	if n.Opset < 9 && len(n.Inputs) > 1 {
		return nil, fmt.Errorf("%d inputs, but the operator takes 1 before version 9: its scales are an attribute",
			len(n.Inputs))
	}
	r := &resizing{coordinate: "asymmetric", interpolation: linearly, policy: "stretch"}
	switch mode := n.String("mode", "nearest"); mode {
	case "nearest":
		r.interpolation = nearest(nearestModes["floor"])
	case "linear", "bilinear":
	default:
		return nil, fmt.Errorf("mode %q is not known; supported are nearest and linear", mode)
	}
	return &blend{plan: func(in []Arg) (*blended, error) {
		scales := n.Attrs["scales"].Floats
		if n.Opset >= 9 {
			var err error
			if scales, err = constants(in, 1, "the list of scales"); err != nil {
				return nil, err
			}
		}
		axes, err := r.scaled(in[0].Shape, indices(len(in[0].Shape)), scales)
		if err != nil {
			return nil, err
		}
		return r.taps(in[0].Shape, axes)
	}}, nil
}

// sizes are those of all axes.
func (r *resizing) sizes(n *graph.Node, in []Arg) ([]resized, error) {
	shape, chosen := in[0].Shape, r.axes
	if chosen == nil {
		chosen = indices(len(shape))
	}
	if _, err := axisSet(chosen, len(shape)); err != nil {
		return nil, err
	}
	scales, read := 2, []string{"", "the region (roi)", "the list of scales", "the list of sizes"}
	if n.Opset < 11 {
		scales, read = 1, []string{"", "the list of scales"}
	}
	for i := 1; i < min(len(in), len(read)); i++ { // also what no mode reads
		if given(in, i) && in[i].Const == nil {
			_, err := constants(in, i, read[i])
			return nil, err
		}
	}
	var axes []resized
	if filled(in, 3) {
		sizes, err := integers(in, 3, "the list of sizes")
		if err == nil {
			axes, err = r.sized(shape, chosen, sizes)
		}
		if err != nil {
			return nil, err
		}
	} else {
		list, err := constants(in, scales, "the list of scales")
		if err == nil {
			axes, err = r.scaled(shape, chosen, list)
		}
		if err != nil {
			return nil, err
		}
	}
	if r.coordinate != "tf_crop_and_resize" {
		return axes, nil
	}
	roi, err := constants(in, 1, "the region (roi)")
	if err != nil {
		return nil, err
	}
	if len(roi) != 2*len(chosen) {
		return nil, fmt.Errorf("the region (roi) has %d elements for %d axes; there must be two for each", len(roi),
			len(chosen))
	}
	for k, a := range chosen {
		a = (a + len(shape)) % len(shape)
		axes[a].start, axes[a].end = roi[k], roi[len(chosen)+k]
	}
	return axes, nil
}

// filled tells whether optional input i is present, and not a constant without elements.
func filled(in []Arg, i int) bool {
	return given(in, i) && (in[i].Const == nil || len(in[i].Const.Data) > 0)
}

// stillAxes are axes that stay as they are.
func stillAxes(shape []int) []resized {
	axes := make([]resized, len(shape))
	for i, d := range shape {
		axes[i] = resized{in: d, out: d, scale: 1, end: 1}
	}
	return axes
}

// scaled gives chosen axes the sizes that scales say.
func (r *resizing) scaled(shape, chosen []int, scales []float64) ([]resized, error) {
	if len(scales) != len(chosen) {
		return nil, fmt.Errorf("%d scales for %d axes", len(scales), len(chosen))
	}
	axes := stillAxes(shape)
	for k, a := range chosen {
		x := &axes[(a+len(shape))%len(shape)]
		x.scale = scales[k]
		if !(x.scale > 0) || x.width() > float64(maxElements) {
			return nil, fmt.Errorf("scale %g of an axis of size %d; scales must be positive, and sizes such that a "+
				"circuit can hold them", x.scale, x.in)
		}
		x.out = int(x.width())
	}
	return axes, nil
}

// sized gives chosen axes sizes, or the nearest that keep the aspect ratio.
func (r *resizing) sized(shape, chosen, sizes []int) ([]resized, error) {
	if len(sizes) != len(chosen) {
		return nil, fmt.Errorf("%d sizes for %d axes", len(sizes), len(chosen))
	}
	axes, common := stillAxes(shape), 0.0
	for k, a := range chosen {
		x := &axes[(a+len(shape))%len(shape)]
		if sizes[k] < 1 || sizes[k] > maxElements || x.in < 1 {
			return nil, fmt.Errorf("an axis of size %d cannot be resized to %d", x.in, sizes[k])
		}
		x.out, x.scale = sizes[k], float64(sizes[k])/float64(x.in)
		if k == 0 || r.policy == "not_larger" && x.scale < common || r.policy == "not_smaller" && x.scale > common {
			common = x.scale
		}
	}
	if r.policy == "stretch" {
		return axes, nil
	}
	for _, a := range chosen {
		x := &axes[(a+len(shape))%len(shape)]
		x.scale = common
		x.out = int(math.Floor(x.width() + 0.5))
	}
	return axes, nil
}

// taps are the sums that the elements of the resized tensor are. Axes that stay as they are before
// the first other one number planes.
func (r *resizing) taps(shape []int, axes []resized) (*blended, error) {
	out, sums := make([]int, len(shape)), make([][][]addend, len(shape))
	for a, x := range axes {
		out[a] = x.out
	}
	if err := checkSize(out); err != nil {
		return nil, err
	}
	first := slices.IndexFunc(axes, func(x resized) bool { return !x.still(r.coordinate) })
	if first < 0 {
		first = len(shape)
	}
	work := []int{tensor.Size(shape[:first])}
	for a := first; a < len(shape); a++ {
		var err error
		if sums[a], err = r.axis(axes[a]); err != nil {
			return nil, err
		}
		work = append(work, (&blended{taps: sums[a]}).terms())
	}
	if err := cmp.Or(checkSize(work[1:]), checkWork(work...)); err != nil {
		return nil, err
	}
	b := &blended{
		shape: out, groups: 1, planes: work[0], step: tensor.Size(shape[first:]),
		taps: crossed(shape[first:], sums[first:]),
	}
	if r.coordinate == "tf_crop_and_resize" {
		b.bias = make([]float64, len(b.taps))
		for i, t := range b.taps {
			if len(t) == 0 {
				b.bias[i] = r.fill
			}
		}
	}
	return b, nil
}

// axis are the sums along one axis, without a tap for what lies outside of the region's tensor.
func (r *resizing) axis(x resized) ([][]addend, error) {
	scale := 1.0
	if r.smooth && !x.still(r.coordinate) {
		scale = min(1, x.scale)
	}
	if err := checkSize([]int{x.out, int(4 / scale)}); err != nil {
		return nil, err
	}
	out := make([][]addend, x.out)
	for i := range out {
		if x.still(r.coordinate) {
			out[i] = []addend{{i, 1}}
			continue
		}
		at := coordinates[r.coordinate](x, float64(i))
		if notFinite(at) {
			return nil, fmt.Errorf("position %d of the result has no place in an axis of size %d", i, x.in)
		}
		if r.coordinate == "tf_crop_and_resize" && (at < 0 || at > float64(x.in-1)) {
			continue
		}
		var err error
		if out[i], err = r.around(at, scale, x.in, r.exclude); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// constants reads a constant input of numbers, flat. what names the input in errors.
func constants(in []Arg, i int, what string) ([]float64, error) {
	if i >= len(in) || !in[i].Present {
		return nil, fmt.Errorf("input %d (%s) is absent", i, what)
	}
	if in[i].Const == nil {
		return nil, fmt.Errorf("%s depends on the model's input, but must be known at compile time; "+
			"export the model with it fixed", what)
	}
	if slices.ContainsFunc(in[i].Const.Data, notFinite) {
		return nil, fmt.Errorf("%s holds a number that is not finite", what)
	}
	return in[i].Const.Data, nil
}
