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
	for _, f := range []struct {
		name  string
		attrs []parameter
		rises bool
		f     func(x float64, p []float64) float64
	}{
		{"QLinearSigmoid", nil, true, func(x float64, _ []float64) float64 { return sigmoid(x) }},
		{"QLinearLeakyRelu", []parameter{{"alpha", 0.01}}, false, func(x float64, p []float64) float64 {
			return max(x, 0) + toSingle(float64(p[0]*min(x, 0)))
		}},
	} {
		register(Spec{
			Name: f.name, Domain: microsoft, Since: []int{1}, Tolerance: 1,
			Note: "codes of 8 bits; constant scales and zero points; a table of them",
			New: takes(4, 5, func(n *graph.Node) (Op, error) {
				q := &qUnary{name: f.name, rises: f.rises}
				var params []float64
				for _, a := range f.attrs {
					params = append(params, n.Float(a.name, a.missing))
				}
				q.f = func(x float64) float64 { return f.f(x, params) }
				q.params = params
				return q, nil
			}),
		})
	}
}

// qUnary is a function of codes.
type qUnary struct {
	name     string
	params   []float64
	rises    bool
	f        func(float64) float64
	x, y     *quantParams
	from, to integer
}

// Infer implements Op.
func (q *qUnary) Infer(in []Arg) ([]Out, error) {
	var err error
	if q.x, err = readScales(in[1], arg(in, 2)); err == nil {
		q.y, err = readScales(in[3], arg(in, 4))
	}
	if err != nil {
		return nil, err
	}
	t := in[0].DType
	if len(q.x.scale) != 1 || len(q.y.scale) != 1 {
		return nil, errors.New("several scales; only one of X and one of Y is supported")
	}
	if t != graph.Int8 && t != graph.Uint8 {
		return nil, fmt.Errorf("codes of type %s are not supported, only int8 or uint8", t)
	}
	q.from, q.to = integerTypes[t], integerTypes[t]
	return []Out{{DType: t, Shape: slices.Clone(in[0].Shape)}}, nil
}

// of is the code of a code.
func (q *qUnary) of(x float64) float64 {
	real := toSingle(float64((x - q.x.zero[0]) * q.x.scale[0]))
	lo, hi := q.to.limits()
	return max(lo, min(hi, math.RoundToEven(toSingle(toSingle(q.f(real))/q.y.scale[0]))+q.y.zero[0]))
}

// Float implements Op.
func (q *qUnary) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	return []*tensor.Float{tensor.Map(in[0], q.of)}, nil
}

// Lower implements Op.
func (q *qUnary) Lower(l *Lowering) ([]ir.ID, error) {
	params := append(slices.Clone(q.params), q.x.scale[0], q.x.zero[0], q.y.scale[0], q.y.zero[0])
	f := wholeFunc(q.name, q.to, q.of, params...)
	f.Monotone = q.rises
	return []ir.ID{l.Step(f, l.ID[0])}, nil
}
