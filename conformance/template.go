package conformance

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/fft"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/iop"
	plonk "github.com/consensys/gnark/backend/plonk/bn254"

	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/srs"
)

// selectors are the polynomials of a key that hold constants.
var selectors = [3]string{"qL", "qR", "qK"}

// template is an architecture's circuit with other constants in place of the
// weights: what its models have in common.
type template struct {
	vk  *plonk.VerifyingKey
	srs *srs.Pair
	// rows are, for each selector, the rows that hold a weight or a salt, in order.
	rows [3][]int
	// rest are the selectors in the Lagrange basis, zero in those rows.
	rest   [3][]fr.Element
	domain *fft.Domain
	stairs stairs
}

// The numbers that fill the salt rows of the two circuits that newTemplate
// compares: all different, none zero.
const saltOfFirst, saltOfSecond = 1 << 20, 1 << 21

// newTemplate compiles the architecture twice, with zeros and with ones for weights:
// the rows in which the two differ are those of weights and salt.
func newTemplate(ctx context.Context, a *Architecture, o prover.Options) (*template, error) {
	setup, err := prover.NewSetup(ctx, a.statement(0, saltOfFirst), o)
	if err != nil {
		return nil, fmt.Errorf("the architecture's template: %w", err)
	}
	other, err := prover.Compile(a.statement(1, saltOfSecond))
	if err != nil {
		return nil, fmt.Errorf("the architecture's template: %w", err)
	}
	t := &template{vk: setup.VK, srs: setup.SRS, domain: fft.NewDomain(setup.VK.Size)}
	if prover.Domain(other) != t.domain.Cardinality {
		return nil, errNotUniform
	}
	first := plonk.NewTrace(setup.CS, t.domain)
	if err := t.findStairs(a, first); err != nil {
		return nil, fmt.Errorf("the architecture's template: %w", err)
	}
	return t, t.compare(first, plonk.NewTrace(other, t.domain))
}

// errNotUniform says that weights would show in the structure of the circuit.
// No architecture that zkml writes does that.
var errNotUniform = errors.New("the architecture's circuit depends on the weights: no model of it is private; " +
	"compile the model again")

// sameGates tells whether two circuits have the same wires, qM, qO and qCp.
func sameGates(a, b *plonk.Trace) bool {
	same := slices.Equal(a.S, b.S) && slices.Equal(a.Qm.Coefficients(), b.Qm.Coefficients()) &&
		slices.Equal(a.Qo.Coefficients(), b.Qo.Coefficients()) && len(a.Qcp) == len(b.Qcp)
	for i := range a.Qcp {
		same = same && slices.Equal(a.Qcp[i].Coefficients(), b.Qcp[i].Coefficients())
	}
	return same
}

// compare finds the rows that differ, and keeps the rest.
func (t *template) compare(a, b *plonk.Trace) error {
	if !sameGates(a, b) {
		return errNotUniform
	}
	first, second := selectorsOf(a), selectorsOf(b)
	for k := range selectors {
		t.rest[k] = first[k]
		for i := range first[k] {
			if !first[k][i].Equal(&second[k][i]) {
				t.rows[k] = append(t.rows[k], i)
				t.rest[k][i].SetZero()
			}
		}
	}
	return nil
}

// selectorsOf returns the values of qL, qR and qK on the domain.
func selectorsOf(trace *plonk.Trace) [3][]fr.Element {
	var out [3][]fr.Element
	for k, p := range [3]*iop.Polynomial{trace.Ql, trace.Qr, trace.Qk} {
		out[k] = p.Coefficients()
	}
	return out
}

// differences returns the values of a model's selector k minus the template's rest.
// Outside the template's rows they are zero.
func (t *template) differences(k int, values []fr.Element) []fr.Element {
	out := make([]fr.Element, len(values))
	for i := range values {
		out[i].Sub(&values[i], &t.rest[k][i])
	}
	return out
}

// restAt evaluates the rest of selector k at a point outside the domain, by the
// barycentric formula: (ξⁿ − 1)/n · Σ restᵢ·ωⁱ/(ξ − ωⁱ).
func (t *template) restAt(k int, point fr.Element) fr.Element {
	n := len(t.rest[k])
	numerators, denominators := make([]fr.Element, n), make([]fr.Element, n)
	var root fr.Element
	root.SetOne()
	for i := range n {
		numerators[i].Mul(&t.rest[k][i], &root)
		denominators[i].Sub(&point, &root)
		root.Mul(&root, &t.domain.Generator)
	}
	var sum, term fr.Element
	for i, inverse := range fr.BatchInvert(denominators) {
		sum.Add(&sum, term.Mul(&numerators[i], &inverse))
	}
	factor := t.vanishing(point)
	factor.Mul(&factor, &t.domain.CardinalityInv)
	return *sum.Mul(&sum, &factor)
}

// vanishing returns ξⁿ − 1, which is zero on the domain.
func (t *template) vanishing(point fr.Element) fr.Element {
	var out, one fr.Element
	out.Exp(point, new(big.Int).SetUint64(t.domain.Cardinality))
	return *out.Sub(&out, one.SetOne())
}

// outsideAt evaluates V at a point outside the domain: the polynomial that is
// zero on the domain outside the rows of selector k.
func (t *template) outsideAt(k int, point fr.Element) fr.Element {
	var rows, factor fr.Element
	rows.SetOne()
	for _, root := range t.roots(k) {
		rows.Mul(&rows, factor.Sub(&point, &root))
	}
	out := t.vanishing(point)
	return *out.Div(&out, &rows)
}

// roots lists ωⁱ for the rows of selector k.
func (t *template) roots(k int) []fr.Element { return t.rootsOf(t.rows[k]) }

// rootsOf lists ωⁱ for rows in order.
func (t *template) rootsOf(rows []int) []fr.Element {
	out := make([]fr.Element, 0, len(rows))
	var root fr.Element
	root.SetOne()
	at := 0
	for _, row := range rows {
		for ; at < row; at++ {
			root.Mul(&root, &t.domain.Generator)
		}
		out = append(out, root)
	}
	return out
}

// rowsSHA256 is the digest of the rows of selector k: how many, then each, as
// 8-byte big-endian numbers.
func (t *template) rowsSHA256(k int) string {
	text := binary.BigEndian.AppendUint64(nil, uint64(len(t.rows[k])))
	for _, row := range t.rows[k] {
		text = binary.BigEndian.AppendUint64(text, uint64(row))
	}
	return digest(text)
}
