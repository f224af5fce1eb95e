package visibility

import (
	"fmt"
	"slices"
)

// LayoutVersion is the version of the layout's format. Version 1 was a list of
// fields for one input and one output.
const LayoutVersion = 2

// Layout is the table of a statement's ports, in the order in which a contract
// takes them: inputs, outputs, then the context, the model and the signers of
// inputs, if the model was compiled with them. Layouts are made by Plan.
type Layout struct {
	Version int `json:"version"`
	// Batch is the number of inputs in one proof: the first axis of every tensor.
	// 0 means that a proof is about one input, and tensors have no batch axis.
	Batch int    `json:"batch,omitempty"`
	Ports []Port `json:"ports"`
}

// Clone returns a deep copy; a plain copy would share the ports.
func (l Layout) Clone() Layout {
	l.Ports = slices.Clone(l.Ports)
	for i := range l.Ports {
		p := &l.Ports[i]
		p.Shape, p.Texts, p.Threshold = slices.Clone(p.Shape), slices.Clone(p.Texts), cloned(p.Threshold)
		p.Elements = slices.Clone(p.Elements)
		for k, e := range p.Elements {
			p.Elements[k].Missing = cloned(e.Missing)
		}
	}
	return l
}

// cloned returns a pointer to a copy, or nil.
func cloned[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// Items returns the number of inputs in one proof.
func (l Layout) Items() int { return max(l.Batch, 1) }

// Item returns the layout for one input of a batch, or l itself if it has no batch.
func (l Layout) Item() Layout {
	if l.Batch == 0 {
		return l
	}
	l.Batch = 0
	return l.shaped(func(shape []int) []int { return shape[1:] })
}

// Batched turns the layout for one input into that for a batch of n. With n = 0 it
// returns l itself.
func (l Layout) Batched(n int) Layout {
	if n == 0 {
		return l
	}
	l.Batch = n
	return l.shaped(func(shape []int) []int { return append([]int{n}, shape...) })
}

// shaped returns a copy with of applied to the shapes of its tensors.
func (l Layout) shaped(of func([]int) []int) Layout {
	l = l.Clone()
	for i := range l.Ports {
		if p := &l.Ports[i]; p.hasTensor() {
			p.Shape = of(p.Shape)
		}
	}
	return l.placed()
}

// hasTensor reports whether the port carries a tensor.
func (p *Port) hasTensor() bool { return p.Role == RoleInput || p.Role == RoleOutput }

// placed returns a copy that assigns public inputs to the ports: first those with small
// values (classes), then the others, in the order of ports within each group. gnark's
// prover fills the wires of unused rows with the first public input, and committing to
// wires of small values takes less time.
func (l Layout) placed() Layout {
	l = l.Clone()
	at := 0
	for _, small := range []bool{true, false} {
		for i := range l.Ports {
			p := &l.Ports[i]
			k := p.Kind()
			if (k.Form == FormElements && p.Classes) != small {
				continue
			}
			p.Words = 0
			if f, ok := forms[k.Form]; ok {
				p.Words = f.words(p)
			}
			p.Start = at
			at += p.Words
		}
	}
	return l
}

// Count is the number of public inputs.
func (l Layout) Count() int {
	n := 0
	for i := range l.Ports {
		n += l.Ports[i].Words
	}
	return n
}

// at lists the indices of the ports of a role.
func (l Layout) at(role Role) []int {
	var out []int
	for i := range l.Ports {
		if l.Ports[i].Role == role {
			out = append(out, i)
		}
	}
	return out
}

// all lists the ports of a role, as pointers into the layout.
func (l Layout) all(role Role) []*Port {
	var out []*Port
	for _, i := range l.at(role) {
		out = append(out, &l.Ports[i])
	}
	return out
}

// Inputs lists the model's inputs, in the order in which the program takes them.
func (l Layout) Inputs() []*Port { return l.all(RoleInput) }

// Outputs lists the model's outputs, in the order in which the program returns them.
func (l Layout) Outputs() []*Port { return l.all(RoleOutput) }

// Signers lists the signers of inputs.
func (l Layout) Signers() []*Port { return l.all(RoleSigner) }

// Input finds an input by its name; nil if there is none.
func (l Layout) Input(name string) *Port { return named(l.Inputs(), name) }

// Output finds an output by its name; nil if there is none.
func (l Layout) Output(name string) *Port { return named(l.Outputs(), name) }

// Names are the names of ports.
func Names(ports []*Port) []string {
	names := make([]string, len(ports))
	for i, p := range ports {
		names[i] = p.Name
	}
	return names
}

func named(ports []*Port, name string) *Port {
	for _, p := range ports {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Signer returns the signer of an input, or nil if it need not be signed.
func (l Layout) Signer(input string) *Port {
	for _, p := range l.Signers() {
		if p.Of == input {
			return p
		}
	}
	return nil
}

// HasContext reports whether a proof is bound to a context.
func (l Layout) HasContext() bool { return len(l.at(RoleContext)) > 0 }

// model returns the visibility of the model.
func (l Layout) model() Visibility {
	for _, p := range l.all(RoleModel) {
		return p.Visibility
	}
	return Public
}

// PrivateModel reports whether the model's weights are private.
func (l Layout) PrivateModel() bool { return l.model() != Public }

// Hashed reports whether the model's weights are bound by a commitment among the
// public inputs, so that one key serves every model of the architecture.
func (l Layout) Hashed() bool { return l.model() == Hashed }

// Bind returns what fixes the weights of a private model.
func (l Layout) Bind() Bind {
	if l.Hashed() {
		return BindHash
	}
	return BindKey
}

// Hides reports whether some port is private, so that a proof may reveal no more of it
// than the public inputs do.
func (l Layout) Hides() bool {
	return slices.ContainsFunc(l.Ports, func(p Port) bool { return p.Kind().Hides })
}

// Private returns what is private, as ParsePrivate reads it.
func (l Layout) Private() Private {
	p := Private{Model: l.PrivateModel()}
	inputs := l.Inputs()
	for _, in := range inputs {
		if in.Kind().Hides {
			p.Named = append(p.Named, in.Name)
		}
	}
	if len(p.Named) == len(inputs) && len(inputs) > 0 {
		p.Input, p.Named = true, nil
	}
	return p
}

// Commitments lists the ports that show a commitment to tensors.
func (l Layout) Commitments() []*Port {
	var out []*Port
	for i := range l.Ports {
		if l.Ports[i].Salted() {
			out = append(out, &l.Ports[i])
		}
	}
	return out
}

// Covered lists the ports that the commitment of p covers: itself, then those that
// share it. Their indices in Ports are in at.
func (l Layout) Covered(p *Port) (ports []*Port, at []int) {
	for i := range l.Ports {
		q := &l.Ports[i]
		if q.Role == p.Role && (q.Name == p.Name || q.Visibility == Shared && q.With == p.Name) {
			ports, at = append(ports, q), append(at, i)
		}
	}
	return ports, at
}

// Format describes, for people, what the commitment of p is to.
func (l Layout) Format(p *Port) string { return l.formats(p, Tensor.Format) }

// Domain is Format as a domain separator for hashes.
func (l Layout) Domain(p *Port) string { return l.formats(p, Tensor.Domain) }

func (l Layout) formats(p *Port, of func(Tensor) string) string {
	text := ""
	ports, _ := l.Covered(p)
	for i, q := range ports {
		if i > 0 {
			text += " | "
		}
		text += of(q.Tensor)
	}
	return text
}

// Secret is a run of secret inputs of the circuit. Port is the index of their port in
// the layout.
type Secret struct {
	Kind         SecretKind
	Port         int
	Start, Count int
}

// Secrets returns the table of the circuit's secret inputs, in their order: the elements
// of all inputs, then the other secrets of each port in the order of ports, and last the
// weights of a hashed model, whose number the layout does not know.
func (l Layout) Secrets() []Secret {
	var out []Secret
	next := 0
	for _, elements := range []bool{true, false} {
		for i := range l.Ports {
			for _, kind := range l.Ports[i].Kind().Secrets {
				if (kind == SecretElements) != elements || kind == SecretWeights {
					continue
				}
				s := Secret{Kind: kind, Port: i, Start: next, Count: secretCounts[kind](&l.Ports[i])}
				out = append(out, s)
				next += s.Count
			}
		}
	}
	return out
}

// secretCounts gives the number of secret inputs of a kind.
var secretCounts = map[SecretKind]func(p *Port) int{
	SecretElements:  func(p *Port) int { return p.Variable() },
	SecretSalt:      func(*Port) int { return 1 },
	SecretSignature: func(*Port) int { return 3 },
}

// SecretCount is the number of secret inputs, without the weights of a hashed model.
func (l Layout) SecretCount() int {
	n := 0
	for _, s := range l.Secrets() {
		n += s.Count
	}
	return n
}

// Field is a run of public inputs, for descriptions: what they are and whose.
type Field struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Start int    `json:"start"`
	Count int    `json:"count"`
}

// Fields lists the ports that have public inputs, in the order of these.
func (l Layout) Fields() []Field {
	var out []Field
	for i := range l.Ports {
		if p := &l.Ports[i]; p.Words > 0 {
			out = append(out, Field{Kind: p.Kind().Name, Name: p.Name, Start: p.Start, Count: p.Words})
		}
	}
	slices.SortFunc(out, func(a, b Field) int { return a.Start - b.Start })
	return out
}

func unknownKind(p *Port) error {
	return fmt.Errorf("port %q: a port of role %s cannot have visibility %q", p.Name, p.Role, string(p.Visibility))
}
