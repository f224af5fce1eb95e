package circuits

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"

	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/lookup"
)

// secretLayer is a linear layer whose weights are witnesses. Its sums are packed
// like those of Linear, at a stride that is the same for all, and so are its
// weights: a column is Σ w_i·2^(stride·i) over the rows of a pack, for one input;
// its product with the input is a product for every row.
type secretLayer struct {
	b       *Builder
	rows    Rows
	terms   [][]RowTerm // of the rows of a pack
	format  WeightFormat
	stride  int
	group   int           // weights that share a range check
	set     *lookup.Table // the allowed values of a group
	words   dense
	columns map[string]secret
}

// SecretLinear is Linear with witnesses for weights and biases, which are
// range-checked to the format and enter the model's commitment, once for all inputs to
// which the layer is applied. Terms with equal slots share one weight.
//
// Soundness: the weights are in their format and fixed by the commitment (see
// dense); gates determine each pack's sum from them; see pack for the values.
// Lo and Hi of every row must hold for all weights of the format: then the
// values are the layer's own whatever weights the prover takes. Range: each in is of
// known intervals; the outputs are open in their windows.
func (b *Builder) SecretLinear(in [][]*Value, rows Rows, f WeightFormat) [][]*Value {
	if b.hashed == nil {
		panic("circuits: secret weights in a statement that has no commitment to them")
	}
	l := newSecretLayer(b, rows, f)
	wires, out := make([][]gate.Wire, len(in)), make([][]*Value, len(in))
	for k := range in {
		wires[k], out[k] = b.CloseAll(in[k]), make([]*Value, rows.Len())
	}
	for _, which := range l.packs() {
		bias := l.bias(which)
		l.terms = loadRows(rows, which, l.terms)
		columns := make([]gate.Wire, len(l.terms[0]))
		for j := range columns {
			columns[j] = l.column(j)
		}
		for k := range in {
			p := b.newPack(rows.Row, which, func(i int) uint { return uint(i * l.stride) }, out[k])
			terms := []gate.Term{gate.T(bias, 1)}
			for j, t := range l.terms[0] {
				terms = append(terms, gate.T(b.g.Quad(columns[j], wires[k][t.Index], gate.Q{M: 1}), 1))
			}
			p.acc = gate.Sum(b.g, terms)
		}
	}
	l.words.flush()
	return out
}

func newSecretLayer(b *Builder, rows Rows, f WeightFormat) *secretLayer {
	l := &secretLayer{b: b, rows: rows, format: f, columns: map[string]secret{}}
	least := max(f.Weight, f.Bias) // sums of only zeros are narrower than a weight
	for i := range rows.Len() {
		least = max(least, rows.Row(i).Window.Bits)
	}
	l.arrange(least)
	l.words = dense{b: b, stride: l.stride}
	if l.group > 1 {
		key := fmt.Sprintf("%d weights of %d bits at %d", l.group, f.Weight, l.stride)
		l.set = b.tables.Set(key, spread(l.group, f.Weight, l.stride))
	}
	return l
}

// packs lists the rows that share a chain: rows over the same inputs, in packs
// of about equal size.
func (l *secretLayer) packs() [][]int {
	var out [][]int
	most := packBits / l.stride
	bySupport(l.rows, func(same []int) {
		n := (len(same) + most - 1) / most
		size := (len(same) + n - 1) / n
		if whole := (size + l.group - 1) / l.group * l.group; whole <= most {
			size = whole
		}
		out = append(out, slices.Collect(slices.Chunk(same, size))...)
	})
	return out
}

const (
	// maxSetBits bounds the tables that check several weights at once, and
	// maxEntryBits their entries.
	maxSetBits, maxEntryBits = 12, 62
	// What an entry and a query of a table cost, a word of the commitment, and a
	// column with its product and its place in a sum and in a word.
	entryGates, queryGates, wordGates, columnGates = 3, 4, 206, 3
)

// arrange picks the stride, of at least the given number of bits, and the number of
// weights that are checked at once, by their total cost. If the stride is a multiple of
// a weight's bits, words have no gaps; a wide stride takes more columns.
func (l *secretLayer) arrange(least int) {
	bits := l.format.Weight
	best := struct{ cost, stride, group int }{}
	for stride := least; stride <= min(packBits, max(least+bits, maxEntryBits)); stride = (stride/bits + 1) * bits {
		for k := 1; k == 1 || k*bits <= maxSetBits && (k-1)*stride+bits <= maxEntryBits; k++ {
			l.stride, l.group = stride, k
			if c := l.cost(); best.cost == 0 || c < best.cost {
				best.cost, best.stride, best.group = c, stride, k
			}
		}
	}
	l.stride, l.group = best.stride, best.group
}

// cost is about how many gates the layer's weights take.
func (l *secretLayer) cost() int {
	columns, groups, singles := 0, 0, 0
	seen := map[string]bool{}
	for _, which := range l.packs() {
		l.terms = loadRows(l.rows, which, l.terms)
		for j := range l.terms[0] {
			key := l.weightKey(j)
			if key != "" && seen[key] {
				continue
			}
			seen[key] = true
			columns++
			whole := len(which) / l.group
			if l.group == 1 {
				whole = 0
			}
			groups += whole
			singles += len(which) - whole*l.group
		}
	}
	words := columns / (l.stride / l.format.Weight)
	cost := 1 + columns*columnGates + words*wordGates + groups*(queryGates+1) + singles*(l.singleGates()+1)
	if l.group > 1 {
		cost += entryGates << (l.group * l.format.Weight)
	}
	return cost
}

// singleGates is about what the range check of one weight costs.
func (l *secretLayer) singleGates() int {
	n := 0
	for _, bits := range l.b.widths(l.format.Weight) {
		n += min(bits, queryGates)
	}
	return n
}

// key names a column by its weights' slots; the empty text is a column that is not
// shared.
func key(rows int, slotOf func(i int) int32) string {
	var key []byte
	for i := range rows {
		slot := slotOf(i)
		if slot == 0 {
			return ""
		}
		key = binary.LittleEndian.AppendUint32(key, uint32(slot))
	}
	return string(key)
}

// weightKey is the key of term j of the pack at hand.
func (l *secretLayer) weightKey(j int) string {
	return key(len(l.terms), func(i int) int32 { return l.terms[i][j].Slot })
}

// once gives the column of a key. It makes and lays out a new one.
func (l *secretLayer) once(kind, key string, bits int, make func() secret) gate.Wire {
	if c, ok := l.columns[kind+key]; ok && key != "" {
		return c.wire
	}
	c := make()
	l.words.lay(c, bits)
	l.columns[kind+key] = c
	return c.wire
}

// column is the packed weights of term j of the pack at hand.
func (l *secretLayer) column(j int) gate.Wire {
	return l.once("weights", l.weightKey(j), l.format.Weight, func() secret { return l.weights(j) })
}

func (l *secretLayer) weights(j int) secret {
	weight := func(i int) int64 { return l.terms[i][j].W }
	var parts []secret
	var shifts []uint
	i := 0
	for ; l.group > 1 && i+l.group <= len(l.terms); i += l.group {
		parts, shifts = append(parts, l.checked(i, weight)), append(shifts, uint(i*l.stride))
	}
	for ; i < len(l.terms); i++ {
		parts, shifts = append(parts, l.single(weight(i), l.format.Weight)), append(shifts, uint(i*l.stride))
	}
	return l.b.join(parts, shifts)
}

// bias is the packed biases of a pack: a column for an input of one.
func (l *secretLayer) bias(which []int) gate.Wire {
	slots := key(len(which), func(i int) int32 { return l.rows.Row(which[i]).BiasSlot })
	return l.once("biases", slots, l.format.Bias, func() secret {
		parts, shifts := make([]secret, len(which)), make([]uint, len(which))
		for i, r := range which {
			parts[i], shifts[i] = l.single(l.rows.Row(r).Bias, l.format.Bias), uint(i*l.stride)
		}
		return l.b.join(parts, shifts)
	})
}

// single takes one weight and checks it.
func (l *secretLayer) single(w int64, bits int) secret {
	s := l.b.take(func() *big.Int { return big.NewInt(w) })
	l.b.Bound([]gate.Wire{s.wire}, signed(bits))
	return s
}

// checked takes a group of weights from number i on as one wire, which is looked up
// in the table of all groups that the format allows.
//
// Soundness: the set has each list of weights at their places once, and nothing
// else.
func (l *secretLayer) checked(i int, weight func(int) int64) secret {
	s := l.b.take(func() *big.Int {
		v := new(big.Int)
		for k := range l.group {
			v.Add(v, new(big.Int).Lsh(big.NewInt(weight(i+k)), uint(k*l.stride)))
		}
		return v
	})
	l.set.Contain(s.wire, 0)
	return s
}

// spread lists Σ w_k·2^(stride·k) for all w_k of the given number of bits.
func spread(n, bits, stride int) []int64 {
	values := []int64{0}
	w := signed(bits)
	for k := range n {
		var next []int64
		for v := w.Base; v <= w.Last(); v++ {
			for _, x := range values {
				next = append(next, x+v<<(k*stride))
			}
		}
		values = next
	}
	return values
}
