package op

import (
	"errors"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// Static is implemented by operators some of whose outputs are known at
// compile time although an input is a variable.
type Static interface {
	// Static returns the node's outputs after Infer accepted its inputs; an entry is
	// nil if the output depends on a variable. The list may be shorter than the node's
	// outputs. Lower is called only if an entry that is needed is nil.
	Static() []*tensor.Float
}

// errNotStatic is what Lower returns for an output that Static gives.
var errNotStatic = errors.New("the output is known at compile time and must be folded before lowering")

func init() {
	register(
		Spec{Name: "Shape", Since: []int{1, 13, 15, 19, 21, 23, 24, 25}, Note: "known at compile time; start and end",
			New: takes(1, 1, newShapeOf)},
		Spec{Name: "Size", Since: []int{1, 13, 19, 21, 23, 24, 25}, Note: "known at compile time",
			New: takes(1, 1, newSize)},
	)
}

// measure computes whole numbers from its input's shape.
type measure struct {
	of    func(shape []int) *tensor.Float
	value *tensor.Float
}

func newShapeOf(n *graph.Node) (Op, error) {
	start, end := n.Int("start", 0), n.Int("end", farAway)
	return &measure{of: func(shape []int) *tensor.Float {
		out := []float64{}
		for _, a := range stepped(len(shape), start, end, 1) {
			out = append(out, float64(shape[a]))
		}
		return tensor.Of(out, len(out))
	}}, nil
}

func newSize(*graph.Node) (Op, error) {
	return &measure{of: func(shape []int) *tensor.Float {
		return tensor.Of([]float64{float64(tensor.Size(shape))})
	}}, nil
}

// Infer implements Op.
func (m *measure) Infer(in []Arg) ([]Out, error) {
	m.value = m.of(in[0].Shape)
	return []Out{{DType: graph.Int64, Shape: m.value.Shape}}, nil
}

// Float implements Op.
func (m *measure) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	return []*tensor.Float{m.of(in[0].Shape)}, nil
}

// Lower implements Op.
func (m *measure) Lower(*Lowering) ([]ir.ID, error) { return nil, errNotStatic }

// Static implements Static.
func (m *measure) Static() []*tensor.Float { return []*tensor.Float{m.value} }
