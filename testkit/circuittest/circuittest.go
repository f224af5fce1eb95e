// Package circuittest examines circuits in tests: that they admit the one
// right answer, and that no lying hint gets another one through. Only tests
// import it.
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
	return &Subject{T: t, Statement: s, CS: cs, Salts: Salts}
}

// Salt gives a statement the coefficients that its kind of model is hidden
// with, unless it has some.
func Salt(s *circuits.Statement) {
	if s.Salt != nil {
		return
	}
	for i := range s.SaltSize() {
		s.Salt = append(s.Salt, big.NewInt(int64(1_000_003+i)))
	}
}

// Salts are the salts of all examinations.
var Salts = circuits.Secrets{InputSalt: big.NewInt(1001), OutputSalt: big.NewInt(2002)}

// Context is the context of all examinations.
var Context = big.NewInt(77)

// Claim is what an honest prover claims of input and output.
func (s *Subject) Claim(input, output []int64) (visibility.Claim, error) {
	var context *big.Int
	if s.Statement.Layout.Context {
		context = Context
	}
	return s.Statement.Claim(input, output, s.Salts, context)
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
	assignment, err := s.Statement.Assign(claim, input, s.Salts)
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
