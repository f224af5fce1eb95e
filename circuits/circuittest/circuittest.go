// Package circuittest examines circuits in tests: that they admit the one
// right answer, and that no lying hint gets another one through. Only tests
// import it.
package circuittest

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/backend/witness"
	"github.com/consensys/gnark/constraint"
	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"
	"github.com/consensys/gnark/logger"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/lookup"
	"github.com/zkml-go/zkml/visibility"
)

func init() { logger.Disable() }

// Subject is a compiled statement under examination.
type Subject struct {
	T         testing.TB
	Statement *circuits.Statement
	CS        constraint.ConstraintSystem
	Salts     circuits.Secrets
}

// Compile compiles the statement and checks that its counted cost is the
// compiled one.
func Compile(t testing.TB, s *circuits.Statement) *Subject {
	t.Helper()
	if s.Layout.Private.Model && s.Salt == nil {
		for i := range 3 * circuits.SaltRows {
			s.Salt = append(s.Salt, big.NewInt(int64(1_000_003+i)))
		}
	}
	cs, err := frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder, circuits.NewCircuit(s))
	if err != nil {
		t.Fatalf("compile: %v", err)
	}
	cost, err := s.Count()
	if err != nil {
		t.Fatalf("count: %v", err)
	}
	if cost.Gates != cs.GetNbConstraints() {
		t.Errorf("counted %d gates, compiled %d", cost.Gates, cs.GetNbConstraints())
	}
	return &Subject{T: t, Statement: s, CS: cs, Salts: circuits.Secrets{InputSalt: big.NewInt(1001), OutputSalt: big.NewInt(2002)}}
}

// Context is the context of all examinations.
var Context = big.NewInt(77)

func (s *Subject) witness(input, output []int64) (witness.Witness, error) {
	var context *big.Int
	if s.Statement.Layout.Context {
		context = Context
	}
	claim, err := s.Statement.Claim(input, output, s.Salts, context)
	if err != nil {
		return nil, err
	}
	return s.Witness(claim, input)
}

// Witness makes the assignment of any claim.
func (s *Subject) Witness(claim visibility.Claim, input []int64) (witness.Witness, error) {
	assignment, err := s.Statement.Assign(claim, input, s.Salts)
	if err != nil {
		return nil, err
	}
	return frontend.NewWitness(assignment, ecc.BN254.ScalarField())
}

// Solve tells whether the circuit admits output for input.
func (s *Subject) Solve(input, output []int64, opts ...solver.Option) error {
	w, err := s.witness(input, output)
	if err != nil {
		return err
	}
	return s.CS.IsSolved(w, opts...)
}

// Accepts fails the test unless output is admitted, and every output off by one
// is not.
func (s *Subject) Accepts(input, output []int64) {
	s.T.Helper()
	if err := s.Solve(input, output); err != nil {
		s.T.Fatalf("the right output is rejected: %v", err)
	}
	for i := range output {
		for _, d := range []int64{-1, 1} {
			wrong := slices.Clone(output)
			wrong[i] += d
			if s.Solve(input, wrong) == nil {
				s.T.Fatalf("output %d off by %d is admitted", i, d)
			}
		}
	}
}

// A Lie changes one output of a hint.
type Lie struct {
	Name string
	Tell func(r *rand.Rand, out []*big.Int, i int)
}

// Lies are the changes that Liar tries: off by one, off by a power of two (a
// divisor), negated, zero, a random field element, and moved to the neighbour.
var Lies = []Lie{
	{"plus one", func(_ *rand.Rand, out []*big.Int, i int) { out[i].Add(out[i], big.NewInt(1)) }},
	{"minus one", func(_ *rand.Rand, out []*big.Int, i int) { out[i].Sub(out[i], big.NewInt(1)) }},
	{"plus a divisor", func(r *rand.Rand, out []*big.Int, i int) {
		out[i].Add(out[i], new(big.Int).Lsh(big.NewInt(1), uint(1+r.Intn(12))))
	}},
	{"negated", func(_ *rand.Rand, out []*big.Int, i int) { out[i].Neg(out[i]) }},
	{"zero", func(_ *rand.Rand, out []*big.Int, i int) { out[i].SetUint64(0) }},
	{"random", func(r *rand.Rand, out []*big.Int, i int) { out[i].Rand(r, ecc.BN254.ScalarField()) }},
	{"carry to the neighbour", func(_ *rand.Rand, out []*big.Int, i int) {
		j := (i + 1) % len(out)
		out[i].Add(out[i], big.NewInt(2))
		out[j].Sub(out[j], big.NewInt(1))
	}},
	{"swapped with the neighbour", func(_ *rand.Rand, out []*big.Int, i int) {
		j := (i + 1) % len(out)
		out[i], out[j] = out[j], out[i]
		a, b := new(big.Int).Set(out[i]), new(big.Int).Set(out[j])
		out[i], out[j] = out[j], out[i]
		out[i].Set(a)
		out[j].Set(b)
	}},
}

// binding are the hints whose outputs constraints bind. The others (slots,
// differences) feed these alone, and a lie of theirs may change nothing.
var binding = []solver.Hint{
	circuits.Digits, circuits.Apply, circuits.Largest, circuits.Winner, circuits.Divide,
	lookup.Counts, lookup.Fractions,
}

var feeding = []solver.Hint{circuits.Slots, circuits.Difference}

// Liar tries every lie on up to tries outputs of every hint, with the claimed
// output that each lie would bring about being whatever the honest one is, and
// fails the test if a lie is admitted. It returns the number of lies told.
func (s *Subject) Liar(r *rand.Rand, input, output []int64, tries int) int {
	s.T.Helper()
	told := 0
	for _, h := range append(slices.Clone(binding), feeding...) {
		calls := s.record(h, input, output)
		for _, lie := range Lies {
			for range tries {
				if len(calls) == 0 {
					break
				}
				call := r.Intn(len(calls))
				told += s.lie(r, h, lie, call, r.Intn(calls[call]), input, output)
			}
		}
	}
	return told
}

// record counts a hint's calls and their outputs.
func (s *Subject) record(h solver.Hint, input, output []int64) []int {
	var calls []int
	spy := func(f *big.Int, in, out []*big.Int) error {
		calls = append(calls, len(out))
		return h(f, in, out)
	}
	if err := s.Solve(input, output, solver.OverrideHint(solver.GetHintID(h), spy), solver.WithNbTasks(1)); err != nil {
		s.T.Fatalf("the right output is rejected: %v", err)
	}
	return calls
}

// lie solves with one lie told. A lie that changes no value is not one; one
// that only feeds other hints, or moves a zero's side, may be admitted with the
// honest output, never with another.
func (s *Subject) lie(r *rand.Rand, h solver.Hint, l Lie, call, i int, input, output []int64) int {
	s.T.Helper()
	at, changed := 0, false
	liar := func(f *big.Int, in, out []*big.Int) error {
		if err := h(f, in, out); err != nil {
			return err
		}
		if at++; at-1 != call {
			return nil
		}
		before := fmt.Sprint(out)
		l.Tell(r, out, i)
		for _, o := range out {
			o.Mod(o, f)
		}
		changed = fmt.Sprint(out) != before
		return nil
	}
	opts := []solver.Option{solver.OverrideHint(solver.GetHintID(h), liar), solver.WithNbTasks(1)}
	for k := range output {
		wrong := slices.Clone(output)
		wrong[k]++
		at = 0
		if s.Solve(input, wrong, opts...) == nil {
			s.T.Fatalf("%s: %q in call %d, output %d, lets output %d off by one through", solver.GetHintName(h), l.Name, call, i, k)
		}
	}
	at, changed = 0, false
	err := s.Solve(input, output, opts...)
	if !changed {
		return 0
	}
	feeds := slices.ContainsFunc(feeding, func(x solver.Hint) bool { return solver.GetHintID(x) == solver.GetHintID(h) })
	if err == nil && !feeds {
		s.T.Fatalf("%s: %q in call %d, output %d is admitted", solver.GetHintName(h), l.Name, call, i)
	}
	return 1
}

// ErrNone is returned by Refuses' callers that expect an error and got none.
var ErrNone = errors.New("nothing was refused")
