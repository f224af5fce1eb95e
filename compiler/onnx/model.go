package onnx

import (
	"errors"
	"fmt"

	"github.com/zkml-go/zkml/budget"
)

// maxNodes bounds the depth of the sort that orders them.
var maxNodes = int(budget.Nodes.Most)

// model is a file as it is encoded, before any check across its parts.
type model struct {
	ir        int64
	opsets    map[string]int64 // by canonical domain
	functions map[opID]*function
	graphs    int
	nested    bool // it is a sub-graph, of the model that has the versions
	at        site
	name      string
	nodes     []*node
	consts    []*tensorProto
	inputs    []value
	outputs   []value
	metadata  map[string]string
}

// readModel reads a ModelProto with its graph.
func readModel(data []byte) (*model, error) {
	m := &model{opsets: map[string]int64{}, functions: map[opID]*function{}, metadata: map[string]string{}}
	err := fields{
		1:  number(&m.ir),
		7:  message(m.readGraph),
		8:  message(m.addOpset),
		14: message(m.addMetadata),
		25: message(m.addFunction),
	}.read(data)
	if err != nil {
		return nil, err
	}
	if err := m.checkIR(); err != nil {
		return nil, err
	}
	if m.graphs == 0 {
		return nil, errors.New("the model has no graph; the file is cut short or not ONNX")
	}
	m.nodes, err = (&inliner{functions: m.functions}).inline(m.nodes)
	return m, err
}

// readGraph reads the model's GraphProto.
func (m *model) readGraph(b []byte) error {
	if m.graphs++; m.graphs > 1 {
		return errors.New("the file holds two graphs")
	}
	return fields{
		1:  message(m.addNode),
		2:  text(&m.name),
		5:  message(m.addConst),
		11: message(m.addInput),
		12: message(m.addOutput),
		15: message(refuseSparse),
	}.read(b)
}

func (m *model) addNode(b []byte) error {
	if len(m.nodes) == maxNodes {
		return fmt.Errorf("the graph has more than %d nodes", maxNodes)
	}
	n, err := readNode(b, len(m.nodes), m.at)
	m.nodes = append(m.nodes, n)
	return err
}

func (m *model) addConst(b []byte) error {
	t, err := readTensor(b)
	if err != nil {
		return fmt.Errorf("initialiser %d: %w", len(m.consts), err)
	}
	if t.name == "" {
		return fmt.Errorf("initialiser %d has no name", len(m.consts))
	}
	m.consts = append(m.consts, t)
	return nil
}

func (m *model) addInput(b []byte) error {
	v, err := readValue(b)
	if err != nil {
		return fmt.Errorf("input %d: %w", len(m.inputs), err)
	}
	m.inputs = append(m.inputs, v)
	return nil
}

func (m *model) addOutput(b []byte) error {
	v, err := readValue(b)
	if err != nil {
		return fmt.Errorf("output %d: %w", len(m.outputs), err)
	}
	m.outputs = append(m.outputs, v)
	return nil
}

// refuseSparse names a sparse initialiser and refuses it.
func refuseSparse(b []byte) error {
	values := &tensorProto{}
	err := fields{1: message(func(b []byte) (err error) {
		values, err = readTensor(b)
		return err
	})}.read(b)
	if err != nil {
		return fmt.Errorf("sparse initialiser: %w", err)
	}
	return fmt.Errorf("initialiser %q is sparse, which is not supported; export dense weights", values.name)
}

// addMetadata keeps what the file says of itself. Nothing of it decides what the model
// computes, so that no text is refused.
func (m *model) addMetadata(b []byte) error {
	var key, value string
	if err := (fields{1: anyText(&key), 2: anyText(&value)}).read(b); err != nil {
		return fmt.Errorf("metadata: %w", err)
	}
	m.metadata[key] = value
	return nil
}
