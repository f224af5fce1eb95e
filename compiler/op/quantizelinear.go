package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// microsoft is the domain of onnxruntime's own operators.
const microsoft = "com.microsoft"

func init() {
	spec := Spec{
		Name: "QuantizeLinear", Since: []int{10, 13, 19, 21, 23, 24, 25}, Tolerance: 1,
		Note: "to integers of 2 to 16 bits, per tensor, axis or block, by constant scales and zero points; " +
			"exact on the value as the integers have it",
		New: takes(2, 3, newQuantizeLinear),
	}
	register(spec)
	spec.Domain, spec.Since = microsoft, []int{1}
	register(spec)
}

// quantizeLinear turns real numbers into codes: x / scale, to the nearest, and the zero point.
type quantizeLinear struct {
	quantAxis
	to    graph.DType // as the attribute says
	kind  integer
	round func(float64) float64
	known *quantParams
}

func newQuantizeLinear(n *graph.Node) (Op, error) {
	q := &quantizeLinear{quantAxis: readQuantAxis(n), to: graph.Uint8}
	if number := n.Int("output_dtype", 0); number != 0 {
		q.to = quantNumbers[number]
		if q.to == "" {
			return nil, fmt.Errorf("quantised values of element type number %d are not supported, "+
				"only integers of 2 to 16 bits", number)
		}
	}
	return q, nil
}

// quantNumbers are the types of quantised values by their number in ONNX's TensorProto.
var quantNumbers = map[int]graph.DType{
	2: graph.Uint8, 3: graph.Int8, 4: graph.Uint16, 5: graph.Int16, 21: graph.Uint4, 22: graph.Int4,
	25: graph.Uint2, 26: graph.Int2,
}

// Infer implements Op.
func (q *quantizeLinear) Infer(in []Arg) ([]Out, error) {
	if in[0].DType != graph.Int32 {
		if _, err := realType(in[:1]); err != nil {
			return nil, err
		}
	}
	to, err := quantType(arg(in, 2), q.to)
	if err != nil {
		return nil, err
	}
	q.kind, q.round = integerTypes[to], toSingle
	if f, ok := floats[in[0].DType]; ok {
		q.round = f.round
	}
	if q.known, err = q.params(in[0].Shape, in[1], arg(in, 2)); err != nil {
		return nil, err
	}
	return []Out{{DType: to, Shape: slices.Clone(in[0].Shape)}}, nil
}

// Float implements Op.
func (q *quantizeLinear) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](in[0].Shape...)
	for i, x := range in[0].Data {
		scale, zero := q.known.at(i)
		out.Data[i] = quantised(q.round(x), scale, zero, q.kind, q.round)
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op: a function for all elements of the same scale and zero point.
func (q *quantizeLinear) Lower(l *Lowering) ([]ir.ID, error) {
	return l.eachGroup(l.ID[0], q.groups(l.Size(l.ID[0])), func(i int) *ir.Func {
		scale, zero := q.known.at(i)
		f := wholeFunc("quantise", q.kind, func(x float64) float64 {
			return quantised(q.round(x), scale, zero, q.kind, q.round)
		}, scale, zero)
		f.Monotone = true
		return f
	})
}

// groups lists the elements that have the same scale and zero point, in the order of their
// first elements.
func (q *quantizeLinear) groups(n int) [][]int32 {
	type pair struct{ scale, zero float64 }
	index := map[pair]int{}
	var out [][]int32
	for i := range n {
		scale, zero := q.known.at(i)
		k, ok := index[pair{scale, zero}]
		if !ok {
			k = len(out)
			index[pair{scale, zero}] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], int32(i))
	}
	return out
}

// wholeFunc is a function to the integers of a type. The parameters tell functions of one name
// apart.
func wholeFunc(name string, t integer, f func(float64) float64, params ...float64) *ir.Func {
	lo, hi := t.limits()
	return &ir.Func{
		Name: name, Params: append(params, lo, hi), F: f, Whole: &ir.Integers{Lo: int64(lo), Hi: int64(hi)},
	}
}

// mostGroups bounds the functions that a step applies to parts of a value.
const mostGroups = 4096

// eachGroup applies a function to each group of elements: that of its first element.
func (l *Lowering) eachGroup(x ir.ID, groups [][]int32, of func(first int) *ir.Func) ([]ir.ID, error) {
	if len(groups) == 1 {
		return []ir.ID{l.Step(of(0), x)}, nil
	}
	if len(groups) > mostGroups {
		return nil, fmt.Errorf("%d different scales of a variable; %d are supported", len(groups), mostGroups)
	}
	n := l.Size(x)
	back := &ir.Move{In: make([]int32, n), Index: make([]int32, n)}
	var ids []ir.ID
	for k, group := range groups {
		part := l.named(fmt.Sprintf("%s.%d", l.Name, k), len(group))
		for j, i := range group {
			back.In[i], back.Index[i] = int32(k), int32(j)
		}
		taken := part.Step(&ir.Move{In: make([]int32, len(group)), Index: group}, x)
		ids = append(ids, part.Step(of(int(group[0])), taken))
	}
	return []ir.ID{l.Step(back, ids...)}, nil
}
