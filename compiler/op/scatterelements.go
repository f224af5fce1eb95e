package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// scatterNote is what is supported of operators that scatter.
const scatterNote = "all reductions; constant and variable indices, negative ones included; a variable one outside " +
	"the axis counts as the end that is nearer; without a reduction, no two variable ones may be the same"

func init() {
	register(
		Spec{Name: "ScatterElements", Since: []int{11, 13, 16, 18}, Tolerance: 4, Note: scatterNote,
			New: takes(3, 3, newScatterElements)},
		Spec{Name: "Scatter", Since: []int{9}, Tolerance: 4, Note: "as ScatterElements",
			New: takes(3, 3, newScatterElements)},
		Spec{Name: "ScatterND", Since: []int{11, 13, 16, 18}, Tolerance: 4, Note: scatterNote,
			New: takes(3, 3, newScatterND)},
		Spec{
			Name: "TensorScatter", Since: []int{24}, Tolerance: 2,
			Note: "linear and circular; constant and variable write_indices; a variable one that is too large " +
				"counts as the largest, a negative one as 0",
			New: takes(2, 3, newTensorScatter),
		},
	)
}

// scatter is an operator that puts updates into the data.
type scatter struct {
	scattered
	updates, indices int // their inputs
	// infer reads the shapes; at says on which element each update lands, and variable notes the
	// landings of variable indices; bits emits theirs.
	infer    func(in []Arg) error
	at       func(indices []float64) ([]int, error)
	variable func()
	bits     func(l *Lowering) (ir.ID, error)
}

// Infer implements Op.
func (s *scatter) Infer(in []Arg) ([]Out, error) {
	if err := s.check(in, s.updates); err != nil {
		return nil, err
	}
	if err := s.infer(in); err != nil {
		return nil, err
	}
	out := []Out{{DType: in[0].DType, Shape: slices.Clone(in[0].Shape)}}
	if in[0].DType == graph.Text {
		return nil, errors.New("texts are scattered, which is not supported; encode them before")
	}
	var indices []float64
	if given(in, s.indices) {
		if in[s.indices].Const == nil {
			if err := integerIndices(in[s.indices]); err != nil {
				return nil, err
			}
			s.variable()
			return out, checkWork(8, s.count())
		}
		indices = in[s.indices].Const.Data
	}
	at, err := s.at(indices)
	if err != nil {
		return nil, err
	}
	for u, element := range at {
		s.land(element, u, -1)
	}
	return out, nil
}

// Float implements Op.
func (s *scatter) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	var indices []float64
	if s.indices < len(in) && in[s.indices] != nil {
		indices = in[s.indices].Data
	}
	at, err := s.at(indices)
	if err != nil {
		return nil, err
	}
	return s.float(in[0], in[s.updates], at)
}

// Lower implements Op.
func (s *scatter) Lower(l *Lowering) ([]ir.ID, error) {
	var bits ir.ID
	if s.chosen() {
		var err error
		if bits, err = s.bits(l); err != nil {
			return nil, err
		}
	}
	return s.lower(l, s.updates, bits)
}

// Work implements Worker.
func (s *scatter) Work() Work {
	w := listedWork(8, s.size+s.count())
	w.Indices = w.Terms
	return w
}

func newScatterElements(n *graph.Node) (Op, error) {
	s := &scatter{updates: 2, indices: 1}
	var err error
	if s.reduction, err = landingRuleOf(n); err != nil {
		return nil, err
	}
	var first []int // of each update, the first element of the fibre that it may land on
	var size, step int
	s.infer = func(in []Arg) error {
		old, shape := in[0].Shape, in[1].Shape
		a, err := axis(n.Int("axis", 0), len(old))
		if err != nil {
			return err
		}
		if len(shape) != len(old) || !slices.Equal(shape, in[2].Shape) {
			return fmt.Errorf("indices of shape %v and updates of shape %v for data of shape %v; the first two must "+
				"be the same, and the ranks", shape, in[2].Shape, old)
		}
		for i, d := range shape {
			if i != a && d > old[i] {
				return fmt.Errorf("indices of shape %v reach outside data of shape %v", shape, old)
			}
		}
		strides := tensor.Strides(old)
		size, step, strides[a] = old[a], strides[a], 0
		first = tensor.Walk(shape, strides, 0)
		if size == 0 && len(first) > 0 {
			return errors.New("the axis is empty, and updates have no place")
		}
		return checkWork(16*size, len(first))
	}
	s.at = func(indices []float64) ([]int, error) {
		at := make([]int, len(first))
		for u, x := range indices {
			p, err := position(x, size)
			if err != nil {
				return nil, err
			}
			at[u] = first[u] + p*step
		}
		return at, nil
	}
	s.byBits(func() {
		for u, from := range first {
			for p := range size {
				s.land(from+p*step, u, u*size+p)
			}
		}
	}, func(l *Lowering) (ir.ID, error) { return l.chosen(l.ID[1], size) })
	return s, nil
}

// byBits sets how variable indices land.
func (s *scatter) byBits(variable func(), bits func(l *Lowering) (ir.ID, error)) {
	s.variable, s.bits = variable, bits
}

// position is where an index, counted from either end, lies on an axis.
func position(x float64, d int) (int, error) {
	if !(x >= float64(-d) && x < float64(d)) {
		return 0, fmt.Errorf("index %g is outside an axis of size %d", x, d)
	}
	return modulo(int(x), d), nil
}
