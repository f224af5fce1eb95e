package circuittest

import (
	"crypto/sha256"
	"math/big"
	"testing"

	"github.com/consensys/gnark/constraint"
	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs"
	"github.com/consensys/gnark/frontend/cs/scs"

	"github.com/zkml-go/zkml/gate"
)

// Gates is a compiled circuit of gates whose inputs are all chosen by the prover: it
// admits whatever a dishonest prover can make it accept.
type Gates struct {
	T  testing.TB
	CS constraint.ConstraintSystem
}

// Definition writes a circuit over the prover's wires.
type Definition func(g gate.API, in []gate.Wire)

type gatesCircuit struct {
	In     []frontend.Variable
	define Definition
}

// Define implements frontend.Circuit.
func (c *gatesCircuit) Define(api frontend.API) error {
	c.define(gate.NewPlonk(api), c.In)
	return nil
}

// CompileGates compiles a circuit of n wires and checks that the counter counts
// its gates.
func CompileGates(t testing.TB, n int, define Definition) *Gates {
	t.Helper()
	c := &gatesCircuit{In: make([]frontend.Variable, n), define: define}
	compiled, err := frontend.Compile(field, scs.NewBuilder, c, frontend.IgnoreUnconstrainedInputs())
	if err != nil {
		t.Fatalf("compile: %v", err)
	}
	counter := &gate.Counter{}
	define(counter, counter.Inputs(n))
	if counter.Gates != compiled.GetNbConstraints() {
		t.Errorf("counted %d gates, compiled %d", counter.Gates, compiled.GetNbConstraints())
	}
	return &Gates{T: t, CS: compiled}
}

// Solve tells whether the circuit admits the wires, which are integers (int,
// int64, *big.Int), with lying hints if any.
func (c *Gates) Solve(in []any, tampers ...Tamper) error {
	assignment := &gatesCircuit{In: make([]frontend.Variable, len(in))}
	for i, v := range in {
		assignment.In[i] = v
	}
	w, err := frontend.NewWitness(assignment, field)
	if err != nil {
		return err
	}
	return c.CS.IsSolved(w, append(options(tampers), solver.OverrideHint(challengeID, Challenge))...)
}

// Admits fails the test unless the circuit admits the wires.
func (c *Gates) Admits(in []any, tampers ...Tamper) {
	c.T.Helper()
	if err := c.Solve(in, tampers...); err != nil {
		c.T.Fatalf("%v are rejected: %v", in, err)
	}
}

// Refuses fails the test if the circuit admits the wires.
func (c *Gates) Refuses(in []any, tampers ...Tamper) {
	c.T.Helper()
	if c.Solve(in, tampers...) == nil {
		c.T.Fatalf("%v are admitted", in)
	}
}

var challengeID = solver.GetHintID(cs.Bsb22CommitmentComputePlaceholder)

// Challenge stands in for gnark's commitment, as a hash of what is committed:
// the same for the same values, another one if any of them changes.
func Challenge(f *big.Int, in, out []*big.Int) error {
	h := sha256.New()
	for _, v := range in {
		var word [32]byte
		h.Write(v.FillBytes(word[:]))
	}
	out[0].Mod(out[0].SetBytes(h.Sum(nil)), f)
	return nil
}
