package onnx

import (
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// opID identifies an operator or a function of the model.
type opID struct{ domain, op, overload string }

// function is a FunctionProto: nodes that stand for one, with names of their own.
type function struct {
	id              opID
	inputs, outputs []string
	defaults        map[string]*attribute
	opsets          map[string]int64
	nodes           []*node
}

// addFunction reads a FunctionProto.
func (m *model) addFunction(b []byte) error {
	f := &function{defaults: map[string]*attribute{}}
	versions := &model{opsets: map[string]int64{}}
	err := fields{
		1: text(&f.id.op),
		4: texts(&f.inputs),
		5: texts(&f.outputs),
		7: message(func(b []byte) error {
			n, err := readNode(b, len(f.nodes), site{function: true})
			f.nodes = append(f.nodes, n)
			return err
		}),
		9:  message(versions.addOpset),
		10: text(&f.id.domain),
		11: message(func(b []byte) error {
			a, err := readAttribute(b, site{function: true})
			if err == nil && a.ref != "" {
				err = errors.New("it is a reference")
			}
			if err != nil {
				return fmt.Errorf("attribute %q: %w", a.name, err)
			}
			f.defaults[a.name] = a
			return nil
		}),
		13: text(&f.id.overload),
	}.read(b)
	f.id.domain, f.opsets = canonical(f.id.domain), versions.opsets
	if err == nil && m.functions[f.id] != nil {
		err = errors.New("it is defined twice; export the model again")
	}
	if err != nil {
		return fmt.Errorf("function %q: %w", f.id.op, err)
	}
	m.functions[f.id] = f
	return nil
}

// inliner puts the nodes of functions in the place of the nodes that call them.
type inliner struct {
	functions map[opID]*function
	calls     int    // so far: they number the values inside
	nodes     int    // put in the place of calls
	within    []opID // the functions that are being put in
}

// inline does so for all nodes of a graph, and of the sub-graphs in it.
func (in *inliner) inline(nodes []*node) ([]*node, error) {
	if len(in.functions) == 0 {
		return nodes, nil
	}
	var out []*node
	for _, n := range nodes {
		for _, name := range sortedKeys(n.bodies) {
			body := n.bodies[name]
			var err error
			if body.nodes, err = in.inline(body.nodes); err != nil {
				return nil, n.errorf("attribute %q: %w", name, err)
			}
		}
		f := in.functions[n.id()]
		if f == nil {
			out = append(out, n)
			continue
		}
		inside, err := in.call(f, n)
		if err != nil {
			return nil, n.errorf("%w", err)
		}
		out = append(out, inside...)
	}
	return out, nil
}

func (n *node) id() opID { return opID{n.domain, n.op, n.overload} }

// call makes the nodes of one call of a function.
func (in *inliner) call(f *function, n *node) ([]*node, error) {
	switch {
	case slices.Contains(in.within, f.id):
		return nil, errors.New("it calls a function that calls itself; export the model without")
	case len(n.inputs) > len(f.inputs) || len(n.outputs) > len(f.outputs):
		return nil, fmt.Errorf("it has %d inputs and %d outputs, and the function %d and %d; export the model again",
			len(n.inputs), len(n.outputs), len(f.inputs), len(f.outputs))
	}
	if in.calls++; in.calls+in.nodes+len(f.nodes) > maxNodes {
		return nil, fmt.Errorf("with the functions that it calls, the graph has more than %d nodes", maxNodes)
	}
	in.nodes += len(f.nodes)
	r := &renaming{prefix: fmt.Sprintf("%s#%d/", f.id.op, in.calls), caller: n, function: f, to: map[string]string{}}
	nodes := r.bind()
	for _, inner := range f.nodes {
		c, err := r.node(inner)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, c)
	}
	in.within = append(in.within, f.id)
	defer func() { in.within = in.within[:len(in.within)-1] }()
	return in.inline(nodes)
}

// renaming copies the nodes of a function for one call.
type renaming struct {
	prefix   string
	caller   *node
	function *function
	to       map[string]string
}

// bind gives the function's inputs and outputs the names that the caller has for them. An
// output that is an input is a copy of it.
func (r *renaming) bind() (copies []*node) {
	for i, name := range r.function.inputs {
		r.to[name] = ""
		if i < len(r.caller.inputs) {
			r.to[name] = r.caller.inputs[i]
		}
	}
	for i, name := range r.function.outputs {
		if i >= len(r.caller.outputs) || r.caller.outputs[i] == "" {
			continue
		}
		if slices.Contains(r.function.inputs, name) {
			copies = append(copies, &node{
				name: r.prefix + name, op: "Identity", versions: map[string]int64{"": 13},
				inputs: []string{r.to[name]}, outputs: []string{r.caller.outputs[i]},
			})
			continue
		}
		r.to[name] = r.caller.outputs[i]
	}
	return copies
}

func (r *renaming) name(of string) string {
	if to, ok := r.to[of]; ok || of == "" {
		return to
	}
	return r.prefix + of
}

func (r *renaming) names(of []string) []string {
	out := make([]string, len(of))
	for i, name := range of {
		out[i] = r.name(name)
	}
	return out
}

// node copies a node, with the caller's attributes in the place of references.
func (r *renaming) node(n *node) (*node, error) {
	c := *n
	c.name, c.inputs, c.outputs = r.prefix+n.name, r.names(n.inputs), r.names(n.outputs)
	c.attrs, c.tensors, c.bodies = map[string]*attribute{}, map[string]*tensorProto{}, map[string]*model{}
	c.plain, c.refs = slices.Clone(n.plain), nil
	if c.versions = n.versions; c.versions == nil {
		c.versions = r.function.opsets
	}
	for _, name := range sortedKeys(n.attrs) {
		a := *n.attrs[name]
		switch {
		case a.ref != "":
			continue
		case a.body != nil:
			var err error
			if a.body, err = r.body(a.body); err != nil {
				return nil, err
			}
			c.bodies[name] = a.body
		case a.tensor != nil:
			c.tensors[name] = a.tensor
		}
		c.attrs[name] = &a
	}
	for _, ref := range n.refs {
		a, ok := r.caller.attrs[ref.ref]
		if !ok {
			if a, ok = r.function.defaults[ref.ref]; !ok {
				continue // what is not given is left to the operator
			}
		}
		if a.kind != ref.kind {
			return nil, fmt.Errorf("attribute %q is of another kind than the function's node %s wants; "+
				"export the model again", ref.ref, n.name)
		}
		c.give(a.named(ref.name))
	}
	return &c, nil
}

// body copies a sub-graph, all of whose values have new names.
func (r *renaming) body(m *model) (*model, error) {
	c := *m
	inner := *r
	inner.to = map[string]string{}
	for name, to := range r.to {
		inner.to[name] = to
	}
	for _, name := range m.defined() {
		inner.to[name] = r.prefix + name
	}
	c.nodes, c.consts, c.inputs, c.outputs = nil, nil, slices.Clone(m.inputs), slices.Clone(m.outputs)
	for _, t := range m.consts {
		named := *t
		named.name = inner.name(t.name)
		c.consts = append(c.consts, &named)
	}
	for i := range c.inputs {
		c.inputs[i].name = inner.name(c.inputs[i].name)
	}
	for i := range c.outputs {
		c.outputs[i].name = inner.name(c.outputs[i].name)
	}
	for _, n := range m.nodes {
		made, err := inner.node(n)
		if err != nil {
			return nil, err
		}
		c.nodes = append(c.nodes, made)
	}
	return &c, nil
}

// defined are the values that a graph defines.
func (m *model) defined() []string {
	var out []string
	for _, t := range m.consts {
		out = append(out, t.name)
	}
	for _, v := range m.inputs {
		out = append(out, v.name)
	}
	for _, n := range m.nodes {
		out = append(out, n.outputs...)
	}
	return slices.DeleteFunc(out, func(name string) bool { return name == "" })
}

// named is an attribute under another name.
func (a *attribute) named(name string) *attribute {
	c := *a
	c.name = name
	c.raw = appendBytes(nil, 1, []byte(name))
	// the bytes were read before
	_ = eachField(a.raw, func(num protowire.Number, _ field, whole []byte) error {
		if num != 1 {
			c.raw = append(c.raw, whole...)
		}
		return nil
	})
	return &c
}
