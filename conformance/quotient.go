package conformance

import (
	"errors"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/fft"
	"github.com/consensys/gnark-crypto/utils"
)

// errNoModelOf says that a circuit's constants differ from its architecture's.
var errNoModelOf = errors.New("the key does not belong to a model of this architecture: it differs from the template " +
	"outside the rows of weights and salt")

// quotient returns Q of D = V·Q in canonical form, of degree |R| − 1: D has the
// given values on the domain, R is the set of roots, and V vanishes on the rest of
// the domain. With Π = ∏(X − ω) over R it is D·Π/(Xⁿ − 1).
func quotient(values, roots []fr.Element, domain *fft.Domain) ([]fr.Element, error) {
	n := int(domain.Cardinality)
	d := interpolate(values, domain)
	product := multiply(d, monic(roots))
	product = append(product, make([]fr.Element, max(0, 2*n-len(product)))...)
	for i := range n { // Xⁿ − 1 divides a product whose halves are opposite
		var sum fr.Element
		if sum.Add(&product[i], &product[n+i]); !sum.IsZero() {
			return nil, errNoModelOf
		}
	}
	return product[n : n+len(roots)], nil
}

// interpolate returns the canonical form of values on the domain.
func interpolate(values []fr.Element, domain *fft.Domain) []fr.Element {
	out := append([]fr.Element(nil), values...)
	domain.FFTInverse(out, fft.DIF)
	utils.BitReverse(out)
	return out
}

// monic returns ∏(X − root) in canonical form.
func monic(roots []fr.Element) []fr.Element {
	const few = 64
	if len(roots) > few {
		half := len(roots) / 2
		return multiply(monic(roots[:half]), monic(roots[half:]))
	}
	out := make([]fr.Element, 1, len(roots)+1)
	out[0].SetOne()
	for _, root := range roots {
		out = append(out, fr.Element{})
		for i := len(out) - 1; i >= 0; i-- {
			var term fr.Element
			term.Mul(&out[i], &root)
			if out[i].Neg(&term); i > 0 {
				out[i].Add(&out[i], &out[i-1])
			}
		}
	}
	return out
}

// multiply returns the product of two polynomials in canonical form.
func multiply(a, b []fr.Element) []fr.Element {
	size := len(a) + len(b) - 1
	domain := fft.NewDomain(uint64(1) << bits.Len(uint(size-1)))
	x, y := make([]fr.Element, domain.Cardinality), make([]fr.Element, domain.Cardinality)
	copy(x, a)
	copy(y, b)
	domain.FFT(x, fft.DIF)
	domain.FFT(y, fft.DIF)
	for i := range x {
		x[i].Mul(&x[i], &y[i])
	}
	domain.FFTInverse(x, fft.DIT)
	return x[:size]
}
