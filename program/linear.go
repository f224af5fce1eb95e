package program

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/zkml-go/zkml/circuits"
)

// Linear computes rows Bias + Σ W·x over its inputs, taken one after the other.
// Its outputs are left open for their consumer to close.
type Linear struct {
	Rows []LinearRow
	// Secret marks the weights of a private model: Limit then bounds every sum's
	// magnitude in place of the weights, and is checked against them by Check.
	Secret bool
	Limit  int64
	// Format, where not nil, makes the weights of a private model witnesses, bound
	// by a commitment: sums are then bounded by the format, not by Limit.
	Format *circuits.WeightFormat
	// Apart gives every row a chain of its own, in which its zero weights cost
	// nothing: the technique for sparse weights. Else rows over the same inputs
	// share packed chains.
	Apart bool
	// filled marks a layer that Filled made: no weights, so nothing to check.
	filled bool
}

// LinearRow is one sum. BiasSlot numbers the bias among those of a hashed model,
// as circuits.RowTerm.Slot does a weight.
type LinearRow struct {
	Terms    []circuits.RowTerm
	Bias     int64
	BiasSlot int32
}

// Eval implements Kernel.
func (l *Linear) Eval(in [][]int64) []int64 {
	x := in[0]
	if len(in) > 1 {
		x = nil
		for _, v := range in {
			x = append(x, v...)
		}
	}
	out := make([]int64, len(l.Rows))
	for i, row := range l.Rows {
		sum := row.Bias
		for _, t := range row.Terms {
			sum += t.W * x[t.Index]
		}
		out[i] = sum
	}
	return out
}

// Range implements Kernel: exact sums for a public model, Limit for a private
// one, the format's widest for a hashed one.
func (l *Linear) Range(in [][]Interval) ([]Interval, error) {
	if l.Format != nil {
		return l.widest(in)
	}
	out := make([]Interval, len(l.Rows))
	exact, err := l.sums(in)
	if err != nil {
		return nil, err
	}
	for i, iv := range exact {
		if out[i] = iv; l.Secret {
			if !l.filled && (iv.Lo < -l.Limit || iv.Hi > l.Limit) {
				return nil, fmt.Errorf("row %d may leave the declared range of ±%d: declare a wider one", i, l.Limit)
			}
			out[i] = Interval{-l.Limit, l.Limit}
		}
	}
	return out, nil
}

// widest gives the interval that each row has with whatever weights of the format.
func (l *Linear) widest(in [][]Interval) ([]Interval, error) {
	if err := l.fits(); err != nil {
		return nil, err
	}
	x := slices.Concat(in...)
	out := make([]Interval, len(l.Rows))
	weight := Interval{-1 << (l.Format.Weight - 1), 1<<(l.Format.Weight-1) - 1}
	bias := Interval{-1 << (l.Format.Bias - 1), 1<<(l.Format.Bias-1) - 1}
	for i, row := range l.Rows {
		out[i] = bias
		for _, t := range row.Terms {
			p, err := weight.times(x[t.Index])
			if err != nil {
				return nil, err
			}
			out[i].Lo, out[i].Hi = out[i].Lo+p.Lo, out[i].Hi+p.Hi
			if out[i].Lo < -maxInteger || out[i].Hi > maxInteger {
				return nil, fmt.Errorf("sum %d may leave %d bits: fewer bits for weights or activations are needed", i, circuits.MaxBits)
			}
		}
	}
	return out, nil
}

// fits tells whether weights and biases are in the format.
func (l *Linear) fits() error {
	for i, row := range l.Rows {
		for k, t := range row.Terms {
			if !circuits.Fits(t.W, l.Format.Weight) {
				return fmt.Errorf("weight %d of row %d does not fit the declared %d bits: declare more", k, i, l.Format.Weight)
			}
		}
		if !circuits.Fits(row.Bias, l.Format.Bias) {
			return fmt.Errorf("the bias of row %d does not fit the declared %d bits: declare more", i, l.Format.Bias)
		}
	}
	return nil
}

// sums gives each row's exact interval, which fits 64 bits: terms within MaxBits
// add up to no more than a float tells from MaxBits.
func (l *Linear) sums(in [][]Interval) ([]Interval, error) {
	var x []Interval
	for _, v := range in {
		x = append(x, v...)
	}
	out := make([]Interval, len(l.Rows))
	for i, row := range l.Rows {
		// a sum of floats alone may miss what large terms of both signs leave
		lo, hi, most := float64(row.Bias), float64(row.Bias), 0.0
		iv := Interval{row.Bias, row.Bias}
		for _, t := range row.Terms {
			a, b := t.W*x[t.Index].Lo, t.W*x[t.Index].Hi
			iv.Lo, iv.Hi = iv.Lo+min(a, b), iv.Hi+max(a, b)
			fa, fb := float64(float64(t.W)*float64(x[t.Index].Lo)), float64(float64(t.W)*float64(x[t.Index].Hi))
			lo, hi = lo+math.Min(fa, fb), hi+math.Max(fa, fb)
			most = math.Max(most, math.Max(math.Abs(fa), math.Abs(fb)))
		}
		if limit := math.Ldexp(1, circuits.MaxBits); -lo > limit || hi > limit || most > limit {
			return nil, fmt.Errorf("sum %d may leave %d bits: fewer bits for weights or activations are needed", i, circuits.MaxBits)
		}
		out[i] = iv
	}
	return out, nil
}

// Define implements Kernel.
func (l *Linear) Define(b *circuits.Builder, in [][]*circuits.Value, open []circuits.Window) ([]*circuits.Value, error) {
	if l.Format != nil {
		out, err := l.DefineAll(b, [][][]*circuits.Value{in}, open)
		if err != nil {
			return nil, err
		}
		return out[0], nil
	}
	rows, err := l.rows(in, open)
	if err != nil {
		return nil, err
	}
	x := slices.Concat(in...)
	if !l.Apart {
		return b.Linear(x, rows, l.Secret), nil
	}
	var out []*circuits.Value
	for i := range rows {
		out = append(out, b.Linear(x, rows[i:i+1], l.Secret)...)
	}
	return out, nil
}

// DefineAll implements Sharer: the weights of a hashed model are there once.
func (l *Linear) DefineAll(b *circuits.Builder, in [][][]*circuits.Value, open []circuits.Window) ([][]*circuits.Value, error) {
	if l.Format == nil {
		return each(l, b, in, open)
	}
	rows, err := l.rows(in[0], open) // the intervals are the same for all
	if err != nil {
		return nil, err
	}
	x := make([][]*circuits.Value, len(in))
	for i := range in {
		x[i] = slices.Concat(in[i]...)
	}
	return b.SecretLinear(x, rows, *l.Format), nil
}

// rows are the gadget's, for inputs of known intervals.
func (l *Linear) rows(in [][]*circuits.Value, open []circuits.Window) ([]circuits.Row, error) {
	ivs := make([][]Interval, len(in))
	for k, v := range in {
		for _, e := range v {
			ivs[k] = append(ivs[k], Interval{e.Lo, e.Hi})
		}
	}
	ranges, err := l.Range(ivs)
	if err != nil {
		return nil, err
	}
	rows := make([]circuits.Row, len(l.Rows))
	for i, r := range l.Rows {
		rows[i] = circuits.Row{Terms: r.Terms, Bias: r.Bias, BiasSlot: r.BiasSlot, Lo: ranges[i].Lo, Hi: ranges[i].Hi, Window: open[i]}
	}
	return rows, nil
}

// Words implements Kernel.
func (l *Linear) Words() string {
	terms, widest := 0, int64(0)
	for _, r := range l.Rows {
		terms += len(r.Terms)
		for _, t := range r.Terms {
			widest = max(widest, t.W, -t.W)
		}
	}
	if l.Format != nil {
		return fmt.Sprintf("linear[%d rows, %d terms, hashed %d-bit weights and %d-bit biases, packed]", len(l.Rows), terms, l.Format.Weight, l.Format.Bias)
	}
	if l.Secret {
		return fmt.Sprintf("linear[%d rows, %d terms, secret weights, |sum| <= %d, packed]", len(l.Rows), terms, l.Limit)
	}
	technique := "packed"
	if l.Apart {
		technique = "a chain a row"
	}
	return fmt.Sprintf("linear[%d rows, %d terms, %d-bit weights, %s, contents %s]", len(l.Rows), terms, 1+big.NewInt(widest).BitLen(), technique, l.contents())
}

// contents is the digest of a public layer's rows.
func (l *Linear) contents() string {
	var flat []int64
	for _, r := range l.Rows {
		flat = append(flat, int64(len(r.Terms)), r.Bias)
		for _, t := range r.Terms {
			flat = append(flat, int64(t.Index), t.W)
		}
	}
	return contents(flat)[:shownDigits]
}

func (l *Linear) String() string { return l.Words() }
