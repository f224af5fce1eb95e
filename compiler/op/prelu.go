package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "PRelu", Since: []int{7, 9, 16}, Tolerance: 3, Note: "constant and variable slopes; no table",
		New: takes(2, 2, func(*graph.Node) (Op, error) { return &slopes{}, nil }),
	})
}

// slopes is x where x is positive, and a slope times x elsewhere.
type slopes struct{ operands }

// Infer implements Op.
func (s *slopes) Infer(in []Arg) ([]Out, error) {
	out, err := s.infer(in)
	if err == nil && !slices.Equal(s.shape, in[0].Shape) {
		err = fmt.Errorf("the slope, of shape %v, does not broadcast to the input's, %v", in[1].Shape, in[0].Shape)
	}
	return out, err
}

// Float implements Op.
func (s *slopes) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	return s.fold(in, func(x, slope float64) float64 {
		if x < 0 {
			return float64(slope * x)
		}
		return x
	})
}

// Lower implements Op: the positive part, and the slope times the negative one.
func (s *slopes) Lower(l *Lowering) ([]ir.ID, error) {
	if l.In[0].Const != nil {
		return s.ofConstant(l)
	}
	part := l.named(l.Name, s.shape...)
	above := part.Step(&ir.Clamp{Lo: 0, Hi: math.Inf(1)}, l.ID[0])
	below := part.Step(&ir.Clamp{Lo: math.Inf(-1), Hi: 0}, l.ID[0])
	index := s.index(l.In[1].Shape)
	if l.In[1].Const == nil {
		product := &ir.Product{}
		for i, j := range index {
			product.A, product.B = append(product.A, int32(i)), append(product.B, int32(j))
		}
		below = part.Step(product, below, l.ID[1])
	}
	a := newAffine(tensor.Size(s.shape), above, below)
	a.Fixed = l.In[1].Const == nil
	for i, j := range index {
		slope := 1.0
		if l.In[1].Const != nil {
			slope, a.Group[i] = l.In[1].Const.Data[j], j
		}
		a.term(i, 0, i, 1)
		a.term(i, 1, i, slope)
	}
	return a.emit(l)
}

// ofConstant lowers the slopes of numbers that are known.
func (s *slopes) ofConstant(l *Lowering) ([]ir.ID, error) {
	a := newAffine(tensor.Size(s.shape), l.ID[1])
	for i, j := range s.index(l.In[1].Shape) {
		if x := l.In[0].Const.Data[i]; x < 0 {
			a.term(i, 0, j, x)
		} else {
			a.Bias[i] = x
		}
	}
	return a.emit(l)
}
