package op

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "BatchNormalization", Since: []int{7, 9, 14, 15}, Tolerance: 1,
		Note: "inference; constant parameters",
		New:  takes(5, 5, newBatchNorm),
	})
}

// batchNorm is scale·(x - mean)/√(var + epsilon) + b with one of each parameter
// for a channel, which is axis 1.
type batchNorm struct{ epsilon float64 }

// parameters are the names of inputs 1 to 4.
var parameters = []string{"scale", "B", "mean", "var"}

func newBatchNorm(n *graph.Node) (Op, error) {
	training := errors.New("training mode is not supported; export the model for inference (eval)")
	switch {
	case n.Int("training_mode", 0) != 0, n.Int("is_test", 1) == 0:
		return nil, training
	case slices.ContainsFunc(n.Outputs[1:], func(name string) bool { return name != "" }):
		return nil, fmt.Errorf("%d outputs: %w", len(n.Outputs), training)
	case n.Int("spatial", 1) == 0:
		return nil, errors.New("spatial=0 (statistics for each position) is not supported; export with a newer opset")
	}
	return &batchNorm{epsilon: n.Float("epsilon", 1e-5)}, nil
}

// Infer implements Op.
func (b *batchNorm) Infer(in []Arg) ([]Out, error) {
	if _, err := realType(in[:1]); err != nil {
		return nil, err
	}
	want := []int{channels(in[0].Shape)}
	for i, name := range parameters {
		p := in[i+1]
		if p.Const == nil {
			return nil, fmt.Errorf("%s depends on the model's input; only constant parameters are supported: "+
				"store them as initialisers", name)
		}
		if !slices.Equal(p.Shape, want) {
			return nil, fmt.Errorf("%s is %v, but the input %v needs %v", name, p.Shape, in[0].Shape, want)
		}
	}
	for _, v := range in[4].Const.Data {
		if v+b.epsilon <= 0 {
			return nil, errors.New("a variance plus epsilon is not positive; repair the model's weights")
		}
	}
	return []Out{{DType: in[0].DType, Shape: slices.Clone(in[0].Shape)}}, checkSize(in[0].Shape)
}

// channels is the size of axis 1; a tensor without one is a single channel.
func channels(shape []int) int {
	if len(shape) < 2 {
		return 1
	}
	return shape[1]
}

// channel is that of element i of a shape.
func channel(shape []int, i int) int {
	if len(shape) < 2 {
		return 0
	}
	return i / tensor.Size(shape[2:]) % shape[1]
}

// Float implements Op.
func (b *batchNorm) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](in[0].Shape...)
	scale, shift, mean, variance := in[1].Data, in[2].Data, in[3].Data, in[4].Data
	for i, x := range in[0].Data {
		c := channel(in[0].Shape, i)
		out.Data[i] = scale[c]*(x-mean[c])/math.Sqrt(variance[c]+b.epsilon) + shift[c]
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op. The rows of one channel share a scale.
func (b *batchNorm) Lower(l *Lowering) ([]ir.ID, error) {
	scale, shift, mean, variance := l.In[1].Const.Data, l.In[2].Const.Data, l.In[3].Const.Data, l.In[4].Const.Data
	a := newAffine(tensor.Size(l.In[0].Shape), l.ID[0])
	pattern, kernels := a.Pattern([]int32{0}, nil, nil), make([]int32, len(scale))
	weights := make([]float64, len(scale))
	for c := range kernels {
		weights[c] = scale[c] / math.Sqrt(variance[c]+b.epsilon)
		kernels[c] = a.Kernel(weights[c : c+1])
	}
	for i := range a.Group {
		c := channel(l.In[0].Shape, i)
		a.Group[i], a.Bias[i] = c, shift[c]-float64(mean[c]*weights[c])
		a.part(i, 0, pattern, kernels[c], i)
	}
	return a.emit(l)
}
