package circuits

import (
	"encoding/binary"
	"math/big"

	"github.com/zkml-go/zkml/gate"
)

// Rows are the sums of a linear layer, whose terms are listed one row at a time.
type Rows interface {
	// Len is the number of rows.
	Len() int
	// Row describes row i without its terms.
	Row(i int) Row
	// Terms appends the terms of row i to buf.
	Terms(i int, buf []RowTerm) []RowTerm
	// Inputs numbers rows by what they read: rows with one number read the same elements
	// in the same order, and may share chains.
	Inputs(i int) int
	// Weights numbers rows by their weights: rows with one number have the same weights
	// in the same order.
	Weights(i int) int
}

// Row is one sum of a linear layer: Bias + Σ W·in[Index]. The sum is in
// [Lo, Hi]; Window, which holds that interval, is what its consumer will close.
type Row struct {
	Bias int64
	// BiasSlot numbers the bias as RowTerm.Slot does a weight.
	BiasSlot int32
	Lo, Hi   int64
	Window   Window
}

// RowTerm is one summand of a row. Slot numbers the weight among those of a
// hashed model: terms with one slot have one weight; 0 is a weight that no other term
// shares.
type RowTerm struct {
	Index int32
	Slot  int32
	W     int64
}

// Linear computes rows over the inputs. Rows with one number from Rows.Inputs share
// chains of gates: a chain of n gates carries as many sums as fit into 253 bits, side
// by side, since a coefficient may be any field element.
//
// secret keeps every term, whatever its weight, so that the structure says nothing
// about the weights; otherwise weights of zero cost nothing.
//
// Range: in are of known interval; the outputs are open in their windows.
func (b *Builder) Linear(in []*Value, rows Rows, secret bool) []*Value {
	l := newLayer(b, in, rows, secret)
	bySupport(rows, func(same []int) {
		for len(same) > 0 {
			n, total := 0, 0
			for n < len(same) && total+rows.Row(same[n]).Window.Bits <= packBits {
				total += rows.Row(same[n]).Window.Bits
				n++
			}
			l.chain(same[:max(n, 1)])
			same = same[max(n, 1):]
		}
	})
	return l.out
}

// bySupport calls f for the rows that read the same elements.
func bySupport(rows Rows, f func(same []int)) {
	index := make([]int, rows.Len())
	for i := range index {
		index[i] = i
	}
	batches(index, rows.Inputs, func(_ int, same []int) { f(same) })
}

// layer is a linear layer whose chains are emitted one after the other.
type layer struct {
	b      *Builder
	in     []gate.Wire
	rows   Rows
	secret bool
	out    []*Value
	terms  [][]RowTerm    // of the rows of a chain
	kept   []int          // the terms of a chain that need gates
	counts map[string]int // of terms that need gates, by the rows' lists of weights
	key    []byte
}

func newLayer(b *Builder, in []*Value, rows Rows, secret bool) *layer {
	return &layer{b: b, in: b.CloseAll(in), rows: rows, secret: secret, out: make([]*Value, rows.Len()),
		counts: map[string]int{}}
}

// chain emits one chain for the rows numbered by which, which read the same elements.
func (l *layer) chain(which []int) {
	at := uint(0)
	p := l.b.newPack(l.rows.Row, which, func(i int) uint {
		start := at
		at += uint(l.rows.Row(which[i]).Window.Bits)
		return start
	}, l.out)
	for i, r := range which {
		p.slots[i].bias = l.rows.Row(r).Bias
	}
	counter, counts := l.b.g.(*gate.Counter)
	if counts {
		if n := l.count(which); n > 1 { // the coefficient of a single term decides its gates
			p.acc = counter.Sum(n)
			return
		}
	}
	l.load(which)
	terms := make([]gate.Term, 0, len(l.kept)+1)
	for _, j := range l.kept {
		terms = append(terms, gate.Term{Wire: l.in[l.terms[0][j].Index], Coef: l.coefficient(p.slots, j)})
	}
	if len(terms) == 0 {
		terms = []gate.Term{{Wire: l.b.one, Coef: new(big.Int)}}
	}
	if l.secret && len(terms) == 1 { // a weight of one must not save its gate
		terms = append(terms, gate.Term{Wire: terms[0].Wire, Coef: new(big.Int)})
	}
	p.acc = gate.Sum(l.b.g, terms)
}

// load lists the terms of the rows of a chain, and which of them need gates.
func (l *layer) load(which []int) {
	l.terms, l.kept = loadRows(l.rows, which, l.terms), l.kept[:0]
	for j := range l.terms[0] {
		if l.secret || !l.allZero(j) {
			l.kept = append(l.kept, j)
		}
	}
}

// loadRows lists the terms of some rows, into buf as far as it is large enough.
func loadRows(rows Rows, which []int, buf [][]RowTerm) [][]RowTerm {
	for len(buf) < len(which) {
		buf = append(buf, nil)
	}
	buf = buf[:len(which)]
	for i, r := range which {
		buf[i] = rows.Terms(r, buf[i][:0])
	}
	return buf
}

// count is how many terms of a chain need gates.
func (l *layer) count(which []int) int {
	l.key = l.key[:0]
	for _, r := range which {
		l.key = binary.LittleEndian.AppendUint64(l.key, uint64(l.rows.Weights(r)))
	}
	n, ok := l.counts[string(l.key)]
	if !ok {
		l.load(which)
		n = len(l.kept)
		l.counts[string(l.key)] = n
	}
	return n
}

func (l *layer) allZero(j int) bool {
	for _, row := range l.terms {
		if row[j].W != 0 {
			return false
		}
	}
	return true
}

// coefficient packs the weights of term j: Σ w·2^at.
func (l *layer) coefficient(slots []*slot, j int) *big.Int {
	c := new(big.Int)
	for i, row := range l.terms {
		w := big.NewInt(row[j].W)
		c.Add(c, w.Lsh(w, slots[i].at))
	}
	return c
}

// newPack opens a slot for each of the rows numbered by which; place gives the first bit
// of the i-th. The caller sets the pack's sum and the slots' biases.
func (b *Builder) newPack(rowOf func(i int) Row, which []int, place func(i int) uint, out []*Value) *pack {
	p := &pack{left: len(which)}
	for i, r := range which {
		row := rowOf(r)
		s := &slot{pack: p, index: i, at: place(i), window: row.Window}
		p.slots = append(p.slots, s)
		out[r] = b.open(&Value{Lo: row.Lo, Hi: row.Hi, Window: s.window, slot: s})
	}
	return p
}
