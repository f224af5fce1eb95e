package circuits

import (
	"fmt"
	"math/big"

	"github.com/consensys/gnark/frontend"

	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/visibility"
)

// Model is the part of a statement that computes: the quantised model.
type Model interface {
	// Define computes the elements of each output from those of each input, in the
	// order of the layout's. step is called at the start of each part, with its name.
	Define(b *Builder, in [][]*Value, step func(name string)) ([][]*Value, error)
}

// Statement is what a proof proves: that the public inputs of Layout are consistent
// under Model.
type Statement struct {
	Layout visibility.Layout
	Model  Model
	// Digit is the width in bits of the digits of range checks.
	Digit int
	// Salt holds, for a private model, the coefficients that hide its weights in
	// the verifying key, three for each salt row; for a hashed one, only the salt of
	// its commitment.
	Salt []*big.Int
}

// SaltSize is how many elements Salt has for the layout.
func (s *Statement) SaltSize() int {
	switch {
	case !s.Layout.PrivateModel():
		return 0
	case s.Layout.Hashed():
		return 1
	}
	return 3 * SaltRows
}

// SignaturePart names the part of a circuit that checks the inputs' signatures.
const SignaturePart = "signature"

// SaltRows is how many rows of random coefficients hide a private model. An
// opening of a selector polynomial reveals one equation about them, and the
// commitment itself another; see docs/rationale.md.
const SaltRows = 8

// Circuit is the statement for gnark.
type Circuit struct {
	Public []frontend.Variable `gnark:",public"`
	// Secret holds what Layout.Secrets lists, and then the salt and the weights of a
	// hashed model.
	Secret []frontend.Variable

	statement *Statement
}

// NewCircuit allocates the statement's circuit.
func NewCircuit(s *Statement) *Circuit {
	return &Circuit{
		Public:    make([]frontend.Variable, s.Layout.Count()),
		Secret:    make([]frontend.Variable, s.Layout.SecretCount()+s.weights()),
		statement: s,
	}
}

// Define implements frontend.Circuit.
func (c *Circuit) Define(api frontend.API) error {
	return c.statement.define(gate.NewPlonk(api), c.Public, c.Secret, func(string) {})
}

// Cost is what a statement costs, found without compiling it: gates, and the share of
// each named part.
type Cost struct {
	Gates  int
	Public int
	Parts  []Part
}

// Part is the gates of one part of a circuit.
type Part struct {
	Name  string `json:"name"`
	Gates int    `json:"gates"`
}

// Rows is the number of rows before padding.
func (c Cost) Rows() int { return c.Gates + c.Public }

// PaddedRows is the next power of two, which decides what proving costs.
func (c Cost) PaddedRows() int {
	n := 1
	for n < c.Rows() {
		n *= 2
	}
	return n
}

// Count gives the statement's cost, by running its definition on a counter. A gadget
// that refuses what it is given panics; here that is an error.
func (s *Statement) Count() (Cost, error) { return s.CountWithin(0) }

// CountWithin is Count for a statement from somebody else: it stops once there are more
// rows than expected, so that its work and memory are little more than for that number.
// The error is gate.ErrBudget then.
func (s *Statement) CountWithin(rows int) (cost Cost, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case error:
			err = r
		default:
			err = fmt.Errorf("%v", r)
		}
	}()
	return s.count(&gate.Counter{Budget: rows})
}

func (s *Statement) count(counter *gate.Counter) (Cost, error) {
	cost := Cost{Public: s.Layout.Count()}
	begin := 0
	step := func(name string) {
		if n := len(cost.Parts); n > 0 {
			cost.Parts[n-1].Gates = counter.Gates - begin
		}
		begin = counter.Gates
		cost.Parts = append(cost.Parts, Part{Name: name})
	}
	counted := *s
	counted.Salt = make([]*big.Int, s.SaltSize())
	if err := counted.define(counter, counter.Inputs(cost.Public), counter.Inputs(s.Layout.SecretCount()),
		step); err != nil {
		return Cost{}, err
	}
	step("")
	cost.Parts = cost.Parts[:len(cost.Parts)-1]
	cost.Gates = counter.Gates
	return cost, nil
}

// define emits the whole circuit.
func (s *Statement) define(g gate.API, public, secret []gate.Wire, step func(string)) error {
	step("input")
	b := NewBuilder(g, s.Digit, anchor(public, secret))
	if len(s.Layout.Inputs()) == 0 { // constants multiply nothing, and no selector may be zero in every row
		g.Assert(b.one, b.one, b.one, gate.Q{L: 1, R: -1, M: 1, O: -1})
	}
	n := s.Layout.SecretCount()
	if s.Layout.Hashed() {
		b.hashed = newHashed(g, secret[n:])
	}
	return s.emit(b, public, secret[:n], step)
}

// anchor is any wire: a statement without inputs, about constants, may have no secret one.
func anchor(public, secret []gate.Wire) gate.Wire {
	if len(secret) > 0 {
		return secret[0]
	}
	return public[0]
}

// emit emits the circuit with the builder.
func (s *Statement) emit(b *Builder, public, secret []gate.Wire, step func(string)) error {
	e := newBorder(s, b, public, secret)
	e.bindInputs()
	if len(s.Layout.Signers()) > 0 {
		step(SignaturePart)
		if err := e.bindSigners(); err != nil {
			return err
		}
	}
	out, err := s.Model.Define(b, e.inputs, step)
	if err != nil {
		return err
	}
	step("output")
	if err := e.bindOutputs(out); err != nil {
		return err
	}
	e.bindContext()
	if s.Layout.Hashed() {
		step("model")
		e.bindModel()
	} else {
		s.salt(b, anchor(public, secret))
	}
	step("lookups")
	b.Finish()
	return nil
}

// salt emits the rows that hide a private model's weights: each holds for any
// coefficients, since its third wire is whatever the sum is.
func (s *Statement) salt(b *Builder, x gate.Wire) {
	for i := 0; i+3 <= len(s.Salt); i += 3 {
		b.g.Mask(gate.Term{Wire: x, Coef: s.Salt[i]}, gate.Term{Wire: b.one, Coef: s.Salt[i+1]}, s.Salt[i+2])
	}
}
