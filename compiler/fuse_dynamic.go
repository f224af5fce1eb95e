package compiler

import (
	"maps"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

// integerLayers are the operators of codes that dynamic quantisers write, and those of real
// numbers.
var integerLayers = map[string]string{"ConvInteger": "Conv", "MatMulInteger": "MatMul"}

// dynamic gives the nodes in place of a Mul by the scales of a layer of codes, which a
// DynamicQuantizeLinear has made of real numbers: the layer of these numbers themselves, with the
// weights that their codes stand for. A circuit has no scale that depends on its input then, and no
// quotients. nil where the Mul is of something else.
func (f *fuser) dynamic(mul *graph.Node) []*graph.Node {
	if len(mul.Inputs) != 2 || len(mul.Outputs) != 1 {
		return nil
	}
	for k, name := range mul.Inputs {
		if layer := f.scaledLayer(name); layer != nil {
			return f.realLayer(layer, mul, mul.Inputs[1-k])
		}
	}
	return nil
}

// scaledLayer finds the layer of codes whose sums a Cast makes real numbers of, which nothing else
// reads.
func (f *fuser) scaledLayer(value string) *graph.Node {
	cast := f.maker[value]
	if cast == nil || cast.Op != "Cast" || len(cast.Inputs) != 1 || cast.Int("to", 0) != 1 || f.uses[value] != 1 ||
		f.uses[cast.Inputs[0]] != 1 {
		return nil
	}
	layer := f.maker[cast.Inputs[0]]
	if layer == nil || integerLayers[layer.Op] == "" || len(layer.Inputs) < 3 || layer.Domain != "" {
		return nil
	}
	return layer
}

// realLayer is the layer of real numbers in place of one of codes.
func (f *fuser) realLayer(layer, mul *graph.Node, scales string) []*graph.Node {
	from, w := f.maker[layer.Inputs[0]], f.consts[layer.Inputs[1]]
	if from == nil || from.Op != "DynamicQuantizeLinear" || len(from.Inputs) != 1 || len(from.Outputs) != 3 ||
		w == nil || len(w.Shape) < 2 ||
		layer.Inputs[0] != from.Outputs[0] || layer.Inputs[2] != from.Outputs[2] {
		return nil
	}
	scale := f.factor(scales, from.Outputs[1])
	axis, spatial := 0, len(w.Shape)-2 // of the channels in the weights, and how many follow in the result
	if layer.Op == "MatMulInteger" {
		axis, spatial = len(w.Shape)-1, 0
	}
	zero := constant0(w.DType)
	if len(layer.Inputs) > 3 && layer.Inputs[3] != "" {
		zero = f.consts[layer.Inputs[3]]
	}
	if scale == nil || zero == nil || !ofChannels(zero, w.Shape[axis], len(zero.Shape)-1) ||
		!ofChannels(scale, w.Shape[axis], len(scale.Shape)-1-spatial) {
		return nil
	}
	name, n := mul.Outputs[0], max(len(scale.Data), len(zero.Data))
	if f.taken(name+" weights") || f.taken(name+" scale") || f.taken(name+" zero") {
		return nil
	}
	f.unrounded = append(f.unrounded, layer.Name)
	weights := &graph.Node{Name: layer.Name, Op: "DequantizeLinear", Opset: 13, Outputs: []string{name + " weights"},
		Inputs: []string{layer.Inputs[1], f.known(name+" scale", scale, n), f.known(name+" zero", zero, n)},
		Attrs:  map[string]graph.Attr{"axis": {Int: int64(axis)}}}
	return []*graph.Node{weights, {Name: layer.Name, Op: integerLayers[layer.Op], Opset: 13,
		Inputs: []string{from.Inputs[0], weights.Outputs[0]}, Outputs: mul.Outputs, Attrs: layer.Attrs}}
}

// constant0 is a zero point that is absent.
func constant0(d graph.DType) *graph.Const {
	return &graph.Const{DType: d, Float: tensor.New[float64]()}
}

// ofChannels tells whether a constant is one number, or has one for each channel along an axis.
func ofChannels(c *graph.Const, channels, axis int) bool {
	return len(c.Data) == 1 || channels > 0 && len(c.Data) == channels && axis >= 0 && c.Shape[axis] == channels
}

// factor is the constant that a value multiplies another one by, nil where it does something else.
func (f *fuser) factor(value, other string) *graph.Const {
	mul := f.maker[value]
	if mul == nil || mul.Op != "Mul" || len(mul.Inputs) != 2 {
		return nil
	}
	for k, name := range mul.Inputs {
		if name == other {
			return f.reshaped(mul.Inputs[1-k])
		}
	}
	return nil
}

// reshaped is a constant, or one behind a Reshape to the shape that quantisers give the scales of
// channels: one axis is −1, all others are 1. nil where a value is none.
func (f *fuser) reshaped(name string) *graph.Const {
	n := f.maker[name]
	if n == nil || n.Op != "Reshape" || len(n.Inputs) != 2 {
		return f.consts[name]
	}
	c, to := f.consts[n.Inputs[0]], f.consts[n.Inputs[1]]
	if c == nil || to == nil || slices.ContainsFunc(to.Data, func(d float64) bool { return d != 1 && d != -1 }) {
		return nil
	}
	var shape []int
	open := 0
	for _, d := range to.Data {
		if d < 0 {
			d = float64(len(c.Data))
			open++
		}
		shape = append(shape, int(d))
	}
	if open != 1 {
		return nil
	}
	return &graph.Const{DType: c.DType, Float: tensor.Of(c.Data, shape...)}
}

// taken tells whether the file has a value of a name.
func (f *fuser) taken(name string) bool {
	return f.maker[name] != nil || f.consts[name] != nil || f.uses[name] > 0
}

// known names a new constant: n numbers, those of c or copies of its only one.
func (f *fuser) known(name string, c *graph.Const, n int) string {
	data := slices.Repeat(c.Data, n/len(c.Data))
	f.consts = maps.Clone(f.consts)
	f.consts[name] = &graph.Const{DType: c.DType, Float: tensor.Of(data, n)}
	return name
}
