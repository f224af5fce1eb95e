package circuits

import (
	"fmt"
	"math/big"
	"math/bits"

	"github.com/zkml-go/zkml/gate"
)

// Saturation is a rescale: q = floor((v + 2^(Shift−1)) / 2^Shift), limited to
// [Base, Base + 2^Bits − 1]. With Shift 0 nothing is rounded. ReLU is a
// saturation whose Base is 0.
type Saturation struct {
	Shift int   `json:"shift"`
	Base  int64 `json:"base"`
	Bits  int   `json:"bits"`
}

// Rescale is the rounding of the whole project: to the nearest, halves up.
func Rescale(v int64, shift int) int64 {
	if shift == 0 {
		return v
	}
	return (v + 1<<(shift-1)) >> shift
}

// Eval is the saturation as specified.
func (s Saturation) Eval(v int64) int64 {
	return min(max(Rescale(v, s.Shift), s.Base), s.Base+1<<s.Bits-1)
}

// plan is how a saturation of a value in a known interval is decomposed:
//
//	v + half = ρ + 2^shift·(low + 2^bits·top) + constant
//
// top tells where v lies: below the output's window, in it (top = normal), or above.
// If the interval lies in the output's window, top is not needed.
type plan struct {
	shift, bits, top int // widths of ρ, low, top
	base             int64
	normal           int64
	below, above     bool
	window           Window
}

// plan chooses the decomposition for inputs in [lo, hi].
func (s Saturation) plan(lo, hi int64) plan {
	qlo, qhi := Rescale(lo, s.Shift), Rescale(hi, s.Shift)
	p := plan{shift: s.Shift, bits: s.Bits, base: s.Base, below: qlo < s.Base, above: qhi > s.Base+1<<s.Bits-1}
	switch {
	case !p.below && !p.above:
		p.base = qlo
		p.bits = bits.Len64(uint64(qhi - qlo))
	case !p.above:
		// low has no limit above, so that one bit can tell the side
		p.bits = max(bits.Len64(uint64(max(qhi-s.Base, 0))), bits.Len64(uint64(s.Base-qlo-1)))
		p.top, p.normal = 1, 1
	default:
		blocks := func(distance int64) int64 { return (distance + 1<<s.Bits - 1) >> s.Bits }
		above := blocks(qhi - (s.Base + 1<<s.Bits - 1))
		if p.below {
			p.normal = blocks(s.Base - qlo)
		}
		p.top = bits.Len64(uint64(p.normal + above))
		p.normal = shared(p.normal, 1<<p.top-1-above)
	}
	start := p.base - p.normal<<p.bits
	p.window = Window{Base: start << p.shift, Bits: p.shift + p.bits + p.top}
	if p.shift > 0 {
		p.window.Base -= 1 << (p.shift - 1)
	}
	return p
}

// shared is the roundest number from least to most. A table of sides depends on how many blocks
// lie below the output's window: values of about the same interval then have one table.
func shared(least, most int64) int64 {
	for unit := int64(1) << (bits.Len64(uint64(most))); unit > 1; unit /= 2 {
		if round := (least + unit - 1) / unit * unit; round <= most {
			return round
		}
	}
	return least
}

// rounded widens low to whole digits if its last digit would need another table and
// nothing fixes its width: the bits cost less than the table.
func (p plan) rounded(digit int) plan {
	rest := p.bits % digit
	if rest <= polynomialBits || p.above || p.window.Bits+digit-rest > windowBits {
		return p
	}
	p.window.Base += p.normal << (p.bits + p.shift)
	p.bits += digit - rest
	p.window.Base -= p.normal << (p.bits + p.shift)
	p.window.Bits += digit - rest
	return p
}

// maxTop is the widest top for which a table is used.
const maxTop = 12

// Check fails where the output's window is too far from the interval [lo, hi]
// for a table.
func (s Saturation) Check(lo, hi int64) error {
	if p := s.plan(lo, hi); p.top > maxTop {
		return fmt.Errorf("values may exceed the %d-bit format by a factor of 2^%d: more bits are needed", s.Bits,
			p.top)
	}
	return nil
}

// SaturationWindow is the window in which a value in [lo, hi] must be open for Saturate.
// If that is too wide, it is the interval's window, and Saturate closes the value first.
func (b *Builder) SaturationWindow(s Saturation, lo, hi int64) Window {
	return s.plan(lo, hi).rounded(b.digit).window.orCover(lo, hi)
}

// Saturate rescales and limits values, each by its own saturation.
//
// Soundness: ρ, low and top are range-checked digits that the value's own
// equation binds, so v has one such decomposition; rounding leaves no choice.
// The output is a fixed function of top and low. Range: v open in its
// SaturationWindow, or known in [Lo, Hi]; out in [Base, Base+2^Bits−1].
func (b *Builder) Saturate(vs []*Value, s []Saturation) []*Value {
	out := make([]*Value, len(vs))
	index := make([]int, len(vs))
	for i := range index {
		index[i] = i
	}
	key := func(i int) plan { return s[i].plan(vs[i].Lo, vs[i].Hi).rounded(b.digit) }
	batches(index, key, func(p plan, batch []int) {
		values := make([]*Value, len(batch))
		for k, i := range batch {
			values[k] = vs[i]
		}
		b.fit(values, func(*Value) Window { return p.window })
		for k, w := range b.saturate(values, p) {
			i := batch[k]
			out[i] = Known(w, s[i].Eval(vs[i].Lo), s[i].Eval(vs[i].Hi))
		}
	})
	return out
}

func (b *Builder) saturate(vs []*Value, p plan) []gate.Wire {
	rho, low := b.widths(p.shift), b.widths(p.bits)
	widths := append(append([]int{}, rho...), low...)
	if p.top > 0 {
		widths = append(widths, p.top)
	}
	all := b.split(b.peek(vs), p.window.Base, widths)
	tops := make([]gate.Wire, len(vs))
	lows := make([]digits, len(vs))
	for i, d := range all {
		for j, w := range d.wires {
			if j < len(rho)+len(low) || p.top == 1 { // a wider top is checked by its table
				b.check(w, 0, widths[j])
			}
		}
		lows[i] = digits{d.wires[len(rho) : len(rho)+len(low)], low}
		if p.top > 0 {
			tops[i] = d.wires[len(rho)+len(low)]
		}
		b.bind(vs[i], d.expression(p.window.Base))
	}
	return b.limit(p, lows, tops)
}

// limit selects the output from low and top.
func (b *Builder) limit(p plan, lows []digits, tops []gate.Wire) []gate.Wire {
	out := make([]gate.Wire, len(lows))
	if p.top == 0 {
		for i, d := range lows {
			out[i] = b.wire(d.expression(p.base))
		}
		return out
	}
	sides := tops
	if p.top > 1 {
		sides = b.sides(p, tops)
	}
	for i, d := range lows {
		out[i] = b.select3(p, b.wire(d.expression(0)), sides[i])
	}
	return out
}

// sides maps tops to 0 below, 1 in, 2 above the window. A top of one bit is itself the
// side if the window is the upper half; for the lower half it is inverted, which select3
// takes into account.
func (b *Builder) sides(p plan, tops []gate.Wire) []gate.Wire {
	table := make([]int64, 1<<p.top)
	for t := range table {
		switch {
		case int64(t) == p.normal:
			table[t] = 1
		case int64(t) > p.normal:
			table[t] = 2
		}
	}
	return b.Apply(fmt.Sprintf("side of %d in %d bits", p.normal, p.top), 0, table, tops)
}

// select3 gives base + low inside the window, its limits outside.
func (b *Builder) select3(p plan, low, side gate.Wire) gate.Wire {
	base, full := int(p.base), 1<<p.bits-1
	switch {
	case p.top == 1 && p.normal == 1: // side·low
		return b.g.Quad(side, low, gate.Q{M: 1, K: base})
	case p.top == 1: // (1−side)·low + side·full
		x := b.g.Quad(side, low, gate.Q{R: 1, M: -1, K: base})
		return b.g.Quad(x, side, gate.Q{L: 1, R: full})
	}
	// e = side²−side is 0, 0, 2; side−e is 0, 1, 0
	e := b.g.Quad(side, side, gate.Q{L: -1, M: 1})
	in := b.g.Quad(side, e, gate.Q{L: 1, R: -1})
	x := b.g.Quad(in, low, gate.Q{M: 2, K: 2 * base})
	half := new(big.Int).ModInverse(big.NewInt(2), field)
	return b.g.Linear(gate.Term{Wire: x, Coef: half}, gate.Term{Wire: e,
		Coef: new(big.Int).Mul(half, big.NewInt(int64(full)))})
}
