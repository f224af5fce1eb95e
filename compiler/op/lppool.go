package op

import (
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(
		Spec{
			Name: "LpPool", Since: []int{2, 11, 18, 22}, Tolerance: 6,
			Note: "any number of spatial axes, all attributes",
			New:  takes(1, 1, newLpPool),
		},
		Spec{
			Name: "GlobalLpPool", Since: []int{2, 22}, Tolerance: 6, Note: "any number of spatial axes",
			New: takes(1, 1, expands(checkPower, writeGlobalLpPool)),
		},
		Spec{
			Name: "LRN", Since: []int{1, 13}, Tolerance: 7,
			Note: "all attributes; a table over the mean square of neighbouring channels",
			New:  takes(1, 1, expands(checkLRN, writeLRN)),
		},
	)
}

// mostPower bounds p, so that it is a number of which powers say something.
const mostPower = 64

func checkPower(n *graph.Node) error {
	if p := n.Int("p", 2); p < 1 || p > mostPower {
		return fmt.Errorf("attribute p is %d; supported are 1 to %d", p, mostPower)
	}
	return nil
}

// newLpPool is the p-th root of the sum over each window of |x|^p. Padding counts for nothing.
func newLpPool(n *graph.Node) (Op, error) {
	w, err := readPool(n)
	if err != nil {
		return nil, err
	}
	return expands(checkPower, func(e *writer) []string {
		e.realInputs(0)
		sums := e.apply("Sum", &averagePool{window: w, sum: true}, e.powers(e.input(0)))
		return []string{e.root(sums)}
	})(n)
}

// powers are |x|^p.
func (w *writer) powers(x string) string {
	switch p := w.Int("p", 2); p {
	case 1:
		return w.node("Abs", x)
	case 2:
		return w.node("Mul", x, x)
	default:
		return w.node("Pow", w.node("Abs", x), w.real(x, float64(p)))
	}
}

// root is the p-th root of what is not negative.
func (w *writer) root(x string) string {
	switch p := w.Int("p", 2); p {
	case 1:
		return x
	case 2:
		return w.node("Sqrt", x)
	default:
		return w.node("Pow", x, w.real(x, 1/float64(p)))
	}
}

func writeGlobalLpPool(w *writer) []string {
	w.realInputs(0)
	x := w.input(0)
	rank := len(w.shape(x))
	if rank < 3 {
		w.fail("the input is %v, but must have a batch, a channel and spatial axes", w.shape(x))
		return nil
	}
	axes := w.ints(span(2, rank)...)
	if w.Int("p", 2) == 2 {
		return []string{w.root(w.node("ReduceSumSquare", x, axes))}
	}
	return []string{w.root(w.node("ReduceSum", w.powers(x), axes))}
}

func checkLRN(n *graph.Node) error {
	if size := n.Int("size", 0); size < 1 || size > maxExtent {
		return fmt.Errorf("attribute size is %d, but must be between 1 and %d", size, maxExtent)
	}
	for name, missing := range lrn {
		if v := n.Float(name, missing); notFinite(v) {
			return fmt.Errorf("attribute %s is not finite; repair the model", name)
		}
	}
	if n.Float("bias", lrn["bias"]) <= 0 || n.Float("alpha", lrn["alpha"]) < 0 {
		return fmt.Errorf("attribute bias is not positive, or alpha is negative; the power of such a sum is none")
	}
	return nil
}

// lrn are the defaults of LRN's attributes.
var lrn = map[string]float64{"alpha": 1e-4, "beta": 0.75, "bias": 1}

// writeLRN is x/(bias + alpha·m)^beta, where m is the mean square of so many neighbouring
// channels, of which those that there are not count as zero.
func writeLRN(w *writer) []string {
	w.realInputs(0)
	x, size := w.input(0), w.Int("size", 0)
	shape := w.shape(x)
	if len(shape) < 3 {
		w.fail("the input is %v, but must have a batch, a channel and other axes", shape)
		return nil
	}
	plane := 1
	for _, d := range shape[2:] {
		plane *= d
	}
	squares := w.reshape(w.node("Mul", x, x), shape[0], 1, shape[1], plane)
	over := window{kernel: []int{size, 1}, pads: []int{(size - 1) / 2, 0, size / 2, 0}, autoPad: "NOTSET"}
	mean := w.reshape(w.apply("Mean", &averagePool{window: over, includePad: true}, squares), shape...)
	sum := w.node("Add", w.scale(mean, w.Float("alpha", lrn["alpha"])), w.real(x, w.Float("bias", lrn["bias"])))
	return []string{w.node("Mul", x, w.node("Pow", sum, w.real(x, -w.Float("beta", lrn["beta"]))))}
}
