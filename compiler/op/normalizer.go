package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
	"github.com/zkml-go/zkml/tensor"
)

// norm is what the elements of a row are divided by: the sum over the row of a
// function of its elements, or their largest. A row of norm zero stays as it is.
type norm struct {
	add     func(x float64) float64 // nil for the largest
	divisor func(sum float64) float64
}

// norms are the values of Normalizer's attribute norm.
var norms = map[string]norm{
	"L1":  {add: math.Abs, divisor: itself},
	"L2":  {add: func(x float64) float64 { return float64(x * x) }, divisor: math.Sqrt},
	"MAX": {divisor: itself},
}

func itself(x float64) float64 { return x }

const normNote = "; the reciprocal of a variable norm is a table, coarse where norms are small; " +
	"after a softmax, L1 changes nothing"

func init() {
	register(
		Spec{
			Name: "Normalizer", Domain: mlDomain, Since: []int{1}, Tolerance: 5, Note: "L1, L2 and MAX" + normNote,
			New: takes(1, 1, newNormalizer),
		},
		Spec{
			Name: "LpNormalization", Since: []int{1, 22}, Tolerance: 5, Note: "p of 1 and 2, any axis" + normNote,
			New: takes(1, 1, newLpNormalization),
		},
	)
}

// normalizer divides rows, along an axis, by a norm of each.
type normalizer struct {
	name   string
	rows   bool // the input is a row or rows
	at     int
	groups [][]int32
}

func newNormalizer(n *graph.Node) (Op, error) {
	m := &normalizer{name: n.String("norm", "MAX"), rows: true, at: -1}
	if _, ok := norms[m.name]; !ok {
		return nil, fmt.Errorf("attribute norm is %q; supported are MAX, L1 and L2", m.name)
	}
	return m, nil
}

func newLpNormalization(n *graph.Node) (Op, error) {
	m := &normalizer{name: fmt.Sprintf("L%d", n.Int("p", 2)), at: n.Int("axis", -1)}
	if norms[m.name].add == nil {
		return nil, fmt.Errorf("attribute p is %d; supported are 1 and 2", n.Int("p", 2))
	}
	return m, nil
}

// Infer implements Op.
func (m *normalizer) Infer(in []Arg) ([]Out, error) {
	shape := in[0].Shape
	switch {
	case m.rows && len(shape) != 1 && len(shape) != 2:
		return nil, fmt.Errorf("the input is of shape %v, but must be a row or rows", shape)
	case slices.Contains(shape, 0):
		return nil, fmt.Errorf("the input is of shape %v, which is empty", shape)
	case in[0].DType == graph.Bool:
		return nil, fmt.Errorf("the input is of type bool; put a Cast to float before")
	}
	a, err := axis(m.at, len(shape))
	if err != nil {
		return nil, err
	}
	m.groups = fibres(shape, a)
	out := Out{DType: graph.Float32, Shape: slices.Clone(shape)}
	if !m.rows {
		if out.DType, err = realType(in); err != nil {
			return nil, err
		}
	}
	return []Out{out}, nil
}

// Float implements Op.
func (m *normalizer) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out, of := in[0].Clone(), norms[m.name]
	for _, g := range m.groups {
		sum, top := 0.0, math.Inf(-1)
		for _, i := range g {
			top = max(top, out.Data[i])
			if of.add != nil {
				sum += of.add(out.Data[i])
			}
		}
		if of.add == nil {
			sum = top
		}
		if by := of.divisor(sum); by != 0 {
			for _, i := range g {
				out.Data[i] /= by
			}
		}
	}
	return []*tensor.Float{out}, nil
}

// Work implements Worker.
func (m *normalizer) Work() Work { return chosenWork(len(m.groups), len(m.groups[0])) }

// Lower implements Op.
func (m *normalizer) Lower(l *Lowering) ([]ir.ID, error) {
	x := l.ID[0]
	made := l.origin(x)
	switch {
	case m.name == "L1" && sumsToOne(l.Program, made, m.groups):
		return (&movement{parts: reshaped(l.In, l.In[0].Shape)}).Lower(l)
	case m.name == "L1" && isLogistic(made):
		// y/Σy = softmax(log y), and the logarithm of a logistic has no small arguments
		log := l.Step(&ir.Func{Name: "logsigmoid", F: logSigmoid, Monotone: true, Strict: true}, made.In[0])
		return []ir.ID{l.Step(&ir.Softmax{Groups: m.groups}, log)}, nil
	}
	out, err := l.normalised(x, m.name, m.groups)
	return []ir.ID{out}, err
}

// origin is the step that makes the elements of a value, in order: what comes before moves
// that only reshape.
func (l *Lowering) origin(id ir.ID) *ir.Step {
	s := l.Producer(id)
	for s != nil && len(s.In) == 1 {
		m, ok := s.Kind.(*ir.Move)
		if !ok || !sparse.InOrder(m.Index) || len(m.Index) != l.Size(s.In[0]) {
			break
		}
		s = l.Producer(s.In[0])
	}
	return s
}

func isLogistic(s *ir.Step) bool {
	if s == nil {
		return false
	}
	f, ok := s.Kind.(*ir.Func)
	return ok && f.Name == logisticStep().Name
}

// logSigmoid is the logarithm of the logistic function.
func logSigmoid(x float64) float64 { return -softplus(-x) }

// sumsToOne tells whether a step's elements are positive and add up to one in each group:
// a softmax, or the logistics of two opposite numbers.
func sumsToOne(p *ir.Program, s *ir.Step, groups [][]int32) bool {
	if s == nil {
		return false
	}
	if k, ok := s.Kind.(*ir.Softmax); ok {
		return !k.Log && slices.EqualFunc(k.Groups, groups, slices.Equal[[]int32])
	}
	if !isLogistic(s) || len(groups[0]) != 2 {
		return false
	}
	before := p.Producer(s.In[0])
	if before == nil {
		return false
	}
	a, ok := before.Kind.(*ir.Affine)
	return ok && !slices.ContainsFunc(groups, func(g []int32) bool { return !opposed(a, int(g[0]), int(g[1])) })
}

// opposed tells whether a row of an affine step is another one with the other sign.
func opposed(a *ir.Affine, i, j int) bool {
	return a.Bias[i] == -a.Bias[j] && slices.EqualFunc(a.Rows.Row(i, nil), a.Rows.Row(j, nil),
		func(s, t ir.Term) bool { return s.In == t.In && s.Index == t.Index && s.W == -t.W })
}

// normalised divides each group of elements by its norm: times a table of reciprocals.
func (l *Lowering) normalised(x ir.ID, name string, groups [][]int32) (ir.ID, error) {
	of := norms[name]
	sums, err := l.normsOf(x, name, groups)
	if err != nil {
		return 0, err
	}
	rows := l.named(l.Name, len(groups))
	by := rows.Step(&ir.Func{Name: "reciprocal of " + name, F: func(sum float64) float64 {
		if d := of.divisor(sum); d > 0 || d < 0 {
			return 1 / d
		}
		return 1
	}}, sums)
	product := &ir.Product{A: make([]int32, l.Size(x)), B: make([]int32, l.Size(x))}
	for row, g := range groups {
		for _, i := range g {
			product.A[i], product.B[i] = i, int32(row)
		}
	}
	return l.named(l.Name, l.Shapes[x]...).Step(product, x, by), nil
}

// normsOf is the norm of each group, before divisor.
func (l *Lowering) normsOf(x ir.ID, name string, groups [][]int32) (ir.ID, error) {
	rows := l.named(l.Name, len(groups))
	same := l.named(l.Name, l.Shapes[x]...)
	switch name {
	case "MAX":
		return rows.Step(&ir.Max{Windows: groups}, x), nil
	case "L2":
		x = same.product(x, x)
	default:
		if !neverNegative(l.origin(x)) {
			same.In, same.ID = []Arg{{Shape: l.Shapes[x]}}, []ir.ID{x}
			x = absolute(same)[0]
		}
	}
	return rows.sums(x, groups)
}

// neverNegative tells of some steps that their elements are not negative.
func neverNegative(s *ir.Step) bool {
	if s == nil {
		return false
	}
	switch k := s.Kind.(type) {
	case *ir.Softmax:
		return !k.Log
	case *ir.Clamp:
		return k.Lo >= 0
	case *ir.Compare:
		return true
	}
	return isLogistic(s)
}

// softmaxOfOthers is the softmax over the elements of each group that are not zero; the
// others give zero.
func (l *Lowering) softmaxOfOthers(x ir.ID, groups [][]int32) (ir.ID, error) {
	other, err := l.notZero(x)
	if err != nil {
		return 0, err
	}
	left := l.product(l.Step(&ir.Softmax{Groups: groups}, x), other)
	return l.normalised(left, "L1", groups)
}
