package compiler

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/sparse"
)

// share gives the weights of a hashed layer their slots. Rows of one channel that use
// the same of its weights, as a convolution's do, share them where the formats declare
// it; chosen formats do where all such rows are equal.
func share(l *program.Linear, a *ir.Affine, f *StepFormat, choosing bool) error {
	alike := alikeRows(a)
	if choosing {
		f.Shared = len(alike) < l.Rows.Len() &&
			slices.IndexFunc(alike, func(rows []int) bool { return odd(l, rows) >= 0 }) < 0
	}
	if !f.Shared {
		return nil
	}
	next := int32(1)
	l.Slots = make([]int32, len(l.Bias))
	for _, rows := range alike {
		if i := odd(l, rows); i >= 0 {
			return fmt.Errorf("the formats declare that rows %d and %d share their weights, which differ", rows[0], i)
		}
		for _, i := range rows {
			l.Slots[i] = next
		}
		next += int32(l.Rows.RowTerms(rows[0])) + 1
	}
	return nil
}

// alikeRows lists rows by channel and by which of its weights they use; where no
// operator says that, by the distances of their inputs from the first.
func alikeRows(a *ir.Affine) [][]int {
	var out [][]int
	seen := map[string]int{}
	var row []ir.Term
	for i := range a.Rows.Len() {
		row = a.Rows.Row(i, row[:0])
		key := binary.AppendVarint(nil, int64(a.Group[i]))
		for _, t := range row {
			key = binary.AppendVarint(key, int64(t.Tap))
			if t.Tap == 0 {
				key = binary.AppendVarint(binary.AppendVarint(key, int64(t.In-row[0].In)), int64(t.Index-row[0].Index))
			}
		}
		at, ok := seen[string(key)]
		if !ok {
			at = len(out)
			seen[string(key)] = at
			out = append(out, nil)
		}
		out[at] = append(out[at], i)
	}
	return out
}

// odd is the first of the rows that has other weights than the first one, or −1.
func odd(l *program.Linear, rows []int) int {
	var first, row []sparse.Term[int64]
	first = l.Rows.Row(rows[0], nil)
	for _, i := range rows[1:] {
		if l.Bias[i] != l.Bias[rows[0]] {
			return i
		}
		if l.Rows.Lists(i) == l.Rows.Lists(rows[0]) {
			continue
		}
		row = l.Rows.Row(i, row[:0])
		if !slices.EqualFunc(first, row, func(a, b sparse.Term[int64]) bool { return a.W == b.W }) {
			return i
		}
	}
	return -1
}
