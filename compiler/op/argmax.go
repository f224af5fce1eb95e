package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	for name, sign := range map[string]float64{"ArgMax": 1, "ArgMin": -1} {
		register(Spec{
			Name: name, Since: []int{1, 11, 12, 13},
			Note: "any axis, keepdims, select_last_index",
			New:  takes(1, 1, func(n *graph.Node) (Op, error) { return newArgMax(n, sign), nil }),
		})
	}
}

// argMax finds the position of the largest element of sign·x along one axis.
type argMax struct {
	sign   float64
	at     int
	keep   bool
	last   bool
	shape  []int
	groups [][]int32
}

func newArgMax(n *graph.Node, sign float64) Op {
	return &argMax{
		sign: sign,
		at:   n.Int("axis", 0),
		keep: n.Int("keepdims", 1) != 0,
		last: n.Int("select_last_index", 0) != 0,
	}
}

// Infer implements Op.
func (m *argMax) Infer(in []Arg) ([]Out, error) {
	a, err := axis(m.at, len(in[0].Shape))
	if err != nil {
		return nil, err
	}
	if in[0].Shape[a] == 0 {
		return nil, fmt.Errorf("axis %d is empty and has no largest element", a)
	}
	m.groups = fibres(in[0].Shape, a)
	m.shape = slices.Delete(slices.Clone(in[0].Shape), a, a+1)
	if m.keep {
		m.shape = slices.Insert(m.shape, a, 1)
	}
	return []Out{{DType: graph.Int64, Shape: slices.Clone(m.shape)}}, nil
}

// Float implements Op.
func (m *argMax) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](m.shape...)
	for i, g := range m.groups {
		best := 0
		for k := 1; k < len(g); k++ {
			d := float64(m.sign * (in[0].Data[g[k]] - in[0].Data[g[best]]))
			if d > 0 || m.last && d == 0 {
				best = k
			}
		}
		out.Data[i] = float64(best)
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op.
func (m *argMax) Lower(l *Lowering) ([]ir.ID, error) {
	x := l.ID[0]
	if m.sign < 0 {
		x = l.Emit(l.Node, l.Name, l.In[0].Shape, scaled(tensor.Size(l.In[0].Shape), -1), x)
	}
	return []ir.ID{l.Step(&ir.ArgMax{Groups: m.groups, Last: m.last}, x)}, nil
}

// scaled multiplies each of n elements by a factor that is not secret.
func scaled(n int, factor float64) *ir.Affine {
	b := sparse.NewBuilder[float64]()
	p := sparse.Part{Pattern: b.Pattern([]int32{0}, nil, nil), Kernel: b.Kernel([]float64{factor})}
	for i := range n {
		p.First = int32(i)
		b.Add(p)
	}
	return &ir.Affine{Rows: b.Matrix(), Bias: make([]float64, n), Group: make([]int, n), Fixed: true}
}
