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
		Name: "Where", Since: []int{9, 16}, Tolerance: 2, Note: "any condition, with broadcasting",
		New: takes(3, 3, func(*graph.Node) (Op, error) { return &choice{}, nil }),
	})
}

// choice takes each element from one of two operands.
type choice struct {
	movement // by a condition that is known
	known    bool
	shape    []int
	index    [3][]int // of each output's elements in the inputs
}

// Infer implements Op.
func (c *choice) Infer(in []Arg) ([]Out, error) {
	if err := oneType(in, 1); err != nil {
		return nil, err
	}
	var err error
	if c.shape, err = tensor.Broadcast(in[0].Shape, in[1].Shape, in[2].Shape); err != nil {
		return nil, err
	}
	if err := checkSize(c.shape); err != nil {
		return nil, err
	}
	for i := range c.index {
		c.index[i] = tensor.BroadcastIndex(in[i].Shape, c.shape)
	}
	if c.known = in[0].Const != nil; c.known {
		c.plan = c.copies
		return c.movement.Infer(in)
	}
	if in[1].lowest() != nil || in[2].lowest() != nil {
		return nil, errors.New("it chooses -Inf by a condition that depends on the model's input; export the model " +
			"with a mask that is fixed, or with a large number in the place of -Inf")
	}
	if err := onlyLowest(in); err != nil {
		return nil, err
	}
	if in[0].DType != graph.Bool {
		return nil, fmt.Errorf("the condition is of type %s; put a Cast to bool before", in[0].DType)
	}
	texts, err := sharedTexts(in[1:])
	return []Out{{DType: in[1].DType, Shape: c.shape, Meaning: texts}}, err
}

// copies is the movement by a condition that is known.
func (c *choice) copies(in []Arg) ([]moved, error) {
	p := moved{dtype: in[1].DType, shape: c.shape, from: make([]source, tensor.Size(c.shape))}
	for i := range p.from {
		from := 2
		if in[0].Const.Data[c.index[0][i]] != 0 {
			from = 1
		}
		p.from[i] = source{int32(from), int32(c.index[from][i])}
	}
	return []moved{p}, nil
}

// Float implements Op.
func (c *choice) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](c.shape...)
	for i := range out.Data {
		from := 2
		if in[0].Data[c.index[0][i]] != 0 {
			from = 1
		}
		out.Data[i] = in[from].Data[c.index[from][i]]
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op: of a bit it is y + bit·(x − y).
func (c *choice) Lower(l *Lowering) ([]ir.ID, error) {
	if c.known {
		return c.movement.Lower(l)
	}
	ids, number := l.variables()
	n := tensor.Size(c.shape)
	if len(ids) == 1 {
		a := newAffine(n, ids[0])
		for i := range a.Bias {
			x, y := l.In[1].Const.Data[c.index[1][i]], l.In[2].Const.Data[c.index[2][i]]
			if a.Bias[i] = y; math.Abs(y+(x-y)-x) > math.Abs(x)/(1<<30) {
				return nil, fmt.Errorf("the constants %g and %g are too far apart to choose one of them; use smaller "+
					"ones", x, y)
			}
			a.term(i, 0, c.index[0][i], x-y)
		}
		return a.emit(l)
	}
	if known := c.far(l); known > 0 {
		return c.lowerMask(l, known)
	}
	difference := newAffine(n, ids...)
	difference.Fixed = l.In[1].Const == nil && l.In[2].Const == nil
	difference.plus(l.In[1], number[1], c.shape, 1)
	difference.plus(l.In[2], number[2], c.shape, -1)
	away, err := only(difference.emit(l))
	if err != nil {
		return nil, err
	}
	p := &ir.Product{}
	for i, j := range c.index[0] {
		p.A, p.B = append(p.A, int32(j)), append(p.B, int32(i))
	}
	sum := newAffine(n, append(ids, l.Step(p, l.ID[0], away))...)
	sum.Fixed = l.In[2].Const == nil
	sum.plus(l.In[2], number[2], c.shape, 1)
	for i := range n {
		sum.term(i, len(ids), i, 1)
	}
	return sum.emit(l)
}

// far is the input that is known and far from zero, as masks are; 0 where there is none.
func (c *choice) far(l *Lowering) int {
	for k := 1; k < 3; k++ {
		x := l.In[k].Const
		if x != nil && slices.ContainsFunc(x.Data, func(v float64) bool { return math.Abs(v) > tooFar }) {
			return k
		}
	}
	return 0
}

// lowerMask takes the known operand, which is far from zero, and the other one times the bit
// or its opposite, and adds them: their difference would have no format that holds both.
func (c *choice) lowerMask(l *Lowering, known int) ([]ir.ID, error) {
	n, other := tensor.Size(c.shape), 3-known
	same := l.named(l.Name, c.shape...)
	mask, bit := newAffine(n, l.ID[0]), newAffine(n, l.ID[0])
	bit.Fixed = true
	for i, j := range c.index[0] {
		v, sign := l.In[known].Const.Data[c.index[known][i]], float64(3-2*known)
		if bit.term(i, 0, j, -sign); known == 1 { // the bit takes what is known, else the other
			bit.Bias[i] = 1
		} else {
			mask.Bias[i] = v
		}
		mask.term(i, 0, j, float64(sign*v))
	}
	added, err := only(mask.emit(same))
	if err != nil {
		return nil, err
	}
	by := l.ID[0]
	p := &ir.Product{}
	for i, j := range c.index[0] {
		p.A, p.B = append(p.A, int32(j)), append(p.B, int32(c.index[other][i]))
	}
	if known == 1 {
		if by, err = only(bit.emit(same)); err != nil {
			return nil, err
		}
		p.A = p.A[:0]
		for i := range n {
			p.A = append(p.A, int32(i))
		}
	}
	sum := newAffine(n, same.Step(p, by, l.ID[other]), added)
	sum.Fixed = true
	for i := range n {
		sum.term(i, 0, i, 1)
		sum.term(i, 1, i, 1)
	}
	return sum.emit(l)
}
