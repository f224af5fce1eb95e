package op

import (
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// truths are the relations of truth values, which are 0 and 1.
var truths = []struct {
	name  string
	since []int
	count int
	holds func(x, y float64) bool
	lower func(l *Lowering, x, y ir.ID) (ir.ID, error)
}{
	{"And", []int{7}, 2, func(x, y float64) bool { return x != 0 && y != 0 },
		func(l *Lowering, x, y ir.ID) (ir.ID, error) { return l.product(x, y), nil }},
	{"Not", []int{1}, 1, func(x, _ float64) bool { return x == 0 },
		func(l *Lowering, x, _ ir.ID) (ir.ID, error) { return l.not(x) }},
	{"Or", []int{7}, 2, func(x, y float64) bool { return x != 0 || y != 0 }, (*Lowering).either},
	{"Xor", []int{7}, 2, func(x, y float64) bool { return x != 0 != (y != 0) },
		func(l *Lowering, x, y ir.ID) (ir.ID, error) {
			a := newAffine(l.Size(x), x, y)
			a.Fixed = true
			for i := range a.Bias {
				a.term(i, 0, i, 1)
				a.term(i, 1, i, -1)
			}
			difference, err := only(a.emit(l))
			if err != nil {
				return 0, err
			}
			return l.notZero(difference)
		}},
}

func init() {
	for _, t := range truths {
		r := relation{name: t.name, since: t.since, truth: true, f: where(t.holds), count: t.count}
		register(Spec{
			Name: t.name, Since: t.since, Note: "constants and variables, with broadcasting",
			New: takes(t.count, t.count, func(*graph.Node) (Op, error) {
				return &truth{related{relation: r}, t.lower}, nil
			}),
		})
	}
	register(Spec{
		Name: "Sign", Since: []int{9, 13}, Note: "constants and variables",
		New: takes(1, 1, func(*graph.Node) (Op, error) {
			f := func(x, _ float64) float64 { return where(above)(x, 0) - where(above)(0, x) }
			return &sign{related{relation: relation{name: "Sign", f: f, count: 1}}}, nil
		}),
	})
}

func above(x, y float64) bool { return x > y }

// truth is one of truths bound to a node.
type truth struct {
	related
	lower func(l *Lowering, x, y ir.ID) (ir.ID, error)
}

// Infer implements Op.
func (t *truth) Infer(in []Arg) ([]Out, error) {
	for i, a := range in {
		if a.Const == nil && a.DType != graph.Bool {
			return nil, fmt.Errorf("input %d is of type %s, and not of truth values; put a Cast to bool before", i,
				a.DType)
		}
	}
	return t.infer(in)
}

// Lower implements Op.
func (t *truth) Lower(l *Lowering) ([]ir.ID, error) {
	ids, _ := l.variables()
	if len(ids) == 1 && t.count == 2 {
		return t.known(l, ids[0])
	}
	whole := make([]ir.ID, 2)
	for k, x := range l.In {
		move := &ir.Move{In: make([]int32, tensor.Size(t.shape))}
		for _, i := range tensor.BroadcastIndex(x.Shape, t.shape) {
			move.Index = append(move.Index, int32(i))
		}
		whole[k] = l.Step(move, l.ID[k])
	}
	out, err := t.lower(l, whole[0], whole[1])
	return []ir.ID{out}, err
}

// known lowers a relation to an operand that is known: the relation is symmetric.
func (t *truth) known(l *Lowering, x ir.ID) ([]ir.ID, error) {
	variable, constant := l.In[0], l.In[1]
	if variable.Const != nil {
		variable, constant = constant, variable
	}
	a := newAffine(tensor.Size(t.shape), x)
	at, with := tensor.BroadcastIndex(variable.Shape, t.shape), tensor.BroadcastIndex(constant.Shape, t.shape)
	for i := range a.Bias {
		c := constant.Const.Data[with[i]]
		a.Bias[i] = t.f(0, c)
		a.term(i, 0, at[i], t.f(1, c)-a.Bias[i])
	}
	return a.emit(l)
}

// sign is the operator Sign.
type sign struct{ related }

// Infer implements Op.
func (s *sign) Infer(in []Arg) ([]Out, error) {
	if _, err := commonType(in); err != nil {
		return nil, err
	}
	return s.infer(in)
}

// Lower implements Op.
func (s *sign) Lower(l *Lowering) ([]ir.ID, error) {
	out, err := only(l.sides(l.ID[0], -1))
	if err != nil {
		return nil, err
	}
	return l.asReal(out)
}

// sides is 1 for positive elements, and a number for negative ones.
func (l *Lowering) sides(x ir.ID, negative float64) ([]ir.ID, error) {
	n := l.Size(x)
	at := l.named(l.Name, l.Shapes[x]...)
	both := newAffine(n, at.Step(&ir.Compare{}, x), at.Step(&ir.Compare{}, at.Step(scaled(n, -1), x)))
	both.Fixed = true
	for i := range both.Bias {
		both.term(i, 0, i, 1)
		both.term(i, 1, i, negative)
	}
	return both.emit(at)
}

// notZero is 1 for elements that are not zero, and 0 for the others.
func (l *Lowering) notZero(x ir.ID) (ir.ID, error) {
	at := l.named(l.Name, l.Shapes[x]...)
	return at.either(at.Step(&ir.Compare{}, x), at.Step(&ir.Compare{}, at.Step(scaled(l.Size(x), -1), x)))
}

// not is 1 where a truth value is 0, and 0 where it is 1.
func (l *Lowering) not(x ir.ID) (ir.ID, error) {
	return l.named(l.Name, l.Shapes[x]...).shifted(x, -1, 1, true)
}

// either is 1 where one of two truth values is.
func (l *Lowering) either(x, y ir.ID) (ir.ID, error) {
	noX, err := l.not(x)
	if err != nil {
		return 0, err
	}
	noY, err := l.not(y)
	if err != nil {
		return 0, err
	}
	return l.not(l.product(noX, noY))
}

// product multiplies two values of one shape element by element.
func (l *Lowering) product(x, y ir.ID) ir.ID {
	all := make([]int32, l.Size(x))
	for i := range all {
		all[i] = int32(i)
	}
	return l.named(l.Name, l.Shapes[x]...).Step(&ir.Product{A: all, B: all}, x, y)
}
