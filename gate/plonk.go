package gate

import (
	"fmt"
	"math/big"

	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/std/permutation/poseidon2"
)

// Plonk emits into gnark's builder of sparse constraint systems.
type Plonk struct {
	api   frontend.API
	plonk frontend.PlonkAPI
}

// NewPlonk wraps gnark's builder. It panics for a builder of another
// arithmetisation: only our own code could pass one.
func NewPlonk(api frontend.API) *Plonk {
	plonk, ok := api.Compiler().(frontend.PlonkAPI)
	if !ok {
		panic("gate: the builder is not one for PLONK")
	}
	return &Plonk{api: api, plonk: plonk}
}

// scaled gives a wire with its coefficient folded in, and the selector that
// goes with it. gnark's frontend drops a term whose coefficient is zero, and
// with it the gate: such a term keeps its wire under the selector 0.
func (p *Plonk) scaled(t Term) (Wire, int) {
	if t.Coef.Sign() == 0 {
		return t.Wire, 0
	}
	return p.api.Mul(t.Wire, t.Coef), 1
}

// Linear implements API.
func (p *Plonk) Linear(a, b Term) Wire {
	return p.Form(a, b, Q{L: 1, R: 1})
}

// Zero implements API.
func (p *Plonk) Zero(a, b, c Term) {
	wa, qa := p.scaled(a)
	wb, qb := p.scaled(b)
	wc, qc := p.scaled(c)
	p.plonk.AddPlonkConstraint(wa, wb, wc, qa, qb, qc, 0, 0)
}

// Quad implements API.
func (p *Plonk) Quad(a, b Wire, q Q) Wire {
	return p.plonk.EvaluatePlonkExpression(a, b, q.L, q.R, q.M, q.K)
}

// Form implements API.
func (p *Plonk) Form(a, b Term, q Q) Wire {
	wa, qa := p.scaled(a)
	wb, qb := p.scaled(b)
	return p.plonk.EvaluatePlonkExpression(wa, wb, qa*q.L, qb*q.R, qa*qb*q.M, q.K)
}

// Assert implements API.
func (p *Plonk) Assert(a, b, c Wire, q Q) {
	p.plonk.AddPlonkConstraint(a, b, c, q.L, q.R, q.O, q.M, q.K)
}

// Mask implements API. A salt's coefficients are random, so that none is zero and
// no two gates are alike but with negligible probability.
func (p *Plonk) Mask(a, b Term, k *big.Int) Wire {
	return p.api.Add(p.api.Mul(a.Wire, a.Coef), p.api.Mul(b.Wire, b.Coef), k)
}

// Hint implements API.
func (p *Plonk) Hint(f solver.Hint, n int, inputs ...Wire) []Wire {
	out, err := p.api.Compiler().NewHint(f, n, inputs...)
	if err != nil {
		panic(fmt.Sprintf("gate: hint: %v", err))
	}
	return out
}

// Inverse implements API.
func (p *Plonk) Inverse(ws []Wire) []Wire {
	batch, ok := p.api.(frontend.BatchInverter)
	if !ok {
		panic("gate: the builder cannot invert in batches")
	}
	return batch.BatchInvert(ws)
}

// Commit implements API, by gnark's BSB22 commitment.
func (p *Plonk) Commit(ws []Wire) Wire {
	committer, ok := p.api.(frontend.Committer)
	if !ok {
		panic("gate: the builder cannot commit")
	}
	c, err := committer.Commit(ws...)
	if err != nil {
		panic(fmt.Sprintf("gate: commit: %v", err))
	}
	return c
}

// Permute implements API.
func (p *Plonk) Permute(state []Wire) {
	perm, err := poseidon2.NewPoseidon2FromParameters(p.api, len(state), FullRounds, PartialRounds(len(state)))
	if err != nil {
		panic(fmt.Sprintf("gate: permutation: %v", err))
	}
	if err := perm.Permutation(state); err != nil {
		panic(fmt.Sprintf("gate: permutation: %v", err))
	}
}

// FullRounds of Poseidon2 over BN254 (https://eprint.iacr.org/2023/323).
const FullRounds = 8

// PartialRounds of Poseidon2 over BN254 for a width of 4, 8, 12 or 16.
func PartialRounds(width int) int {
	if width == 4 {
		return 56
	}
	return 57
}
