package program

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/zkml-go/zkml/circuits"
)

// A stored linear layer has each list of weights once, and each pattern of
// inputs once, as distances from the row's first input: a convolution's rows
// repeat both at every position.
type (
	storedLinear struct {
		_        struct{} `cbor:",toarray"`
		Patterns [][]int32
		Weights  [][]int64
		Rows     []storedRow
		Secret   bool
		Limit    int64
		Apart    bool
		Format   *circuits.WeightFormat
		Slots    [][]int32 // each once; the empty list gives every weight its own
	}
	storedRow struct {
		_                       struct{} `cbor:",toarray"`
		Pattern, First, Weights int32
		Bias                    int64
		Slots, BiasSlot         int32
	}
)

// pool numbers different lists in order of first appearance.
type pool[T int32 | int64] struct {
	lists [][]T
	index map[string]int32
	key   []byte
}

func (p *pool[T]) number(list []T) int32 {
	p.key = p.key[:0]
	for _, v := range list {
		p.key = binary.AppendVarint(p.key, int64(v))
	}
	n, ok := p.index[string(p.key)]
	if !ok {
		n = int32(len(p.lists))
		p.index[string(p.key)] = n
		p.lists = append(p.lists, append([]T{}, list...))
	}
	return n
}

// MarshalCBOR implements cbor.Marshaler.
func (l *Linear) MarshalCBOR() ([]byte, error) {
	patterns := pool[int32]{index: map[string]int32{}}
	weights := pool[int64]{index: map[string]int32{}}
	slots := pool[int32]{index: map[string]int32{}}
	out := storedLinear{Secret: l.Secret, Limit: l.Limit, Apart: l.Apart, Format: l.Format, Rows: make([]storedRow, len(l.Rows))}
	var offsets []int32
	var ws []int64
	for i, r := range l.Rows {
		offsets, ws = offsets[:0], ws[:0]
		row := storedRow{Bias: r.Bias, BiasSlot: r.BiasSlot, Slots: slots.number(slotsOf(r))}
		for j, t := range r.Terms {
			if j == 0 {
				row.First = t.Index
			}
			offsets = append(offsets, t.Index-row.First)
			ws = append(ws, t.W)
		}
		row.Pattern, row.Weights = patterns.number(offsets), weights.number(ws)
		out.Rows[i] = row
	}
	out.Patterns, out.Weights, out.Slots = patterns.lists, weights.lists, slots.lists
	return encoding.Marshal(out)
}

// slotsOf lists a row's slots; none where every weight has its own.
func slotsOf(r LinearRow) []int32 {
	var slots []int32
	for i, t := range r.Terms {
		if t.Slot != 0 && slots == nil {
			slots = make([]int32, len(r.Terms))
		}
		if t.Slot != 0 {
			slots[i] = t.Slot
		}
	}
	return slots
}

// read is the inverse of MarshalCBOR. It takes the terms that it makes from the
// budget: a short file must not ask for unlimited memory.
func (l *Linear) read(data []byte, budget *int) error {
	var in storedLinear
	if err := decoding.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("read the linear layer: %w", err)
	}
	total, err := in.terms(*budget)
	if err != nil {
		return err
	}
	*budget -= total
	*l = Linear{Secret: in.Secret, Limit: in.Limit, Apart: in.Apart, Format: in.Format, Rows: make([]LinearRow, len(in.Rows))}
	terms := make([]circuits.RowTerm, total)
	for i, r := range in.Rows {
		pattern, weights, slots := in.Patterns[r.Pattern], in.Weights[r.Weights], in.Slots[r.Slots]
		row := terms[:len(pattern):len(pattern)]
		terms = terms[len(pattern):]
		for j, w := range weights {
			row[j] = circuits.RowTerm{Index: r.First + pattern[j], W: w}
			if len(slots) > 0 {
				row[j].Slot = slots[j]
			}
		}
		l.Rows[i] = LinearRow{Terms: row, Bias: r.Bias, BiasSlot: r.BiasSlot}
	}
	return nil
}

// terms counts the terms of all rows, or says why there are none.
func (in *storedLinear) terms(budget int) (int, error) {
	total := 0
	for i, r := range in.Rows {
		if !has(in.Patterns, r.Pattern) || !has(in.Weights, r.Weights) || !has(in.Slots, r.Slots) {
			return 0, fmt.Errorf("row %d of the linear layer names a list that is not there", i)
		}
		n := len(in.Patterns[r.Pattern])
		if slots := len(in.Slots[r.Slots]); n != len(in.Weights[r.Weights]) || slots != 0 && slots != n {
			return 0, fmt.Errorf("row %d of the linear layer has not as many weights as inputs", i)
		}
		if total += n; total > budget {
			return 0, errors.New("the linear layer has more terms than this zkml reads")
		}
	}
	return total, nil
}

func has[T any](lists [][]T, i int32) bool { return i >= 0 && int(i) < len(lists) }
