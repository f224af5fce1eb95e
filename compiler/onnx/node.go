package onnx

import (
	"errors"
	"fmt"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"google.golang.org/protobuf/encoding/protowire"
)

// node is a NodeProto as it is encoded.
type node struct {
	position int // in the file
	name     string
	op       string
	domain   string
	overload string
	inputs   []string
	outputs  []string
	attrs    map[string]*attribute
	tensors  map[string]*tensorProto // attributes of type TENSOR
	bodies   map[string]*model       // attributes of type GRAPH
	plain    [][]byte                // the other attributes, for onnx-go
	refs     []*attribute            // of a function's node: which are the caller's
	versions map[string]int64        // opsets of the function that it is of
}

// site is where a node stands.
type site struct {
	depth    int  // sub-graphs around it
	function bool // it is of a function
}

// maxBodies bounds sub-graphs within sub-graphs, each of which is three messages deep.
var maxBodies = int(budget.Nesting.Most) / 3

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
	flatten  = "export a model with a sub-graph for each attribute"
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

// readNode reads the NodeProto at a position of its graph.
func readNode(b []byte, position int, at site) (*node, error) {
	n := &node{
		position: position, attrs: map[string]*attribute{}, tensors: map[string]*tensorProto{},
		bodies: map[string]*model{},
	}
	var attrs [][]byte
	err := fields{
		1: texts(&n.inputs),
		2: texts(&n.outputs),
		3: text(&n.name),
		4: text(&n.op),
		5: message(func(b []byte) error { attrs = append(attrs, b); return nil }),
		7: text(&n.domain),
		8: text(&n.overload),
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
	for _, b := range attrs {
		if err := n.addAttribute(b, at); err != nil {
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
	raw    []byte
	tensor *tensorProto
	body   *model
	holds  map[protowire.Number]bool // fields that hold a value
}

// addAttribute reads an attribute, which is the node's own or, in a function, a reference to
// one of the caller.
func (n *node) addAttribute(b []byte, at site) error {
	a, err := readAttribute(b, at)
	if err != nil {
		return fmt.Errorf("attribute %q: %w", a.name, err)
	}
	if n.attrs[a.name] != nil {
		return fmt.Errorf("attribute %q is given twice", a.name)
	}
	if a.ref != "" {
		n.attrs[a.name] = a
		n.refs = append(n.refs, a)
		return nil
	}
	n.give(a)
	return nil
}

// give adds an attribute: tensors and sub-graphs apart from those that onnx-go will decode.
func (n *node) give(a *attribute) {
	n.attrs[a.name] = a
	switch k := kinds[a.kind]; {
	case k.served == byOnnxGo:
		n.plain = append(n.plain, a.raw)
	case a.body != nil:
		n.bodies[a.name] = a.body
	case k.served == byWire:
		n.tensors[a.name] = a.tensor
	}
}

// readAttribute reads an attribute of a node at a place.
func readAttribute(b []byte, at site) (*attribute, error) {
	a := &attribute{holds: map[protowire.Number]bool{}, raw: b}
	fs := fields{1: text(&a.name), 20: number(&a.kind), 21: text(&a.ref)}
	for _, k := range kinds {
		fs[k.holds] = func(field) error { a.holds[k.holds] = true; return nil }
	}
	fs[5] = message(func(b []byte) (err error) {
		a.holds[5] = true
		a.tensor, err = readTensor(b)
		return err
	})
	fs[6] = message(func(b []byte) error {
		inside := site{at.depth + 1, at.function}
		if a.holds[6] = true; inside.depth > maxBodies {
			return fmt.Errorf("sub-graphs are nested more than %d deep", maxBodies)
		}
		a.body = &model{nested: true, at: inside}
		return a.body.readGraph(b)
	})
	if err := fs.read(b); err != nil {
		return a, err
	}
	return a, a.check(at)
}

// check refuses attributes of an unsupported kind, without a kind, or whose value is
// of another kind than they declare.
func (a *attribute) check(at site) error {
	k, known := kinds[a.kind]
	switch {
	case a.name == "":
		return errors.New("it has no name; the file is damaged")
	case a.ref != "" && !at.function:
		return fmt.Errorf("it refers to %q of a function, and the node is of none; export the model again", a.ref)
	case a.ref != "" && len(a.holds) > 0:
		return fmt.Errorf("it refers to %q and holds a value; the file is damaged", a.ref)
	case !known:
		return fmt.Errorf("type %d is not supported", a.kind)
	case k.served == refused:
		return fmt.Errorf("type %s is not supported; %s", k.word, k.remedy)
	case a.ref != "":
		return nil
	case k.holds == 6 && a.body == nil:
		return errors.New("it declares a sub-graph but has none; the file is damaged")
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
