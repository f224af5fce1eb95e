package program_test

import (
	"fmt"
	"math/big"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

func times(factors ...int64) *program.Linear {
	var rows []program.LinearRow
	for i, f := range factors {
		rows = append(rows, program.LinearRow{Terms: []circuits.RowTerm{{Index: int32(i), W: f}}})
	}
	return program.NewLinear(rows...)
}

var tooWide = fmt.Sprintf("can exceed %d bits", circuits.MaxBits)

// TestOverflowIsRefused: a program whose integers can exceed MaxBits, or lie outside a table,
// is refused with the node that does it.
func TestOverflowIsRefused(t *testing.T) {
	square := &program.Product{A: []int32{0}, B: []int32{0}}
	for name, c := range map[string]struct {
		p    *program.Program
		node string
		want string
	}{
		"weight":          {chain(1, 0, link{times(1 << 61), 1, nil}), "node1", tooWide},
		"negative weight": {chain(1, 0, link{times(-1 << 61), 1, nil}), "node1", tooWide},
		"bias":            {chain(1, 0, link{constants(1<<63 - 1), 1, nil}), "node1", tooWide},
		"wraps to small": {chain(4, 0,
			link{program.NewLinear(program.LinearRow{Terms: slices.Repeat([]circuits.RowTerm{{W: 1 << 61}}, 8)}), 1,
				nil}), "node1", tooWide},
		"terms that cancel": {chain(1, 7, link{constants(3, -3, 1), 3, nil},
			link{program.NewLinear(program.LinearRow{Terms: []circuits.RowTerm{{Index: 0, W: 1 << 62},
				{Index: 1, W: 1 << 62}, {Index: 2, W: 1}}}), 1, nil}), "node2", tooWide},
		"second layer": {chain(1, 0, link{times(1 << 31), 1, nil}, link{times(1 << 31), 1, nil}), "node2",
			tooWide},
		"product": {chain(1, 0, link{times(1 << 29), 1, nil}, link{square, 1, []int{1, 1}}), "node2",
			tooWide},
		"dot": {chain(2, 0, link{times(1<<28, 1<<28), 2, nil},
			link{&program.Dot{N: 1, K: 2, M: 1, A: []int32{0}, B: []int32{0}}, 1, []int{1, 1}}), "node2", tooWide},
		"declared range": {chain(1, 0, link{&program.Linear{Rows: times(9).Rows, Bias: []int64{0}, Secret: true,
			Limit: 60}, 1, nil}), "node1", "declared range"},
		"table": {chain(1, 0, link{&program.Table{Name: "short", Out: make([]int64, 7)}, 1, nil}), "node1",
			"table of short"},
		"table from below": {chain(1, -1, link{&program.Table{Name: "short", Out: make([]int64, 9)}, 1, nil}),
			"node1", "table of short"},
		"saturation": {chain(1, 0, link{times(1 << 20), 1, nil}, link{saturation(0, 0, 3), 1, nil}), "node2",
			"more bits"},
		"softmax's argument": {chain(2, 0, link{times(1<<20, 1), 2, nil},
			link{&program.Softmax{Groups: [][]int32{{0, 1}}, Exp: falling(4), Bits: 3}, 2, nil}), "node2", "too wide"},
		"logarithm's table": {chain(4, 0, link{&program.Softmax{Groups: [][]int32{{0, 1, 2, 3}}, Exp: falling(4),
			Log: logs(63), LogShift: 2}, 4, nil}), "node1", "does not cover"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.p.Ranges()
			if err == nil || !strings.Contains(err.Error(), c.node+":") || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want an error of %s with %q", err, c.node, c.want)
			}
			s := statement(c.p, privacyNone, scores, 4)
			if _, err := s.Count(); err == nil {
				t.Error("it is lowered all the same")
			}
		})
	}
}

// TestLargeIntegers: programs just inside the bound, whose intervals are as wide
// as intervals may be, are computed right.
func TestLargeIntegers(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	const large, most = 1 << (circuits.MaxBits - 3), 1 << circuits.MaxBits // inputs are in [−4, 3]
	pair := upTo(2)
	for name, p := range map[string]*program.Program{
		"linear":   chain(2, -4, link{times(large, -large), 2, nil}),
		"saturate": chain(2, -4, link{times(large, -large), 2, nil}, link{saturation(55, -8, 4), 2, nil}),
		"relu":     chain(2, -4, link{times(large, -large), 2, nil}, link{saturation(48, 0, 11), 2, nil}),
		"max": chain(2, -4, link{times(large, -large), 2, nil},
			link{&program.Max{Windows: [][]int32{pair}}, 1, nil}),
		"argmax": chain(2, -4, link{times(large, -large), 2, nil},
			link{&program.ArgMax{Groups: [][]int32{pair}}, 1, nil}),
		"top": chain(2, -4, link{times(large>>3, -large>>3), 2, nil},
			link{&program.Top{Groups: [][]int32{pair}, K: 2}, 4, nil}),
		"last": chain(2, -4, link{times(large, -large), 2, nil},
			link{&program.ArgMax{Groups: [][]int32{pair}, Last: true}, 1, nil}),
		"constants": chain(2, -4, link{constants(most-3, most), 2, nil},
			link{&program.ArgMax{Groups: [][]int32{pair}}, 1, nil}),
		"the bound": chain(1, 0, link{constants(most, -most), 2, nil},
			link{&program.ArgMax{Groups: [][]int32{pair}}, 1, nil}),
		"its max": chain(1, 0, link{constants(most, -most), 2, nil},
			link{&program.Max{Windows: [][]int32{pair}}, 1, nil}),
		"product": chain(2, -4, link{times(1<<27, 1<<28), 2, nil},
			link{&program.Product{A: []int32{0}, B: []int32{1}}, 1, []int{1, 1}}),
	} {
		t.Run(name, func(t *testing.T) { examine(t, r, p, 4, 1) })
	}
}

// TestWideLimits: the limit of a private layer is its owner's to choose. However
// wide it is, what follows the layer is computed right, and two sums of one field
// element cannot borrow from one another.
func TestWideLimits(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	pairs := func(n int32) *program.Max {
		m := &program.Max{}
		for i := int32(0); i < n; i += 2 {
			m.Windows = append(m.Windows, []int32{i, i + 1})
		}
		return m
	}
	borrow := circuittest.Tamper{Hint: circuits.Slots, With: func(call int, in, out []*big.Int) {
		if call == 0 && len(out) > 1 {
			out[0].Sub(out[0], new(big.Int).Lsh(big.NewInt(1), uint(in[2].Uint64())))
			out[1].Add(out[1], big.NewInt(1))
		}
	}}
	for k := range 4 * 11 {
		bits, digit := circuits.MaxBits-k/4, []int{4, 7, 11, 12}[k%4]
		for name, after := range map[string][]link{
			"maxima of maxima": {{pairs(8), 4, nil}, {pairs(4), 2, nil}, {pairs(2), 1, nil}},
			"relu":             {{saturation(28, 0, 30), 8, nil}},
			"maximum and relu": {{pairs(8), 4, nil}, {saturation(28, 0, 30), 4, nil}},
			"argmax":           {{&program.ArgMax{Groups: [][]int32{upTo(8)}}, 1, nil}},
		} {
			t.Run(fmt.Sprintf("%s, %d bits, digits of %d", name, bits, digit), func(t *testing.T) {
				layer := times(1<<29, 1<<30, -1<<30, 5, 7, 3, 1, 0)
				full := make([]circuits.RowTerm, 8) // every row of a private layer reads all
				rows := layer.Listed()
				for i, row := range rows {
					terms := slices.Clone(full)
					for j := range terms {
						terms[j].Index = int32(j)
					}
					terms[i].W = row.Terms[0].W
					rows[i].Terms = terms
				}
				layer.SetRows(rows)
				layer.Secret, layer.Limit = true, 1<<bits
				p := chain(8, 0, append([]link{{layer, 8, nil}}, after...)...)
				statement := statement(p, visibility.Private{Model: true}, scores, digit)
				circuittest.Salt(statement)
				s := circuittest.Compile(t, statement)
				for _, in := range inputs(r, p, 2) {
					out := p.Eval(in)[0]
					s.Computes(in, out)
					s.Rejects(in, out, borrow)
				}
			})
		}
	}
}

func constants(vs ...int64) *program.Linear {
	var rows []program.LinearRow
	for _, v := range vs {
		rows = append(rows, program.LinearRow{Bias: v})
	}
	return program.NewLinear(rows...)
}
