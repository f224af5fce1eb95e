package op

import (
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{Name: "Cast", Since: []int{6, 9, 13, 19, 21, 23, 24, 25},
			Note: "constants between all number types; variables to real types, between integer types that hold " +
				"them, to truth values, and from real to integer types, truncated and limited to their range",
			New: takes(1, 1, newCast)},
		Spec{Name: "CastLike", Since: []int{15, 19, 21, 23, 24, 25}, Note: "as Cast", New: takes(2, 2, newCastLike)},
	)
}

// castTypes are the element types by their number in ONNX's TensorProto.
var castTypes = map[int]graph.DType{
	1: graph.Float32, 2: graph.Uint8, 3: graph.Int8, 4: graph.Uint16, 5: graph.Int16, 6: graph.Int32,
	7: graph.Int64, 9: graph.Bool, 10: graph.Float16, 11: graph.Float64, 12: graph.Uint32, 13: graph.Uint64,
	16: graph.BFloat16,
}

// cast changes the element type. A variable keeps its value: a model in which an integer
// may not fit its new type is refused as a whole, by whoever knows its range.
type cast struct {
	from, to graph.DType
	value    *tensor.Float // input 0 converted, where it is a constant
}

func newCast(n *graph.Node) (Op, error) {
	number := n.Int("to", 0)
	to, ok := castTypes[number]
	if !ok {
		return nil, fmt.Errorf("element type number %d is not supported; "+
			"cast to a float or integer type of 8 bits or more", number)
	}
	return &cast{to: to}, nil
}

func newCastLike(*graph.Node) (Op, error) { return &cast{}, nil }

// Infer implements Op.
func (c *cast) Infer(in []Arg) ([]Out, error) {
	c.from = in[0].DType
	if len(in) > 1 {
		c.to = in[1].DType
	}
	if !convertible(c.to) {
		return nil, fmt.Errorf("element type %s is not supported; "+
			"cast to a float or integer type of 8 bits or more", c.to)
	}
	if in[0].Const != nil {
		c.value = c.converted(in[0].Const)
	}
	outs, err := sameShape(in)
	outs[0].DType, outs[0].Labels = c.to, in[0].Labels
	return outs, err
}

func (c *cast) converted(t *tensor.Float) *tensor.Float {
	return tensor.Map(t, func(x float64) float64 { return convert(x, c.from, c.to) })
}

// Float implements Op.
func (c *cast) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	return []*tensor.Float{c.converted(in[0])}, nil
}

// Lower implements Op.
func (c *cast) Lower(l *Lowering) ([]ir.ID, error) {
	if c.value != nil {
		return nil, errNotStatic
	}
	if c.to == graph.Bool && c.from != graph.Bool {
		other, err := l.notZero(l.ID[0])
		return []ir.ID{other}, err
	}
	if integerType(c.to) != "" && c.from.IsFloat() {
		whole, move := l.wholes(l.ID[0])
		if move == nil {
			return []ir.ID{truncation(c.to).step(l, c.from != graph.Float64)}, nil
		}
		return []ir.ID{l.Step(move, whole)}, nil
	}
	return (&movement{parts: reshaped(l.In[:1], l.In[0].Shape)}).Lower(l)
}

// wholes finds the integers that a value of real type is moved from; nil where it is not.
func (l *Lowering) wholes(id ir.ID) (ir.ID, *ir.Move) {
	out := &ir.Move{In: make([]int32, l.Size(id)), Index: make([]int32, l.Size(id))}
	for i := range out.Index {
		out.Index[i] = int32(i)
	}
	for !l.Whole(id) {
		s := l.Producer(id)
		if s == nil || len(s.In) != 1 {
			return id, nil
		}
		move, ok := s.Kind.(*ir.Move)
		if !ok {
			return id, nil
		}
		for i, j := range out.Index {
			out.Index[i] = move.Index[j]
		}
		id = s.In[0]
	}
	return id, out
}

// Static implements Static: only the type of CastLike's second input counts.
func (c *cast) Static() []*tensor.Float { return []*tensor.Float{c.value} }
