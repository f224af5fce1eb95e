// Package gate owns the PLONK gates that every gadget is made of, behind one
// interface with two implementations: Plonk writes them into gnark's builder,
// Counter only counts them. A gadget's cost is the count of its own definition,
// so that the two cannot differ. It must not know lookups, gadgets or models;
// lookup and circuits import it.
//
// A gate is qL·a + qR·b + qM·a·b + qO·c + qK = 0 over the scalar field of BN254.
package gate

import (
	"math/big"

	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend"
)

// Wire is a value of the circuit. Hints also take constants, as int, int64 or
// *big.Int, in its place; gates do not.
type Wire = frontend.Variable

// Q holds the coefficients of a gate where they are small.
type Q struct{ L, R, M, O, K int }

// Term is a wire times a coefficient, which may be any field element, but not a multiple
// of the field's order other than 0: gnark would drop its gate.
type Term struct {
	Wire Wire
	Coef *big.Int
}

// T makes a term with a small coefficient.
func T(w Wire, coef int64) Term {
	switch coef {
	case 1:
		return Term{Wire: w, Coef: one}
	case -1:
		return Term{Wire: w, Coef: minusOne}
	}
	return Term{Wire: w, Coef: big.NewInt(coef)}
}

// Coefficients that most terms have: nobody changes a coefficient.
var one, minusOne = big.NewInt(1), big.NewInt(-1)

// API emits gates. Every call emits the number of gates that its comment
// states, whatever the coefficients: a coefficient of zero keeps its gate, so
// that circuits of one architecture have one structure.
type API interface {
	// Linear returns a new wire worth a + b. One gate.
	Linear(a, b Term) Wire
	// Zero asserts a + b + c = 0. One gate.
	Zero(a, b, c Term)
	// Quad returns a new wire worth qL·a + qR·b + qM·a·b + qK. One gate.
	Quad(a, b Wire, q Q) Wire
	// Form returns a new wire worth qL·a + qR·b + qM·a·b + qK. One gate.
	Form(a, b Term, q Q) Wire
	// Assert asserts qL·a + qR·b + qM·a·b + qO·c + qK = 0. One gate.
	Assert(a, b, c Wire, q Q)
	// Mask returns a new wire worth qL·a + qR·b + qK for coefficients that are not
	// zero, with a constant of any size. a and b are different wires. One gate.
	Mask(a, b Term, k *big.Int) Wire
	// Hint returns n new wires that f computes and that nothing binds. No gate.
	Hint(f solver.Hint, n int, inputs ...Wire) []Wire
	// Inverse returns the inverses of wires that are not zero. A gate each.
	Inverse(ws []Wire) []Wire
	// Commit returns a challenge that depends on all of ws. A gate for each
	// different wire, and one. It may be called once in a circuit.
	Commit(ws []Wire) Wire
	// Permute applies the Poseidon2 permutation of width 4, 8, 12 or 16.
	Permute(state []Wire)
}

// Sum returns a wire worth the sum of terms: as many gates as terms, less one;
// none for a single term with coefficient 1.
func Sum(g API, terms []Term) Wire {
	if len(terms) == 1 {
		if terms[0].Coef.IsInt64() && terms[0].Coef.Int64() == 1 {
			return terms[0].Wire
		}
		return g.Linear(terms[0], Term{terms[0].Wire, new(big.Int)})
	}
	acc := g.Linear(terms[0], terms[1])
	for _, t := range terms[2:] {
		acc = g.Linear(T(acc, 1), t)
	}
	return acc
}

// AssertZero asserts that the sum of terms is zero: as many gates as terms,
// less two; one for fewer than three terms.
func AssertZero(g API, terms []Term) {
	switch len(terms) {
	case 0:
		return
	case 1:
		zero := Term{terms[0].Wire, new(big.Int)}
		g.Zero(terms[0], zero, zero)
		return
	case 2:
		g.Zero(terms[0], terms[1], Term{terms[1].Wire, new(big.Int)})
		return
	case 3: // the first keeps its coefficient, so that it needs no gate of its own
		g.Zero(terms[0], terms[1], terms[2])
		return
	}
	n := len(terms)
	g.Zero(T(Sum(g, terms[:n-2]), 1), terms[n-2], terms[n-1])
}
