package circuits_test

import (
	"math/rand"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// listed is a row with its terms.
type listed struct {
	circuits.Row
	Terms []circuits.RowTerm
}

// layer lists the rows of a linear layer.
type layer []listed

// Len implements circuits.Rows.
func (l layer) Len() int { return len(l) }

// Row implements circuits.Rows.
func (l layer) Row(i int) circuits.Row { return l[i].Row }

// Terms implements circuits.Rows.
func (l layer) Terms(i int, buf []circuits.RowTerm) []circuits.RowTerm {
	return append(buf, l[i].Terms...)
}

// Inputs implements circuits.Rows: the first row that reads the same.
func (l layer) Inputs(i int) int {
	return slices.IndexFunc(l, func(r listed) bool {
		return slices.EqualFunc(r.Terms, l[i].Terms, func(a, b circuits.RowTerm) bool { return a.Index == b.Index })
	})
}

// Weights implements circuits.Rows: the first row of the same weights.
func (l layer) Weights(i int) int {
	return slices.IndexFunc(l, func(r listed) bool {
		return slices.EqualFunc(r.Terms, l[i].Terms, func(a, b circuits.RowTerm) bool { return a.W == b.W })
	})
}

func row(bias int64, ws ...int64) listed {
	r := listed{Row: circuits.Row{Bias: bias}}
	for j, w := range ws {
		r.Terms = append(r.Terms, circuits.RowTerm{Index: int32(j), W: w})
	}
	return r
}

func randomRows(n, terms int, span int64) layer {
	r := rand.New(rand.NewSource(5))
	rows := make(layer, n)
	for i := range rows {
		ws := make([]int64, terms)
		for j := range ws {
			ws[j] = r.Int63n(2*span+1) - span
		}
		rows[i] = row(r.Int63n(2*span+1)-span, ws...)
	}
	return rows
}

func evalRows(rows layer, in []int64) []int64 {
	out := make([]int64, len(rows))
	for i, r := range rows {
		out[i] = r.Bias
		for _, t := range r.Terms {
			out[i] += t.W * in[t.Index]
		}
	}
	return out
}

// intervals fills in the rows' intervals and windows for inputs in [lo, hi].
func intervals(rows layer, lo, hi int64) layer {
	for i := range rows {
		r := &rows[i]
		r.Lo, r.Hi = r.Bias, r.Bias
		for _, t := range r.Terms {
			r.Lo, r.Hi = r.Lo+min(t.W*lo, t.W*hi), r.Hi+max(t.W*lo, t.W*hi)
		}
		r.Window = circuits.Cover(r.Lo, r.Hi)
	}
	return rows
}

func linearExamples() []example {
	linear := func(name string, n int, rows layer, secret bool, read ...int) example {
		const lo, bits = -4, 3
		rows = intervals(rows, lo, lo+1<<bits-1)
		pick := func(i int) int { return i }
		count := len(rows)
		if read != nil {
			pick, count = func(i int) int { return read[i] }, len(read)
		}
		return example{"linear, " + name, circuittest.Gadget{
			In: n, Bits: bits, Lo: lo, Digit: 4,
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				all := b.Linear(in, rows, secret)
				out := make([]*circuits.Value, count)
				for i := range out {
					out[i] = all[pick(i)]
				}
				return out
			},
			Eval: func(in []int64) []int64 {
				all := evalRows(rows, in)
				out := make([]int64, count)
				for i := range out {
					out[i] = all[pick(i)]
				}
				return out
			},
		}}
	}
	zeros := func() layer { return layer{row(3, 0, 2, 0, 0), row(-9, 0, -1, 0, 5)} }
	different := layer{row(0, 1, 2), row(7, 3), row(-1, 4, -5),
		{Row: circuits.Row{Bias: 2}, Terms: []circuits.RowTerm{{Index: 1, W: -3}}}}
	return []example{
		linear("one row", 3, layer{row(1, 3, -2, 5)}, false),
		linear("one row of one term", 1, layer{row(0, 1)}, false),
		linear("one row without terms", 1, layer{row(-6)}, false),
		linear("rows without terms", 1, layer{row(-6), row(9)}, false),
		linear("five rows", 3, randomRows(5, 3, 7), false),
		linear("more rows than a pack", 2, randomRows(40, 2, 3), false),
		linear("wide sums", 2, randomRows(6, 2, 1<<40), false),
		linear("zero weights", 4, zeros(), false),
		linear("zero weights, secret", 4, zeros(), true),
		linear("all weights zero", 2, layer{row(1, 0, 0), row(2, 0, 0)}, false),
		linear("all weights zero, secret", 2, layer{row(1, 0, 0), row(2, 0, 0)}, true),
		linear("different supports", 2, different, false),
		linear("a pack read in part", 3, randomRows(5, 3, 7), false, 2),
		linear("an element read twice", 3, randomRows(5, 3, 7), false, 4, 1, 4),
	}
}
