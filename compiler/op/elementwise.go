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
	for _, row := range linears {
		register(Spec{
			Name: row.name, Since: row.since, Tolerance: 1, Note: row.note,
			New: takes(row.least, row.most, func(*graph.Node) (Op, error) {
				return &linear{real: row.real, weight: row.weight}, nil
			}),
		})
	}
	register(Spec{
		Name: "Mul", Since: []int{7, 13, 14}, Tolerance: 1,
		Note: "by constants and between variables, with broadcasting",
		New:  takes(2, 2, func(*graph.Node) (Op, error) { return &times{}, nil }),
	})
}

// linears are the sums of operands with fixed weights: weight(i, n) is that of
// operand i of n.
var linears = []struct {
	name        string
	since       []int
	least, most int
	real        bool // real types only
	note        string
	weight      func(i, n int) float64
}{
	{"Add", []int{7, 13, 14}, 2, 2, false, "constants and variables, with broadcasting",
		func(int, int) float64 { return 1 }},
	{"Sub", []int{7, 13, 14}, 2, 2, false, "constants and variables, with broadcasting",
		func(i, _ int) float64 { return float64(1 - 2*i) }},
	{"Neg", []int{6, 13}, 1, 1, false, "all", func(int, int) float64 { return -1 }},
	{"Sum", []int{6, 8, 13}, 1, anyNumber, false, "any number of operands, with broadcasting",
		func(int, int) float64 { return 1 }},
	{"Mean", []int{6, 8, 13}, 1, anyNumber, true, "any number of operands, with broadcasting",
		func(_, n int) float64 { return 1 / float64(n) }},
}

// operands is what operators on broadcast operands store in Infer.
type operands struct {
	count   int
	shape   []int
	integer graph.DType // the element type, where it is not a real one
}

// infer gives the one output that the operands broadcast to.
func (o *operands) infer(in []Arg) ([]Out, error) {
	dtype, err := commonType(in)
	if err != nil {
		return nil, err
	}
	shapes := make([][]int, len(in))
	for i, a := range in {
		if !a.Present {
			return nil, fmt.Errorf("operand %d is absent, but required", i)
		}
		shapes[i] = a.Shape
	}
	if o.shape, err = tensor.Broadcast(shapes...); err != nil {
		return nil, err
	}
	if err := checkSize(o.shape); err != nil {
		return nil, err
	}
	o.count = len(in)
	if err := checkWork(append([]int{len(in)}, o.shape...)...); err != nil {
		return nil, err
	}
	o.integer = integerType(dtype)
	return []Out{{DType: dtype, Shape: o.shape}}, nil
}

// index tells which element of an operand goes into each element of the output.
func (o *operands) index(shape []int) []int { return tensor.BroadcastIndex(shape, o.shape) }

// fold combines two operands elementwise.
func (o *operands) fold(in []*tensor.Float, f func(a, b float64) float64) ([]*tensor.Float, error) {
	out := tensor.New[float64](o.shape...)
	ia, ib := o.index(in[0].Shape), o.index(in[1].Shape)
	for i := range out.Data {
		out.Data[i] = f(in[0].Data[ia[i]], in[1].Data[ib[i]])
	}
	return []*tensor.Float{out}, fits(o.integer, out)
}

// scaled lowers variable x times constant c, with a scale for each element of c.
func (o *operands) scaled(l *Lowering, x, c int, weight func(float64) float64) ([]ir.ID, error) {
	a := newAffine(tensor.Size(o.shape), l.ID[x])
	ix, ic := o.index(l.In[x].Shape), o.index(l.In[c].Shape)
	copy(a.Group, ic)
	for i := range a.Group {
		a.term(i, 0, ix[i], weight(l.In[c].Const.Data[ic[i]]))
	}
	return a.emit(l)
}

// linear is Σ weight·operand.
type linear struct {
	operands
	real   bool
	weight func(i, n int) float64
}

// Infer implements Op.
func (s *linear) Infer(in []Arg) ([]Out, error) {
	if s.real {
		if _, err := realType(in); err != nil {
			return nil, err
		}
	}
	outs, err := s.infer(in)
	if err == nil {
		outs[0].Lowest, err = s.lowest(in)
	}
	return outs, err
}

// Float implements Op.
func (s *linear) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](s.shape...)
	for i, t := range in {
		w := s.weight(i, len(in))
		for to, from := range s.index(t.Shape) {
			out.Data[to] += float64(w * t.Data[from])
		}
	}
	return []*tensor.Float{out}, fits(s.integer, out)
}

// Lower implements Op. If one operand is a constant, rows that read the same element of
// it share a scale.
func (s *linear) Lower(l *Lowering) ([]ir.ID, error) {
	ids, number := l.variables()
	a := newAffine(tensor.Size(s.shape), ids...)
	var constants [][]int
	if err := Exactly(s, l.In); err != nil {
		return nil, err
	}
	for i, x := range l.In {
		if x.Const != nil {
			constants = append(constants, x.Shape)
		}
		a.plus(x, number[i], s.shape, s.weight(i, len(l.In)))
	}
	a.Fixed = len(constants) == 0
	together, err := tensor.Broadcast(constants...)
	if err != nil {
		return nil, err
	}
	copy(a.Group, s.index(together))
	return a.emit(l)
}

// times is the elementwise product.
type times struct{ operands }

// Infer implements Op.
func (p *times) Infer(in []Arg) ([]Out, error) { return p.infer(in) }

// Float implements Op.
func (p *times) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	return p.fold(in, func(a, b float64) float64 { return float64(a * b) })
}

// Lower implements Op.
func (p *times) Lower(l *Lowering) ([]ir.ID, error) {
	itself := func(c float64) float64 { return c }
	switch {
	case l.In[1].Const != nil:
		return p.scaled(l, 0, 1, itself)
	case l.In[0].Const != nil:
		return p.scaled(l, 1, 0, itself)
	}
	product := &ir.Product{}
	for _, i := range p.index(l.In[0].Shape) {
		product.A = append(product.A, int32(i))
	}
	for _, i := range p.index(l.In[1].Shape) {
		product.B = append(product.B, int32(i))
	}
	return []ir.ID{l.Step(product, l.ID[0], l.ID[1])}, nil
}

// integerType gives a type of integers, and "" for a real one. Integers are computed
// exactly: whoever compiles the model sees to it that they stay in their type.
func integerType(d graph.DType) graph.DType {
	if d.IsFloat() {
		return ""
	}
	return d
}

// fits refuses results that overflow an integer type; "" is a real type.
func fits(name graph.DType, t *tensor.Float) error {
	kind, ok := integerTypes[name]
	if !ok {
		return nil
	}
	lo, hi := kind.limits()
	if slices.ContainsFunc(t.Data, func(v float64) bool { return v < lo || v > hi }) {
		return fmt.Errorf("a result does not fit into %s; use a wider type", name)
	}
	return nil
}

// commonType is the numeric type that all operands have.
func commonType(in []Arg) (graph.DType, error) {
	dtype := in[0].DType
	if err := oneType(in, 0); err != nil {
		return "", err
	}
	if dtype == graph.Bool {
		return "", errors.New("operands of type bool are not numbers; put a Cast before")
	}
	return dtype, nil
}

// oneType refuses operands, from input first on, of different types.
func oneType(in []Arg, first int) error {
	for i, a := range in {
		if i > first && a.Present && a.DType != in[first].DType {
			return fmt.Errorf("operand %d is of type %s and operand %d of type %s; put a Cast before", first,
				in[first].DType, i, a.DType)
		}
	}
	return nil
}

// realType is commonType for operators that are defined on real types only.
func realType(in []Arg) (graph.DType, error) {
	dtype, err := commonType(in)
	if err == nil && !dtype.IsFloat() {
		err = fmt.Errorf("operands are of type %s, but only real types are supported; put a Cast to float before",
			dtype)
	}
	return dtype, err
}
