package circuits_test

import (
	"math/big"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// valued answers the hint of digits as if values were others: the last digit takes what
// the others have no place for.
func valued(of map[int64]int64) circuittest.Tamper {
	return circuittest.Tamper{Hint: circuits.Digits, With: func(_ int, in, out []*big.Int) {
		n := int(in[1].Int64())
		for i, v := range in[2+n:] {
			rest, ok := of[v.Int64()]
			if !ok {
				continue
			}
			for j, width := range in[2 : 2+n] {
				digit := rest
				if rest >>= width.Uint64(); j < n-1 {
					digit &= 1<<width.Uint64() - 1
				}
				out[i*n+j].SetInt64(digit)
			}
		}
	}}
}

// operand is a gadget of two values, x = 3 and y = 1, that share a field
// element as x + 8·y.
type operand struct {
	gadget func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value
	eval   func(x, y int64) []int64
}

var operands = map[string]operand{
	"output": {
		func(_ *circuits.Builder, vs []*circuits.Value) []*circuits.Value { return vs },
		func(x, y int64) []int64 { return []int64{x, y} },
	},
	"linear": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value {
			return b.Linear(vs, intervals(layer{row(1, 2, -1)}, 0, 7), false)
		},
		func(x, y int64) []int64 { return []int64{1 + 2*x - y} },
	},
	"multiply": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value {
			return []*circuits.Value{b.Multiply(vs[0], vs[1])}
		},
		func(x, y int64) []int64 { return []int64{x * y} },
	},
	"dot": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value {
			return []*circuits.Value{b.Dot(vs, vs)}
		},
		func(x, y int64) []int64 { return []int64{x*x + y*y} },
	},
	"divide": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value {
			divisor := b.Linear(nil, intervals(layer{row(2)}, 0, 0), false)
			return []*circuits.Value{b.Divide(vs[0], divisor[0], 3)}
		},
		func(x, _ int64) []int64 { return []int64{(2*x + 2) / 4} },
	},
	"quotient": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value {
			down := circuits.Division{Num: 1, Den: 1, Rounding: circuits.Down}
			return []*circuits.Value{b.Quotient(vs[0], vs[1], down)}
		},
		func(x, y int64) []int64 { return []int64{x / max(y, 1)} },
	},
	"total": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value {
			return []*circuits.Value{b.Total(vs, 0, 14)}
		},
		func(x, y int64) []int64 { return []int64{x + y} },
	},
	"scaled": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value {
			return []*circuits.Value{b.Scaled(vs[0], 3)}
		},
		func(x, _ int64) []int64 { return []int64{3 * x} },
	},
	"below": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value {
			return []*circuits.Value{b.Below(vs[0], vs[1])}
		},
		func(x, y int64) []int64 { return []int64{-x - y} },
	},
	"floor": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value {
			return []*circuits.Value{b.Floor(vs[0], 1)}
		},
		func(x, _ int64) []int64 { return []int64{x >> 1} },
	},
	"floor of more bits than there are": { // whose digits hold what the slot does not
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value {
			return []*circuits.Value{b.Floor(vs[0], 4), vs[1]}
		},
		func(_, y int64) []int64 { return []int64{0, y} },
	},
	"splits": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value {
			return b.Splits(vs[0], []int64{2, 4})
		},
		func(x, _ int64) []int64 { return evalSplits([]int64{2, 4})([]int64{x}) },
	},
	"splits in two": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value { return b.Splits(vs[0], []int64{4}) },
		func(x, _ int64) []int64 { return evalCompare(4)([]int64{x}) },
	},
	"top": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value { return b.Top(vs, 1) },
		func(x, y int64) []int64 { return evalTop(1)([]int64{x, y}) },
	},
	"distances": {
		func(b *circuits.Builder, vs []*circuits.Value) []*circuits.Value { return b.Distances(vs) },
		func(x, y int64) []int64 { return []int64{max(x, y) - x, max(x, y) - y} },
	},
}

// TestOperandsAreClosed: gadgets that read wires close the slots that they are
// given. Of a slot that stays open, neither its range nor its pack would hold.
func TestOperandsAreClosed(t *testing.T) {
	for name, o := range operands {
		t.Run(name, func(t *testing.T) {
			s := subject(t, circuittest.Gadget{
				In: 2, Bits: 3, Digit: 3, Eval: func(in []int64) []int64 { return o.eval(in[0], in[1]) },
				Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
					return o.gadget(b, opened(b, in, slot))
				},
			})
			borrow(s, o.eval(3, 1))
		})
	}
	t.Run("trees", func(t *testing.T) {
		e := ensemble{roots: []int32{0}, leaves: [][]int64{{5}, {2}, {3}}, bias: []int64{0},
			nodes: []circuits.TreeNode{{Bit: 0, High: -1, Low: -2}}}
		e.roots = []int32{0, e.node(1, -3, -1)}
		s := subject(t, circuittest.Gadget{
			In: 2, Bits: 1, Digit: 3, Eval: e.eval,
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return e.circuit(b, opened(b, in, circuits.Window{Bits: 1}))
			},
		})
		in := []int64{0, 1}
		s.Computes(in, e.eval(in))
		s.Rejects(in, e.eval(in), valued(map[int64]int64{0: 2, 1: 0})) // 0 + 2·1 = 2 + 2·0
		s.Rejects(in, e.eval(in), valued(map[int64]int64{0: 1}))
	})
	t.Run("secret linear", func(t *testing.T) {
		l := randomLayer(rand.New(rand.NewSource(1)), 3, 2, circuits.WeightFormat{Weight: 4, Bias: 9})
		st := l.statement(5)
		st.Model = onSlots{l}
		borrow(circuittest.Compile(t, st), l.eval([]int64{3, 1}))
	})
}

// borrow tells lies about the values 3 and 1 in slots of three bits.
func borrow(s *circuittest.Subject, want []int64) {
	s.T.Helper()
	in := []int64{3, 1}
	s.Computes(in, want)
	s.Rejects(in, want, valued(map[int64]int64{3: 11, 1: 0})) // 3 + 8·1 = 11 + 8·0
	s.Rejects(in, want, valued(map[int64]int64{3: 5}))
}

// onSlots is a layer of secret weights over inputs that share a field element.
type onSlots struct{ secretLayer }

// Define implements circuits.Model.
func (l onSlots) Define(b *circuits.Builder, in [][]*circuits.Value, step func(string)) ([][]*circuits.Value, error) {
	return l.secretLayer.Define(b, [][]*circuits.Value{opened(b, in[0], slot)}, step)
}

// TestSecretRowOfOneTerm: a sum of one secret term is that term, beside which a
// second one with the coefficient zero keeps a gate.
func TestSecretRowOfOneTerm(t *testing.T) {
	for _, weight := range []int64{-3, 0, 1, 2} {
		rows := intervals(layer{row(4, weight)}, 0, 7)
		s := subject(t, circuittest.Gadget{
			In: 1, Bits: 3, Digit: 3, Eval: func(in []int64) []int64 { return evalRows(rows, in) },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return b.Linear(in, rows, true)
			},
		})
		for x := range int64(8) {
			s.Computes([]int64{x}, []int64{4 + weight*x})
		}
	}
}
