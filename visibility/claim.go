package visibility

import (
	"fmt"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// Value is what a claim says about one port: the integers of a public tensor, or the
// field elements of a commitment, a context or a key. It is empty if the port shows
// nothing.
type Value struct {
	Integers []int64
	Elements []*big.Int
}

// Element returns the first field element, or nil if there is none.
func (v Value) Element() *big.Int {
	if len(v.Elements) == 0 {
		return nil
	}
	return v.Elements[0]
}

// Claim is what a proof asserts: a value for each port of a layout, in its order.
type Claim []Value

// One returns the value of the layout's only port of a role. It is empty if there is no
// such port or the claim is too short.
func (c Claim) One(l Layout, role Role) Value {
	if at := l.at(role); len(at) == 1 && at[0] < len(c) {
		return c[at[0]]
	}
	return Value{}
}

// Public returns the public inputs of a claim, in the layout's order, each in
// [0, r). Negative outputs become r − |v|.
func (l Layout) Public(c Claim) ([]*big.Int, error) {
	if len(c) != len(l.Ports) {
		return nil, fmt.Errorf("a claim about %d ports, the layout has %d", len(c), len(l.Ports))
	}
	words := make([]*big.Int, l.Count())
	for i := range l.Ports {
		p := &l.Ports[i]
		f, ok := forms[p.Kind().Form]
		if !ok {
			return nil, unknownKind(p)
		}
		part, err := f.encode(p, c[i])
		if err != nil {
			return nil, err
		}
		if len(part) != p.Words {
			return nil, fmt.Errorf("%s: %d values, the layout has %d", p.Name, len(part), p.Words)
		}
		copy(words[p.Start:], part)
	}
	return words, nil
}

// Claim decodes public inputs: the inverse of Public for what is shown. Packed
// elements are unpacked; an element above r/2 is negative.
func (l Layout) Claim(words []*big.Int) (Claim, error) {
	if len(words) != l.Count() {
		return nil, fmt.Errorf("%d public inputs, the layout has %d", len(words), l.Count())
	}
	for i, w := range words {
		if !belowField(w) {
			return nil, fmt.Errorf("public input %d is not below the field's size", i)
		}
	}
	c := make(Claim, len(l.Ports))
	for i := range l.Ports {
		p := &l.Ports[i]
		f, ok := forms[p.Kind().Form]
		if !ok {
			return nil, unknownKind(p)
		}
		var err error
		if c[i], err = f.decode(p, words[p.Start:p.Start+p.Words]); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func belowField(v *big.Int) bool { return v.Sign() >= 0 && v.Cmp(fr.Modulus()) < 0 }

func encodeElements(_ *Port, v Value) ([]*big.Int, error) {
	out := make([]*big.Int, len(v.Integers))
	for i, x := range v.Integers {
		out[i] = new(big.Int).Mod(big.NewInt(x), fr.Modulus())
	}
	return out, nil
}

func decodeElements(p *Port, words []*big.Int) (Value, error) {
	out := make([]int64, len(words))
	half := new(big.Int).Rsh(fr.Modulus(), 1)
	for i, w := range words {
		v := new(big.Int).Set(w)
		if v.Cmp(half) > 0 {
			v.Sub(v, fr.Modulus())
		}
		if !v.IsInt64() {
			return Value{}, fmt.Errorf("%s: element %d is outside 64 bits", p.Name, i)
		}
		out[i] = v.Int64()
	}
	return Value{Integers: out}, nil
}
