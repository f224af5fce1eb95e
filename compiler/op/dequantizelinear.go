package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	spec := Spec{
		Name: "DequantizeLinear", Since: []int{10, 13, 19, 21, 23, 24, 25}, Tolerance: 1,
		Note: "of integers of 2 to 32 bits, per tensor, axis or block, by constant scales and zero points",
		New:  takes(2, 3, newDequantizeLinear),
	}
	register(spec)
	spec.Domain, spec.Since = microsoft, []int{1}
	register(spec)
}

// dequantizeLinear turns codes into real numbers: the distance from the zero point times the
// scale.
type dequantizeLinear struct {
	quantAxis
	known *quantParams
}

func newDequantizeLinear(n *graph.Node) (Op, error) {
	if to := castTypes[n.Int("output_dtype", 1)]; !to.IsFloat() {
		return nil, fmt.Errorf("element type number %d of the output is not supported", n.Int("output_dtype", 1))
	}
	return &dequantizeLinear{quantAxis: readQuantAxis(n)}, nil
}

// Infer implements Op.
func (d *dequantizeLinear) Infer(in []Arg) ([]Out, error) {
	if t := in[0].DType; t != graph.Int32 && !slices.Contains(quantTypes, t) {
		return nil, fmt.Errorf("quantised values of type %s are not supported, only integers of 2 to 32 bits", t)
	}
	zero := arg(in, 2)
	if zero != nil && zero.DType != in[0].DType {
		return nil, fmt.Errorf("the values are of type %s and the zero point of %s; they must agree", in[0].DType,
			zero.DType)
	}
	if !in[1].DType.IsFloat() {
		return nil, fmt.Errorf("scales of type %s are not supported, only real ones", in[1].DType)
	}
	var err error
	if d.known, err = d.params(in[0].Shape, in[1], zero); err != nil {
		return nil, err
	}
	return []Out{{DType: in[1].DType, Shape: slices.Clone(in[0].Shape)}}, nil
}

// Float implements Op. What reads the product in single precision rounds it.
func (d *dequantizeLinear) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](in[0].Shape...)
	for i, x := range in[0].Data {
		scale, zero := d.known.at(i)
		out.Data[i] = float64((x - zero) * scale)
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op. Scales are no secret of a private model.
func (d *dequantizeLinear) Lower(l *Lowering) ([]ir.ID, error) {
	a := newAffine(l.Size(l.ID[0]), l.ID[0])
	a.Fixed = true
	for i := range a.Bias {
		scale, zero := d.known.at(i)
		a.term(i, 0, i, scale)
		a.Bias[i] = float64(-zero * scale)
		if d.known.of != nil {
			a.Group[i] = d.known.of[i]
		}
	}
	return a.emit(l)
}
