package program

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/sparse"
)

// Linear computes rows Bias + Σ W·x over its inputs, taken one after the other as
// one input of Rows. Its outputs are left open for their consumer to close.
type Linear struct {
	Rows *sparse.Matrix[int64]
	Bias []int64 // by row
	// Slots, in a hashed model, numbers the secret integers of rows that share them:
	// the bias of row i has number Slots[i], its weights have the following numbers.
	// Where the number is 0, or there is no list, a row has its own integers.
	Slots []int32
	// Secret marks the weights of a private model: Limit then bounds every sum's
	// magnitude in place of the weights, and is checked against them by Check.
	Secret bool
	Limit  int64
	// Format, where not nil, makes the weights of a private model witnesses, bound
	// by a commitment: sums are then bounded by the format, not by Limit.
	Format *circuits.WeightFormat
	// Unpacked gives every row its own chain, in which zero weights cost nothing: the
	// technique for sparse weights. Otherwise rows over the same inputs share packed
	// chains.
	Unpacked bool
	// filled marks a layer that Filled made: it has no weights, so nothing to check.
	filled bool
}

// LinearRow is one sum.
type LinearRow struct {
	Terms []circuits.RowTerm
	Bias  int64
}

// NewLinear makes a layer of listed rows.
func NewLinear(rows ...LinearRow) *Linear {
	l := &Linear{}
	l.SetRows(rows)
	return l
}

// SetRows gives the layer other rows, each with its own integers.
func (l *Linear) SetRows(rows []LinearRow) {
	b := sparse.NewBuilder[int64]()
	l.Bias, l.Slots = make([]int64, len(rows)), nil
	for i, row := range rows {
		terms := make([]sparse.Term[int64], len(row.Terms))
		for j, t := range row.Terms {
			terms[j] = sparse.Term[int64]{Index: t.Index, W: t.W}
		}
		b.AddTerms(0, terms)
		l.Bias[i] = row.Bias
	}
	l.Rows = b.Matrix()
}

// Listed lists the layer's rows, which takes much memory for a large layer.
func (l *Linear) Listed() []LinearRow {
	rows := make([]LinearRow, l.Rows.Len())
	for i := range rows {
		rows[i] = LinearRow{Terms: l.terms(i, nil), Bias: l.Bias[i]}
	}
	return rows
}

func (l *Linear) slot(i int) int32 {
	if l.Slots == nil {
		return 0
	}
	return l.Slots[i]
}

// terms appends the terms of row i to buf.
func (l *Linear) terms(i int, buf []circuits.RowTerm) []circuits.RowTerm {
	slot := l.slot(i)
	for _, p := range l.Rows.Parts(i) {
		for index, w := range l.Rows.Elements(p) {
			t := circuits.RowTerm{Index: index, W: w}
			if slot != 0 {
				t.Slot = slot + 1 + int32(len(buf))
			}
			buf = append(buf, t)
		}
	}
	return buf
}

// Eval implements Kernel.
func (l *Linear) Eval(in [][]int64) []int64 {
	x := in
	if len(in) != 1 { // none where all rows are constants
		x = [][]int64{slices.Concat(in...)}
	}
	out := make([]int64, l.Rows.Len())
	for i := range out {
		out[i] = l.Rows.Sum(i, l.Bias[i], x)
	}
	return out
}

// Define implements Kernel.
func (l *Linear) Define(
	b *circuits.Builder, in [][]*circuits.Value, open []circuits.Window,
) ([]*circuits.Value, error) {
	ivs := make([][]Interval, len(in))
	for k, v := range in {
		ivs[k] = intervalsOf(v)
	}
	ranges, err := l.Range(ivs)
	if err != nil {
		return nil, err
	}
	out, err := l.DefineAll(b, [][][]*circuits.Value{in}, ranges, open)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// DefineAll implements Sharer: all items share the rows' ranges, and the weights of a
// hashed model.
func (l *Linear) DefineAll(
	b *circuits.Builder, in [][][]*circuits.Value, ranges []Interval, open []circuits.Window,
) ([][]*circuits.Value, error) {
	rows := &definedRows{l, ranges, open}
	x := make([][]*circuits.Value, len(in))
	for i := range in {
		x[i] = slices.Concat(in[i]...)
	}
	if l.Format != nil {
		return b.SecretLinear(x, rows, *l.Format), nil
	}
	out := make([][]*circuits.Value, len(in))
	for i := range in {
		out[i] = b.Linear(x[i], rows, l.Secret)
	}
	return out, nil
}

// definedRows are a layer's rows in the form that gadgets read.
type definedRows struct {
	*Linear
	ranges []Interval
	open   []circuits.Window
}

// Len implements circuits.Rows.
func (r *definedRows) Len() int { return len(r.ranges) }

// Row implements circuits.Rows.
func (r *definedRows) Row(i int) circuits.Row {
	return circuits.Row{Bias: r.Bias[i], BiasSlot: r.slot(i), Lo: r.ranges[i].Lo, Hi: r.ranges[i].Hi, Window: r.open[i]}
}

// Terms implements circuits.Rows.
func (r *definedRows) Terms(i int, buf []circuits.RowTerm) []circuits.RowTerm { return r.terms(i, buf) }

// Inputs implements circuits.Rows.
func (r *definedRows) Inputs(i int) int {
	if r.Unpacked {
		return i
	}
	return r.Linear.Rows.Inputs(i)
}

// Weights implements circuits.Rows.
func (r *definedRows) Weights(i int) int { return r.Linear.Rows.Lists(i) }

// Words implements Kernel.
func (l *Linear) Words() string {
	rows, terms, widest := l.Rows.Len(), l.Rows.Terms(), int64(0)
	l.Rows.EachWeight(func(int) int { return 0 }, func(_ int, _ int32, w int64) { widest = max(widest, w, -w) })
	if l.Format != nil {
		return fmt.Sprintf("linear[%d rows, %d terms, hashed %d-bit weights and %d-bit biases, packed]",
			rows, terms, l.Format.Weight, l.Format.Bias)
	}
	if l.Secret {
		return fmt.Sprintf("linear[%d rows, %d terms, secret weights, |sum| <= %d, packed]", rows, terms, l.Limit)
	}
	technique := "packed"
	if l.Unpacked {
		technique = "a chain a row"
	}
	return fmt.Sprintf("linear[%d rows, %d terms, %d-bit weights, %s, contents %s]",
		rows, terms, 1+big.NewInt(widest).BitLen(), technique, l.contents())
}

// contents is the digest of a public layer's rows.
func (l *Linear) contents() string {
	return contents(func(yield func(int64) bool) {
		var terms []circuits.RowTerm
		for i, bias := range l.Bias {
			terms = l.terms(i, terms[:0])
			if !yield(int64(len(terms))) || !yield(bias) {
				return
			}
			for _, t := range terms {
				if !yield(int64(t.Index)) || !yield(t.W) {
					return
				}
			}
		}
	})[:shownDigits]
}

func (l *Linear) String() string { return l.Words() }
