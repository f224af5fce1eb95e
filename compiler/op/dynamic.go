package op

import (
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	// The tolerance of DynamicQuantizeLinear is one code at 12 bits.
	register(
		Spec{
			Name: "DynamicQuantizeLinear", Since: []int{11}, Tolerance: 13,
			Note: "a quotient for each element, of as many bits as other values have; none where a ConvInteger " +
				"or a MatMulInteger with constant weights reads the codes and its result is scaled back: the layer " +
				"is then one of real numbers (docs/quantised.md)",
			New: takes(1, 1, newDynamicQuantize),
		},
		Spec{
			Name: "DynamicQuantizeMatMul", Domain: msDomain, Since: []int{1}, Tolerance: 1,
			Note: "as MatMul of A, which is not rounded to codes, with what those of a constant B stand for",
			New:  takes(3, 5, expands(anyAttributes, writeDynamicMatMul)),
		},
		Spec{
			Name: "MatMulIntegerToFloat", Domain: msDomain, Since: []int{1}, Tolerance: 2,
			Note: "as MatMulInteger; constant and variable scales, by column of B",
			New:  takes(4, 7, expands(anyAttributes, writeIntegerToFloat)),
		},
	)
}

// dynamicQuantize finds the scale and the zero point of its input, and its codes of type uint8.
// Codes are quotients in the program: no scale is rounded before it divides.
type dynamicQuantize struct{ *composed }

func newDynamicQuantize(n *graph.Node) (Op, error) {
	return &dynamicQuantize{&composed{build: func(in []Arg) (*run, error) {
		return written(n, in, writeDynamicQuantize)
	}}}, nil
}

// codesOfBytes is the largest code of type uint8.
const codesOfBytes = 255

func writeDynamicQuantize(w *writer) []string {
	w.realInputs(0)
	x := w.input(0)
	zero := w.real(x, 0)
	most := w.node("Max", w.with(attributes{"keepdims": 0}, "ReduceMax", x), zero)
	least := w.node("Min", w.with(attributes{"keepdims": 0}, "ReduceMin", x), zero)
	span := w.node("Sub", most, least)
	code := func(v string, by float64) string {
		return w.node("Round", w.apply("Div", &quotient{each: true}, w.scale(v, by), span))
	}
	asByte := func(v string) string {
		return w.with(attributes{"to": 2}, "Cast", w.node("Clip", v, zero, w.real(x, codesOfBytes)))
	}
	point := code(least, -codesOfBytes)
	return []string{
		asByte(w.node("Add", code(x, codesOfBytes), point)), w.scale(span, 1.0/codesOfBytes), asByte(point),
	}
}

// Float implements Op. Of zeros alone the scale is 1, as onnxruntime has it.
func (d *dynamicQuantize) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	least, most := min(slices.Min(in[0].Data), 0), max(slices.Max(in[0].Data), 0)
	scale, zero := 1.0, 0.0
	code := func(float64) float64 { return 0 }
	if span := most - least; span > 0 {
		scale, zero = float64(span*(1.0/codesOfBytes)), math.RoundToEven(float64(-codesOfBytes*least)/span)
		code = func(x float64) float64 {
			return max(0, min(codesOfBytes, math.RoundToEven(float64(codesOfBytes*x)/span)+zero))
		}
	}
	return []*tensor.Float{tensor.Map(in[0], code), tensor.Of([]float64{scale}), tensor.Of([]float64{zero})}, nil
}

// writeDynamicMatMul multiplies by what the codes of B stand for. That A is rounded to codes is left
// out: the numbers themselves are nearer to what was quantised, and need no quotients.
func writeDynamicMatMul(w *writer) []string {
	w.realInputs(0)
	if w.input(1) != "" && w.known[w.input(1)].Const == nil {
		w.fail("operand B depends on the model's input; only a constant one is supported")
		return nil
	}
	in := []string{w.input(1), w.input(2)}
	if w.input(3) != "" {
		in = append(in, w.input(3))
	}
	b := w.with(attributes{"axis": -1}, "DequantizeLinear", in...)
	return []string{w.plus(w.node("MatMul", w.input(0), b), w.input(4))}
}

// writeIntegerToFloat scales sums of products of codes.
func writeIntegerToFloat(w *writer) []string {
	in := []string{w.input(0), w.input(1)}
	for _, zero := range []int{4, 5} {
		in = append(in, w.input(zero))
	}
	sums := w.with(attributes{"to": 1}, "Cast", w.node("MatMulInteger", in...))
	if len(w.shape(w.input(2))) == 1 && w.size(w.input(2), 0) > 1 {
		w.fail("A has %d scales; only one is supported", w.size(w.input(2), 0))
	}
	scales := w.node("Mul", w.input(2), w.input(3))
	return []string{w.plus(w.node("Mul", sums, scales), w.input(6))}
}
