package op

import (
	"errors"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{Name: "Identity", Since: []int{1, 13, 14, 16, 19, 21, 23, 24, 25}, Note: "tensors",
			New: takes(1, 1, newIdentity)},
		Spec{Name: "Dropout", Since: []int{7, 10, 12, 13, 22},
			Note: "inference: passes its input through; the mask is all true", New: takes(1, 3, newDropout)},
	)
}

func newIdentity(*graph.Node) (Op, error) {
	return &movement{plan: func(in []Arg) ([]moved, error) {
		return reshaped(in, in[0].Shape), nil
	}}, nil
}

// dropout passes input 0 through. Its second output, if the node has one, is a
// mask that no variable decides.
type dropout struct {
	movement
	mask *tensor.Float // nil without a second output
}

func newDropout(n *graph.Node) (Op, error) {
	d := &dropout{}
	masked := len(n.Outputs) > 1 && n.Outputs[1] != ""
	d.plan = func(in []Arg) ([]moved, error) {
		if given(in, 2) {
			training, err := scalar(in, 2, "the training mode")
			if err != nil {
				return nil, err
			}
			if training != 0 {
				return nil, errors.New("training mode is not supported; export the model for inference")
			}
		}
		if masked {
			d.mask = tensor.Map(tensor.New[float64](in[0].Shape...), func(float64) float64 { return 1 })
		}
		return reshaped(in, in[0].Shape), nil
	}
	return d, nil
}

// Infer implements Op.
func (d *dropout) Infer(in []Arg) ([]Out, error) {
	outs, err := d.movement.Infer(in)
	if err == nil && d.mask != nil {
		outs = append(outs, Out{DType: graph.Bool, Shape: outs[0].Shape})
	}
	return outs, err
}

// Float implements Op.
func (d *dropout) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	outs, err := d.movement.Float(in)
	if d.mask != nil {
		outs = append(outs, d.mask)
	}
	return outs, err
}

// Static implements Static: the mask is known.
func (d *dropout) Static() []*tensor.Float { return []*tensor.Float{nil, d.mask} }
