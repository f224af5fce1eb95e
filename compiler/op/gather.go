package op

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// variableIndices is what operators say of indices that are variable.
const variableIndices = "constant and variable indices, negative ones included; a variable one outside the axis " +
	"picks the end that is nearer"

func init() {
	register(Spec{
		Name: "Gather", Since: []int{1, 11, 13}, Tolerance: 1, Note: variableIndices,
		New: takes(2, 2, func(n *graph.Node) (Op, error) {
			g := &gather{at: n.Int("axis", 0), negative: true}
			g.plan = g.picked
			return g, nil
		}),
	})
}

// gather picks slices of the data along an axis: from outer blocks of size slices, each of inner
// elements, one slice for each of count indices.
type gather struct {
	movement                  // by constant indices
	at, axis                  int
	outer, size, inner, count int
	shape                     []int
	negative                  bool // negative indices count from the end
	variable                  bool
}

// Infer implements Op.
func (g *gather) Infer(in []Arg) ([]Out, error) {
	old := in[0].Shape
	var err error
	if g.axis, err = axis(g.at, len(old)); err != nil {
		return nil, err
	}
	return g.infer(in, slices.Concat(old[:g.axis], in[1].Shape, old[g.axis+1:]))
}

// infer is Infer for an output of a shape, after the axis is known.
func (g *gather) infer(in []Arg, shape []int) ([]Out, error) {
	old := in[0].Shape
	g.outer, g.size, g.inner = tensor.Size(old[:g.axis]), old[g.axis], tensor.Size(old[g.axis+1:])
	g.shape, g.count = shape, tensor.Size(in[1].Shape)
	if err := checkSize(shape); err != nil {
		return nil, err
	}
	if g.variable = in[1].Const == nil; !g.variable {
		return g.movement.Infer(in)
	}
	if err := integerIndices(in[1]); err != nil {
		return nil, err
	}
	if g.size == 0 {
		return nil, errors.New("the axis is empty, and indices have nothing to pick")
	}
	if err := checkWork(2*g.size, max(g.outer*g.inner, 1), g.count); err != nil {
		return nil, err
	}
	return pickedOut(in[0], shape)
}

// integerIndices refuses indices of another type.
func integerIndices(a Arg) error {
	if integerType(a.DType) == "" {
		return fmt.Errorf("the indices are of type %s, but must be integers", a.DType)
	}
	return nil
}

// pickedOut is an output of elements of data, with their texts.
func pickedOut(data Arg, shape []int) ([]Out, error) {
	texts, err := sharedTexts([]Arg{data})
	return []Out{{DType: data.DType, Shape: slices.Clone(shape), Meaning: texts}}, err
}

// picked plans the move by constant indices.
func (g *gather) picked(in []Arg) ([]moved, error) {
	picked, err := positions(in, g.size)
	if err != nil {
		return nil, err
	}
	picks := whole(in[0].Shape)
	picks[g.axis] = picked
	return []moved{rearranged(in, g.shape, grid(in[0].Shape, picks))}, nil
}

// positions reads input 1 as constant positions on an axis of size d.
func positions(in []Arg, d int) ([]int, error) {
	list, err := integers(in, 1, "the list of indices")
	if err != nil {
		return nil, err
	}
	for k, p := range list {
		if p < -d || p >= d {
			return nil, fmt.Errorf("index %d is outside an axis of size %d", p, d)
		}
		list[k] = (p + d) % d
	}
	return list, nil
}

// Float implements Op.
func (g *gather) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	if !g.variable {
		return g.movement.Float(in)
	}
	out := tensor.New[float64](g.shape...)
	for i, x := range in[1].Data {
		if !(x >= float64(-g.size) && x < float64(g.size)) || x < 0 && !g.negative {
			return nil, fmt.Errorf("index %g is outside an axis of size %d", x, g.size)
		}
		for o := range g.outer {
			from := (o*g.size + modulo(int(x), g.size)) * g.inner
			copy(out.Data[(o*g.count+i)*g.inner:][:g.inner], in[0].Data[from:])
		}
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op.
func (g *gather) Lower(l *Lowering) ([]ir.ID, error) {
	switch {
	case !g.variable:
		return g.movement.Lower(l)
	case l.In[0].Const != nil && g.looksUp(l):
		return g.lookedUp(l)
	}
	chosen, err := l.picking(l.ID[1], g.size, g.negative)
	if err != nil {
		return nil, err
	}
	if l.In[0].Const != nil {
		out, err := l.pickedOf(l.In[0].Const.Data, chosen, g.inner, []int{g.outer, g.size, g.count}, false)
		return []ir.ID{out}, err
	}
	dot := &ir.Dot{N: g.count, K: g.size, M: g.inner}
	for o := range g.outer {
		dot.A, dot.B = append(dot.A, 0), append(dot.B, int32(o*g.size*g.inner))
	}
	return []ir.ID{l.Step(dot, chosen, l.ID[0])}, nil
}

// mostLooked bounds the entries of a table in which slices are looked up.
const mostLooked = 1 << 16

// looksUp tells whether constants of a public model are looked up. As measured at 8 bits, a table takes
// 4 rows an entry, and an element that is looked up 15 with its rescale; a bit takes 5, and up to 5 that
// it chooses with, besides one for eleven columns together, and an element 12.
func (g *gather) looksUp(l *Lowering) bool {
	columns := g.outer * g.inner
	table := (4*g.size + 15*g.count) * columns
	bits := g.count * (g.size*(5+min(columns, 5+columns/11)) + 12*columns)
	return !l.Secret && integerType(l.In[0].DType) == "" && g.size*columns <= mostLooked && table < bits
}

// lookedUp looks up each element in one table of all columns, one after another.
func (g *gather) lookedUp(l *Lowering) ([]ir.ID, error) {
	at, err := l.limited(l.ID[1], g.size, g.negative)
	if err != nil {
		return nil, err
	}
	data := l.In[0].Const.Data
	place := newAffine(tensor.Size(g.shape), at)
	place.Fixed = true
	for i := range place.Bias {
		o, k := i/(g.count*g.inner), i%g.inner
		place.Bias[i] = float64((o*g.inner + k) * g.size)
		place.term(i, 0, i/g.inner%g.count, 1)
	}
	where, err := only(place.emit(l))
	if err != nil {
		return nil, err
	}
	table := make([]float64, 0, len(data))
	for column := range g.outer * g.inner {
		for p := range g.size {
			table = append(table, data[(column/g.inner*g.size+p)*g.inner+column%g.inner])
		}
	}
	f := &ir.Func{Name: "element of " + contentsOf(table), F: func(x float64) float64 {
		return table[int(max(0, min(float64(len(table)-1), x)))]
	}}
	return []ir.ID{l.Step(f, where)}, nil
}

// contentsOf names numbers by what they are.
func contentsOf(numbers []float64) string {
	h := sha256.New()
	for _, v := range numbers {
		h.Write(binary.BigEndian.AppendUint64(nil, math.Float64bits(v)))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Work implements Worker.
func (g *gather) Work() Work {
	if !g.variable {
		return Work{Multiplications: int64(tensor.Size(g.shape))}
	}
	w := listedWork(4*g.size, g.count)
	w.Multiplications = sharedWork(g.size, g.outer*g.inner, g.count).Multiplications
	w.Indices = int64(g.outer)
	return w
}
