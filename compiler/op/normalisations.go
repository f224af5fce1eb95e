package op

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
)

// deviationNote ends the notes of what is divided by a deviation that depends on the input.
const deviationNote = "; a deviation is computed from the sum of squares of exact differences"

func init() {
	for _, s := range []struct {
		name        string
		since       []int
		least, most int
		note        string
		write       func(w *writer) []string
	}{
		{"LayerNormalization", []int{1, 17}, 2, 3, "all attributes and outputs", writeLayerNorm},
		{"InstanceNormalization", []int{6, 22}, 3, 3, "all", writeInstanceNorm},
		{"GroupNormalization", []int{18, 21}, 3, 3, "all", writeGroupNorm},
		{"RMSNormalization", []int{23}, 2, 2, "all", writeRMSNorm},
		{"MeanVarianceNormalization", []int{9, 13}, 1, 1, "all", writeMeanVariance},
	} {
		register(Spec{
			Name: s.name, Since: s.since, Tolerance: 6, Note: s.note + deviationNote,
			New: takes(s.least, s.most, expands(checkEpsilon, s.write)),
		})
	}
}

// checkEpsilon reads epsilon: a variance plus it must not be negative.
func checkEpsilon(n *graph.Node) error {
	_, err := notNegativeAttribute(n, "epsilon", 1e-5)
	return err
}

// span lists the axes from first up to, and not with, last.
func span(first, last int) []int {
	var out []int
	for i := first; i < last; i++ {
		out = append(out, i)
	}
	return out
}

// lastAxes are the axes from an attribute's on.
func (w *writer) lastAxes(x string, missing int) []int {
	rank := len(w.shape(x))
	at, err := axis(w.Int("axis", missing), rank)
	if err != nil {
		w.fail("%w", err)
	}
	return span(at, rank)
}

// count is how many elements the axes have together.
func (w *writer) count(x string, axes []int) float64 {
	n := 1
	for _, a := range axes {
		n *= w.size(x, a)
	}
	if n == 0 {
		w.fail("the input, %v, has no elements to combine", w.shape(x))
	}
	return float64(n)
}

// centred is x without its mean over some axes, and the mean.
func (w *writer) centred(x string, axes []int) (difference, mean string) {
	w.count(x, axes)
	mean = w.node("ReduceMean", x, w.ints(axes...))
	return w.node("Sub", x, mean), mean
}

// deviation is the root of the mean square over some axes plus epsilon, plus an offset.
type deviation struct {
	axes            []int
	epsilon, offset float64
}

// normalised divides by a deviation. The reciprocal is one table over the sum of squares. Where
// all squares are zero, so are the quotients, and the reciprocal counts for nothing: zero, so
// that the largest that samples show is that of a row that has one.
func (w *writer) normalised(x string, d deviation) string {
	sum, n := w.node("ReduceSumSquare", x, w.ints(d.axes...)), w.count(x, d.axes)
	f := function{name: "reciprocal of the deviation", open: true, f: func(sum float64, p []float64) float64 {
		if sum <= 0 {
			return 0
		}
		return 1 / (math.Sqrt(sum/p[0]+p[1]) + p[2])
	}}
	by := w.apply("Reciprocal", &unary{function: f, params: []float64{n, d.epsilon, d.offset}}, sum)
	return w.node("Mul", x, by)
}

// epsilon is an attribute of all these operators but the last.
func (w *writer) epsilon() float64 { return w.Float("epsilon", 1e-5) }

func writeLayerNorm(w *writer) []string {
	w.realInputs(0, 1, 2)
	x := w.input(0)
	return w.layerNorm(x, w.input(1), w.input(2), w.lastAxes(x, -1), w.epsilon())
}

// layerNorm normalises over some axes. Its outputs are the result and, where the node wants
// them as outputs 1 and 2, the mean and the reciprocal of the deviation.
func (w *writer) layerNorm(x, scale, bias string, axes []int, epsilon float64) []string {
	d, mean := w.centred(x, axes)
	y := w.normalised(d, deviation{axes, epsilon, 0})
	outs := []string{w.plus(w.node("Mul", y, scale), bias), "", ""}
	w.keepsShape(outs[0], x)
	if w.wants(1) {
		outs[1] = mean
	}
	if w.wants(2) {
		outs[2] = w.inverseDeviation(d, axes, epsilon)
	}
	return outs
}

// inverseDeviation is the reciprocal of the root of the mean square plus epsilon.
func (w *writer) inverseDeviation(x string, axes []int, epsilon float64) string {
	square := w.scale(w.node("ReduceSumSquare", x, w.ints(axes...)), 1/w.count(x, axes))
	return w.node("Reciprocal", w.node("Sqrt", w.node("Add", square, w.real(x, epsilon))))
}

// keepsShape refuses factors and summands that make an output larger.
func (w *writer) keepsShape(y, x string) {
	if !slices.Equal(w.shape(y), w.shape(x)) {
		w.fail("the parameters turn the input, %v, into %v; they must broadcast to it", w.shape(x), w.shape(y))
	}
}

func writeRMSNorm(w *writer) []string {
	w.realInputs(0, 1)
	x := w.input(0)
	axes := w.lastAxes(x, -1)
	y := w.node("Mul", w.normalised(x, deviation{axes, w.epsilon(), 0}), w.input(1))
	w.keepsShape(y, x)
	return []string{y}
}

// perChannel gives a list, one number for each channel, the shape that broadcasts over the
// other axes.
func (w *writer) perChannel(name, what string, x string) string {
	shape, channels := w.shape(name), w.size(x, 1)
	if w.err == nil && !slices.Equal(shape, []int{channels}) {
		w.fail("the %s is %v, but the input has %d channels", what, shape, channels)
		return name
	}
	return w.reshape(name, append([]int{channels}, slices.Repeat([]int{1}, max(len(w.shape(x))-2, 0))...)...)
}

func writeInstanceNorm(w *writer) []string {
	w.realInputs(0, 1, 2)
	x := w.input(0)
	rank := len(w.shape(x))
	if rank < 3 {
		w.fail("the input is %v, but must have a batch, a channel and spatial axes", w.shape(x))
		return nil
	}
	axes := span(2, rank)
	d, _ := w.centred(x, axes)
	y := w.normalised(d, deviation{axes, w.epsilon(), 0})
	return []string{w.scaledChannels(y)}
}

// scaledChannels multiplies each channel by the scale of input 1, and adds the bias of input 2.
func (w *writer) scaledChannels(y string) string {
	return w.node("Add", w.node("Mul", y, w.perChannel(w.input(1), "scale", y)), w.perChannel(w.input(2), "bias", y))
}

// writeGroupNorm normalises groups of channels. Before opset 21 a scale and a bias belong to a
// group, then to a channel.
func writeGroupNorm(w *writer) []string {
	w.realInputs(0, 1, 2)
	x, groups := w.input(0), w.Int("num_groups", 0)
	shape := w.shape(x)
	if len(shape) < 2 || groups < 1 || shape[1]%groups != 0 {
		w.fail("num_groups is %d, which does not divide the channels of the input, %v", groups, shape)
		return nil
	}
	parts := w.reshape(x, append([]int{shape[0], groups, shape[1] / groups}, shape[2:]...)...)
	axes := span(2, len(shape)+1)
	d, _ := w.centred(parts, axes)
	y := w.normalised(d, deviation{axes, w.epsilon(), 0})
	if w.Opset >= 21 {
		return []string{w.scaledChannels(w.reshape(y, shape...))}
	}
	return []string{w.reshape(w.scaledChannels(y), shape...)}
}

// writeMeanVariance adds 1e-9 to the deviation, as the operator's definition does.
func writeMeanVariance(w *writer) []string {
	w.realInputs(0)
	x, axes := w.input(0), w.Ints("axes")
	if axes == nil {
		axes = []int{0, 2, 3}
	}
	if _, err := axisSet(axes, len(w.shape(x))); err != nil {
		w.fail("%w", err)
		return nil
	}
	d, _ := w.centred(x, axes)
	return []string{w.normalised(d, deviation{axes, 0, 1e-9})}
}
