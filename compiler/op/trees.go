package op

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// trees is an ensemble bound to a node: what the three operators have in common.
type trees struct {
	*forest
	targets int
	base    []float64 // by target
	// times multiplies every weight: 1/T for the average of T trees.
	times float64
	// double tells that thresholds and weights have type double.
	double bool

	rows, width int
	exact       bool // the input is of type double: it is compared as it is
}

func sum(x, y float64) float64 { return x + y }

// always are the targets for which a tree has a weight in all its leaves.
func (t *trees) always() map[int]bool {
	out := map[int]bool{}
	for _, f := range t.facts {
		for _, k := range f.always {
			out[k] = true
		}
	}
	return out
}

// infer reads the input's shape and type.
func (t *trees) infer(in []Arg) error {
	shape := in[0].Shape
	if len(shape) != 2 || shape[0] < 1 {
		return fmt.Errorf("the input has shape %v; supported is [rows, features] with 1 row or more", shape)
	}
	t.rows, t.width = shape[0], shape[1]
	switch in[0].DType {
	case graph.Float64:
		t.exact = true
	case graph.Float32, graph.Int64, graph.Int32:
		if t.exact = false; t.double {
			return fmt.Errorf("thresholds or weights are of type double, and the input is of type %s; "+
				"both have to be double", in[0].DType)
		}
	default:
		return fmt.Errorf("the input is of type %s; supported are float, double, int32 and int64", in[0].DType)
	}
	if err := budget.Steps.Check("", int64(t.rows)); err != nil {
		return err
	}
	if len(t.widestAt) > 0 && t.widest >= t.width {
		return fmt.Errorf("%s: attribute nodes_featureids has %d, and the input has %d features", t.widestAt, t.widest,
			t.width)
	}
	return checkWork(t.rows, t.passed())
}

// passed is how many nodes a row passes at most. Trees may share nodes, so that it can be more
// than there are.
func (t *trees) passed() int {
	n := 0
	for _, f := range t.facts {
		n += f.depth
	}
	return n
}

// Work implements Worker.
func (t *trees) Work() Work {
	rows, size := int64(t.rows), int64(len(t.tests)+len(t.nodes))
	dense := budget.Product(int64(len(t.leaves)), int64(t.targets))
	work := Work{Indices: budget.Product(rows, size)}
	work.Terms = budget.Sum(budget.Product(rows, int64(t.targets)), dense)
	passed := budget.Product(rows, int64(t.passed()))
	work.Multiplications = budget.Sum(work.Indices, budget.Product(rows, dense), passed)
	return work
}

// splits are the tests on all rows of the input, row by row.
func (t *trees) splits() *ir.Splits {
	s := &ir.Splits{Single: !t.exact}
	for row := range t.rows {
		for _, c := range t.tests {
			s.Index, s.At = append(s.Index, int32(row*t.width+c.feature)), append(s.At, c.at)
			s.OrAt = append(s.OrAt, c.orAt)
			if len(t.missing) > 0 {
				s.Missing = append(s.Missing, t.whenMissing(c))
			}
		}
	}
	return s
}

// whenMissing says what a test gives where the feature is missing: nothing, where no node
// says it of the feature.
func (f *forest) whenMissing(c test) ir.Missing {
	switch {
	case !f.missing[c.feature]:
		return ir.NeverMissing
	case c.missing:
		return ir.MissingBeyond
	}
	return ir.MissingBelow
}

// leavesOf lists by row and tree the leaf that an input reaches.
func (t *trees) leavesOf(x *tensor.Float) ([][]int32, error) {
	s := t.splits()
	for i, j := range s.Index {
		if math.IsNaN(x.Data[j]) && s.WhenMissing(i) == ir.NeverMissing {
			return nil, fmt.Errorf("element %d of the input is NaN, and no node says where a missing one goes", j)
		}
	}
	out := make([][]int32, t.rows)
	for row := range out {
		first := row * len(t.tests)
		for _, at := range t.roots {
			for at >= 0 {
				n := t.nodes[at]
				i := first + int(n.Bit)
				if at = n.Low; s.Beyond(i, x.Data[s.Index[i]]) {
					at = n.High
				}
			}
			out[row] = append(out[row], ^at)
		}
	}
	return out, nil
}

// single tells whether sums are rounded to float32: a tie is one or none by such rounding.
func (t *trees) single() bool { return !t.exact && t.times == 1 }

func (t *trees) plus(x, y float64) float64 {
	if t.single() {
		return float64(float32(x + y))
	}
	return x + y
}

// sums are the weights of the leaves that each row reaches, and the base values.
func (t *trees) sums(x *tensor.Float) (*tensor.Float, error) {
	reached, err := t.leavesOf(x)
	out := tensor.New[float64](t.rows, t.targets)
	for row, leaves := range reached {
		scores := out.Data[row*t.targets:][:t.targets]
		for _, leaf := range leaves {
			for _, v := range t.leaves[leaf] {
				scores[v.target] = t.plus(scores[v.target], float64(v.weight*t.times))
			}
		}
		for k, b := range t.base {
			scores[k] = t.plus(scores[k], b)
		}
	}
	return out, err
}
