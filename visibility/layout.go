package visibility

import (
	"fmt"
	"slices"
)

// LayoutVersion is the version of the layout's form. Version 1 was a list of
// fields for one input and one output.
const LayoutVersion = 2

// Layout is the table of a statement's ports, in the order in which a contract
// takes them: inputs, outputs, then the context, the model and the signers of
// inputs, each where the model was compiled with it. Plan makes layouts.
type Layout struct {
	Version int `json:"version"`
	// Batch is how many inputs one proof is about: the first axis of every tensor.
	// It is 0 where a proof is about one, and the tensors have no such axis.
	Batch int    `json:"batch,omitempty"`
	Ports []Port `json:"ports"`
}

// Clone is a copy that shares nothing with l: a plain copy shares the ports.
func (l Layout) Clone() Layout {
	l.Ports = slices.Clone(l.Ports)
	for i := range l.Ports {
		p := &l.Ports[i]
		p.Shape, p.Texts, p.Thresholds = slices.Clone(p.Shape), slices.Clone(p.Texts), slices.Clone(p.Thresholds)
		p.Elements = slices.Clone(p.Elements)
		for k, e := range p.Elements {
			if e.Missing != nil {
				missing := *e.Missing
				p.Elements[k].Missing = &missing
			}
		}
	}
	return l
}

// Items is how many inputs one proof is about.
func (l Layout) Items() int { return max(l.Batch, 1) }

// Item is the layout of one input of a batch; of a layout without one, itself.
func (l Layout) Item() Layout {
	if l.Batch == 0 {
		return l
	}
	l.Batch = 0
	return l.shaped(func(shape []int) []int { return shape[1:] })
}

// Batched is the layout of n inputs, each as l has one. 0 gives l itself.
func (l Layout) Batched(n int) Layout {
	if n == 0 {
		return l
	}
	l.Batch = n
	return l.shaped(func(shape []int) []int { return append([]int{n}, shape...) })
}

// shaped is a copy whose tensors have other shapes.
func (l Layout) shaped(of func([]int) []int) Layout {
	l = l.Clone()
	for i := range l.Ports {
		if p := &l.Ports[i]; p.hasTensor() {
			p.Shape = of(p.Shape)
		}
	}
	return l.placed()
}

// hasTensor tells whether the port is a tensor's.
func (p *Port) hasTensor() bool { return p.Role == RoleInput || p.Role == RoleOutput }

// placed is a copy whose ports have their public inputs: the small ones first, which
// are classes, then the others, each in the order of ports. gnark's prover fills the
// wires of unused rows with the first public input, and a commitment to wires of
// small values takes less time.
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

// at lists the places of the ports of a role.
func (l Layout) at(role Role) []int {
	var out []int
	for i := range l.Ports {
		if l.Ports[i].Role == role {
			out = append(out, i)
		}
	}
	return out
}

// all lists the ports of a role, which are the layout's own.
func (l Layout) all(role Role) []*Port {
	var out []*Port
	for _, i := range l.at(role) {
		out = append(out, &l.Ports[i])
	}
	return out
}

// Inputs lists the model's inputs, in the order in which the program takes them.
func (l Layout) Inputs() []*Port { return l.all(RoleInput) }

// Outputs lists the model's outputs, in the order in which the program gives them.
func (l Layout) Outputs() []*Port { return l.all(RoleOutput) }

// Signers lists the signers of inputs.
func (l Layout) Signers() []*Port { return l.all(RoleSigner) }

// Input finds an input by its name; nil without one.
func (l Layout) Input(name string) *Port { return named(l.Inputs(), name) }

// Output finds an output by its name; nil without one.
func (l Layout) Output(name string) *Port { return named(l.Outputs(), name) }

func named(ports []*Port, name string) *Port {
	for _, p := range ports {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Signer is the signer of an input; nil where it need not be signed.
func (l Layout) Signer(input string) *Port {
	for _, p := range l.Signers() {
		if p.Of == input {
			return p
		}
	}
	return nil
}

// HasContext tells whether a proof is bound to a context.
func (l Layout) HasContext() bool { return len(l.at(RoleContext)) > 0 }

// model is how the model is shown.
func (l Layout) model() Visibility {
	for _, p := range l.all(RoleModel) {
		return p.Visibility
	}
	return Public
}

// PrivateModel tells whether the model's weights are private.
func (l Layout) PrivateModel() bool { return l.model() != Public }

// Hashed tells whether the model's weights are bound by a commitment among the
// public inputs, so that one key serves every model of the architecture.
func (l Layout) Hashed() bool { return l.model() == Hashed }

// Bind is what fixes the weights of a private model.
func (l Layout) Bind() Bind {
	if l.Hashed() {
		return BindHash
	}
	return BindKey
}

// Hides tells whether a proof must give something away only as far as its public
// inputs do.
func (l Layout) Hides() bool {
	return slices.ContainsFunc(l.Ports, func(p Port) bool { return p.Kind().Hides })
}

// Private says what is private, in the words that ParsePrivate reads.
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

// Commitments lists the ports that have a commitment to tensors.
func (l Layout) Commitments() []*Port {
	var out []*Port
	for i := range l.Ports {
		if l.Ports[i].Salted() {
			out = append(out, &l.Ports[i])
		}
	}
	return out
}

// Covered lists the ports that the commitment of p is about: itself, then those that
// share it. Their places in Ports are in at.
func (l Layout) Covered(p *Port) (ports []*Port, at []int) {
	for i := range l.Ports {
		q := &l.Ports[i]
		if q.Role == p.Role && (q.Name == p.Name || q.Visibility == Shared && q.With == p.Name) {
			ports, at = append(ports, q), append(at, i)
		}
	}
	return ports, at
}

// Format says what the commitment of p is to, for people.
func (l Layout) Format(p *Port) string { return l.formats(p, Tensor.Format) }

// Domain is Format in the form that separates hashes.
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

// Secret is a run of secret inputs of the circuit. Port is the place of theirs in the
// layout.
type Secret struct {
	Kind         SecretKind
	Port         int
	Start, Count int
}

// Secrets is the table of the circuit's secret inputs, in their order: the elements
// of all inputs, then what the ports have besides, in their order, and the weights of
// a hashed model, which the layout cannot count and which come last.
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

// secretCounts is how many secret inputs there are of a kind.
var secretCounts = map[SecretKind]func(p *Port) int{
	SecretElements:  func(p *Port) int { return p.Count() },
	SecretSalt:      func(*Port) int { return 1 },
	SecretSignature: func(*Port) int { return 3 },
}

// SecretCount is the number of secret inputs but for a hashed model's.
func (l Layout) SecretCount() int {
	n := 0
	for _, s := range l.Secrets() {
		n += s.Count
	}
	return n
}

// Field is a run of public inputs, for descriptions: what they are and of which port.
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
	return fmt.Errorf("port %q: there is no %s that is shown by %q", p.Name, p.Role, string(p.Visibility))
}
