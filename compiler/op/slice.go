package op

import (
	"errors"
	"fmt"
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(Spec{Name: "Slice", Since: []int{1, 10, 11, 13},
		Note: "constant bounds by attribute or input, steps of either sign", New: takes(1, 5, newSlice)})
}

func newSlice(n *graph.Node) (Op, error) {
	return &movement{plan: func(in []Arg) ([]moved, error) {
		b, err := sliceBounds(n, in)
		if err != nil {
			return nil, err
		}
		shape, picks := make([]int, len(in[0].Shape)), whole(in[0].Shape)
		if _, err := axisSet(b.axes, len(shape)); err != nil {
			return nil, err
		}
		for k, a := range b.axes {
			a = (a + len(shape)) % len(shape)
			picks[a] = stepped(in[0].Shape[a], b.starts[k], b.ends[k], b.steps[k])
		}
		for i, p := range picks {
			shape[i] = len(p)
		}
		return []moved{rearranged(in, shape, grid(in[0].Shape, picks))}, nil
	}}, nil
}

// bounds of a slice, one entry for each sliced axis.
type bounds struct{ starts, ends, axes, steps []int }

// sliceBounds reads the bounds, which are attributes before opset 10, and
// supplies the missing axes and steps.
func sliceBounds(n *graph.Node, in []Arg) (bounds, error) {
	b := bounds{n.Ints("starts"), n.Ints("ends"), n.Ints("axes"), nil}
	for i, field := range []*[]int{&b.starts, &b.ends, &b.axes, &b.steps} {
		if n.Opset < 10 || !given(in, i+1) && i >= 2 {
			continue
		}
		v, err := integers(in, i+1, []string{"the list of starts", "the list of ends", "the list of axes",
			"the list of steps"}[i])
		if err != nil {
			return b, err
		}
		*field = v
	}
	if b.axes == nil {
		b.axes = indices(len(b.starts))
	}
	if b.steps == nil {
		for range b.starts {
			b.steps = append(b.steps, 1)
		}
	}
	if k := len(b.starts); len(b.ends) != k || len(b.axes) != k || len(b.steps) != k {
		return b, fmt.Errorf("%d starts, %d ends, %d axes and %d steps; there must be as many of each", k, len(b.ends),
			len(b.axes), len(b.steps))
	}
	for k, s := range b.steps {
		switch {
		case s == 0:
			return b, errors.New("a step is zero")
		case s < 0 && (b.ends[k] == math.MaxInt32 || b.ends[k] >= farAway):
			return b, fmt.Errorf("a slice goes backwards to the largest integer, which to ONNX is the last position "+
				"and to onnxruntime before the first; write %d, which is before the first to both", math.MinInt32)
		}
	}
	return b, nil
}

// stepped lists the positions start, start+step, ... before end on an axis of
// size d, with bounds counted from the back where negative and cut to the axis.
func stepped(d, start, end, step int) []int {
	low, high := 0, d
	if step < 0 {
		low, high = -1, d-1
	}
	cut := func(v, low int) int {
		if v < 0 {
			v += d
		}
		return max(low, min(high, v))
	}
	out := []int{}
	// a start is cut to the axis's elements, unlike Python's
	for p, last := cut(start, 0), cut(end, low); step > 0 && p < last || step < 0 && p > last; p += step {
		out = append(out, p)
	}
	return out
}
