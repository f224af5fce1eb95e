package compiler

import (
	"fmt"
	"maps"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/tensor"
)

// Survey is what there is to know of a model before it is compiled: its nodes, and everything for
// which it will be refused, whatever the samples are.
type Survey struct {
	Inputs  []ContentsPort `json:"inputs"`
	Outputs []ContentsPort `json:"outputs"`
	// Operators counts the nodes of each operator, by name, and Opsets are the versions of their
	// domains; "ai.onnx" is the standard one.
	Operators map[string]int `json:"operators"`
	Opsets    map[string]int `json:"opsets"`
	// Parameters are the numbers that the nodes read from the file, each counted once.
	Parameters int            `json:"parameters"`
	Nodes      []SurveyNode   `json:"nodes"`
	Refusals   []ModelRefusal `json:"-"`
	// Ended says why the shapes behind a node are unknown though they follow from no refusal; it
	// is empty where all were looked for.
	Ended string `json:"ended,omitempty"`

	unknown  map[string]bool // values that are refused, or follow from those
	inferred int             // refusals after a node's operator was bound
	nodes    map[*graph.Node]*SurveyNode
}

// SurveyNode is a node of the model. In a quantised one, a node between DequantizeLinear and
// QuantizeLinear is shown as the operator of codes that they are together, as QLinearConv.
type SurveyNode struct {
	Name     string     `json:"name"`
	Operator string     `json:"operator"`
	Inputs   []string   `json:"inputs"`
	Outputs  []NodePort `json:"outputs"`
	// Parameters are those that no earlier node reads.
	Parameters int       `json:"parameters"`
	State      NodeState `json:"state"`
}

// NodePort is an output of a node. Shape is nil where it is not known.
type NodePort struct {
	Name  string `json:"name"`
	Type  string `json:"type,omitempty"`
	Shape []int  `json:"shape"`
}

// NodeState says what becomes of a node.
type NodeState string

// The states of nodes.
const (
	// Computed is a node that is proved.
	Computed NodeState = "computed"
	// Constant is a node that depends on no input, and is computed once.
	Constant NodeState = "constant"
	// Unread is a node whose values no proved output depends on.
	Unread NodeState = "unread"
	// Fused is a node whose work another does: one of codes, in a quantised model.
	Fused NodeState = "fused"
	// Refused is a node that cannot be compiled.
	Refused NodeState = "refused"
	// Unknown is a node of which only the operator was looked at: it reads what a refused node
	// computes.
	Unknown NodeState = "unknown"
)

// ModelRefusal is a reason why a model will not compile. Node and Operator are empty where it is
// none of a node.
type ModelRefusal struct {
	Node, Operator string
	Err            error
}

// mostInferred bounds the refused nodes whose shapes were looked for: nothing counts the work that
// this took.
const mostInferred = 64

// SurveyOf looks at a graph without compiling it. An error is one of the options alone: what is
// wrong with the model is among the refusals. A node that reads what a refused node computes is
// refused only for what would be wrong with it in any model.
func SurveyOf(g *graph.Graph, o ModelOptions) (*Survey, error) {
	s := &Survey{Operators: map[string]int{}, Opsets: map[string]int{}, unknown: map[string]bool{},
		nodes: map[*graph.Node]*SurveyNode{}}
	m, needed, err := opened(g, o, s)
	if err != nil {
		return nil, err
	}
	for _, in := range m.Graph.Inputs {
		_, known := m.info[in.Name]
		s.unknown[in.Name] = needed[in.Name] && !known
	}
	s.list(m)
	apart := (&Model{Graph: g, Outputs: m.Outputs}).needed()
	for _, n := range m.Graph.Nodes {
		switch {
		case isNeeded(n, needed):
			s.look(m, n, needed)
		case isNeeded(n, apart):
			s.nodes[n].State = Fused
		}
	}
	for k := range m.Outputs {
		if err := m.settleOutput(&m.Outputs[k], o.Classes); err != nil {
			s.refuse(nil, err)
		}
	}
	s.lower(m)
	if len(s.Refusals) == 0 && s.Ended == "" {
		if _, err := lowered(g, Options{Model: o}); err != nil {
			s.refuse(nil, err)
		}
	}
	s.ports(m)
	return s, nil
}

// refused passes an error on; a survey notes it and goes on, unless it is one of the options.
func (m *Model) refused(n *graph.Node, err error) error {
	if err == nil || m.survey == nil {
		return err
	}
	if p := problem.Of(err); p != nil && p.Option != "" {
		return err
	}
	m.survey.refuse(n, err)
	return nil
}

// refuse notes a refusal, and that the outputs of its node are unknown.
func (s *Survey) refuse(n *graph.Node, err error) {
	r := ModelRefusal{Err: err}
	if n != nil {
		r.Node, r.Operator = n.Name, n.Op
		s.nodes[n].State = Refused
		s.lose(n)
	}
	s.Refusals = append(s.Refusals, r)
}

func (s *Survey) lose(n *graph.Node) {
	for _, name := range n.Outputs {
		s.unknown[name] = name != ""
	}
}

// lost tells whether a value is unknown because of a refusal.
func (s *Survey) lost(name string) bool { return s != nil && s.unknown[name] }

// list lists the nodes, with their parameters.
func (s *Survey) list(m *Model) {
	read := map[string]bool{}
	s.Nodes = make([]SurveyNode, len(m.Graph.Nodes))
	for i, n := range m.Graph.Nodes {
		at := &s.Nodes[i]
		*at = SurveyNode{Name: n.Name, Operator: n.Op, Inputs: slices.Clone(n.Inputs), State: Unread}
		s.nodes[n] = at
		s.Operators[n.Op]++
		domain := n.Domain
		if domain == "" {
			domain = "ai.onnx"
		}
		s.Opsets[domain] = n.Opset
		for _, name := range n.Inputs {
			if c := m.Graph.Consts[name]; c != nil && !read[name] {
				read[name] = true
				at.Parameters += parameters(c)
			}
		}
		for _, a := range n.Attrs {
			at.Parameters += len(a.Floats)
			if a.Tensor != nil {
				at.Parameters += parameters(a.Tensor)
			}
		}
		s.Parameters += at.Parameters
	}
}

// parameters counts the numbers of a constant; those of int64 are sizes and positions.
func parameters(c *graph.Const) int {
	if c.DType == graph.Int64 || c.DType == graph.Text {
		return 0
	}
	return tensor.Size(c.Shape)
}

// look binds a node, as far as what it reads is known.
func (s *Survey) look(m *Model, n *graph.Node, needed map[string]bool) {
	s.nodes[n].State = Computed
	var err error
	if s.Ended != "" || slices.ContainsFunc(n.Inputs, s.lost) {
		s.nodes[n].State = Unknown
		s.lose(n)
		_, err = operator(n, needed)
	} else if err = m.bind(n, needed); err != nil {
		s.inferred++
	}
	if err == nil {
		return
	}
	s.refuse(n, err)
	for _, name := range n.Outputs {
		delete(m.info, name)
		delete(m.known, name)
	}
	s.lookInside(n, err)
	if s.inferred == mostInferred && s.Ended == "" {
		s.Ended = fmt.Sprintf("%d refused nodes ended the look at shapes, at node %s", mostInferred, n.Name)
	}
}

// lookInside refuses the other nodes of a refused loop's body that no model could have. Of an If,
// a model may have one branch only.
func (s *Survey) lookInside(n *graph.Node, first error) {
	if n.Op == "If" {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(n.Attrs)) {
		if n.Attrs[name].Body == nil {
			continue
		}
		for _, inner := range n.Attrs[name].Body.Nodes {
			if _, err := op.Bind(inner); err != nil && n.Errorf("%w", err).Error() != first.Error() {
				s.refuse(n, n.Errorf("%w", err))
			}
		}
	}
}

// lower lowers the nodes that proved outputs depend on: what they refuse of their variables.
func (s *Survey) lower(m *Model) {
	read, _ := m.read()
	p := &ir.Program{}
	ids := m.lowerInputs(p)
	for _, n := range m.Graph.Nodes {
		at := s.nodes[n]
		switch made := func(o string) bool { return o == "" || m.known[o] != nil }; {
		case at.State != Computed:
		case !slices.ContainsFunc(n.Outputs, func(o string) bool { return !made(o) }):
			at.State = Constant
		case !read[n]:
			at.State = Unread
		}
	}
	for i := range m.nodes {
		b := &m.nodes[i]
		if s.nodes[b.node].State != Computed {
			continue
		}
		if slices.ContainsFunc(b.node.Inputs, s.lost) {
			s.nodes[b.node].State = Unknown
			s.lose(b.node)
			continue
		}
		if err := b.lower(p, ids, m.known); err != nil {
			s.refuse(b.node, err)
		}
	}
}

// ports writes what is known of the values.
func (s *Survey) ports(m *Model) {
	s.Inputs, s.Outputs = portsOf(m.Graph.Inputs), portsOf(m.Graph.Outputs)
	for _, ports := range [][]ContentsPort{s.Inputs, s.Outputs} {
		for k := range ports {
			info, ok := m.info[ports[k].Name]
			if !ok {
				continue
			}
			ports[k].Type, ports[k].Shape = string(info.DType), []any{}
			for _, d := range info.Shape {
				ports[k].Shape = append(ports[k].Shape, d)
			}
		}
	}
	for i, n := range m.Graph.Nodes {
		for _, name := range n.Outputs {
			if name == "" {
				continue
			}
			out := NodePort{Name: name}
			if info, ok := m.info[name]; ok {
				out.Type, out.Shape = string(info.DType), append([]int{}, info.Shape...)
			}
			s.Nodes[i].Outputs = append(s.Nodes[i].Outputs, out)
		}
	}
}
