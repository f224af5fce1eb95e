// Package graph owns the plain float graph into which a model is imported: nodes,
// attributes, constant tensors, named values. It must not know ONNX's wire format,
// the meaning of operators, or circuits.
package graph

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/tensor"
)

// DType is an element type, named as in ONNX.
type DType string

// The element types that zkml reads. Values of every type are kept as float64.
const (
	Float32  DType = "float"
	Float64  DType = "double"
	Float16  DType = "float16"
	BFloat16 DType = "bfloat16"
	Int2     DType = "int2"
	Int4     DType = "int4"
	Int8     DType = "int8"
	Int16    DType = "int16"
	Int32    DType = "int32"
	Int64    DType = "int64"
	Uint2    DType = "uint2"
	Uint4    DType = "uint4"
	Uint8    DType = "uint8"
	Uint16   DType = "uint16"
	Uint32   DType = "uint32"
	Uint64   DType = "uint64"
	Bool     DType = "bool"
)

// Types of values that are no numbers.
const (
	// Text is the type of strings. Values of it are kept as numbers that stand for them.
	Text DType = "string"
	// Maps is the type of ZipMap's sequences of maps, from the label of each class to its
	// score. They are read as the tensor of the scores.
	Maps DType = "sequence of maps"
)

// IsFloat reports whether the type is real-valued. The names of all of ONNX's small
// floats ("float8e4m3fn", "float4e2m1") begin with "float".
func (d DType) IsFloat() bool {
	return strings.HasPrefix(string(d), "float") || d == Float64 || d == BFloat16
}

// IsNumber reports whether the type is a number or a boolean.
func (d DType) IsNumber() bool {
	return d.IsFloat() || d == Bool || strings.HasPrefix(string(d), "int") || strings.HasPrefix(string(d), "uint")
}

// Value describes a graph input or output. Dims holds each size, or a
// symbolic name if the file leaves it open (Dims[i].Name != "").
type Value struct {
	Name  string
	DType DType
	Dims  []Dim
	// Key is the type of the keys of an input that is a map, and empty for others. It is read as
	// the row of its values, of type DType, in the order of Keys, which its readers say.
	Key  DType
	Keys []string
}

// Names are the names of values.
func Names(values []Value) []string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = v.Name
	}
	return names
}

// Dim is one size: a number, or the name of an unknown one.
type Dim struct {
	Size int
	Name string
}

// OpenSize is the name of a size that the file does not state at all.
const OpenSize = "?"

// OpenRank is the name of the only entry of Dims if the file states no sizes at
// all, not even how many there are.
const OpenRank = "..."

// Shape returns the sizes, or an error naming the first open one.
func (v Value) Shape() ([]int, error) {
	shape := make([]int, len(v.Dims))
	for i, d := range v.Dims {
		if d.Name != "" {
			return nil, &problem.Error{
				Code: problem.Shape, Place: v.Name, Got: fmt.Sprintf("size %d is %q, not a number", i, d.Name),
				Remedy: fmt.Sprintf("give ${Shapes} %s=SIZES, separated by commas, or samples of that shape", v.Name),
			}
		}
		shape[i] = d.Size
	}
	return shape, nil
}

// Const is a constant tensor with its element type. Of Text, the elements are positions in
// Texts.
type Const struct {
	DType DType
	*tensor.Float
	Texts []string
}

// Node is one operator application. An empty string in Inputs is an optional
// input that is absent; in Outputs, an output that nobody reads.
type Node struct {
	Name    string // unique; made from type and position if the file gives none
	Op      string // ONNX operator type, "Conv"
	Domain  string // "" for the standard domain
	Opset   int    // version of Domain that the model imports
	Inputs  []string
	Outputs []string
	Attrs   map[string]Attr
	// Captured is how many of Inputs, the last ones, only bodies read.
	Captured int
}

// Attr is one attribute. Exactly one of the fields is meaningful; which one
// depends on the attribute's declared type.
type Attr struct {
	Float   float64
	Int     int64
	String  string
	Tensor  *Const
	Floats  []float64
	Ints    []int64
	Strings []string
	Body    *Graph // what a node runs
}

// Graph is a model: nodes in topological order.
type Graph struct {
	Name    string
	Inputs  []Value // without initialisers
	Outputs []Value
	Nodes   []*Node
	Consts  map[string]*Const // initialisers by name
	// Outer are the values of the graphs around a body that it reads, by the names that they
	// have there. The node that has the body has them among its Captured inputs.
	Outer []string
	// Unrounded are the nodes whose inputs a dynamic quantiser rounds to codes by the file, and
	// nothing does in what the graph has in its place.
	Unrounded []string
	// Metadata is what the file says of itself, in any words. It is for people alone.
	Metadata map[string]string
}

// Errorf makes a problem.Error that names the node: `conv1 (Conv): ...`. If the message is
// only a wrapped problem, the error has that problem's code and parts, else the code Node.
func (n *Node) Errorf(format string, args ...any) error {
	cause := fmt.Errorf(format, args...)
	e := &problem.Error{Code: problem.Node, Place: fmt.Sprintf("%s (%s)", n.Name, n.Op), Got: cause.Error(), Err: cause}
	if inner := problem.Of(cause); inner != nil {
		e.Code = inner.Code
		if inner.Place == "" && inner.Option == "" && inner.Error() == e.Got {
			e.Got, e.Supported, e.Remedy = inner.Got, inner.Supported, inner.Remedy
		}
	}
	return e
}

// Int reads an integer attribute.
func (n *Node) Int(name string, missing int) int {
	if a, ok := n.Attrs[name]; ok {
		return whole(a.Int)
	}
	return missing
}

// whole returns the nearest int: v itself if ints have 64 bits.
func whole(v int64) int { return int(max(math.MinInt, min(math.MaxInt, v))) }

// Float reads a real attribute.
func (n *Node) Float(name string, missing float64) float64 {
	if a, ok := n.Attrs[name]; ok {
		return a.Float
	}
	return missing
}

// String reads a string attribute.
func (n *Node) String(name, missing string) string {
	if a, ok := n.Attrs[name]; ok {
		return a.String
	}
	return missing
}

// Ints reads a list attribute; nil if it is absent.
func (n *Node) Ints(name string) []int {
	a, ok := n.Attrs[name]
	if !ok {
		return nil
	}
	out := make([]int, len(a.Ints))
	for i, v := range a.Ints {
		out[i] = whole(v)
	}
	return out
}

// Text returns the graph as text, one node per line, as the stage "graph" of
// `zkml inspect` prints it.
func (g *Graph) Text() string {
	var b strings.Builder
	for _, v := range g.Inputs {
		fmt.Fprintf(&b, "input %s %s%s\n", v.Name, v.DType, dimText(v.Dims))
	}
	names := make([]string, 0, len(g.Consts))
	for name := range g.Consts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		c := g.Consts[name]
		fmt.Fprintf(&b, "const %s %s%v\n", name, c.DType, c.Shape)
	}
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "%s = %s(%s)%s\n", strings.Join(n.Outputs, ", "), n.Op, strings.Join(n.Inputs, ", "),
			n.attrText())
	}
	for _, v := range g.Outputs {
		fmt.Fprintf(&b, "output %s\n", v.Name)
	}
	return b.String()
}

func dimText(dims []Dim) string {
	parts := make([]string, len(dims))
	for i, d := range dims {
		parts[i] = d.Name
		if d.Name == "" {
			parts[i] = fmt.Sprint(d.Size)
		}
	}
	return "[" + strings.Join(parts, " ") + "]"
}

func (n *Node) attrText() string {
	keys := make([]string, 0, len(n.Attrs))
	for k := range n.Attrs {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var b strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&b, " %s=%s", k, n.Attrs[k].text())
	}
	return b.String()
}

func (a Attr) text() string {
	switch {
	case a.Tensor != nil:
		return fmt.Sprintf("%s%v", a.Tensor.DType, a.Tensor.Shape)
	case a.Ints != nil:
		return fmt.Sprint(a.Ints)
	case a.Floats != nil:
		return fmt.Sprint(a.Floats)
	case a.Strings != nil:
		return fmt.Sprint(a.Strings)
	case a.String != "":
		return a.String
	case a.Float != 0:
		return fmt.Sprint(a.Float)
	}
	return fmt.Sprint(a.Int)
}
