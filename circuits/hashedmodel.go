package circuits

import (
	"errors"
	"math/big"

	"github.com/zkml-go/zkml/gate"
)

// newHashed starts a model of secret weights on the circuit's wires for it: the
// salt's, then the weights'.
func newHashed(g gate.API, wires []gate.Wire) *hashed {
	if counter, ok := g.(*gate.Counter); ok {
		wires = counter.Inputs(1)
	}
	if len(wires) == 0 { // the statement's own weights could not be listed
		return nil
	}
	return &hashed{salt: wires[0], left: wires[1:]}
}

// recordModel runs the model's definition to list its weights as the circuit
// takes them.
func (s *Statement) recordModel() (*hashed, error) {
	counter := &gate.Counter{}
	secret, public := counter.Inputs(s.Layout.SecretCount()), counter.Inputs(s.Layout.Count())
	b := NewBuilder(counter, s.Digit, anchor(public, secret))
	b.hashed = newHashed(counter, nil)
	b.hashed.record = true
	err := s.emit(b, public, secret, func(string) {})
	return b.hashed, err
}

// weights counts the secret wires of a hashed model and its salt. A model that
// cannot be defined has none, and its definition says why.
func (s *Statement) weights() int {
	if !s.Layout.Hashed() {
		return 0
	}
	h, err := s.recordModel()
	if err != nil {
		return 0
	}
	return 1 + len(h.values)
}

// assignModel appends the salt and the weights of a hashed model.
func (s *Statement) assignModel(c *Circuit) error {
	if !s.Layout.Hashed() {
		return nil
	}
	if len(s.Salt) != 1 {
		return errors.New("the hashed model has no salt")
	}
	h, err := s.recordModel()
	if err != nil {
		return err
	}
	c.Secret = append(c.Secret, s.Salt[0])
	for _, v := range h.values {
		c.Secret = append(c.Secret, v)
	}
	return nil
}

// ModelCommitment is the commitment to a hashed model's weights with its salt:
// the public input that tells models of one key apart.
func (s *Statement) ModelCommitment() (*big.Int, error) {
	if len(s.Salt) != 1 {
		return nil, errors.New("the hashed model has no salt")
	}
	h, err := s.recordModel()
	if err != nil {
		return nil, err
	}
	words := make([]*big.Int, len(h.words))
	for i, w := range h.words {
		words[i] = new(big.Int).Mod(w.value, field)
	}
	return Commit(ModelDomain, s.Salt[0], words), nil
}
