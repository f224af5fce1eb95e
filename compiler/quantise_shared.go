package compiler

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
)

// share gives the weights of a hashed layer their slots. Rows of one channel that use
// the same of its weights, as a convolution's do, share them where the formats declare
// it; chosen formats do where all such rows are equal.
func share(l *program.Linear, a *ir.Affine, f *StepFormat, choosing bool) error {
	alike := alikeRows(a)
	if choosing {
		f.Shared = len(alike) < len(l.Rows) && slices.IndexFunc(alike, func(rows []int) bool { return odd(l, rows) >= 0 }) < 0
	}
	if !f.Shared {
		return nil
	}
	next := int32(1)
	for _, rows := range alike {
		if i := odd(l, rows); i >= 0 {
			return fmt.Errorf("the formats declare that rows %d and %d share their weights, which differ", rows[0], i)
		}
		n := int32(len(l.Rows[rows[0]].Terms))
		for _, i := range rows {
			for j := range l.Rows[i].Terms {
				l.Rows[i].Terms[j].Slot = next + 1 + int32(j)
			}
			l.Rows[i].BiasSlot = next
		}
		next += n + 1
	}
	return nil
}

// alikeRows lists rows by channel and by which of its weights they use; where no
// operator says that, by the distances of their inputs from the first.
func alikeRows(a *ir.Affine) [][]int {
	var out [][]int
	seen := map[string]int{}
	for i, row := range a.Rows {
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
	first := l.Rows[rows[0]]
	for _, i := range rows[1:] {
		equal := slices.EqualFunc(first.Terms, l.Rows[i].Terms, func(a, b circuits.RowTerm) bool { return a.W == b.W })
		if !equal || first.Bias != l.Rows[i].Bias {
			return i
		}
	}
	return -1
}
