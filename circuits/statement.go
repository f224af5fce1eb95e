package circuits

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/consensys/gnark/frontend"

	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/visibility"
)

// Model is the part of a statement that computes: the quantised model.
type Model interface {
	// Define computes the output from the input's elements. step is called at
	// the start of each part, with its name.
	Define(b *Builder, in []*Value, step func(name string)) ([]*Value, error)
}

// Statement is what a proof proves: that the public inputs of Layout belong
// together under Model.
type Statement struct {
	Layout visibility.Layout
	Model  Model
	// Digit is the width in bits of the digits of range checks.
	Digit int
	// Salt, of a private model, are the coefficients that hide its weights in
	// the verifying key, three for each salt row; of a hashed one, the salt of
	// its commitment alone.
	Salt []*big.Int
}

// SaltSize is how many elements Salt has for the layout.
func (s *Statement) SaltSize() int {
	switch {
	case !s.Layout.Private.Model:
		return 0
	case s.Layout.Hashed():
		return 1
	}
	return 3 * SaltRows
}

// SignaturePart names the part of a circuit that checks the input's signature.
const SignaturePart = "signature"

// SaltRows is how many rows of random coefficients hide a private model. An
// opening of a selector polynomial reveals one equation about them, and the
// commitment itself another; see docs/rationale.md.
const SaltRows = 8

// Circuit is the statement for gnark.
type Circuit struct {
	Public []frontend.Variable `gnark:",public"`
	// Secret holds the input's elements, then its salt, its signature (R's two
	// coordinates and S), the output's salt, and the salt and the weights of a hashed
	// model, each where the layout has one.
	Secret []frontend.Variable

	statement *Statement
}

// NewCircuit allocates the statement's circuit.
func NewCircuit(s *Statement) *Circuit {
	return &Circuit{
		Public:    make([]frontend.Variable, s.Layout.Count()),
		Secret:    make([]frontend.Variable, s.secrets()+s.weights()),
		statement: s,
	}
}

// secrets counts the secret wires but those of a hashed model.
func (s *Statement) secrets() int {
	n := s.Layout.Input.Count()
	if s.Layout.Private.Input {
		n++
	}
	if s.Layout.SignedBy != "" {
		n += 3
	}
	if s.Layout.Reveal == visibility.Commitment {
		n++
	}
	return n
}

// Define implements frontend.Circuit.
func (c *Circuit) Define(api frontend.API) error {
	return c.statement.define(gate.NewPlonk(api), c.Public, c.Secret, func(string) {})
}

// Cost is what a statement takes, without compiling it: gates, and for each
// named part its share.
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

// PaddedRows is the next power of two: what proving costs.
func (c Cost) PaddedRows() int {
	n := 1
	for n < c.Rows() {
		n *= 2
	}
	return n
}

// Count gives the statement's cost, by running its definition on a counter.
func (s *Statement) Count() (Cost, error) { return s.count(&gate.Counter{}) }

// CountWithin is Count for a statement that somebody else wrote: it stops, in
// little more work and memory than that takes, once there are more rows than
// expected. The error is gate.ErrBudget then.
func (s *Statement) CountWithin(rows int) (cost Cost, err error) {
	defer func() {
		if r := recover(); r != nil {
			cause, ok := r.(error)
			if !ok || !errors.Is(cause, gate.ErrBudget) {
				panic(r)
			}
			err = cause
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
	if err := counted.define(counter, counter.Inputs(cost.Public), counter.Inputs(s.secrets()), step); err != nil {
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
	b := NewBuilder(g, s.Digit, secret[0])
	secret, model := secret[:s.secrets()], secret[s.secrets():]
	if s.Layout.Hashed() {
		b.hashed = newHashed(g, model)
	}
	return s.emit(b, public, secret, step)
}

// emit emits the circuit with the builder.
func (s *Statement) emit(b *Builder, public, secret []gate.Wire, step func(string)) error {
	n := s.Layout.Input.Count()
	in := b.Bound(secret[:n], Window{Base: -s.Layout.Input.Zero, Bits: s.Layout.Input.Bits})
	words, rest := s.input(b, in, public, secret[n:])
	if f, ok := s.field(visibility.KindSigner); ok {
		step(SignaturePart)
		message := b.hash(MessageDomain.Of(s.Layout.Input), words)
		b.signed([2]gate.Wire(public[f.Start:]), [2]gate.Wire(rest), rest[2], message)
	}
	out, err := s.Model.Define(b, in, step)
	if err != nil {
		return err
	}
	step("output")
	if err := s.output(b, out, public, secret); err != nil {
		return err
	}
	if s.Layout.Hashed() {
		step("model")
		s.commitModel(b, public)
	} else {
		s.salt(b, secret[0])
	}
	step("lookups")
	b.Finish()
	return nil
}

func (s *Statement) field(kind visibility.Kind) (visibility.Field, bool) {
	for _, f := range s.Layout.Fields() {
		if f.Kind == kind {
			return f, true
		}
	}
	return visibility.Field{}, false
}

// input ties the elements to the public input: its words, or their commitment.
// It returns the words, and what is left of the secrets after the salt.
//
// Soundness: the elements are range-checked to the format, so that a word of
// fewer than 254 bits is the packing of one list of elements alone.
func (s *Statement) input(b *Builder, in []*Value, public, rest []gate.Wire) (words, left []gate.Wire) {
	t := s.Layout.Input
	packed := b.packWords(in, t.Bits, t.Zero, t.PerWord())
	if f, ok := s.field(visibility.KindInput); ok {
		words = public[f.Start : f.Start+f.Count]
		for i, terms := range packed {
			gate.AssertZero(b.g, append(terms, gate.T(words[i], -1)))
		}
		return words, rest
	}
	f, _ := s.field(visibility.KindInputCommitment)
	words = b.sums(packed)
	b.equal(b.commitment(InputDomain.Of(t), rest[0], words), public[f.Start])
	return words, rest[1:]
}

// output ties the model's outputs to the public ones, and the context to the
// proof.
func (s *Statement) output(b *Builder, out []*Value, public, secret []gate.Wire) error {
	t := s.Layout.Output
	if len(out) != t.Count() {
		return fmt.Errorf("the model has %d outputs, the layout %d", len(out), t.Count())
	}
	wires := b.Wires(out)
	if f, ok := s.field(visibility.KindOutput); ok {
		for i, w := range wires {
			b.equal(w, public[f.Start+i])
		}
	} else {
		f, _ := s.field(visibility.KindOutputCommitment)
		for i, v := range out {
			if v.Lo < -t.Zero || v.Hi+t.Zero >= 1<<t.Bits {
				return fmt.Errorf("output %d may leave its %d-bit format", i, t.Bits)
			}
		}
		if s.Layout.Private.Model && !s.Layout.Hashed() && !s.Layout.Classes {
			// the limits of secret weights are their owner's word; a commitment to
			// outputs beyond the format would open to others
			b.Bound(wires, Window{Base: -t.Zero, Bits: t.Bits})
		}
		words := b.sums(b.packWords(out, t.Bits, t.Zero, t.PerWord()))
		b.equal(b.commitment(OutputDomain.Of(t), secret[len(secret)-1], words), public[f.Start])
	}
	if f, ok := s.field(visibility.KindContext); ok {
		// a public input is bound by being one; a gate keeps it from being unused
		b.g.Quad(public[f.Start], public[f.Start], gate.Q{L: 1})
	}
	return nil
}

// packWords lists, for each word, the terms whose sum it is.
func (b *Builder) packWords(vs []*Value, bits int, zero int64, perWord int) [][]gate.Term {
	wires := b.Wires(vs)
	var words [][]gate.Term
	for start := 0; start < len(wires); start += perWord {
		chunk := wires[start:min(start+perWord, len(wires))]
		var terms []gate.Term
		constant := new(big.Int)
		for j, w := range chunk {
			terms = append(terms, gate.Term{Wire: w, Coef: new(big.Int).Lsh(big.NewInt(1), uint(j*bits))})
			constant.Add(constant, new(big.Int).Lsh(big.NewInt(zero), uint(j*bits)))
		}
		if zero != 0 {
			terms = append(terms, gate.Term{Wire: b.one, Coef: constant})
		}
		words = append(words, terms)
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

// salt emits the rows that hide a private model's weights: each holds for any
// coefficients, since its third wire takes whatever the sum is.
func (s *Statement) salt(b *Builder, x gate.Wire) {
	for i := 0; i+3 <= len(s.Salt); i += 3 {
		b.g.Mask(gate.Term{Wire: x, Coef: s.Salt[i]}, gate.Term{Wire: b.one, Coef: s.Salt[i+1]}, s.Salt[i+2])
	}
}

// Secrets are the private salts of a proof, and the input's signature, of which
// the key alone is public; nil where the layout has none.
type Secrets struct {
	InputSalt, OutputSalt *big.Int
	Signature             *Signature
}

// Assign makes the circuit's full assignment: the claim's public inputs, the
// input's elements, and the salts.
func (s *Statement) Assign(claim visibility.Claim, input []int64, salts Secrets) (*Circuit, error) {
	public, err := s.Layout.Public(claim)
	if err != nil {
		return nil, err
	}
	c := &Circuit{statement: s}
	for _, w := range public {
		c.Public = append(c.Public, w)
	}
	for _, v := range input {
		c.Secret = append(c.Secret, v)
	}
	if s.Layout.Private.Input {
		c.Secret = append(c.Secret, salts.InputSalt)
	}
	if s.Layout.SignedBy != "" {
		sig := salts.Signature
		c.Secret = append(c.Secret, sig.R.X, sig.R.Y, sig.S)
	}
	if s.Layout.Reveal == visibility.Commitment {
		c.Secret = append(c.Secret, salts.OutputSalt)
	}
	if len(c.Secret) != s.secrets() {
		return nil, fmt.Errorf("%d input elements, the layout has %d", len(input), s.Layout.Input.Count())
	}
	return c, s.assignModel(c)
}

// Claim makes the claim that an honest prover proves of an input and its output.
func (s *Statement) Claim(input, output []int64, salts Secrets, context *big.Int) (visibility.Claim, error) {
	c := visibility.Claim{Input: input, Output: output, Context: context}
	if s.Layout.SignedBy != "" {
		if salts.Signature == nil {
			return c, fmt.Errorf("the input's signature is missing")
		}
		c.Signer = []*big.Int{salts.Signature.Key.X, salts.Signature.Key.Y}
	}
	if s.Layout.Private.Input {
		words, err := s.Layout.Input.Pack(input)
		if err != nil {
			return c, err
		}
		c.Input, c.InputCommitment = nil, Commit(InputDomain.Of(s.Layout.Input), salts.InputSalt, words)
	}
	if s.Layout.Reveal == visibility.Commitment {
		words, err := s.Layout.Output.Pack(output)
		if err != nil {
			return c, err
		}
		c.Output, c.OutputCommitment = nil, Commit(OutputDomain.Of(s.Layout.Output), salts.OutputSalt, words)
	}
	if s.Layout.Hashed() {
		var err error
		if c.ModelCommitment, err = s.ModelCommitment(); err != nil {
			return c, err
		}
	}
	return c, nil
}
