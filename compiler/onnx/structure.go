package onnx

import (
	"fmt"
	"slices"

	gonum "gonum.org/v1/gonum/graph"

	onnxgo "github.com/owulveryck/onnx-go"
	"google.golang.org/protobuf/encoding/protowire"
)

// operation is one operator application as onnx-go decodes it.
type operation struct {
	op      string
	attrs   map[string]any // with onnx-go's Go types
	inputs  []string
	outputs []string
}

// decodeStructure has onnx-go decode the model's skeleton. A panic of onnx-go
// becomes an error.
func decodeStructure(m *model) (ops []operation, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("onnx-go cannot decode the graph: %v; the file is damaged", p)
		}
	}()
	if len(m.nodes) == 0 { // of a sub-graph, which onnx-go refuses
		return nil, nil
	}
	r := &recorder{}
	if err := onnxgo.NewModel(r).UnmarshalBinary(m.skeleton()); err != nil {
		return nil, fmt.Errorf("onnx-go cannot decode the graph: %w", err)
	}
	return r.ops, m.agree(r.ops)
}

// agree compares what the two decoders read.
func (m *model) agree(ops []operation) error {
	if len(ops) != len(m.nodes) {
		return fmt.Errorf("the graph decodes to %d nodes in one reading and %d in another; the file is damaged",
			len(m.nodes), len(ops))
	}
	for i, n := range m.nodes {
		op := &ops[i]
		if len(n.inputs) == 0 {
			op.inputs = nil // onnx-go adds an input to such a node
		}
		if op.op != n.op || !slices.Equal(op.inputs, n.inputs) ||
			!slices.Equal(op.outputs, n.outputs) || len(op.attrs) != len(n.plain) {
			return n.errorf("two readings of the node differ; the file is damaged")
		}
	}
	return nil
}

// skeleton encodes the part of the model that onnx-go decodes: nodes with
// scalar and list attributes, and the names of inputs and outputs. Tensors
// are omitted, since onnx-go allocates what a shape claims and refuses or
// misreads several element types; so are value types, which it does not need.
func (m *model) skeleton() []byte {
	var g []byte
	for _, n := range m.nodes {
		g = appendBytes(g, 1, n.skeleton())
	}
	for _, v := range m.inputs {
		g = appendBytes(g, 11, appendBytes(nil, 1, []byte(v.name)))
	}
	for _, v := range m.outputs {
		g = appendBytes(g, 12, appendBytes(nil, 1, []byte(v.name)))
	}
	return appendBytes(nil, 7, g)
}

func (n *node) skeleton() (b []byte) {
	for _, name := range n.inputs {
		b = appendBytes(b, 1, []byte(name))
	}
	for _, name := range n.outputs {
		b = appendBytes(b, 2, []byte(name))
	}
	b = appendBytes(b, 4, []byte(n.op))
	for _, a := range n.plain {
		b = appendBytes(b, 5, a)
	}
	return b
}

// appendBytes appends a length-delimited field.
func appendBytes(to []byte, num protowire.Number, data []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(to, num, protowire.BytesType), data)
}

// recorder is the backend into which onnx-go decodes: it records each operation in
// file order. onnx-go only writes while decoding, so the reading half of the
// interface is absent.
type recorder struct {
	gonum.Directed
	places int64
	edges  []edge // of the operation being decoded
	ops    []operation
}

// NewNode makes a place for a value, which onnx-go then names.
func (r *recorder) NewNode() gonum.Node {
	r.places++
	return &place{id: r.places}
}

// AddNode has nothing to do: places are identified by name.
func (r *recorder) AddNode(gonum.Node) {}

// NewWeightedEdge makes the edge from an output of an operation to an input.
func (r *recorder) NewWeightedEdge(from, to gonum.Node, weight float64) gonum.WeightedEdge {
	return edge{from.(*place), to.(*place), weight}
}

// SetWeightedEdge records an edge of the next operation.
func (r *recorder) SetWeightedEdge(e gonum.WeightedEdge) { r.edges = append(r.edges, e.(edge)) }

// ApplyOperation ends an operation. onnx-go repeats the input edges for every
// output, numbered from 0: the first run of numbers has all of them.
func (r *recorder) ApplyOperation(op onnxgo.Operation, outputs ...gonum.Node) error {
	o := operation{op: op.Name, attrs: op.Attributes}
	for i, e := range r.edges {
		if e.index != float64(i) {
			break
		}
		o.inputs = append(o.inputs, e.to.name)
	}
	for _, out := range outputs {
		o.outputs = append(o.outputs, out.(*place).name)
	}
	r.ops, r.edges = append(r.ops, o), nil
	return nil
}

// place is a value of the graph, by name.
type place struct {
	id   int64
	name string
}

// ID returns a number that is unique to the place.
func (p *place) ID() int64 { return p.id }

// SetName sets the value's name.
func (p *place) SetName(name string) { p.name = name }

// GetName returns the value's name.
func (p *place) GetName() string { return p.name }

// edge says that the operation defining from reads to as its input index.
type edge struct {
	from, to *place
	index    float64
}

// From returns the output's place.
func (e edge) From() gonum.Node { return e.from }

// To returns the input's place.
func (e edge) To() gonum.Node { return e.to }

// ReversedEdge returns the edge with its ends swapped.
func (e edge) ReversedEdge() gonum.Edge { return edge{e.to, e.from, e.index} }

// Weight returns the input's index.
func (e edge) Weight() float64 { return e.index }
