package kernel_test

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/kernel"
)

func times(factors ...int64) *kernel.Linear {
	l := &kernel.Linear{}
	for i, f := range factors {
		l.Rows = append(l.Rows, kernel.LinearRow{Terms: []circuits.RowTerm{{Index: int32(i), W: f}}})
	}
	return l
}

var tooWide = fmt.Sprintf("may leave %d bits", circuits.MaxBits)

// TestOverflowIsRefused: a program whose integers may leave MaxBits, or a table,
// is refused with the node that does it.
func TestOverflowIsRefused(t *testing.T) {
	square := &kernel.Product{A: []int32{0}, B: []int32{0}}
	for name, c := range map[string]struct {
		p    *kernel.Program
		node string
		want string
	}{
		"weight":             {chain(1, 0, link{times(1 << 61), 1, nil}), "node1", tooWide},
		"negative weight":    {chain(1, 0, link{times(-1 << 61), 1, nil}), "node1", tooWide},
		"bias":               {chain(1, 0, link{&kernel.Linear{Rows: []kernel.LinearRow{{Bias: 1<<63 - 1}}}, 1, nil}), "node1", tooWide},
		"wraps to small":     {chain(4, 0, link{&kernel.Linear{Rows: []kernel.LinearRow{{Terms: slices.Repeat([]circuits.RowTerm{{W: 1 << 61}}, 8)}}}, 1, nil}), "node1", tooWide},
		"second layer":       {chain(1, 0, link{times(1 << 31), 1, nil}, link{times(1 << 31), 1, nil}), "node2", tooWide},
		"product":            {chain(1, 0, link{times(1 << 29), 1, nil}, link{square, 1, []int{1, 1}}), "node2", tooWide},
		"dot":                {chain(2, 0, link{times(1<<28, 1<<28), 2, nil}, link{&kernel.Dot{N: 1, K: 2, M: 1, A: []int32{0}, B: []int32{0}}, 1, []int{1, 1}}), "node2", tooWide},
		"declared range":     {chain(1, 0, link{&kernel.Linear{Rows: times(9).Rows, Secret: true, Limit: 60}, 1, nil}), "node1", "declared range"},
		"table":              {chain(1, 0, link{&kernel.Table{Name: "short", Out: make([]int64, 7)}, 1, nil}), "node1", "table of short"},
		"table from below":   {chain(1, -1, link{&kernel.Table{Name: "short", Out: make([]int64, 9)}, 1, nil}), "node1", "table of short"},
		"saturation":         {chain(1, 0, link{times(1 << 20), 1, nil}, link{saturation(0, 0, 3), 1, nil}), "node2", "more bits"},
		"softmax's argument": {chain(2, 0, link{times(1<<20, 1), 2, nil}, link{&kernel.Softmax{Groups: [][]int32{{0, 1}}, Exp: falling(4), Bits: 3}, 2, nil}), "node2", "too wide"},
		"logarithm's table":  {chain(4, 0, link{&kernel.Softmax{Groups: [][]int32{{0, 1, 2, 3}}, Exp: falling(4), Log: logs(63), LogShift: 2}, 4, nil}), "node1", "does not reach"},
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
	for name, p := range map[string]*kernel.Program{
		"linear":    chain(2, -4, link{times(large, -large), 2, nil}),
		"saturate":  chain(2, -4, link{times(large, -large), 2, nil}, link{saturation(55, -8, 4), 2, nil}),
		"relu":      chain(2, -4, link{times(large, -large), 2, nil}, link{saturation(48, 0, 11), 2, nil}),
		"max":       chain(2, -4, link{times(large, -large), 2, nil}, link{&kernel.Max{Windows: [][]int32{pair}}, 1, nil}),
		"argmax":    chain(2, -4, link{times(large, -large), 2, nil}, link{&kernel.ArgMax{Groups: [][]int32{pair}}, 1, nil}),
		"last":      chain(2, -4, link{times(large, -large), 2, nil}, link{&kernel.ArgMax{Groups: [][]int32{pair}, Last: true}, 1, nil}),
		"constants": chain(2, -4, link{constants(most-3, most), 2, nil}, link{&kernel.ArgMax{Groups: [][]int32{pair}}, 1, nil}),
		"the bound": chain(1, 0, link{constants(most, -most), 2, nil}, link{&kernel.ArgMax{Groups: [][]int32{pair}}, 1, nil}),
		"its max":   chain(1, 0, link{constants(most, -most), 2, nil}, link{&kernel.Max{Windows: [][]int32{pair}}, 1, nil}),
		"product":   chain(2, -4, link{times(1<<27, 1<<28), 2, nil}, link{&kernel.Product{A: []int32{0}, B: []int32{1}}, 1, []int{1, 1}}),
	} {
		t.Run(name, func(t *testing.T) { examine(t, r, p, 4, 1) })
	}
}

func constants(vs ...int64) *kernel.Linear {
	l := &kernel.Linear{}
	for _, v := range vs {
		l.Rows = append(l.Rows, kernel.LinearRow{Bias: v})
	}
	return l
}
