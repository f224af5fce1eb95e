package measure

import (
	"context"
	"fmt"
	"math/bits"
	"time"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/backend"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"
	"github.com/consensys/gnark/backend/solidity"
	cs "github.com/consensys/gnark/constraint/bn254"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"

	"github.com/zkml-go/zkml/srs"
)

// Bare proves a circuit that only fills the given number of padded rows, in its own
// process, and gives the seconds that gnark's prover took: the least that any circuit
// of that size takes. The circuit has one commitment, as zkml's circuits have; hiding
// turns on what private scenarios use.
func (s *Session) Bare(ctx context.Context, rows int, hiding bool) (seconds float64, peak int64, err error) {
	s.stage("prove a bare circuit of %d rows", rows)
	a, err := s.start(ctx, task{Rows: rows, Hiding: hiding, Cache: s.Store.Dir})
	if err != nil {
		return 0, 0, fmt.Errorf("bare circuit of %d rows: %w", rows, err)
	}
	return a.Seconds, a.PeakMemory, nil
}

// bareCircuit multiplies a chain of wires and commits to some of them.
type bareCircuit struct {
	X    frontend.Variable `gnark:",public"`
	rows int
}

// committed is the share of a zkml circuit's wires that its lookups commit to:
// one in four.
const committed = 4

// Define implements frontend.Circuit.
func (c *bareCircuit) Define(api frontend.API) error {
	// each committed wire takes a row, and so do the public inputs
	const spare = 8
	chain := (c.rows - spare) * committed / (committed + 1)
	var wires []frontend.Variable
	x := c.X
	for i := range chain {
		x = api.Mul(x, c.X)
		if i%committed == 0 {
			wires = append(wires, x)
		}
	}
	challenge, err := api.(frontend.Committer).Commit(wires...)
	if err != nil {
		return err
	}
	api.AssertIsDifferent(challenge, x)
	return nil
}

// bare proves such a circuit and gives the seconds of gnark's prover only.
func bare(t task) (float64, error) {
	compiled, err := frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder, &bareCircuit{rows: t.Rows})
	if err != nil {
		return 0, err
	}
	system := compiled.(*cs.SparseR1CS)
	size := ecc.NextPowerOfTwo(uint64(system.GetNbConstraints() + system.GetNbPublicVariables()))
	if size != uint64(t.Rows) {
		return 0, fmt.Errorf("the circuit has %d padded rows", size)
	}
	pair, err := (&srs.Store{Dir: t.Cache}).For(bits.Len64(size - 1))
	if err != nil {
		return 0, err
	}
	pk, _, err := plonk.Setup(system, *pair.Canonical, *pair.Lagrange)
	if err != nil {
		return 0, err
	}
	witness, err := frontend.NewWitness(&bareCircuit{X: 3}, ecc.BN254.ScalarField())
	if err != nil {
		return 0, err
	}
	options := []backend.ProverOption{solidity.WithProverTargetSolidityVerifier(backend.PLONK)}
	if t.Hiding {
		options = append(options, backend.WithStatisticalZeroKnowledge())
	}
	begin := time.Now()
	_, err = plonk.Prove(system, pk, witness, options...)
	return time.Since(begin).Seconds(), err
}
