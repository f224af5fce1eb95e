package adversary

import (
	"fmt"
	"slices"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/frontend"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// Subject is a circuit under attack. It computes outputs from inputs.
type Subject struct {
	// Open is the circuit with outputs that follow from the rest, Claimed with
	// outputs that are given.
	Open, Claimed *System
	compiled      *Compiled
	assign        func(input, output []int64) (frontend.Circuit, error)
}

// subject compiles a circuit whose public inputs outputs are what it computes;
// granted are secret inputs that make no other claim of it.
func subject(
	c frontend.Circuit, outputs, granted []int, assign func(input, output []int64) (frontend.Circuit, error),
) (*Subject, error) {
	compiled, err := Compile(c)
	if err != nil {
		return nil, err
	}
	open, err := compiled.Open(outputs, granted)
	if err != nil {
		return nil, err
	}
	claimed, err := compiled.Open(nil, nil)
	return &Subject{open, claimed, compiled, assign}, err
}

// Statement compiles a statement; signed is the input's signature, nil where the
// layout has none. A private model without a salt gets one. The
// salt of an output's commitment is the prover's by right: with another salt the
// same output has another commitment.
func Statement(s *circuits.Statement, signed *circuits.Signature) (*Subject, error) {
	circuittest.Salt(s)
	secrets := circuittest.Salts(s.Layout, signed)
	var outputs, granted []int
	for _, p := range s.Layout.Outputs() {
		for i := range p.Words {
			outputs = append(outputs, p.Start+i)
		}
		for _, x := range s.Layout.Secrets() {
			if p == &s.Layout.Ports[x.Port] {
				granted = append(granted, x.Start)
			}
		}
	}
	shape := circuits.NewCircuit(s)
	return subject(shape, outputs, granted, func(input, output []int64) (frontend.Circuit, error) {
		claim, err := circuittest.ClaimOf(s, input, output, secrets)
		if err != nil {
			return nil, err
		}
		return circuittest.Assign(s, claim, input, secrets)
	})
}

// Function is a circuit of gates from public inputs to public outputs.
type Function struct {
	In, Out []frontend.Variable `gnark:",public"`
	compute func(g gate.API, in []gate.Wire) []gate.Wire
}

// Define implements frontend.Circuit.
func (f *Function) Define(api frontend.API) error {
	g := gate.NewPlonk(api)
	for i, w := range f.compute(g, f.In) {
		g.Assert(w, f.Out[i], f.Out[i], gate.Q{L: 1, R: -1})
	}
	return nil
}

// Gates compiles a function of n inputs and m outputs.
func Gates(n, m int, compute func(g gate.API, in []gate.Wire) []gate.Wire) (*Subject, error) {
	var outputs []int
	for i := range m {
		outputs = append(outputs, n+i)
	}
	shape := &Function{make([]frontend.Variable, n), make([]frontend.Variable, m), compute}
	return subject(shape, outputs, nil, func(input, output []int64) (frontend.Circuit, error) {
		f := &Function{}
		for _, v := range input {
			f.In = append(f.In, v)
		}
		for _, v := range output {
			f.Out = append(f.Out, v)
		}
		return f, nil
	})
}

// values are the circuit's inputs for a claim about an input, true or not.
func (s *Subject) values(input, output []int64) (fr.Vector, error) {
	assignment, err := s.assign(input, output)
	if err != nil {
		return nil, err
	}
	w, err := frontend.NewWitness(assignment, field)
	if err != nil {
		return nil, err
	}
	return w.Vector().(fr.Vector), nil
}

// Replay is the honest run for an input, which must lead to output.
func (s *Subject) Replay(input, output []int64) (*Replay, error) {
	values, err := s.values(input, output)
	if err != nil {
		return nil, err
	}
	r := NewReplay(s.Open, values)
	if err := r.Honest(); err != nil {
		return nil, err
	}
	for w := range s.Open.follow {
		if !r.base[w].Equal(&values[w]) {
			return nil, fmt.Errorf("output %d is %s, not %s", w, r.base[w].String(), values[w].String())
		}
	}
	return r, nil
}

// Attack tells lies about an input and repairs them: first such that the output
// is whatever they lead to, then, with a fifth of the lies, for claims of outputs
// off by one.
func (s *Subject) Attack(input, output []int64, lies int, seed int64) (Tally, error) {
	honest, err := s.Replay(input, output)
	if err != nil {
		return Tally{}, err
	}
	a := NewAttacker(honest, seed)
	a.Attack(lies - lies/5)
	a.Permute(countsHint, mostPermuted)
	tally := a.Tally
	claims := min(2, len(output))
	for k := range claims {
		wrong := slices.Clone(output)
		wrong[(int(seed)+k)%len(output)] += int64(1 - 2*(k%2))
		if _, err := s.values(input, wrong); err != nil {
			continue // a commitment holds no output outside its format
		}
		t, err := s.Claim(input, wrong, lies/5/claims, seed+int64(k))
		if err != nil {
			return tally, err
		}
		tally.Add(t)
	}
	return tally, nil
}

// Claim attacks a claim, which is false.
func (s *Subject) Claim(input, output []int64, lies int, seed int64) (Tally, error) {
	values, err := s.values(input, output)
	if err != nil {
		return Tally{}, err
	}
	r := NewReplay(s.Claimed, values)
	if r.Honest() == nil {
		return Tally{}, fmt.Errorf("the claim of %v about %v is true", output, input)
	}
	a := NewAttacker(r, seed)
	a.Attack(lies)
	return a.Tally, nil
}

// Chosen is the number of wires of the prover's choice.
func (s *System) Chosen() int {
	n := s.Secret
	for i := range s.ops {
		if o := &s.ops[i]; o.kind == hintOp || o.kind == inverseOp {
			n += int(o.made)
		}
	}
	return n
}

// Hints are the names of the hints that the circuit asks.
func (s *System) Hints() map[string]bool {
	out := map[string]bool{}
	for i := range s.ops {
		if s.ops[i].kind == hintOp {
			out[s.ops[i].name()] = true
		}
	}
	return out
}
