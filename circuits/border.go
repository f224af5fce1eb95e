package circuits

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/visibility"
)

// border ties the ports of a layout to the circuit's public and secret wires.
type border struct {
	b      *Builder
	layout visibility.Layout
	public []gate.Wire
	// secret are the secret wires by port and kind.
	secret map[visibility.SecretKind]map[int][]gate.Wire
	// inputs are the elements of each input, in their order; words the packed words
	// of an input, by its index among the ports.
	inputs [][]*Value
	words  map[int][]gate.Wire
}

func newBorder(s *Statement, b *Builder, public, secret []gate.Wire) *border {
	e := &border{
		b: b, layout: s.Layout, public: public,
		secret: map[visibility.SecretKind]map[int][]gate.Wire{}, words: map[int][]gate.Wire{},
	}
	for _, x := range s.Layout.Secrets() {
		if e.secret[x.Kind] == nil {
			e.secret[x.Kind] = map[int][]gate.Wire{}
		}
		e.secret[x.Kind][x.Port] = secret[x.Start : x.Start+x.Count]
	}
	return e
}

// shown are the public wires of a port.
func (e *border) shown(p *visibility.Port) []gate.Wire { return e.public[p.Start : p.Start+p.Words] }

// bindInputs binds the elements of each input to its public inputs: its words, or a
// commitment to them and to those of the inputs that share it.
//
// Soundness: each element is range-checked to its own format, so that a word of
// fewer than 254 bits is the packing of one list of elements only. A constant element is
// no wire: it is in no word, and the circuit has its value. A commitment's domain says how
// many elements each input has and of how many bits each is, so that equal lists of words
// are those of equal elements of each.
func (e *border) bindInputs() {
	ports := e.layout.Ports
	for i := range ports {
		p := &ports[i]
		elements, ok := e.secret[visibility.SecretElements][i]
		if !ok {
			continue
		}
		in := e.b.elements(elements, p.Tensor)
		e.inputs = append(e.inputs, in)
		packed := e.b.packWords(in, p.Tensor)
		if !p.Is(visibility.FormPacked) {
			e.words[i] = e.b.sums(packed)
			continue
		}
		e.words[i] = e.shown(p)
		for k, terms := range packed {
			gate.AssertZero(e.b.g, append(terms, gate.T(e.words[i][k], -1)))
		}
	}
	for i := range ports {
		if p := &ports[i]; e.words[i] != nil && p.Is(visibility.FormCommitment) {
			e.commit(i, p, e.coveredWords(p))
		}
	}
}

// coveredWords are the words that the commitment of an input is to.
func (e *border) coveredWords(p *visibility.Port) []gate.Wire {
	var words []gate.Wire
	_, at := e.layout.Covered(p)
	for _, k := range at {
		words = append(words, e.words[k]...)
	}
	return words
}

// commit binds words to the public commitment of port i.
func (e *border) commit(i int, p *visibility.Port, words []gate.Wire) {
	salt := e.secret[visibility.SecretSalt][i][0]
	e.b.equal(e.b.commitment(ValueDomain.Of(e.layout.Domain(p)), salt, words), e.shown(p)[0])
}

// bindSigners checks the signatures of inputs.
//
// Soundness: a signer's port names one input, whose words it signs. The message covers
// their format and their purpose, but not which input of which model it is: whoever
// signs several inputs of one format tells them apart by the purpose.
func (e *border) bindSigners() error {
	for i := range e.layout.Ports {
		signature, ok := e.secret[visibility.SecretSignature][i]
		if !ok {
			continue
		}
		p := &e.layout.Ports[i]
		k := slices.IndexFunc(e.layout.Ports, func(in visibility.Port) bool {
			return in.Role == visibility.RoleInput && in.Name == p.Of
		})
		if k < 0 {
			return fmt.Errorf("the layout has no input %q for its signer", p.Of)
		}
		message := e.b.hash(messageDomain(e.layout.Ports[k].Tensor, p.Purpose), e.words[k])
		e.b.signed([2]gate.Wire(e.shown(p)), [2]gate.Wire(signature[:2]), signature[2], message)
	}
	return nil
}

// bindOutputs binds the model's outputs to their public inputs.
func (e *border) bindOutputs(out [][]*Value) error {
	ports := e.layout.Outputs()
	if len(out) != len(ports) {
		return fmt.Errorf("the model has %d outputs, the layout %d", len(out), len(ports))
	}
	next := 0
	for i := range e.layout.Ports {
		p := &e.layout.Ports[i]
		if next == len(ports) || p != ports[next] {
			continue
		}
		if err := e.bindOutput(i, p, out[next]); err != nil {
			return fmt.Errorf("output %s: %w", p.Name, err)
		}
		next++
	}
	return nil
}

func (e *border) bindOutput(i int, p *visibility.Port, out []*Value) error {
	if len(out) != p.Count() {
		return fmt.Errorf("the model computes %d elements, the layout has %d", len(out), p.Count())
	}
	wires := e.b.CloseAll(out)
	if p.Is(visibility.FormElements) {
		for k, w := range e.shown(p) {
			e.b.equal(wires[k], w)
		}
		return nil
	}
	for k, v := range out {
		if v.Lo < p.Lowest() || v.Hi > p.Highest() {
			return fmt.Errorf("element %d can exceed its %d-bit format", k, p.Bits)
		}
	}
	if e.layout.PrivateModel() && !e.layout.Hashed() && !p.Classes {
		// the owner declares the limits of secret weights; a commitment to outputs
		// beyond the format could be opened to other values
		e.b.Bound(wires, Window{Base: p.Lowest(), Bits: p.Bits})
	}
	e.commit(i, p, e.b.sums(e.b.packWords(out, p.Tensor)))
	return nil
}

// bindContext binds the context to the proof: a public input is bound as such, and a
// gate keeps it from being unused.
func (e *border) bindContext() {
	for i := range e.layout.Ports {
		if p := &e.layout.Ports[i]; p.Is(visibility.FormNumber) {
			w := e.shown(p)[0]
			e.b.g.Quad(w, w, gate.Q{L: 1})
		}
	}
}

// bindModel binds the weights to the model's commitment.
//
// Soundness: gates compute the commitment from the words, and each word has only one
// list of weights (see dense).
func (e *border) bindModel() {
	words := make([]gate.Wire, len(e.b.hashed.words))
	for i, w := range e.b.hashed.words {
		words[i] = w.wire
	}
	for i := range e.layout.Ports {
		if p := &e.layout.Ports[i]; p.Visibility == visibility.Hashed {
			e.b.equal(e.b.commitment(ModelDomain, e.b.hashed.salt, words), e.shown(p)[0])
		}
	}
}

// elements bounds the wires of a tensor's elements, which has no wire for a constant one.
// Constants of one integer are one value, which takes a gate if a step asks for its wire.
//
// Soundness: each wire is in the window of its element's format (see Bound).
func (b *Builder) elements(wires []gate.Wire, t visibility.Tensor) []*Value {
	out := make([]*Value, t.Count())
	var bound []*Value
	constants := map[int64]*Value{}
	for i := range out {
		f := t.Element(i)
		if f.Constant() {
			if constants[f.Lowest()] == nil {
				constants[f.Lowest()] = b.sure(f.Lowest())
			}
			out[i] = constants[f.Lowest()]
			continue
		}
		out[i] = b.inWindow(wires[len(bound)], Window{Base: f.Lowest(), Bits: f.Bits})
		bound = append(bound, out[i])
	}
	b.CloseAll(bound)
	return out
}

// packWords lists, for each word, the terms whose sum it is.
func (b *Builder) packWords(vs []*Value, t visibility.Tensor) [][]gate.Term {
	words, constants := make([][]gate.Term, t.Words()), make([]*big.Int, t.Words())
	for i := range constants {
		constants[i] = new(big.Int)
	}
	var variable []*Value
	var places []visibility.Place
	for i, at := range t.Places() {
		if !at.Constant() {
			variable, places = append(variable, vs[i]), append(places, at)
		}
	}
	for i, w := range b.CloseAll(variable) {
		at := places[i]
		words[at.Word] = append(words[at.Word], gate.Term{Wire: w, Coef: powerOfTwo(uint(at.Bit))})
		zero := big.NewInt(at.Zero)
		constants[at.Word].Add(constants[at.Word], zero.Lsh(zero, uint(at.Bit)))
	}
	for i, c := range constants {
		if c.Sign() != 0 {
			words[i] = append(words[i], gate.Term{Wire: b.one, Coef: c})
		}
	}
	return words
}

func (b *Builder) sums(words [][]gate.Term) []gate.Wire {
	out := make([]gate.Wire, len(words))
	for i, terms := range words {
		out[i] = gate.Sum(b.g, terms)
	}
	return out
}

func (b *Builder) equal(x, y gate.Wire) {
	b.g.Assert(x, y, y, gate.Q{L: 1, R: -1})
}
