package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "ArrayFeatureExtractor", Domain: mlDomain, Since: []int{1}, Tolerance: 1,
		Note: "constant and variable indices; a variable one outside the axis picks the end that is nearer",
		New:  takes(2, 2, newExtractor),
	})
}

// extractor picks columns, of the last axis.
type extractor struct{ gather }

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
	e.axis = len(old) - 1
	shape := append(slices.Clone(old[:e.axis]), tensor.Size(in[1].Shape))
	if len(old) == 1 {
		shape = []int{1, shape[0]}
	}
	outs, err := e.infer(in, shape)
	if err == nil && e.variable {
		outs[0].Meaning = in[0].Meaning
	}
	return outs, err
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
	return []moved{rearranged(in, e.shape, grid(old, picks))}, nil
}

// Lower implements Op. An index that is too large picks the last column, a negative one the
// first.
func (e *extractor) Lower(l *Lowering) ([]ir.ID, error) {
	if row := l.In[0].Const; e.variable && row != nil && e.outer == 1 {
		out, err := l.labelled(l.ID[1], row.Data, false)
		return []ir.ID{out}, err
	}
	return e.gather.Lower(l)
}
