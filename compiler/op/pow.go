package op

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "Pow", Since: []int{7, 12, 13, 15}, Tolerance: 4,
		Note: "a variable to constant powers, or a positive constant, the same for all elements, to a variable " +
			"power; a negative number to a power that is no integer counts as zero",
		New: takes(2, 2, func(*graph.Node) (Op, error) { return &power{}, nil }),
	})
}

// power is x to the power of y.
type power struct {
	operands
	dtype graph.DType
}

// Infer implements Op.
func (p *power) Infer(in []Arg) ([]Out, error) {
	p.dtype = in[0].DType
	both := slices.Clone(in)
	both[1].DType = p.dtype // the exponent may be of another type
	outs, err := p.infer(both)
	if err != nil || in[0].Const != nil && in[1].Const != nil {
		return outs, err
	}
	known := in[1].Const
	if known == nil {
		known = in[0].Const
	}
	switch {
	case known == nil:
		err = errors.New("base and exponent depend on the model's input; one of them must be a constant")
	case len(known.Data) == 0:
		err = errors.New("the constant has no elements")
	case slices.ContainsFunc(known.Data, notFinite):
		err = errors.New("the constant holds NaN or an infinite number")
	case known == in[0].Const && slices.ContainsFunc(known.Data, func(v float64) bool { return v != known.Data[0] }):
		err = errors.New("the base has different elements; only one for all is supported")
	case known == in[0].Const && !(known.Data[0] > 0):
		err = fmt.Errorf("the base is %g; only positive ones are supported", known.Data[0])
	case known == in[0].Const && (p.integer != "" || !in[1].DType.IsFloat()),
		p.integer != "" && slices.ContainsFunc(known.Data, func(v float64) bool { return !p.multiplied(v) }):
		err = errors.New("the power of an integer may be none; put a Cast to float before")
	}
	return outs, err
}

// multiplied tells which powers are products.
func (p *power) multiplied(exponent float64) bool {
	return exponent == 1 || exponent == 2 || exponent == 3
}

// Float implements Op.
func (p *power) Float(in []*tensor.Float) ([]*tensor.Float, error) { return p.fold(in, powerOf) }

// powerOf is x to the power of y, without infinities where x is negative.
func powerOf(x, y float64) float64 {
	whole := y == math.Trunc(y)
	if whole && math.Abs(y) <= 64 {
		out := 1.0
		for range int(math.Abs(y)) {
			out = float64(out * x)
		}
		if y < 0 {
			return 1 / out
		}
		return out
	}
	if out := libm.Exp(float64(y * libm.Log(math.Abs(x)))); !whole || x >= 0 || math.Mod(y, 2) == 0 {
		if x < 0 && !whole {
			return powerOf(0, y)
		}
		return out
	} else {
		return -out
	}
}

// Lower implements Op.
func (p *power) Lower(l *Lowering) ([]ir.ID, error) {
	if base := l.In[0].Const; base != nil {
		log := libm.Log(base.Data[0])
		f := &ir.Func{Name: "power of", Params: []float64{base.Data[0]}, Monotone: log >= 0, Strict: log > 0,
			F: func(x float64) float64 { return libm.Exp(float64(log * x)) }}
		return p.spread(l, 1, func(at *Lowering, x ir.ID) ir.ID { return at.Step(f, x) })
	}
	exponents := l.In[1].Const.Data
	if slices.Max(exponents) == slices.Min(exponents) {
		return p.spread(l, 0, func(at *Lowering, x ir.ID) ir.ID { return at.power(x, exponents[0]) })
	}
	return []ir.ID{p.apart(l)}, nil
}

// apart takes the elements of each exponent to its power, and puts them back.
func (p *power) apart(l *Lowering) ir.ID {
	base, exponent := p.index(l.In[0].Shape), p.index(l.In[1].Shape)
	var distinct []float64
	elements := map[float64][]int{}
	for i, j := range exponent {
		e := l.In[1].Const.Data[j]
		if elements[e] == nil {
			distinct = append(distinct, e)
		}
		elements[e] = append(elements[e], i)
	}
	back := &ir.Move{In: make([]int32, len(base)), Index: make([]int32, len(base))}
	powers := make([]ir.ID, len(distinct))
	for k, e := range distinct {
		pick := &ir.Move{In: make([]int32, len(elements[e]))}
		for at, i := range elements[e] {
			pick.Index = append(pick.Index, int32(base[i]))
			back.In[i], back.Index[i] = int32(k), int32(at)
		}
		part := l.named(l.Name, len(elements[e]))
		powers[k] = part.power(part.Step(pick, l.ID[0]), e)
	}
	return l.Step(back, powers...)
}

// power is a constant power of every element.
func (l *Lowering) power(x ir.ID, exponent float64) ir.ID {
	switch exponent {
	case 1:
		return x
	case 2:
		return l.product(x, x)
	case 3:
		return l.product(l.product(x, x), x)
	}
	return l.Step(powerStep(exponent), x)
}

// powerStep is the function of a power.
func powerStep(exponent float64) *ir.Func {
	odd := exponent == math.Trunc(exponent) && math.Mod(exponent, 2) != 0
	return &ir.Func{Name: "power", Params: []float64{exponent}, Monotone: exponent > 0 && odd,
		F: func(x float64) float64 { return powerOf(x, exponent) }}
}

// spread broadcasts an operand to the output's shape, and computes a function of it.
func (p *power) spread(l *Lowering, operand int, f func(at *Lowering, x ir.ID) ir.ID) ([]ir.ID, error) {
	index := p.index(l.In[operand].Shape)
	move := &ir.Move{In: make([]int32, len(index))}
	for _, i := range index {
		move.Index = append(move.Index, int32(i))
	}
	return []ir.ID{f(l, l.Step(move, l.ID[operand]))}, nil
}
