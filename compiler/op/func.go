package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/tensor"
)

// function is a real function of one variable and some parameters.
type function struct {
	op    string // the ONNX operator
	since []int
	name  string // of the function, in ir.Func
	attrs []parameter
	f     func(x float64, p []float64) float64
	// rises tells whether f never decreases; nil means that it is not known to.
	rises func(p []float64) bool
	// strict tells that f increases everywhere.
	strict bool
	// strictFrom0 tells that f increases from zero on.
	strictFrom0 bool
	// open tells that f has a value of its own at zero.
	open bool
	note string
}

// parameter is a real attribute with its default.
type parameter struct {
	name    string
	missing float64
}

func always([]float64) bool { return true }

func notNegative(p []float64) bool { return p[0] >= 0 }

func sigmoid(x float64) float64 { return 1 / (1 + libm.Exp(-x)) }

func softplus(x float64) float64 { return max(x, 0) + libm.Log1p(libm.Exp(-math.Abs(x))) }

// Selu's constants, as the operator's definition gives them.
const (
	seluAlpha = 1.67326319217681884765625
	seluGamma = 1.05070102214813232421875
)

var functions = []function{
	{op: "Abs", since: []int{6, 13}, name: "abs",
		f: func(x float64, _ []float64) float64 { return math.Abs(x) }},
	{op: "Celu", since: []int{12}, name: "celu", attrs: []parameter{{"alpha", 1}}, rises: notNegative,
		f: func(x float64, p []float64) float64 { return max(x, 0) + min(0, float64(p[0]*libm.Expm1(x/p[0]))) }},
	{op: "Elu", since: []int{6, 22}, name: "elu", attrs: []parameter{{"alpha", 1}}, rises: notNegative,
		f: elu},
	{op: "Erf", since: []int{9, 13}, name: "erf", rises: always, strict: true,
		f: func(x float64, _ []float64) float64 { return libm.Erf(x) }},
	{op: "Exp", since: []int{6, 13}, name: "exp", rises: always, strict: true,
		f: func(x float64, _ []float64) float64 { return libm.Exp(x) }},
	{op: "HardSigmoid", since: []int{6, 22}, name: "hardsigmoid", attrs: []parameter{{"alpha", 0.2}, {"beta", 0.5}},
		rises: notNegative,
		f:     func(x float64, p []float64) float64 { return max(0, min(1, float64(p[0]*x)+p[1])) }},
	{op: "HardSwish", since: []int{14, 22}, name: "hardswish",
		f: func(x float64, _ []float64) float64 { return float64(x * max(0, min(1, x/6+0.5))) }},
	{op: "LeakyRelu", since: []int{6, 16}, name: "leakyrelu", attrs: []parameter{{"alpha", 0.01}}, rises: notNegative,
		f: func(x float64, p []float64) float64 { return max(x, 0) + float64(p[0]*min(x, 0)) }},
	{op: "Log", since: []int{6, 13}, name: "log", rises: always, strict: true,
		note: "negative inputs count as zero, where it saturates at the least value that samples show",
		f:    func(x float64, _ []float64) float64 { return logarithm(x) }},
	{op: "Mish", since: []int{18, 22}, name: "mish",
		f: func(x float64, _ []float64) float64 { return float64(x * libm.Tanh(softplus(x))) }},
	{op: "Reciprocal", since: []int{6, 13}, name: "reciprocal",
		note: "near zero it saturates at the largest magnitude that samples show",
		f:    func(x float64, _ []float64) float64 { return 1 / x }},
	{op: "Selu", since: []int{6, 22}, name: "selu", attrs: []parameter{{"alpha", seluAlpha}, {"gamma", seluGamma}},
		rises: func(p []float64) bool { return p[0] >= 0 && p[1] >= 0 },
		f:     func(x float64, p []float64) float64 { return float64(p[1] * elu(x, p)) }},
	{op: "Sigmoid", since: []int{6, 13}, name: "sigmoid", rises: always, strict: true,
		f: func(x float64, _ []float64) float64 { return sigmoid(x) }},
	{op: "Softplus", since: []int{1, 22}, name: "softplus", rises: always, strict: true,
		f: func(x float64, _ []float64) float64 { return softplus(x) }},
	{op: "Softsign", since: []int{1, 22}, name: "softsign", rises: always, strict: true,
		f: func(x float64, _ []float64) float64 { return x / (1 + math.Abs(x)) }},
	{op: "Sqrt", since: []int{6, 13}, name: "sqrt", rises: always, strictFrom0: true,
		note: "negative inputs count as zero",
		f:    func(x float64, _ []float64) float64 { return math.Sqrt(max(x, 0)) }},
	{op: "Swish", since: []int{24}, name: "swish", attrs: []parameter{{"alpha", 1}},
		f: func(x float64, p []float64) float64 { return float64(x * sigmoid(float64(p[0]*x))) }},
	{op: "Tanh", since: []int{6, 13}, name: "tanh", rises: always, strict: true,
		f: func(x float64, _ []float64) float64 { return libm.Tanh(x) }},
}

func elu(x float64, p []float64) float64 {
	if x > 0 {
		return x
	}
	return float64(p[0] * libm.Expm1(x))
}

// gelus are Gelu's two definitions, by its attribute approximate.
var gelus = map[string]function{
	"none": {name: "gelu",
		f: func(x float64, _ []float64) float64 { return float64(x / 2 * (1 + libm.Erf(x/math.Sqrt2))) }},
	"tanh": {name: "gelu_tanh",
		f: func(x float64, _ []float64) float64 {
			return float64(x / 2 * (1 + libm.Tanh(float64(math.Sqrt(2/math.Pi)*(x+float64(0.044715*x*x*x))))))
		}},
}

func init() {
	for _, f := range slices.Concat(functions, circular, cut) {
		note := "a table over the input's format"
		if f.note != "" {
			note += "; " + f.note
		}
		register(Spec{
			Name: f.op, Since: f.since, Tolerance: 1, Note: note,
			New: takes(1, 1, func(n *graph.Node) (Op, error) { return newUnary(f, n) }),
		})
	}
	register(Spec{
		Name: "Gelu", Since: []int{20}, Tolerance: 1, Note: "a table over the input's format; exact or by tanh",
		New: takes(1, 1, newGelu),
	})
}

// unary applies a function with its parameters known.
type unary struct {
	function
	params  []float64
	integer graph.DType // the input's type, if it is one of integers: only absolute values are defined on them
	size    int
}

func newUnary(f function, n *graph.Node) (Op, error) {
	u := &unary{function: f}
	for _, p := range f.attrs {
		v := n.Float(p.name, p.missing)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("attribute %s is not finite", p.name)
		}
		u.params = append(u.params, v)
	}
	if f.op == "Celu" && u.params[0] == 0 {
		return nil, fmt.Errorf("attribute alpha is zero, which divides by zero")
	}
	return u, nil
}

func newGelu(n *graph.Node) (Op, error) {
	name := n.String("approximate", "none")
	f, ok := gelus[name]
	if !ok {
		return nil, fmt.Errorf("attribute approximate is %q; supported are none and tanh", name)
	}
	return newUnary(f, n)
}

// at is the function with its parameters filled in.
func (u *unary) at(x float64) float64 { return u.f(x, u.params) }

// Infer implements Op.
func (u *unary) Infer(in []Arg) ([]Out, error) {
	if u.integer = integerType(in[0].DType); u.integer != "" && u.op != "Abs" {
		_, err := realType(in)
		return nil, err
	}
	u.size = tensor.Size(in[0].Shape)
	return sameShape(in)
}

// Float implements Op.
func (u *unary) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.Map(in[0], u.at)
	return []*tensor.Float{out}, fits(u.integer, out)
}

// Lower implements Op.
func (u *unary) Lower(l *Lowering) ([]ir.ID, error) {
	if u.integer != "" {
		return absolute(l), nil
	}
	if _, ok := l.exponent(l.ID[0]); ok && u.op == "Reciprocal" {
		return []ir.ID{l.reciprocal(l.ID[0])}, nil
	}
	if u.op == "Exp" {
		if x, groups, ok := l.lessLogSum(l.ID[0]); ok {
			return []ir.ID{l.Step(&ir.Softmax{Groups: groups}, x)}, nil
		}
	}
	f := &ir.Func{Name: u.name, Params: u.params, F: u.at, Monotone: u.rises != nil && u.rises(u.params),
		Strict: u.strict, StrictFrom0: u.strictFrom0, Open: u.open}
	return []ir.ID{l.Step(f, l.ID[0])}, nil
}

// exponent finds x where a value is 1 + exp(x), of which no format would hold both large
// and small ones: its reciprocal is a logistic.
func (l *Lowering) exponent(id ir.ID) (ir.ID, bool) {
	sum := l.Producer(id)
	if sum == nil || len(sum.In) != 1 {
		return 0, false
	}
	a, ok := sum.Kind.(*ir.Affine)
	exp := l.Producer(sum.In[0])
	if !ok || exp == nil {
		return 0, false
	}
	if f, ok := exp.Kind.(*ir.Func); !ok || f.Name != "exp" || l.Size(exp.Out) != len(a.Bias) {
		return 0, false
	}
	for i, bias := range a.Bias {
		row := a.Rows.Row(i, nil)
		if bias != 1 || len(row) != 1 || row[0].W != 1 || int(row[0].Index) != i {
			return 0, false
		}
	}
	return exp.In[0], true
}

// absolute gives exact absolute values: the larger of x and −x.
func absolute(l *Lowering) []ir.ID {
	n := tensor.Size(l.In[0].Shape)
	minus := l.Emit(l.Node, l.Name, l.In[0].Shape, scaled(n, -1), l.ID[0])
	both, best := &ir.Move{}, &ir.Max{}
	for i := range int32(n) {
		both.In, both.Index = append(both.In, 0, 1), append(both.Index, i, i)
		best.Windows = append(best.Windows, []int32{2 * i, 2*i + 1})
	}
	pairs := l.Emit(l.Node, l.Name, []int{n, 2}, both, l.ID[0], minus)
	return []ir.ID{l.Step(best, pairs)}
}
