package circuits

import (
	"math/big"

	"github.com/zkml-go/zkml/gate"
)

// digits is an integer in [0, 2^(sum of widths)) written as range-checked
// wires, lowest first.
type digits struct {
	wires  []gate.Wire
	widths []int
}

// widths splits a number of bits into digits: as many whole ones as fit, then
// the rest.
func (b *Builder) widths(bits int) []int {
	var out []int
	for ; bits > b.digit; bits -= b.digit {
		out = append(out, b.digit)
	}
	if bits > 0 {
		out = append(out, bits)
	}
	return out
}

// expression is Σ digit·2^position + base.
func (d digits) expression(base int64) expression {
	e := expression{terms: make([]gate.Term, 0, len(d.wires)), constant: big.NewInt(base)}
	position := uint(0)
	for i, w := range d.wires {
		e.terms = append(e.terms, gate.Term{Wire: w, Coef: powerOfTwo(position)})
		position += uint(d.widths[i])
	}
	return e
}

// powersOfTwo are the coefficients of digits, shared and never changed, since a large
// circuit holds millions at once.
var powersOfTwo = func() (out [windowBits]*big.Int) {
	for i := range out {
		out[i] = new(big.Int).Lsh(big.NewInt(1), uint(i))
	}
	return out
}()

func powerOfTwo(i uint) *big.Int {
	if i < windowBits {
		return powersOfTwo[i]
	}
	return new(big.Int).Lsh(big.NewInt(1), i)
}

// digits splits value−base into digits of the given widths, for each value.
// The caller binds the digits to the value.
//
// Soundness: each digit is hinted and bound by check; the caller's equation
// binds their sum. Range: digit i is in [0, 2^widths[i]).
func (b *Builder) digits(values []gate.Wire, base int64, widths []int) []digits {
	out := b.split(values, base, widths)
	for _, d := range out {
		for j, w := range d.wires {
			b.check(w, 0, widths[j])
		}
	}
	return out
}

// split is digits without the checks, which are left to the caller.
func (b *Builder) split(values []gate.Wire, base int64, widths []int) []digits {
	out := make([]digits, len(values))
	n := len(widths)
	if n == 0 {
		return out
	}
	inputs := []gate.Wire{big.NewInt(base), big.NewInt(int64(n))}
	for _, w := range widths {
		inputs = append(inputs, big.NewInt(int64(w)))
	}
	wires := b.g.Hint(Digits, len(values)*n, append(inputs, values...)...)
	for i := range out {
		out[i] = digits{wires: wires[i*n : (i+1)*n], widths: widths}
	}
	return out
}

// farShift is where the square of a shift no longer fits in an int.
const farShift = 1 << 31

// polynomialBits is how many bits are checked by a polynomial rather than by a
// table.
const polynomialBits = 3

// check asserts that w+shift is in [0, 2^bits), for bits up to the digit size.
//
// Soundness: up to three bits, a polynomial that vanishes only at the allowed values;
// beyond that, the lookup argument. Cost: 1, 2, 3 gates, or a lookup; one more gate
// where the polynomial's coefficients would exceed 64 bits.
func (b *Builder) check(w gate.Wire, shift int64, bits int) {
	if bits <= 3 && (shift <= -farShift || shift >= farShift) {
		w, shift = b.g.Quad(w, b.one, gate.Q{L: 1, K: int(shift)}), 0
	}
	s := int(shift)
	switch bits {
	case 1: // x(x−1) at x = w+s
		b.g.Assert(w, w, w, gate.Q{L: 2*s - 1, M: 1, K: s * (s - 1)})
	case 2: // x(x−1)(x−2)(x−3) = u(u+2) with u = x²−3x
		u := b.g.Quad(w, w, gate.Q{L: 2*s - 3, M: 1, K: s * (s - 3)})
		b.g.Assert(u, u, u, gate.Q{L: 2, M: 1})
	case 3: // with y = x²−7x: y(y+6)(y+10)(y+12) = t²+56t−64y with t = y²+14y
		y := b.g.Quad(w, w, gate.Q{L: 2*s - 7, M: 1, K: s * (s - 7)})
		t := b.g.Quad(y, y, gate.Q{L: 14, M: 1})
		b.g.Assert(t, t, y, gate.Q{L: 56, M: 1, O: -64})
	default:
		b.tables.Range(bits).Contain(w, shift)
	}
}

// Bound asserts that each wire is in the window, and returns the wires as
// values.
//
// Soundness: a window of one digit is checked on the wire itself; a wider one
// equals digits that are.
func (b *Builder) Bound(wires []gate.Wire, w Window) []*Value {
	out := make([]*Value, len(wires))
	for i, x := range wires {
		out[i] = b.inWindow(x, w)
	}
	b.CloseAll(out)
	return out
}

// inWindow is Bound of one wire, which the caller closes: it may be open.
func (b *Builder) inWindow(x gate.Wire, w Window) *Value {
	single := len(b.widths(w.Bits)) == 1
	if single {
		b.check(x, -w.Base, w.Bits)
	}
	return &Value{Lo: w.Base, Hi: w.Last(), Window: w, wire: x, open: !single}
}
