// Package circuittest examines circuits in tests: they must admit the one right
// answer, and no lying hint may lead to another one. Only tests import it.
package circuittest

import (
	"math/big"
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
	"github.com/zkml-go/zkml/visibility"
)

func init() { logger.Disable() }

// field is the order of the scalar field.
var field = ecc.BN254.ScalarField()

// Subject is a compiled statement under examination.
type Subject struct {
	T         testing.TB
	Statement *circuits.Statement
	CS        constraint.ConstraintSystem
	Salts     circuits.Secrets
	free      constraint.ConstraintSystem // see Forge
}

// Compile compiles the statement and checks that its counted cost is the
// compiled one.
func Compile(t testing.TB, s *circuits.Statement) *Subject {
	t.Helper()
	Salt(s)
	cs, err := frontend.Compile(field, scs.NewBuilder, circuits.NewCircuit(s))
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
	return &Subject{T: t, Statement: s, CS: cs, Salts: Salts(s.Layout, nil)}
}

// Salt gives a statement the coefficients that hide its kind of model, unless it has
// them already.
func Salt(s *circuits.Statement) {
	if s.Salt != nil {
		return
	}
	for i := range s.SaltSize() {
		s.Salt = append(s.Salt, big.NewInt(int64(1_000_003+i)))
	}
}

// Salts are the salts of all examinations, with the signature of the input that is to
// be signed.
func Salts(l visibility.Layout, signed *circuits.Signature) circuits.Secrets {
	next := int64(0)
	salt := func(*visibility.Port) (*big.Int, error) {
		next += 1001
		return big.NewInt(next), nil
	}
	s, err := circuits.NewSecrets(l, salt, func(*visibility.Port) (*circuits.Signature, error) { return signed, nil })
	if err != nil {
		panic(err) // nothing above fails
	}
	return s
}

// Context is the context of all examinations.
var Context = big.NewInt(77)

// ContextOf is the context of an examination of a layout; nil where it has none.
func ContextOf(l visibility.Layout) *big.Int {
	if l.HasContext() {
		return Context
	}
	return nil
}

// Split cuts elements that follow one another into those of each port.
func Split(ports []*visibility.Port, elements []int64) [][]int64 {
	out := make([][]int64, len(ports))
	for i, p := range ports {
		n := min(p.Count(), len(elements))
		if i == len(ports)-1 {
			n = len(elements) // what is too many is for the statement to refuse
		}
		out[i], elements = elements[:n], elements[n:]
	}
	return out
}

// ClaimOf is what an honest prover of the statement claims of inputs and outputs, each
// one after the other.
func ClaimOf(s *circuits.Statement, input, output []int64, secrets circuits.Secrets) (visibility.Claim, error) {
	l := s.Layout
	return s.Claim(Split(l.Inputs(), input), Split(l.Outputs(), output), secrets, ContextOf(l))
}

// Assign makes the assignment of a claim about inputs, one after the other.
func Assign(
	s *circuits.Statement, claim visibility.Claim, input []int64, secrets circuits.Secrets,
) (*circuits.Circuit, error) {
	return s.Assign(claim, Split(s.Layout.Inputs(), input), secrets)
}

// Claim is what an honest prover claims of inputs and outputs, each one after the
// other.
func (s *Subject) Claim(input, output []int64) (visibility.Claim, error) {
	return ClaimOf(s.Statement, input, output, s.Salts)
}

func (s *Subject) witness(input, output []int64) (witness.Witness, error) {
	claim, err := s.Claim(input, output)
	if err != nil {
		return nil, err
	}
	return s.Witness(claim, input)
}

// Witness makes the assignment of any claim.
func (s *Subject) Witness(claim visibility.Claim, input []int64) (witness.Witness, error) {
	assignment, err := Assign(s.Statement, claim, input, s.Salts)
	if err != nil {
		return nil, err
	}
	return frontend.NewWitness(assignment, field)
}

// Solve tells whether the circuit admits output for input.
func (s *Subject) Solve(input, output []int64, opts ...solver.Option) error {
	w, err := s.witness(input, output)
	if err != nil {
		return err
	}
	return s.CS.IsSolved(w, opts...)
}

// Accepts fails the test unless output is admitted and every output off by one is
// refused.
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
