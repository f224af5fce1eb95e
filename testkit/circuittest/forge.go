package circuittest

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"

	"github.com/zkml-go/zkml/circuits"
)

func init() { solver.RegisterHint(Echo) }

// Tamper is what a dishonest prover does to one hint.
type Tamper struct {
	Hint solver.Hint
	// With changes the answers out of the hint's call number call, counted in the
	// order of solving. They are honest when it is called, but for what earlier
	// lies did to in. It may write any integers: they are taken modulo the field.
	With func(call int, in, out []*big.Int)
}

// options makes a solver tell the given lies. Hints run one after the other, so that
// calls are always counted in the same order.
func options(tampers []Tamper) []solver.Option {
	opts := []solver.Option{solver.WithNbTasks(1)}
	byHint := map[solver.HintID][]Tamper{}
	for _, t := range tampers {
		id := solver.GetHintID(t.Hint)
		byHint[id] = append(byHint[id], t)
	}
	for id, same := range byHint {
		call := 0
		opts = append(opts, solver.OverrideHint(id, func(f *big.Int, in, out []*big.Int) error {
			if err := same[0].Hint(f, in, out); err != nil {
				return err
			}
			for _, t := range same {
				t.With(call, in, out)
			}
			call++
			for _, o := range out {
				o.Mod(o, f)
			}
			return nil
		}))
	}
	return opts
}

// Echo is the hint that stands between a model's outputs and the claimed ones
// in the circuit of Forge: nothing binds its outputs to its inputs.
func Echo(_ *big.Int, in, out []*big.Int) error {
	for i, o := range out {
		o.Set(in[i])
	}
	return nil
}

// echoed is a model whose outputs are cut off from the claimed ones.
type echoed struct {
	circuits.Model
	compiler frontend.Compiler
}

// Define implements circuits.Model.
func (m echoed) Define(b *circuits.Builder, in [][]*circuits.Value, step func(string)) ([][]*circuits.Value, error) {
	out, err := m.Model.Define(b, in, step)
	if err != nil {
		return nil, err
	}
	all := slices.Concat(out...) // one call, so that a forger sees all outputs in their order
	wires, err := m.compiler.NewHint(Echo, len(all), b.CloseAll(all)...)
	if err != nil {
		return nil, err
	}
	copies := make([][]*circuits.Value, len(out))
	for k, values := range out {
		for _, v := range values {
			copies[k] = append(copies[k], circuits.Known(wires[0], v.Lo, v.Hi))
			wires = wires[1:]
		}
	}
	return copies, nil
}

// freed is the statement's circuit, its model's outputs cut off.
type freed struct {
	Public    []frontend.Variable `gnark:",public"`
	Secret    []frontend.Variable
	statement circuits.Statement
}

// Define implements frontend.Circuit.
func (c *freed) Define(api frontend.API) error {
	s := c.statement
	inner := circuits.NewCircuit(&s)
	s.Model = echoed{Model: s.Model, compiler: api.Compiler()}
	copy(inner.Public, c.Public)
	copy(inner.Secret, c.Secret)
	return inner.Define(api)
}

func (s *Subject) compileFree() error {
	if s.free != nil {
		return nil
	}
	shape := circuits.NewCircuit(s.Statement)
	c := &freed{Public: shape.Public, Secret: shape.Secret, statement: *s.Statement}
	var err error
	s.free, err = frontend.Compile(field, scs.NewBuilder, c)
	return err
}

// Forge solves the circuit with a dishonest prover's hints, and returns the output to
// which they lead; the error tells that these values violate a constraint. Forge finds
// any output to which the lies lead, since it leaves out only the constraint that ties
// the outputs to the claimed ones. output is the honest one.
func (s *Subject) Forge(input, output []int64, tampers ...Tamper) ([]*big.Int, error) {
	if err := s.compileFree(); err != nil {
		return nil, err
	}
	w, err := s.witness(input, output)
	if err != nil {
		return nil, err
	}
	var got []*big.Int
	echo := func(_ *big.Int, in, out []*big.Int) error {
		for i, o := range out {
			got = append(got, new(big.Int).Set(in[i]))
			o.Mod(big.NewInt(output[i]), field)
		}
		return nil
	}
	opts := append(options(tampers), solver.OverrideHint(solver.GetHintID(Echo), echo))
	if err := s.free.IsSolved(w, opts...); err != nil {
		return nil, err
	}
	return got, nil
}

// Rejects fails the test if the circuit admits the lies, whatever output they
// lead to.
func (s *Subject) Rejects(input, output []int64, tampers ...Tamper) {
	s.T.Helper()
	if got, err := s.Forge(input, output, tampers...); err == nil {
		s.T.Fatalf("the lies are admitted; the outputs are then %v, the right ones are %v", got, output)
	}
}

// Computes fails the test unless the circuit's outputs for input are output.
func (s *Subject) Computes(input, output []int64) {
	s.T.Helper()
	got, err := s.Forge(input, output)
	if err != nil {
		s.T.Fatalf("the honest prover is rejected: %v", err)
	}
	if !same(got, output) {
		s.T.Fatalf("the circuit computes %v, the reference %v", got, output)
	}
}

// same tells whether field elements stand for integers.
func same(got []*big.Int, want []int64) bool {
	if len(got) != len(want) {
		return false
	}
	for i, g := range got {
		w := big.NewInt(want[i])
		if w.Mod(w, field).Cmp(g) != 0 {
			return false
		}
	}
	return true
}

// calls lists the calls of a hint in an honest run, by the number of their
// outputs.
func (s *Subject) calls(h solver.Hint, input, output []int64) []int {
	s.T.Helper()
	var calls []int
	spy := Tamper{Hint: h, With: func(_ int, _, out []*big.Int) { calls = append(calls, len(out)) }}
	if _, err := s.Forge(input, output, spy); err != nil {
		s.T.Fatalf("the honest prover is rejected: %v", err)
	}
	return calls
}

// Exhaust solves with every assignment of the outputs of the given hints that
// differs from the honest one by at most around in each place, and fails the
// test if another output than the honest one comes through. It returns how many
// assignments it tried, and how many were admitted.
func (s *Subject) Exhaust(input, output []int64, around int64, hints ...solver.Hint) (tried, admitted int) {
	s.T.Helper()
	var start [][]int // for each hint and call, where its outputs begin
	n := 0
	for _, h := range hints {
		var at []int
		for _, size := range s.calls(h, input, output) {
			at = append(at, n)
			n += size
		}
		start = append(start, at)
	}
	offsets := make([]int64, n)
	for i := range offsets {
		offsets[i] = -around
	}
	tampers := make([]Tamper, len(hints))
	for k, h := range hints {
		tampers[k] = Tamper{Hint: h, With: func(call int, _, out []*big.Int) {
			for i, o := range out {
				o.Add(o, big.NewInt(offsets[start[k][call]+i]))
			}
		}}
	}
	for more := true; more; more = next(offsets, around) {
		tried++
		got, err := s.Forge(input, output, tampers...)
		if err != nil {
			continue
		}
		admitted++
		if !same(got, output) {
			s.T.Fatalf("hints off by %v lead to %v, the right output is %v", offsets, got, output)
		}
	}
	return tried, admitted
}

// next counts up in numbers whose digits go from −around to around.
func next(digits []int64, around int64) bool {
	for i := range digits {
		if digits[i]++; digits[i] <= around {
			return true
		}
		digits[i] = -around
	}
	return false
}

// place names a hint's output in a message.
func place(h solver.Hint, call, i int) string {
	return fmt.Sprintf("%s, call %d, output %d", solver.GetHintName(h), call, i)
}
