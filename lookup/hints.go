package lookup

import (
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/constraint/solver"
)

func init() { solver.RegisterHint(Counts, Members, Fractions) }

// Counts is the hint that counts queries. Inputs: the first entry, then each
// query and its shift. Outputs: for entry first+i, how many queries equal it. A
// query outside the table counts nowhere. Bound by the argument's identity.
func Counts(field *big.Int, in, out []*big.Int) error {
	first := centred(in[0], field)
	for _, o := range out {
		o.SetUint64(0)
	}
	one := big.NewInt(1)
	at := new(big.Int)
	for i := 1; i < len(in); i += 2 {
		at.Add(in[i], in[i+1])
		at.Mod(at, field)
		at = centred(at, field)
		at.Sub(at, first)
		if at.Sign() >= 0 && at.IsInt64() && at.Int64() < int64(len(out)) {
			o := out[at.Int64()]
			o.Add(o, one)
		}
	}
	return nil
}

// Members is the hint that counts queries of a set. Inputs: the entries, as many
// as there are outputs, then each query and its shift. Outputs: for each entry,
// how many queries equal it. Bound by the argument's identity.
func Members(_ *big.Int, in, out []*big.Int) error {
	var x, shift fr.Element
	at := make(map[fr.Element]*big.Int, len(out))
	for i, o := range out {
		at[*x.SetBigInt(in[i])] = o.SetUint64(0)
	}
	one := big.NewInt(1)
	for i := len(out); i < len(in); i += 2 {
		x.SetBigInt(in[i])
		if o, ok := at[*x.Add(&x, shift.SetBigInt(in[i+1]))]; ok {
			o.Add(o, one)
		}
	}
	return nil
}

// Fractions is the hint that divides. Inputs: α, β, then for each entry its
// count, in and out. Outputs: count/(α − in − β·out). Bound by the product with
// the denominator in Table.fractions.
func Fractions(_ *big.Int, in, out []*big.Int) error {
	var alpha, beta, t fr.Element
	alpha.SetBigInt(in[0])
	beta.SetBigInt(in[1])
	d := make([]fr.Element, len(out))
	for i := range d {
		t.SetBigInt(in[4+3*i])
		t.Mul(&t, &beta)
		d[i].SetBigInt(in[3+3*i])
		d[i].Add(&d[i], &t).Sub(&alpha, &d[i])
	}
	d = fr.BatchInvert(d)
	for i := range d {
		t.SetBigInt(in[2+3*i])
		t.Mul(&t, &d[i]).BigInt(out[i])
	}
	return nil
}

// centred maps a field element to the integer of least magnitude that it represents.
func centred(v, field *big.Int) *big.Int {
	out := new(big.Int).Set(v)
	if out.Cmp(new(big.Int).Rsh(field, 1)) > 0 {
		out.Sub(out, field)
	}
	return out
}
