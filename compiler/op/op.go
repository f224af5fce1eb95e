// Package op owns the ONNX operators: one operator, or one family, is one file
// with its shapes, its float reference and its lowering. It must not know
// ONNX's wire format, integer formats or circuits. compiler imports it.
package op

import (
	"fmt"
	"slices"
	"sort"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// Op is an operator bound to one node: its attributes are read and checked.
type Op interface {
	// Infer gives the outputs' shapes and types from the inputs'. An input that
	// is known at compile time has its Const.
	Infer(in []Arg) ([]Out, error)
	// Float is the reference in float64, as ONNX defines it. Absent optional
	// inputs are nil.
	Float(in []*tensor.Float) ([]*tensor.Float, error)
	// Lower emits the steps that compute the node's outputs, after Infer accepted
	// the same inputs, and returns their values, one for each output that is
	// computed from variables.
	Lower(l *Lowering) ([]ir.ID, error)
}

// Partial is an Op some of whose outputs may not be read: their values are not what the
// model means, or cannot be computed. It is asked after New.
type Partial interface {
	// Refuses says why an output may not be read, nil where it may. Lower gives no value
	// for an output that is refused, but −1.
	Refuses(output int) error
}

// Refusal is the reason why an output of an operator may not be read, if there is one.
func Refusal(o Op, output int) error {
	if p, ok := o.(Partial); ok {
		return p.Refuses(output)
	}
	return nil
}

// Arg is what is known of a node's input at compile time. Present is false for
// an optional input that is absent.
type Arg struct {
	Present bool
	DType   graph.DType
	Shape   []int
	Const   *tensor.Float // nil for a variable
	Meaning
}

// Out is what is known of an output.
type Out struct {
	DType graph.DType
	Shape []int
	Meaning
}

// Meaning is what numbers stand for. Nothing is computed from texts but other numbers: a
// value of type graph.Text has the position in Texts of each of its elements.
type Meaning struct {
	// Texts are of a value of type graph.Text, each once.
	Texts []string
	// Other tells of Texts that the last of them is no text, but stands for all others.
	Other bool
	// Labels are the names of classes, where the value is the label of each row, or has a
	// column for each class.
	Labels []string
	// Lowest are the elements that are −Inf, nil where none is. A program has another number
	// for them, which nothing reads.
	Lowest []bool
}

// Lowering is what Lower gets: the program to which it emits, and the node's inputs.
// ID[i] is meaningful where In[i] is a variable.
type Lowering struct {
	*ir.Program
	Node string // "conv1 (Conv)"
	Name string // of the first output
	In   []Arg
	ID   []ir.ID
	Out  []Out
}

// Step emits one step of the node, whose value has the shape of output 0.
func (l *Lowering) Step(kind ir.Kind, in ...ir.ID) ir.ID {
	return l.Emit(l.Node, l.Name, l.Out[0].Shape, kind, in...)
}

// Spec describes an operator to the registry.
type Spec struct {
	Name string
	// Domain is "" for the standard domain.
	Domain string
	// Since lists the opset versions whose definition New implements, oldest
	// first; a model's opset uses the newest that is not newer than itself.
	Since []int
	// Tolerance is the largest error of the quantised operator against Float, both
	// on the integers of its input, in steps: with b bits, a step is the largest
	// magnitude of the output over 2^(b−1) − 1. 0 is for an operator that only copies
	// its inputs' numbers.
	Tolerance float64
	// Note is one line for docs/operators.md: what is and is not supported.
	Note string
	New  func(n *graph.Node) (Op, error)
}

// Allowed is the error that an examination allows, in steps: half a step for an operator
// that only copies, since a constant beside a variable takes the variable's format.
func (s Spec) Allowed() float64 { return max(s.Tolerance, 0.5) }

var registry = map[string]Spec{}

// register adds operators; only the operators' files call it.
func register(specs ...Spec) {
	for _, s := range specs {
		key := s.Domain + "/" + s.Name
		if _, twice := registry[key]; twice {
			panic("op: registered twice: " + key)
		}
		registry[key] = s
	}
}

// Specs lists all operators by domain and name.
func Specs() []Spec {
	out := make([]Spec, 0, len(registry))
	for _, s := range registry {
		out = append(out, s)
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].Domain+"/"+out[i].Name < out[j].Domain+"/"+out[j].Name
	})
	return out
}

// Unsupported are operators that are known and not supported, each with the reason.
var Unsupported = map[string]string{
	"LIF": "it is no operator of ONNX; export the network without spiking neurons",
	"NonMaxSuppression": "how many boxes it gives depends on the model's input, and shapes must be known at " +
		"compile time; end the model at the boxes and their scores",
	"RoiAlign": "which elements it reads depends on boxes that are computed; end the model before it",
	"Unique": "how many elements it gives depends on the model's input, and shapes must be known at compile time; " +
		"end the model before it",
}

// Bind finds the operator of a node and reads its attributes. The error names
// the node, and where to see what is supported.
func Bind(n *graph.Node) (Op, error) {
	domain := n.Domain
	if domain == "ai.onnx" {
		domain = ""
	}
	s, ok := registry[domain+"/"+n.Op]
	if !ok {
		name := n.Op
		if domain != "" {
			name = domain + "." + n.Op
		}
		if why, known := Unsupported[name]; known {
			return nil, n.Errorf("operator %s is not supported: %s", name, why)
		}
		return nil, n.Errorf("operator %s is not supported; `zkml ops` lists those that are", name)
	}
	if n.Opset < s.Since[0] {
		return nil, n.Errorf("the definition of opset %d is not supported, only that of %d and later; "+
			"convert the model to a newer opset", n.Opset, s.Since[0])
	}
	op, err := s.New(n)
	if err != nil {
		return nil, n.Errorf("%w", err)
	}
	return op, nil
}

// axis turns an axis counted from either end into one counted from the front.
func axis(a, rank int) (int, error) {
	if a < -rank || a >= rank {
		return 0, fmt.Errorf("axis %d is outside a tensor of rank %d", a, rank)
	}
	return (a + rank) % max(rank, 1), nil
}

// variable returns the IDs of the inputs that are not constants, and for each
// input its number among them, -1 for a constant.
func (l *Lowering) variables() (ids []ir.ID, number []int) {
	number = make([]int, len(l.In))
	for i, a := range l.In {
		number[i] = -1
		if a.Present && a.Const == nil {
			number[i] = len(ids)
			ids = append(ids, l.ID[i])
		}
	}
	return ids, number
}

// sameShape is the Infer of operators that keep their first input's shape.
func sameShape(in []Arg) ([]Out, error) {
	return []Out{{DType: in[0].DType, Shape: slices.Clone(in[0].Shape)}}, nil
}
