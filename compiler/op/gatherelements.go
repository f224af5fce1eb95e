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
		Name: "GatherElements", Since: []int{11, 13}, Tolerance: 1,
		Note: "constant and variable indices, negative ones included; a variable one outside the axis picks the end " +
			"that is nearer",
		New: takes(2, 2, func(n *graph.Node) (Op, error) {
			g := &gatherElements{at: n.Int("axis", 0)}
			g.plan = g.picked
			return g, nil
		}),
	})
}

// gatherElements picks an element for each index, from the data's fibre in which the index is.
type gatherElements struct {
	movement // by constant indices
	at, axis int
	size     int   // of the axis
	first    []int // for each index, the first element of its fibre
	step     int   // between elements of a fibre
	shape    []int
	variable bool
}

// Infer implements Op.
func (g *gatherElements) Infer(in []Arg) ([]Out, error) {
	old := in[0].Shape
	var err error
	if g.axis, err = axis(g.at, len(old)); err != nil {
		return nil, err
	}
	g.shape, g.size = slices.Clone(in[1].Shape), old[g.axis]
	if len(g.shape) != len(old) {
		return nil, fmt.Errorf("indices of shape %v for data of shape %v; the ranks must agree", g.shape, old)
	}
	for i, d := range g.shape {
		if i != g.axis && d > old[i] {
			return nil, fmt.Errorf("indices of shape %v reach outside data of shape %v", g.shape, old)
		}
	}
	strides := tensor.Strides(old)
	g.step, strides[g.axis] = strides[g.axis], 0
	g.first = tensor.Walk(g.shape, strides, 0)
	if g.variable = in[1].Const == nil; !g.variable {
		return g.movement.Infer(in)
	}
	if err := integerIndices(in[1]); err != nil {
		return nil, err
	}
	if g.size == 0 {
		return nil, errors.New("the axis is empty, and indices have nothing to pick")
	}
	if err := checkWork(2*g.size, len(g.first)); err != nil {
		return nil, err
	}
	return pickedOut(in[0], g.shape)
}

// picked plans the move by constant indices.
func (g *gatherElements) picked(in []Arg) ([]moved, error) {
	picked, err := positions(in, g.size)
	if err != nil {
		return nil, err
	}
	index := make([]int, len(picked))
	for i, p := range picked {
		index[i] = g.first[i] + p*g.step
	}
	return []moved{rearranged(in, slices.Clone(g.shape), index)}, nil
}

// Float implements Op.
func (g *gatherElements) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	if !g.variable {
		return g.movement.Float(in)
	}
	out := tensor.New[float64](g.shape...)
	for i, x := range in[1].Data {
		p, err := position(x, g.size)
		if err != nil {
			return nil, err
		}
		out.Data[i] = in[0].Data[g.first[i]+p*g.step]
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op: an element is the product of its fibre and of bits that choose.
func (g *gatherElements) Lower(l *Lowering) ([]ir.ID, error) {
	if !g.variable {
		return g.movement.Lower(l)
	}
	chosen, err := l.chosen(l.ID[1], g.size)
	if err != nil {
		return nil, err
	}
	if l.In[0].Const != nil {
		sum := newAffine(len(g.first), chosen)
		for i, first := range g.first {
			for k := range g.size {
				sum.term(i, 0, i*g.size+k, l.In[0].Const.Data[first+k*g.step])
			}
		}
		return sum.emit(l)
	}
	dot := &ir.Dot{N: 1, K: g.size, M: 1}
	apart, of := &ir.Move{}, map[int]int32{} // the fibres that are read, each by its first element
	for i, first := range g.first {
		at, ok := of[first]
		if !ok {
			at = int32(len(apart.Index))
			of[first] = at
			for k := range g.size {
				apart.Index = append(apart.Index, int32(first+k*g.step))
			}
		}
		dot.A, dot.B = append(dot.A, int32(i*g.size)), append(dot.B, at)
	}
	apart.In = make([]int32, len(apart.Index))
	fibres := l.Emit(l.Node, l.Name, []int{len(of), g.size}, apart, l.ID[0])
	return []ir.ID{l.Step(dot, chosen, fibres)}, nil
}

// neverNegative tells whether no number of a value can be negative, as positions and bits are, as
// far as some steps show that make it. Weights that may be secret show nothing.
func (l *Lowering) neverNegative(id ir.ID, steps *int) bool {
	s := l.Producer(id)
	if *steps--; s == nil || *steps < 0 {
		return false
	}
	switch k := s.Kind.(type) {
	case *ir.Top, *ir.ArgMax, *ir.Compare:
		return true
	case *ir.Affine:
		if !k.Fixed || slices.ContainsFunc(k.Bias, func(b float64) bool { return b < 0 }) {
			return false
		}
		var row []ir.Term
		for i := range k.Bias {
			row = k.Rows.Row(i, row[:0])
			if slices.ContainsFunc(row, func(t ir.Term) bool { return t.W < 0 }) {
				return false
			}
		}
	case *ir.Move, *ir.Dot, *ir.Product:
	default:
		return false
	}
	return !slices.ContainsFunc(s.In, func(in ir.ID) bool { return !l.neverNegative(in, steps) })
}

// Work implements Worker: positions are counted from both ends, each of them is compared and has
// two terms, and fibres are moved.
func (g *gatherElements) Work() Work {
	if !g.variable {
		return Work{Multiplications: int64(len(g.first))}
	}
	w := listedWork(4*g.size, len(g.first))
	w.Indices = int64(g.size * len(g.first))
	return w
}
