package op

import (
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	const note = "known at compile time: no variable is NaN or infinite, so that the answer is no"
	register(
		Spec{Name: "IsNaN", Since: []int{9, 13, 20}, Note: note, New: takes(1, 1, func(*graph.Node) (Op, error) {
			return &never{f: math.IsNaN}, nil
		})},
		Spec{Name: "IsInf", Since: []int{10, 20}, Note: note, New: takes(1, 1, func(n *graph.Node) (Op, error) {
			above, below := n.Int("detect_positive", 1) != 0, n.Int("detect_negative", 1) != 0
			return &never{f: func(x float64) bool {
				return above && math.IsInf(x, 1) || below && math.IsInf(x, -1)
			}}, nil
		})},
	)
}

// never is a question about numbers that no circuit has.
type never struct {
	f     func(float64) bool
	shape []int
}

// Infer implements Op.
func (n *never) Infer(in []Arg) ([]Out, error) {
	_, err := realType(in)
	n.shape = in[0].Shape
	return []Out{{DType: graph.Bool, Shape: n.shape}}, err
}

// Float implements Op.
func (n *never) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	return []*tensor.Float{tensor.Map(in[0], func(x float64) float64 {
		if n.f(x) {
			return 1
		}
		return 0
	})}, nil
}

// Static implements Static.
func (n *never) Static() []*tensor.Float { return []*tensor.Float{tensor.New[float64](n.shape...)} }

// Lower implements Op: nothing is computed.
func (n *never) Lower(*Lowering) ([]ir.ID, error) { return nil, nil }
