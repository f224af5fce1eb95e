package circuits

import (
	"fmt"
	"math/big"

	"github.com/zkml-go/zkml/visibility"
)

// Secrets are a prover's secrets, by the index of their port in the layout: the salts
// of commitments, and the signatures of inputs, of which only the key is public. An
// entry is nil where a port has none.
type Secrets struct {
	Salts      []*big.Int
	Signatures []*Signature
}

// NewSecrets calls salt for each port that has a salt, and signature for each input
// that is to be signed.
func NewSecrets(l visibility.Layout, salt func(*visibility.Port) (*big.Int, error),
	signature func(signer *visibility.Port) (*Signature, error)) (Secrets, error) {
	s := Secrets{Salts: make([]*big.Int, len(l.Ports)), Signatures: make([]*Signature, len(l.Ports))}
	for _, x := range l.Secrets() {
		p := &l.Ports[x.Port]
		var err error
		switch x.Kind {
		case visibility.SecretSalt:
			s.Salts[x.Port], err = salt(p)
		case visibility.SecretSignature:
			s.Signatures[x.Port], err = signature(p)
		}
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

// wires are the secret inputs of one run; nil where there are none for it.
func (s Secrets) wires(l visibility.Layout, x visibility.Secret, inputs map[int][]int64) []*big.Int {
	switch x.Kind {
	case visibility.SecretElements:
		out := make([]*big.Int, 0, x.Count)
		for i, v := range inputs[x.Port] {
			if !l.Ports[x.Port].Element(i).Constant() {
				out = append(out, big.NewInt(v))
			}
		}
		return out
	case visibility.SecretSalt:
		if x.Port < len(s.Salts) && s.Salts[x.Port] != nil {
			return []*big.Int{s.Salts[x.Port]}
		}
	case visibility.SecretSignature:
		if x.Port < len(s.Signatures) && s.Signatures[x.Port] != nil {
			sig := s.Signatures[x.Port]
			return []*big.Int{sig.R.X, sig.R.Y, sig.S}
		}
	}
	return nil
}

// byPort moves lists, given in the order of the ports of one role, to the indices of
// these ports.
func byPort(l visibility.Layout, ports []*visibility.Port, lists [][]int64, what string) (map[int][]int64, error) {
	if len(lists) != len(ports) {
		return nil, fmt.Errorf("%d %ss, the layout has %d", len(lists), what, len(ports))
	}
	out := map[int][]int64{}
	for i := range l.Ports {
		for k, p := range ports {
			if p == &l.Ports[i] {
				if len(lists[k]) != p.Count() {
					return nil, fmt.Errorf("%s %s: %d elements, the layout has %d", what, p.Name, len(lists[k]),
						p.Count())
				}
				out[i] = lists[k]
			}
		}
	}
	return out, nil
}

// Assign makes the circuit's full assignment: the claim's public inputs, the elements
// of each input, and the secrets.
func (s *Statement) Assign(claim visibility.Claim, inputs [][]int64, secrets Secrets) (*Circuit, error) {
	public, err := s.Layout.Public(claim)
	if err != nil {
		return nil, err
	}
	elements, err := byPort(s.Layout, s.Layout.Inputs(), inputs, "input")
	if err != nil {
		return nil, err
	}
	c := &Circuit{statement: s}
	for _, w := range public {
		c.Public = append(c.Public, w)
	}
	for _, x := range s.Layout.Secrets() {
		wires := secrets.wires(s.Layout, x, elements)
		if len(wires) != x.Count {
			return nil, fmt.Errorf("the %s of %s is missing", x.Kind, s.Layout.Ports[x.Port].Name)
		}
		for _, v := range wires {
			c.Secret = append(c.Secret, v)
		}
	}
	return c, s.assignModel(c)
}

// Claim makes the claim that an honest prover proves about inputs and their outputs,
// each in the order of the layout's.
func (s *Statement) Claim(inputs, outputs [][]int64, secrets Secrets, context *big.Int) (visibility.Claim, error) {
	l := s.Layout
	tensors, err := byPort(l, l.Inputs(), inputs, "input")
	if err != nil {
		return nil, err
	}
	computed, err := byPort(l, l.Outputs(), outputs, "output")
	if err != nil {
		return nil, err
	}
	for i, v := range computed {
		tensors[i] = v
	}
	claim := make(visibility.Claim, len(l.Ports))
	for i := range l.Ports {
		if claim[i], err = s.value(i, tensors, secrets, context); err != nil {
			return nil, err
		}
	}
	return claim, nil
}

// value is what an honest prover claims about one port.
func (s *Statement) value(i int, tensors map[int][]int64, secrets Secrets, context *big.Int) (visibility.Value, error) {
	p := &s.Layout.Ports[i]
	var none visibility.Value
	switch {
	case p.Is(visibility.FormPacked), p.Is(visibility.FormElements):
		return visibility.Value{Integers: tensors[i]}, nil
	case p.Is(visibility.FormNumber):
		if context == nil {
			return none, nil // Public says that it is missing
		}
		return visibility.Value{Elements: []*big.Int{context}}, nil
	case p.Is(visibility.FormPoint):
		if i >= len(secrets.Signatures) || secrets.Signatures[i] == nil {
			return none, fmt.Errorf("the signature of input %s is missing", p.Of)
		}
		key := secrets.Signatures[i].Key
		return visibility.Value{Elements: []*big.Int{key.X, key.Y}}, nil
	case p.Salted():
		if i >= len(secrets.Salts) || secrets.Salts[i] == nil {
			return none, fmt.Errorf("the salt of %s is missing", p.Name)
		}
		c, err := CommitPort(s.Layout, p, secrets.Salts[i], tensors)
		return visibility.Value{Elements: []*big.Int{c}}, err
	case p.Visibility == visibility.Hashed:
		c, err := s.ModelCommitment()
		return visibility.Value{Elements: []*big.Int{c}}, err
	}
	return none, nil
}

// CommitPort computes the public commitment of a port: to its integers and to those of
// the ports that share it, each by its index in the layout.
func CommitPort(l visibility.Layout, p *visibility.Port, salt *big.Int, integers map[int][]int64) (*big.Int, error) {
	var words []*big.Int
	ports, at := l.Covered(p)
	for k, q := range ports {
		packed, err := q.Pack(integers[at[k]])
		if err != nil {
			return nil, err
		}
		words = append(words, packed...)
	}
	return Commit(ValueDomain.Of(l.Domain(p)), salt, words), nil
}
