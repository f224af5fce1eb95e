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
		Name: "QGemm", Domain: microsoft, Since: []int{1}, Tolerance: 1,
		Note: "codes or real results, in exact integers that are rescaled as onnxruntime does; constant B, C, scales " +
			"and zero points, scales of B by column",
		New: takes(6, 9, newQGemm),
	})
}

// qGemm is alpha·A'·B' + C of codes, by onnxruntime's definition: C has the scale of the sums.
type qGemm struct {
	gemm
	alpha float64
	right *quantParams
	by    *requantise
	real  bool // the results are no codes
}

func newQGemm(n *graph.Node) (Op, error) {
	return &qGemm{
		alpha: n.Float("alpha", 1),
		gemm:  gemm{alpha: 1, beta: 1, transA: n.Int("transA", 0) != 0, transB: n.Int("transB", 0) != 0},
	}, nil
}

// Infer implements Op.
func (g *qGemm) Infer(in []Arg) ([]Out, error) {
	if err := quantCodes(in, 0, 3); err != nil {
		return nil, err
	}
	if in[3].Const == nil || given(in, 6) && in[6].Const == nil {
		return nil, errors.New("operand B or C depends on the model's input; only constant ones are supported")
	}
	a, err := readScales(in[1], arg(in, 2))
	if err == nil {
		g.right, err = readScales(in[4], arg(in, 5))
	}
	if err != nil {
		return nil, err
	}
	outs, err := g.gemm.Infer(g.operands(in))
	if err != nil {
		return nil, err
	}
	if n := len(g.right.scale); len(a.scale) != 1 || n != 1 && n != g.m || g.k == 0 || g.alpha <= 0 {
		return nil, fmt.Errorf("%d scales of A, %d of B, alpha %g: only one scale of A, one of B or one for each "+
			"of %d columns, and a positive alpha are supported", len(a.scale), n, g.alpha, g.m)
	}
	a.scale = []float64{toSingle(float64(g.alpha * a.scale[0]))}
	return outs, g.result(in, a, &outs[0])
}

// result reads the scale and the zero point of the result.
func (g *qGemm) result(in []Arg, a *quantParams, out *Out) error {
	y := &quantParams{scale: []float64{1}, zero: []float64{0}}
	to := graph.Int8
	var err error
	if g.real = !given(in, 7); !g.real {
		if y, err = readScales(in[7], arg(in, 8)); err == nil {
			to, err = quantType(arg(in, 8), graph.Uint8)
		}
		out.DType = to
	}
	if err == nil {
		g.by, err = newRequantise(a, g.right, y, to)
	}
	return err
}

// operands are the inputs as gemm infers them: B without its zero points.
func (g *qGemm) operands(in []Arg) []Arg {
	out := []Arg{in[0], in[3]}
	out[1].Const = g.weights(in[3].Const)
	if given(in, 6) {
		out = append(out, in[6])
	}
	for i := range out {
		out[i].DType = graph.Float32
	}
	return out
}

// weights are B without its zero points.
func (g *qGemm) weights(b *tensor.Float) *tensor.Float {
	if len(b.Shape) != 2 {
		return b // which gemm refuses
	}
	return minus(b, tensor.Of(g.right.zero, len(g.right.zero)), func(i int) int {
		column := i % b.Shape[1]
		if g.transB {
			column = i / b.Shape[1]
		}
		return column % len(g.right.zero)
	})
}

// column is that of an element of the result.
func (g *qGemm) column(i int) int { return i % g.m }

// Float implements Op.
func (g *qGemm) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	list := []*tensor.Float{minus(in[0], in[2], oneForAll), g.weights(in[3])}
	if len(in) > 6 {
		list = append(list, in[6])
	}
	sums, err := g.gemm.Float(list)
	if err != nil {
		return nil, err
	}
	if !g.real {
		return []*tensor.Float{g.by.float(sums[0], g.column)}, nil
	}
	for i, x := range sums[0].Data {
		sums[0].Data[i] = float64(x * float64(g.by.by[g.column(i)%len(g.by.by)]))
	}
	return sums, nil
}

// Lower implements Op.
func (g *qGemm) Lower(l *Lowering) ([]ir.ID, error) {
	a, id, err := l.integersMinus(l.In[0], l.ID[0], arg(l.In, 2), 0, oneForAll)
	if err != nil {
		return nil, err
	}
	sub := *l
	sub.In = g.operands(l.In)
	sub.In[0] = a
	sub.ID = []ir.ID{id, 0, 0}
	sums, err := only(g.gemm.Lower(&sub))
	if err != nil {
		return nil, err
	}
	if g.real {
		scaled := newAffine(g.n*g.m, sums)
		scaled.Fixed = true
		for i := range scaled.Bias {
			scaled.term(i, 0, i, float64(g.by.by[g.column(i)%len(g.by.by)]))
		}
		return scaled.emit(l)
	}
	out, err := g.by.lower(l, sums, g.column, g.spans(l, sub.In))
	return []ir.ID{out}, err
}

// spans are the intervals of the sums of each column.
func (g *qGemm) spans(l *Lowering, in []Arg) []interval {
	if len(g.by.by) == 1 {
		return nil
	}
	lo, hi := integerTypes[l.In[0].DType].limits()
	if z := constOf(arg(l.In, 2)); z != nil {
		lo, hi = lo-z.Data[0], hi-z.Data[0]
	}
	columns := make([]float64, 0, g.k*g.m)
	for m := range g.m {
		for k := range g.k {
			columns = append(columns, in[1].Const.Data[g.gemm.b(k, m)])
		}
	}
	spans := channelSpans(l, columns, g.k, nil, lo, hi, integerTypes[l.In[3].DType])
	if len(in) > 2 && !l.Secret {
		least, most := slices.Min(in[2].Const.Data), slices.Max(in[2].Const.Data)
		for c := range spans {
			spans[c].lo += least
			spans[c].hi += most
		}
	}
	return spans
}
