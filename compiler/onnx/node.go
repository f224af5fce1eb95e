package onnx

import (
	"errors"
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
	"google.golang.org/protobuf/encoding/protowire"
)

// node is a NodeProto as it is encoded.
type node struct {
	position int // in the file
	name     string
	op       string
	domain   string
	inputs   []string
	outputs  []string
	tensors  map[string]*tensorProto // attributes of type TENSOR
	bodies   map[string]*model       // attributes of type GRAPH
	plain    [][]byte                // the other attributes, for onnx-go
}

// kind is a type of attribute: the field that holds its value, and whether
// onnx-go or this package decodes it.
type kind struct {
	word   string
	holds  protowire.Number
	served server
	remedy string
}

// server says who decodes a kind of attribute.
type server int

const (
	refused server = iota
	byWire
	byOnnxGo
)

const (
	flatten  = "export a model without If or Loop, and without a Scan inside of another one"
	simplify = "export dense tensors"
)

// kinds are ONNX's attribute types by number.
var kinds = map[int64]kind{
	1:  {"FLOAT", 2, byOnnxGo, ""},
	2:  {"INT", 3, byOnnxGo, ""},
	3:  {"STRING", 4, byOnnxGo, ""},
	4:  {"TENSOR", 5, byWire, ""},
	5:  {"GRAPH", 6, byWire, flatten},
	6:  {"FLOATS", 7, byOnnxGo, ""},
	7:  {"INTS", 8, byOnnxGo, ""},
	8:  {"STRINGS", 9, byOnnxGo, ""},
	9:  {"TENSORS", 10, refused, simplify},
	10: {"GRAPHS", 11, refused, flatten},
	11: {"SPARSE_TENSOR", 22, refused, simplify},
	12: {"SPARSE_TENSORS", 23, refused, simplify},
	13: {"TYPE_PROTO", 14, refused, simplify},
	14: {"TYPE_PROTOS", 15, refused, simplify},
}

// readNode reads the NodeProto at a position of the file. nested says that it is one of a
// sub-graph, and then has none itself.
func readNode(b []byte, position int, nested bool) (*node, error) {
	n := &node{position: position, tensors: map[string]*tensorProto{}, bodies: map[string]*model{}}
	var attrs [][]byte
	err := fields{
		1: texts(&n.inputs),
		2: texts(&n.outputs),
		3: text(&n.name),
		4: text(&n.op),
		5: message(func(b []byte) error { attrs = append(attrs, b); return nil }),
		7: text(&n.domain),
	}.read(b)
	if err != nil {
		return nil, fmt.Errorf("node %d: %w", position, err)
	}
	if n.op == "" {
		return nil, fmt.Errorf("node %d has no operator type; the file is damaged", position)
	}
	n.domain = canonical(n.domain)
	if n.name == "" {
		n.name = fmt.Sprintf("%s_%d", n.op, position)
	}
	seen := map[string]bool{}
	for _, b := range attrs {
		if err := n.addAttribute(b, seen, n.op == "Scan" && n.domain == "" && !nested); err != nil {
			return nil, n.errorf("%w", err)
		}
	}
	return n, n.check()
}

// check refuses a node without an output.
func (n *node) check() error {
	named := false
	for _, out := range n.outputs {
		named = named || out != ""
	}
	if !named {
		return n.errorf("it has no outputs; the file is damaged")
	}
	return nil
}

// errorf makes an error that names the node as graph.Node.Errorf does.
func (n *node) errorf(format string, args ...any) error {
	return (&graph.Node{Name: n.name, Op: n.op}).Errorf(format, args...)
}

// attribute holds the parts of an AttributeProto that this package reads.
type attribute struct {
	name   string
	ref    string
	kind   int64
	tensor *tensorProto
	body   *model
	holds  map[protowire.Number]bool // fields that hold a value
}

// addAttribute decodes a tensor, or the sub-graph of a node that may have one, keeps
// attributes that onnx-go will decode, and refuses the rest.
func (n *node) addAttribute(b []byte, seen map[string]bool, bodies bool) error {
	a, err := readAttribute(b, bodies)
	if err != nil {
		return fmt.Errorf("attribute %q: %w", a.name, err)
	}
	if seen[a.name] {
		return fmt.Errorf("attribute %q is given twice", a.name)
	}
	seen[a.name] = true
	switch k := kinds[a.kind]; {
	case k.served == byOnnxGo:
		n.plain = append(n.plain, b)
	case a.body != nil:
		n.bodies[a.name] = a.body
	case k.served == byWire:
		n.tensors[a.name] = a.tensor
	}
	return nil
}

// readAttribute reads an attribute. A sub-graph is only read where the node may have one.
func readAttribute(b []byte, bodies bool) (*attribute, error) {
	a := &attribute{holds: map[protowire.Number]bool{}}
	fs := fields{1: text(&a.name), 20: number(&a.kind), 21: text(&a.ref)}
	for _, k := range kinds {
		fs[k.holds] = func(field) error { a.holds[k.holds] = true; return nil }
	}
	fs[5] = message(func(b []byte) (err error) {
		a.holds[5] = true
		a.tensor, err = readTensor(b)
		return err
	})
	if bodies {
		fs[6] = message(func(b []byte) error {
			a.holds[6] = true
			a.body = &model{nested: true}
			return a.body.readGraph(b)
		})
	}
	if err := fs.read(b); err != nil {
		return a, err
	}
	return a, a.check()
}

// check refuses attributes of an unsupported kind, without a kind, or whose value is
// of another kind than they declare.
func (a *attribute) check() error {
	k, known := kinds[a.kind]
	switch {
	case a.name == "":
		return errors.New("it has no name; the file is damaged")
	case a.ref != "":
		return fmt.Errorf("it refers to %q of a function; inline the functions with onnx.inliner", a.ref)
	case !known:
		return fmt.Errorf("type %d is not supported", a.kind)
	case k.holds == 6 && a.body == nil || k.holds == 11:
		return fmt.Errorf("it is a sub-graph, which is not supported; %s", k.remedy)
	case k.served == refused:
		return fmt.Errorf("type %s is not supported; %s", k.word, k.remedy)
	case k.holds == 5 && a.tensor == nil:
		return errors.New("it declares a tensor but has none; the file is damaged")
	}
	for held := range a.holds {
		if held != k.holds {
			return fmt.Errorf("it declares %s but holds another type; the file is damaged", k.word)
		}
	}
	return nil
}
