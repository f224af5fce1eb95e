// Package argument owns what the arguments of a circuit share: one commitment,
// and the challenge that is drawn from it. It must not know what any of them
// proves. lookup is one; circuits puts any number of them behind a circuit's
// commitment.
//
// An argument proves a statement about wires by identities between polynomials
// whose coefficients are wires: a false identity holds at few points, so that it
// is enough to check it at a point that the prover could not choose.
//
// Soundness. All wires that the arguments collect are committed; then γ is drawn,
// a hash of the commitment: an element that depends on each of these wires and
// that nobody knows before they are fixed. Everything from which a coefficient is
// computed is committed or a constant, so that the identities are fixed as well.
//
// Each identity is asserted separately, by its own gates, and never as a sum with
// another: two false ones cannot cancel, and arguments may use the same powers of
// γ. Within an identity of several variables X_1 ... X_n, of degree below 2^bits_i
// in X_i, powers must not coincide: Points gives X_i as γ^(2^s_i), where s_i is
// the sum of the bits after the i-th. The exponents e_i of a monomial are then the
// digits, in a mixed radix, of its exponent in γ. So different monomials stay
// different, and a false identity becomes a nonzero polynomial in γ of degree
// below 2^(Σ bits): it holds for fewer than that many of the 2^253.6 values of γ.
// Points refuses Σ bits beyond MaxBits. In a circuit of 2^24 identities the
// probability that a false one holds is then below 2^(24 + MaxBits − 253) < 2^−128.
//
// Obligations of an argument. Collect returns every wire from which a coefficient
// is computed, and the argument accepts no queries afterwards. Finish asserts each
// identity separately, with degrees below what it told Points, and reads only
// wires that are collected or fixed by collected ones.
package argument

import (
	"github.com/zkml-go/zkml/gate"
)

// Argument proves a statement about wires at the circuit's challenge.
type Argument interface {
	// Collect ends the queries and returns the wires that occur in the identities.
	// It is called once. It may add queries to arguments that were added before
	// this one: they collect later.
	Collect() []gate.Wire
	// Finish asserts the identities. It is called once, after Collect, unless
	// Collect returned no wires: there is nothing to prove then.
	Finish(c *Challenge)
}

// Finish closes the arguments of a circuit: all collect, the last one first; the
// collected wires are committed, in the arguments' order, and then extra; and each
// argument asserts its identities at the challenge that follows. Without wires
// there is no commitment. It may be called once in a circuit.
//
// Soundness: see the package's comment; the challenge depends on the wires of every
// argument, so that no wire can be chosen after the challenge is known.
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
