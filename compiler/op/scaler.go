package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "Scaler", Domain: mlDomain, Since: []int{1}, Tolerance: 1,
		Note: "one offset and scale, or one for each feature", New: takes(1, 1, newScaler),
	})
}

// rowsOf is a shape of one row, or of some rows, as rows and columns.
func rowsOf(shape []int) (rows, columns int, err error) {
	switch len(shape) {
	case 1:
		return 1, shape[0], nil
	case 2:
		return shape[0], shape[1], nil
	}
	return 0, 0, fmt.Errorf("the input is of shape %v, but must be a row or rows of features", shape)
}

// each gives a list one entry for each column.
func each(list []float64, columns int, what string) ([]float64, error) {
	if len(list) == 1 {
		list = slices.Repeat(list, columns)
	}
	if len(list) != columns {
		return nil, fmt.Errorf("attribute %s has %d elements for %d features", what, len(list), columns)
	}
	return list, nil
}

// scaler is (x − offset)·scale, by column.
type scaler struct{ offset, scale []float64 }

func newScaler(n *graph.Node) (Op, error) {
	s := &scaler{n.Attrs["offset"].Floats, n.Attrs["scale"].Floats}
	if len(s.scale) == 0 || len(s.scale) != len(s.offset) {
		return nil, fmt.Errorf("attributes offset and scale have %d and %d elements, but must have as many",
			len(s.offset), len(s.scale))
	}
	return s, nil
}

// Infer implements Op.
func (s *scaler) Infer(in []Arg) ([]Out, error) {
	_, columns, err := rowsOf(in[0].Shape)
	if err != nil {
		return nil, err
	}
	if in[0].DType == graph.Bool {
		return nil, errors.New("the input is of type bool; put a Cast to float before")
	}
	if s.offset, err = each(s.offset, columns, "offset"); err != nil {
		return nil, err
	}
	s.scale, err = each(s.scale, columns, "scale")
	return []Out{{DType: graph.Float32, Shape: slices.Clone(in[0].Shape)}}, err
}

// Float implements Op.
func (s *scaler) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := in[0].Clone()
	for i, x := range out.Data {
		k := i % len(s.scale)
		out.Data[i] = float64((x - s.offset[k]) * s.scale[k])
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op. Each column has a scale of its own.
func (s *scaler) Lower(l *Lowering) ([]ir.ID, error) {
	a := newAffine(tensor.Size(l.Out[0].Shape), l.ID[0])
	for i := range a.Group {
		k := i % len(s.scale)
		a.Group[i], a.Bias[i] = k, float64(-s.offset[k]*s.scale[k])
		a.term(i, 0, i, s.scale[k])
	}
	return a.emit(l)
}
