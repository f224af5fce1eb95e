package circuits

import (
	"encoding/binary"
	"math/big"

	"github.com/zkml-go/zkml/gate"
)

// Row is one sum of a linear layer: Bias + Σ W·in[Index]. The sum is in
// [Lo, Hi]; Window, which holds that interval, is what its consumer will close.
type Row struct {
	Terms []RowTerm
	Bias  int64
	// BiasSlot numbers the bias as RowTerm.Slot does a weight.
	BiasSlot int32
	Lo, Hi   int64
	Window   Window
}

// RowTerm is one summand of a Row. Slot numbers the weight among those of a
// hashed model: terms of one slot have one weight; 0 is a slot of its own.
type RowTerm struct {
	Index int32
	Slot  int32
	W     int64
}

// Linear computes rows over the inputs. Rows over the same inputs share chains
// of gates: a chain of n gates carries as many sums as fit into 253 bits, side
// by side, since a coefficient may be any field element.
//
// secret keeps every term, whatever its weight, so that the structure says
// nothing of the weights; else weights of zero cost nothing.
//
// Range: in are of known interval; the outputs are open in their windows.
func (b *Builder) Linear(in []*Value, rows []Row, secret bool) []*Value {
	out := make([]*Value, len(rows))
	wires := b.Wires(in)
	index := make([]int, len(rows))
	for i := range index {
		index[i] = i
	}
	batches(index, func(i int) string { return support(rows[i].Terms) }, func(_ string, same []int) {
		for len(same) > 0 {
			n, total := 0, 0
			for n < len(same) && total+rows[same[n]].Window.Bits <= packBits {
				total += rows[same[n]].Window.Bits
				n++
			}
			b.chain(wires, rows, same[:max(n, 1)], secret, out)
			same = same[max(n, 1):]
		}
	})
	return out
}

// support names the inputs of a row.
func support(terms []RowTerm) string {
	key := make([]byte, 4*len(terms))
	for i, t := range terms {
		binary.LittleEndian.PutUint32(key[4*i:], uint32(t.Index))
	}
	return string(key)
}

// chain emits one chain for the rows numbered by which, which have one support.
func (b *Builder) chain(in []gate.Wire, rows []Row, which []int, secret bool, out []*Value) {
	at := uint(0)
	p := b.newPack(rows, which, func(i int) uint {
		start := at
		at += uint(rows[which[i]].Window.Bits)
		return start
	}, out)
	for i, r := range which {
		p.slots[i].bias = rows[r].Bias
	}
	first := rows[which[0]].Terms
	kept := make([]int, 0, len(first))
	for j := range first {
		if secret || !allZero(rows, which, j) {
			kept = append(kept, j)
		}
	}
	terms := make([]gate.Term, len(kept))
	for i, j := range kept {
		terms[i] = gate.Term{Wire: in[first[j].Index], Coef: anyCoefficient}
		if !b.count || len(kept) == 1 { // the coefficient of a single term decides its gates
			terms[i].Coef = coefficient(rows, which, p.slots, j)
		}
	}
	if len(terms) == 0 {
		terms = []gate.Term{{Wire: b.one, Coef: new(big.Int)}}
	}
	if secret && len(terms) == 1 { // a weight of one must not save its gate
		terms = append(terms, gate.Term{Wire: terms[0].Wire, Coef: new(big.Int)})
	}
	p.acc = gate.Sum(b.g, terms)
}

// newPack opens a slot for each of the rows numbered by which; place gives where
// the i-th begins. Its sum, and the slots' biases, are the caller's to set.
func (b *Builder) newPack(rows []Row, which []int, place func(i int) uint, out []*Value) *pack {
	p := &pack{left: len(which)}
	for i, r := range which {
		s := &slot{pack: p, index: i, at: place(i), window: rows[r].Window}
		p.slots = append(p.slots, s)
		out[r] = b.open(&Value{Lo: rows[r].Lo, Hi: rows[r].Hi, Window: s.window, slot: s})
	}
	return p
}

// anyCoefficient stands for the coefficients of a chain that is only counted.
var anyCoefficient = big.NewInt(2)

func allZero(rows []Row, which []int, j int) bool {
	for _, r := range which {
		if rows[r].Terms[j].W != 0 {
			return false
		}
	}
	return true
}

// coefficient packs the weights of term j: Σ w·2^at.
func coefficient(rows []Row, which []int, slots []*slot, j int) *big.Int {
	c := new(big.Int)
	for i, r := range which {
		w := big.NewInt(rows[r].Terms[j].W)
		c.Add(c, w.Lsh(w, slots[i].at))
	}
	return c
}
