package circuits

import (
	"math/big"

	"github.com/zkml-go/zkml/gate"
)

// packBits is how many bits the slots of one field element may take: below
// 2^253 < r every sum of slots is a different field element.
const packBits = 253

// pack is one field element that holds several integers:
//
//	acc + Σ bias_i·2^at_i  =  Σ v_i·2^at_i
//
// Soundness: slot i's value v_i is bound to an expression that range checks keep
// in Window i. With u_i = v_i − Base_i in [0, 2^Bits_i) and at_i the sum of the
// widths before, or more, Σ u_i·2^at_i is an integer below 2^253 < r whose binary
// digits are those of the u_i. So one field element has at most one list of values,
// whatever the weights are. The interval analysis guarantees that the true sums lie
// in their windows, so that there is one.
type pack struct {
	acc    gate.Wire
	slots  []*slot
	left   int // slots not bound yet
	peeked []gate.Wire
}

type slot struct {
	pack   *pack
	index  int
	at     uint
	bias   int64
	window Window
	bound  expression
}

// bind records the slot's expression, and emits the pack's equation once every
// slot has one.
func (s *slot) bind(b *Builder, e expression) {
	s.bound = e
	s.pack.left--
	if s.pack.left > 0 {
		return
	}
	defer s.pack.release()
	if counter, ok := b.g.(*gate.Counter); ok {
		n := 2
		for _, o := range s.pack.slots {
			n += len(o.bound.terms)
		}
		counter.AssertZero(n)
		return
	}
	// the biases are secrets of a private model: they come early, where selectors
	// qL and qR hold them, which are salted; qO is not
	constant := new(big.Int)
	terms := []gate.Term{gate.T(s.pack.acc, 1), {Wire: b.one, Coef: constant}}
	for _, o := range s.pack.slots {
		terms = append(terms, negated(o.bound.terms, o.at)...)
		k := new(big.Int).Sub(big.NewInt(o.bias), o.bound.constant)
		constant.Add(constant, k.Lsh(k, o.at))
	}
	gate.AssertZero(b.g, terms)
}

// release drops what only an open pack needs, once its equation is emitted.
func (p *pack) release() { p.acc, p.slots, p.peeked = nil, nil, nil }

// peek gives the slot's integer to hints.
func (s *slot) peek(b *Builder) gate.Wire {
	if s.pack.peeked == nil {
		s.pack.peeked = s.pack.hint(b)
	}
	return s.pack.peeked[s.index]
}

func (p *pack) hint(b *Builder) []gate.Wire {
	if counter, ok := b.g.(*gate.Counter); ok {
		return counter.Inputs(len(p.slots))
	}
	constant := new(big.Int)
	inputs := []gate.Wire{p.acc, nil}
	for _, s := range p.slots {
		k := big.NewInt(s.bias - s.window.Base)
		constant.Add(constant, k.Lsh(k, s.at))
		width := s.window.Bits
		if s.index+1 < len(p.slots) { // slots may stand apart
			width = int(p.slots[s.index+1].at - s.at)
		}
		inputs = append(inputs, big.NewInt(int64(width)), big.NewInt(s.window.Base))
	}
	inputs[1] = constant
	return b.g.Hint(Slots, len(p.slots), inputs...)
}
