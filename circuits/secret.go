package circuits

import (
	"math/big"

	"github.com/zkml-go/zkml/gate"
)

// WeightFormat is the public format of a layer's secret weights and biases, in
// bits of two's complement.
type WeightFormat struct{ Weight, Bias int }

// signed is the window of a two's complement with the given number of bits.
func signed(bits int) Window { return Window{Base: -1 << (bits - 1), Bits: bits} }

// Fits tells whether v fits a two's complement with the given number of bits.
func Fits(v int64, bits int) bool {
	w := signed(bits)
	return w.Base <= v && v <= w.Last()
}

// secret is a wire computed from a hashed model's weights. The value is the integer
// that the honest prover assigns to it; it is set only while a witness is recorded.
type secret struct {
	wire  gate.Wire
	value *big.Int
}

// hashed is a model whose weights are witnesses: the wires that hold them, and the
// words to which it commits.
type hashed struct {
	salt   gate.Wire
	left   []gate.Wire // that no weight has taken yet; none while counting
	record bool        // keep values
	values []*big.Int  // of the wires taken
	words  []secret
}

// take gives the next weight's wire. value is called only while recording, so that no
// weight can influence the circuit.
func (b *Builder) take(value func() *big.Int) secret {
	h, s := b.hashed, secret{}
	if h == nil {
		panic("circuits: secret weights in a statement that has no commitment to them")
	}
	if h.record {
		s.value = value()
		h.values = append(h.values, new(big.Int).Mod(s.value, field))
	}
	if counter, ok := b.g.(*gate.Counter); ok {
		s.wire = counter.Inputs(1)[0]
		return s
	}
	if len(h.left) == 0 {
		panic("circuits: more secret weights than the statement has wires for")
	}
	s.wire, h.left = h.left[0], h.left[1:]
	return s
}

// join is Σ part·2^shift: one gate less than parts.
func (b *Builder) join(parts []secret, shifts []uint) secret {
	terms := make([]gate.Term, len(parts))
	out := secret{}
	if b.hashed.record {
		out.value = new(big.Int)
	}
	for i, p := range parts {
		terms[i] = gate.Term{Wire: p.wire, Coef: new(big.Int).Lsh(big.NewInt(1), shifts[i])}
		if out.value != nil {
			out.value.Add(out.value, new(big.Int).Lsh(p.value, shifts[i]))
		}
	}
	out.wire = gate.Sum(b.g, terms)
	return out
}

// dense interleaves columns of secret weights into the words of the commitment.
// A column has a weight at every multiple of stride bits, and gaps between them: the
// next columns are shifted into the gaps.
//
// Soundness: every weight is range-checked to its lane and lanes are disjoint
// below 2^packBits < r, so that a word belongs to only one list of weights.
type dense struct {
	b      *Builder
	stride int
	used   int
	parts  []secret
	shifts []uint
}

// lay adds a column whose weights have the given number of bits, at most stride.
func (d *dense) lay(column secret, bits int) {
	if d.used+bits > d.stride {
		d.flush()
	}
	d.parts, d.shifts = append(d.parts, column), append(d.shifts, uint(d.used))
	d.used += bits
}

// flush ends the word.
func (d *dense) flush() {
	if len(d.parts) > 0 {
		d.b.hashed.words = append(d.b.hashed.words, d.b.join(d.parts, d.shifts))
	}
	d.used, d.parts, d.shifts = 0, nil, nil
}
