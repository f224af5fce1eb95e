package op

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// contribDomain is the domain of operators that onnxruntime adds to ONNX's.
const contribDomain = "com.microsoft"

func init() {
	register(Spec{
		Name: "CDist", Domain: contribDomain, Since: []int{1}, Tolerance: 4,
		Note: "metrics euclidean and sqeuclidean; one side or both may be variable",
		New:  takes(2, 2, newCDist),
	})
}

// cdist is the distance of each row of one matrix from each row of another one.
type cdist struct {
	root    bool
	n, m, d int
}

func newCDist(n *graph.Node) (Op, error) {
	switch metric := n.String("metric", "sqeuclidean"); metric {
	case "euclidean", "sqeuclidean":
		return &cdist{root: metric == "euclidean"}, nil
	default:
		return nil, fmt.Errorf("metric %q is not supported, only euclidean and sqeuclidean", metric)
	}
}

// Infer implements Op.
func (c *cdist) Infer(in []Arg) ([]Out, error) {
	x, y := in[0].Shape, in[1].Shape
	if len(x) != 2 || len(y) != 2 || x[1] != y[1] {
		return nil, fmt.Errorf("inputs of shapes %v and %v: both must be matrices of the same number of columns", x, y)
	}
	if _, err := realType(in); err != nil {
		return nil, err
	}
	c.n, c.m, c.d = x[0], y[0], x[1]
	return []Out{{DType: in[0].DType, Shape: []int{c.n, c.m}}}, checkWork(c.n, c.m, c.d)
}

// Float implements Op.
func (c *cdist) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](c.n, c.m)
	for i := range out.Data {
		for k := range c.d {
			away := in[0].Data[i/c.m*c.d+k] - in[1].Data[i%c.m*c.d+k]
			out.Data[i] += float64(away * away)
		}
		if c.root {
			out.Data[i] = math.Sqrt(out.Data[i])
		}
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op: differences, and the product of each row of them with itself.
func (c *cdist) Lower(l *Lowering) ([]ir.ID, error) {
	ids, number := l.variables()
	away := newAffine(c.n*c.m*c.d, ids...)
	away.Fixed = len(ids) == 2
	for i := range away.Bias {
		row, k := i/c.d, i%c.d
		for side, at := range []int{row/c.m*c.d + k, row%c.m*c.d + k} {
			sign := float64(1 - 2*side)
			if number[side] < 0 {
				away.Bias[i] += float64(sign * l.In[side].Const.Data[at])
				continue
			}
			away.term(i, number[side], at, sign)
		}
	}
	difference, err := only(away.emit(l.named(l.Name, c.n*c.m, c.d)))
	if err != nil {
		return nil, err
	}
	sum := l.squares(difference, c.n*c.m, c.d)
	if !c.root {
		return []ir.ID{sum}, nil
	}
	return []ir.ID{l.Step(rootStep(), sum)}, nil
}

// rootStep is the function of the operator Sqrt.
func rootStep() *ir.Func {
	root := func(x float64) float64 { return math.Sqrt(max(x, 0)) }
	return &ir.Func{Name: "sqrt", F: root, Monotone: true, StrictFrom0: true}
}

// squares adds up the squares of each of some rows, as output 0 of the node.
func (l *Lowering) squares(x ir.ID, rows, columns int) ir.ID {
	dot := &ir.Dot{N: 1, K: columns, M: 1, A: make([]int32, rows)}
	for i := range dot.A {
		dot.A[i] = int32(i * columns)
	}
	dot.B = dot.A
	return l.Step(dot, x, x)
}

// Work implements Worker.
func (c *cdist) Work() Work { return listedWork(c.n, c.m, c.d) }
