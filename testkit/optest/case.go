package optest

import (
	"fmt"
	"math"
	"strings"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

// Case is one node with its constants and variables, and what is known of the
// result.
type Case struct {
	Op     string
	Name   string // what is special about it
	Domain string
	Opset  int // 0 means Newest
	Attrs  map[string]graph.Attr
	In     []Input
	// Captured is how many of In, the last ones, are what bodies read. A constant has the
	// name c and its position among In, a variable v and its number, or x where it is the
	// only one.
	Captured int
	// Outputs is how many outputs the node has, 0 meaning one; Reads numbers the
	// one that is examined.
	Outputs, Reads int
	// Shape is the shape of that output, Want its elements when the variables
	// have their Values; nil leaves them to the other checks.
	Shape []int
	Want  []float64
}

// Newest is the opset of cases that name none.
const Newest = 23

// Input is one input of a case's node: a constant where Const is set, nothing
// where Absent is, else a variable.
type Input struct {
	Absent bool
	Const  *graph.Const
	// DType is a variable's type, "" meaning float.
	DType graph.DType
	Shape []int
	// Values are the variable's elements in the first sample. Lo and Hi bound
	// the others; both 0 means −2 to 2.
	Values []float64
	Lo, Hi float64
}

// Absent is an optional input that is absent.
var Absent = Input{Absent: true}

// Var is a variable of a shape.
func Var(shape ...int) Input { return Input{Shape: shape} }

// With states the elements of the first sample.
func (v Input) With(values ...float64) Input {
	v.Values = values
	return v
}

// In bounds the elements of the samples.
func (v Input) In(lo, hi float64) Input {
	v.Lo, v.Hi = lo, hi
	return v
}

// As sets the element type.
func (v Input) As(d graph.DType) Input {
	v.DType = d
	if v.Const != nil {
		v.Const = &graph.Const{DType: d, Float: v.Const.Float}
	}
	return v
}

// Reals is a constant of type float.
func Reals(shape []int, values ...float64) Input {
	return Input{Const: &graph.Const{DType: graph.Float32, Float: tensor.Of(values, shape...)}}
}

// Scalar is a constant of type float and rank 0.
func Scalar(v float64) Input { return Reals(nil, v) }

// Ints is a constant list of type int64.
func Ints(values ...float64) Input {
	return Reals([]int{len(values)}, values...).As(graph.Int64)
}

// Attrs makes a node's attributes from Go values: an int, int64, float64, string,
// []int, []int64, []float64, []string, *graph.Graph or *graph.Const each. It panics on other types.
func Attrs(pairs map[string]any) map[string]graph.Attr {
	out := map[string]graph.Attr{}
	for name, v := range pairs {
		switch v := v.(type) {
		case int:
			out[name] = graph.Attr{Int: int64(v)}
		case float64:
			out[name] = graph.Attr{Float: v}
		case string:
			out[name] = graph.Attr{String: v}
		case []string:
			out[name] = graph.Attr{Strings: v}
		case []float64:
			out[name] = graph.Attr{Floats: v}
		case *graph.Graph:
			out[name] = graph.Attr{Body: v}
		case *graph.Const:
			out[name] = graph.Attr{Tensor: v}
		case int64:
			out[name] = graph.Attr{Int: v}
		case []int64:
			out[name] = graph.Attr{Ints: v}
		case []int:
			a := graph.Attr{Ints: make([]int64, len(v))}
			for i, d := range v {
				a.Ints[i] = int64(d)
			}
			out[name] = a
		default:
			panic(fmt.Sprintf("optest: attribute %s of type %T", name, v))
		}
	}
	return out
}

// Title names the case as a subtest: Conv/dilated.
func (c Case) Title() string {
	if c.Name == "" {
		return c.Op
	}
	return c.Op + "/" + c.Name
}

// Graph is the model that the case stands for. A single variable is the graph's
// input itself; several are split from a flat one.
func (c Case) Graph() *graph.Graph {
	g := &graph.Graph{Name: c.Title(), Consts: map[string]*graph.Const{}}
	n := &graph.Node{Name: "subject", Op: c.Op, Domain: c.Domain, Opset: c.opset(), Attrs: c.Attrs}
	vars := c.variables()
	if len(vars) > 1 {
		c.split(g)
	}
	seen := 0
	for i, in := range c.In {
		name := fmt.Sprintf("c%d", i)
		switch {
		case in.Absent:
			name = ""
		case in.Const != nil:
			g.Consts[name] = in.Const
		case len(vars) == 1:
			name = "x"
			g.Inputs = []graph.Value{{Name: name, DType: in.dtype(), Dims: dims(in.Shape)}}
		default:
			name = fmt.Sprintf("v%d", seen)
			seen++
		}
		n.Inputs = append(n.Inputs, name)
	}
	for k := range max(1, c.Outputs) {
		n.Outputs = append(n.Outputs, fmt.Sprintf("y%d", k))
	}
	n.Captured = c.Captured
	g.Nodes = append(g.Nodes, n)
	g.Outputs = []graph.Value{{Name: n.Outputs[c.Reads], Dims: dims(c.Shape)}}
	return g
}

// split adds the flat input x and the nodes that cut the variables v0, v1, ...
// from it.
func (c Case) split(g *graph.Graph) {
	vars := c.variables()
	cut := &graph.Node{Name: "cut", Op: "Split", Opset: Newest, Inputs: []string{"x", "sizes"}}
	sizes := make([]float64, len(vars))
	g.Nodes = append(g.Nodes, cut)
	for k, v := range vars {
		sizes[k] = float64(tensor.Size(v.Shape))
		flat, shape, name := fmt.Sprintf("flat%d", k), fmt.Sprintf("shape%d", k), fmt.Sprintf("v%d", k)
		cut.Outputs = append(cut.Outputs, flat)
		list := make([]float64, len(v.Shape))
		for i, d := range v.Shape {
			list[i] = float64(d)
		}
		g.Consts[shape] = Ints(list...).Const
		form := &graph.Node{
			Name: "form" + name, Op: "Reshape", Opset: Newest, Inputs: []string{flat, shape}, Outputs: []string{name},
		}
		if g.Nodes = append(g.Nodes, form); v.dtype() == graph.Bool && c.flatType() != graph.Bool {
			g.Nodes = append(g.Nodes, castOf(form, "truth", name, 9))
		}
		if v.dtype().IsFloat() && !c.flatType().IsFloat() {
			g.Nodes = append(g.Nodes, castOf(form, "real", name, 1))
		}
	}
	g.Consts["sizes"] = Ints(sizes...).Const
	g.Inputs = []graph.Value{{Name: "x", DType: c.flatType(), Dims: dims(c.inputShape())}}
}

// castOf gives the output of form another name, and is the Cast of it to a type of ONNX.
func castOf(form *graph.Node, what, name string, to int) *graph.Node {
	form.Outputs[0] = "number" + name
	return &graph.Node{
		Name: what + name, Op: "Cast", Opset: Newest, Attrs: Attrs(map[string]any{"to": to}),
		Inputs: form.Outputs, Outputs: []string{name},
	}
}

// flatType is the type that several variables are split from: that of the first one of
// integers, from which real numbers are cast; else of the first one that is not of truth
// values, if there is any.
func (c Case) flatType() graph.DType {
	flat := graph.Bool
	for _, v := range c.variables() {
		d := v.dtype()
		if d != graph.Bool && !d.IsFloat() {
			return d
		}
		if flat == graph.Bool {
			flat = d
		}
	}
	return flat
}

// variables lists the inputs that are neither absent nor constant.
func (c Case) variables() []Input {
	var out []Input
	for _, in := range c.In {
		if !in.Absent && in.Const == nil {
			out = append(out, in)
		}
	}
	return out
}

// inputShape is the shape of the graph's input.
func (c Case) inputShape() []int {
	vars, total := c.variables(), 0
	if len(vars) == 1 {
		return vars[0].Shape
	}
	for _, v := range vars {
		total += tensor.Size(v.Shape)
	}
	return []int{total}
}

func (c Case) opset() int {
	if c.Opset == 0 {
		return Newest
	}
	return c.Opset
}

func (v Input) dtype() graph.DType {
	if v.DType == "" {
		return graph.Float32
	}
	return v.DType
}

func (v Input) lo() float64 {
	if v.Lo == 0 && v.Hi == 0 {
		return -2
	}
	return v.Lo
}

func (v Input) hi() float64 {
	if v.Lo == 0 && v.Hi == 0 {
		return 2
	}
	return v.Hi
}

// round makes a sample's element one of the variable's type.
func (v Input) round(x float64) float64 {
	switch d := v.dtype(); {
	case d.IsFloat():
		return x
	case d == graph.Bool:
		return min(1, math.Abs(math.Round(x)))
	case strings.HasPrefix(string(d), "uint"):
		return math.Abs(math.Round(x))
	}
	return math.Round(x)
}

func dims(shape []int) []graph.Dim {
	out := make([]graph.Dim, len(shape))
	for i, d := range shape {
		out[i] = graph.Dim{Size: d}
	}
	return out
}
