// Package argument owns what the arguments of a circuit share: one commitment,
// and the challenge that is drawn from it. It must not know what any of them
// shows. lookup is one; circuits puts any number of them behind a circuit's
// commitment.
//
// An argument shows something of wires by identities between polynomials whose
// coefficients are wires: an identity that is false holds at few points, so that
// it is enough to check it at a point that the prover could not choose.
//
// Soundness. The wires that the arguments collect, all of them, are committed;
// then γ is drawn, a hash of the commitment: an element that depends on each of
// these wires and that nobody knows before they are fixed. What a coefficient is
// made of is committed or a constant, so that the identities are fixed as well.
//
// Each identity is asserted by itself, by gates of its own, and never as a sum
// with another: two false ones cannot make up for each other, and arguments may
// use the same powers of γ. Within an identity of several variables X_1 ... X_n,
// of degree below 2^bits_i in X_i, powers must not meet: Points gives X_i as
// γ^(2^s_i), where s_i is the sum of the bits after the i-th. The exponents e_i
// of a monomial are then the digits, in a mixed radix, of its exponent in γ. So
// different monomials stay different, and what was no identity is a polynomial
// in γ that is not zero, of degree below 2^(Σ bits): it holds for fewer than that
// many of the 2^253.6 values of γ. Points refuses Σ bits beyond MaxBits. A circuit
// of 2^24 identities then has one that is false and holds with probability below
// 2^(24 + MaxBits − 253) < 2^−128.
//
// What an argument owes. Collect returns every wire that a coefficient is made
// of, and nothing is asked of the argument afterwards. Finish asserts each
// identity by itself, with degrees below what it told Points, and reads no wire
// that is neither collected nor fixed by collected ones.
package argument

import (
	"github.com/zkml-go/zkml/gate"
)

// Argument is what shows something of wires at the circuit's challenge.
type Argument interface {
	// Collect ends the questions and returns the wires that the identities are
	// about. It is called once. It may ask arguments that were added before this
	// one: they collect later.
	Collect() []gate.Wire
	// Finish asserts the identities. It is called once, after Collect, unless
	// Collect returned no wires: there is nothing to show then.
	Finish(c *Challenge)
}

// Finish closes the arguments of a circuit: all collect, the last one first; all
// that they collected is committed, in their order, and extra after it; and each
// asserts its identities at the challenge that follows. Where there are no wires
// there is no commitment. It may be called once in a circuit.
//
// Soundness: see the package's comment; the challenge depends on the wires of
// every argument, so that none can be answered for after the others' are fixed.
func Finish(g gate.API, arguments []Argument, extra ...gate.Wire) {
	collected := make([][]gate.Wire, len(arguments))
	for i := len(arguments) - 1; i >= 0; i-- {
		collected[i] = arguments[i].Collect()
	}
	var wires []gate.Wire
	for _, ws := range collected {
		wires = append(wires, ws...)
	}
	wires = append(wires, extra...)
	if len(wires) == 0 {
		return
	}
	c := newChallenge(g, g.Commit(wires))
	for i, a := range arguments {
		if len(collected[i]) > 0 {
			a.Finish(c)
		}
	}
}
