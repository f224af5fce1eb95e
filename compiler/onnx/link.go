package onnx

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
)

// linker turns a model into a graph and checks what spans its parts.
type linker struct {
	*model
	out      *graph.Graph
	owner    map[string]string // what defines each value, for messages
	producer map[string]int    // the node that defines a value, if a node does
	around   *linker           // of the graph that a sub-graph is in
	taken    map[string]bool   // values of the graphs around that are read
}

// link makes the graph: it combines both readings of the nodes, separates
// initialisers from inputs, orders the nodes and checks that every value is
// defined once and before its use.
func link(m *model, around *linker) (*graph.Graph, error) {
	if len(m.nodes) == 0 && !m.nested {
		return nil, errors.New("the graph has no nodes; there is nothing to prove")
	}
	if len(m.outputs) == 0 {
		return nil, errors.New("the graph has no outputs; export the model again")
	}
	ops, err := decodeStructure(m)
	if err != nil {
		return nil, err
	}
	l := &linker{
		model: m, around: around,
		out:   &graph.Graph{Name: m.name, Consts: map[string]*graph.Const{}, Metadata: m.metadata},
		owner: map[string]string{}, producer: map[string]int{}, taken: map[string]bool{},
	}
	l.uniqueNames()
	for _, step := range []func() error{l.defineConsts, l.defineInputs, l.defineNodes} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	nodes, err := l.convert(ops)
	if err != nil {
		return nil, err
	}
	if err := l.checkUses(); err != nil {
		return nil, err
	}
	if l.out.Nodes, err = l.sort(nodes); err != nil {
		return nil, err
	}
	return l.out, nil
}

// convert makes the graph's nodes, in file order.
func (l *linker) convert(ops []operation) ([]*graph.Node, error) {
	nodes := make([]*graph.Node, len(ops))
	for i, n := range l.nodes {
		version, err := l.version(n)
		if err != nil {
			return nil, n.errorf("%w", err)
		}
		attrs, err := n.attributes(ops[i].attrs)
		if err != nil {
			return nil, err
		}
		nodes[i] = &graph.Node{
			Name: n.name, Op: n.op, Domain: n.domain, Opset: version,
			Inputs: ops[i].inputs, Outputs: ops[i].outputs, Attrs: attrs,
		}
		if err := l.bodies(n, nodes[i]); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

// version is that of a node's domain: of the function that it is of, or else of the model.
func (l *linker) version(n *node) (int, error) {
	m := *l.model
	if n.versions != nil {
		m.opsets = n.versions
	}
	return m.opset(n.domain)
}

// bodies links the sub-graphs of a node. What they read of the graphs around them becomes
// inputs of the node.
func (l *linker) bodies(n *node, to *graph.Node) error {
	captured := map[string]bool{}
	for _, name := range sortedKeys(n.bodies) {
		body := n.bodies[name]
		body.ir, body.opsets = l.ir, l.model.opsets
		g, err := link(body, l)
		if err != nil {
			return n.errorf("attribute %q: %w", name, err)
		}
		to.Attrs[name] = graph.Attr{Body: g}
		for _, outer := range g.Outer {
			if !captured[outer] {
				captured[outer] = true
				to.Inputs = append(slices.Clip(to.Inputs), outer)
				to.Captured++
			}
		}
	}
	return nil
}

// finds tells whether a value is defined in the graph, or in one around it: it then is one of
// those that the graph takes from there.
func (l *linker) finds(value string) bool {
	if _, ok := l.owner[value]; ok || l.taken[value] {
		return true
	}
	if l.around == nil || !l.around.finds(value) {
		return false
	}
	l.taken[value] = true
	l.out.Outer = append(l.out.Outer, value)
	return true
}

// uniqueNames gives each repeated node name the first free suffix _2, _3...
func (l *linker) uniqueNames() {
	used, next := map[string]bool{}, map[string]int{}
	for _, n := range l.nodes {
		used[n.name] = true
	}
	seen := map[string]bool{}
	for _, n := range l.nodes {
		if base := n.name; seen[base] {
			for k := max(next[base], 2); used[n.name]; k++ {
				n.name, next[base] = fmt.Sprintf("%s_%d", base, k), k+1
			}
			used[n.name] = true
		}
		seen[n.name] = true
	}
}

// define records that a value has a definition, which must be its only one.
func (l *linker) define(value, by string) error {
	if first, ok := l.owner[value]; ok {
		return fmt.Errorf("the value %q is defined twice, by %s and by %s; export the model again", value, first, by)
	}
	l.owner[value] = by
	return nil
}

func (l *linker) defineConsts() error {
	for _, t := range l.consts {
		if err := l.define(t.name, "an initialiser"); err != nil {
			return err
		}
		c, err := t.constant()
		if err != nil {
			return err
		}
		l.out.Consts[t.name] = c
	}
	return nil
}

// defineInputs skips the inputs that only give an initialiser's type.
func (l *linker) defineInputs() error {
	listed := map[string]bool{}
	for _, v := range l.inputs {
		if listed[v.name] {
			return fmt.Errorf("the input %q is listed twice; export the model again", v.name)
		}
		listed[v.name] = true
		if l.out.Consts[v.name] != nil {
			continue
		}
		in := graph.Value{Name: v.name}
		if !l.nested || v.kind != "" { // a sub-graph's inputs are what the node gives them
			var err error
			if in, err = v.asInput(); err != nil {
				return err
			}
		}
		if err := l.define(v.name, "a graph input"); err != nil {
			return err
		}
		l.out.Inputs = append(l.out.Inputs, in)
	}
	return nil
}

func (l *linker) defineNodes() error {
	for i, n := range l.nodes {
		for _, value := range n.outputs {
			if value == "" {
				continue
			}
			if err := l.define(value, "the node "+n.name); err != nil {
				return n.errorf("%w", err)
			}
			l.producer[value] = i
		}
	}
	return nil
}

// checkUses refuses nodes and outputs that read a value nobody defines.
func (l *linker) checkUses() error {
	for _, n := range l.nodes {
		for _, value := range n.inputs {
			if value != "" && !l.finds(value) {
				return n.errorf("it reads the value %q, which nothing defines; export the model again", value)
			}
		}
	}
	listed := map[string]bool{}
	for _, v := range l.outputs {
		if !l.finds(v.name) {
			return fmt.Errorf("nothing defines the output %q; export the model again", v.name)
		}
		if listed[v.name] {
			return fmt.Errorf("the output %q is listed twice; export the model again", v.name)
		}
		listed[v.name] = true
		l.out.Outputs = append(l.out.Outputs, v.asOutput())
	}
	return nil
}

// sort orders the nodes so that each comes after those that it reads. It keeps the
// file's order if that is already such an order.
func (l *linker) sort(nodes []*graph.Node) ([]*graph.Node, error) {
	const entered, left = 1, 2
	state := make([]int8, len(nodes))
	ordered := make([]*graph.Node, 0, len(nodes))
	var visit func(i int) error
	visit = func(i int) error {
		state[i] = entered
		for _, value := range nodes[i].Inputs {
			made, ok := l.producer[value]
			if !ok || state[made] == left {
				continue
			}
			if state[made] == entered {
				return nodes[i].Errorf("it reads the value %q, which depends on it: the graph has a cycle", value)
			}
			if err := visit(made); err != nil {
				return err
			}
		}
		state[i] = left
		ordered = append(ordered, nodes[i])
		return nil
	}
	for i := range nodes {
		if state[i] == left {
			continue
		}
		if err := visit(i); err != nil {
			return nil, err
		}
	}
	return ordered, nil
}
