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
		Name: "ArrayFeatureExtractor", Domain: mlDomain, Since: []int{1}, Tolerance: 1,
		Note: "constant indices of any data; variable indices, integers, of a constant row",
		New:  takes(2, 2, newExtractor),
	})
}

// extractor picks columns, of the last axis.
type extractor struct {
	movement
	row   []float64 // what variable indices pick from
	shape []int
}

func newExtractor(*graph.Node) (Op, error) {
	e := &extractor{}
	e.plan = e.picked
	return e, nil
}

// Infer implements Op.
func (e *extractor) Infer(in []Arg) ([]Out, error) {
	old := in[0].Shape
	if len(old) == 0 || tensor.Size(in[1].Shape) == 0 {
		return nil, fmt.Errorf("data of shape %v and indices of shape %v: neither may be empty", old, in[1].Shape)
	}
	e.shape = append(slices.Clone(old[:len(old)-1]), tensor.Size(in[1].Shape))
	if len(old) == 1 {
		e.shape = []int{1, e.shape[0]}
	}
	if in[1].Const != nil {
		return e.movement.Infer(in)
	}
	switch {
	case integerType(in[1].DType) == "":
		return nil, fmt.Errorf("the indices are of type %s, but must be integers", in[1].DType)
	case in[0].Const == nil:
		return nil, errors.New("data and indices depend on the model's input; one must be known at compile time")
	case tensor.Size(old) != old[len(old)-1] || tensor.Size(old) == 0:
		return nil, fmt.Errorf("variable indices pick from one row of constants, not from shape %v", old)
	}
	e.row = in[0].Const.Data
	out := Out{DType: in[0].DType, Shape: e.shape, Meaning: in[0].Meaning}
	return []Out{out}, checkWork(len(e.row), tensor.Size(e.shape))
}

// picked plans the move by constant indices.
func (e *extractor) picked(in []Arg) ([]moved, error) {
	old := in[0].Shape
	list, err := integers(in, 1, "the list of indices")
	if err != nil {
		return nil, err
	}
	last := len(old) - 1
	for _, p := range list {
		if p < 0 || p >= old[last] {
			return nil, fmt.Errorf("index %d is outside an axis of size %d", p, old[last])
		}
	}
	picks := whole(old)
	picks[last] = list
	if err := checkSize(e.shape); err != nil {
		return nil, err
	}
	return []moved{rearranged(in, e.shape, grid(old, picks))}, nil
}

// Float implements Op.
func (e *extractor) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	if e.row == nil {
		return e.movement.Float(in)
	}
	out := tensor.New[float64](e.shape...)
	for i, x := range in[1].Data {
		if x < 0 || x >= float64(len(e.row)) {
			return nil, fmt.Errorf("index %g is outside an axis of size %d", x, len(e.row))
		}
		out.Data[i] = e.row[int(x)]
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op. An index that is too large picks the last column, a negative one the
// first.
func (e *extractor) Lower(l *Lowering) ([]ir.ID, error) {
	if e.row == nil {
		return e.movement.Lower(l)
	}
	out, err := l.labelled(l.ID[1], e.row, false)
	return []ir.ID{out}, err
}

// Work implements Worker.
func (e *extractor) Work() Work { return listedWork(max(len(e.row), 1), tensor.Size(e.shape)) }
