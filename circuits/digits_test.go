package circuits_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// TestCheck: a wire of a digit's width, whatever it is shifted by, holds exactly
// the values of its window.
func TestCheck(t *testing.T) {
	for bits := 1; bits <= 6; bits++ {
		for _, shift := range []int64{0, 1, -3, 1000, 1 << 31, -1 << 40, 1<<62 - 1, -1 << 62} {
			t.Run(fmt.Sprintf("%d bits, shifted by %d", bits, shift), func(t *testing.T) {
				c := custom(t, 1, func(b *circuits.Builder, _ gate.API, in []gate.Wire) { b.Check(in[0], shift, bits) })
				for v := int64(-3); v < 1<<bits+3; v++ {
					in := []any{new(big.Int).Sub(big.NewInt(v), big.NewInt(shift))}
					if v >= 0 && v < 1<<bits {
						c.Admits(in)
					} else {
						c.Refuses(in)
					}
				}
				c.Refuses([]any{fraction(1, 2)})
			})
		}
	}
}

// TestBound: of every width and base, exactly the window's values are admitted,
// however the prover cuts the others into digits.
func TestBound(t *testing.T) {
	for digit := 1; digit <= 4; digit++ {
		for bits := range 10 {
			for _, base := range []int64{0, -5, 7, -1 << 45} {
				t.Run(fmt.Sprintf("digits of %d, %d bits from %d", digit, bits, base), func(t *testing.T) {
					w := circuits.Window{Base: base, Bits: bits}
					c := circuittest.CompileGates(t, 1, func(g gate.API, in []gate.Wire) {
						b := circuits.NewBuilder(g, digit, in[0])
						b.Bound(in, w)
						b.Finish()
					})
					last := w.Last()
					for _, v := range []int64{base, base + 1, (base + last) / 2, last - 1, last} {
						if v >= base && v <= last {
							c.Admits([]any{v})
						}
					}
					for _, v := range []int64{base - 1, last + 1, base - 1<<bits, last + 1<<bits, -base - 1<<50} {
						c.Refuses([]any{v})
						c.Refuses([]any{v}, excess(digit))
						c.Refuses([]any{v}, wrapped)
					}
				})
			}
		}
	}
}

// excess leaves what does not fit in the highest digit.
func excess(digit int) circuittest.Tamper {
	return circuittest.Tamper{Hint: circuits.Digits, With: func(_ int, in, out []*big.Int) {
		rest := new(big.Int).Sub(signed(in[len(in)-1]), signed(in[0]))
		n := len(out)
		for i, o := range out {
			if i == n-1 {
				o.Rsh(rest, uint(digit*i))
			}
		}
	}}
}

// wrapped cuts the field's own representative into digits, negative or not.
var wrapped = circuittest.Tamper{Hint: circuits.Digits, With: func(_ int, in, out []*big.Int) {
	n := int(in[1].Int64())
	rest := new(big.Int).Set(in[len(in)-1])
	for i, o := range out {
		w := uint(in[2+i%n].Uint64())
		o.Set(rest)
		if i < n-1 {
			o.And(rest, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), w), big.NewInt(1)))
		}
		rest.Rsh(rest, w)
	}
}}

func signed(v *big.Int) *big.Int {
	out := new(big.Int).Set(v)
	if out.Cmp(new(big.Int).Rsh(field, 1)) > 0 {
		out.Sub(out, field)
	}
	return out
}
