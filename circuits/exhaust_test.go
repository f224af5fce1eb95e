package circuits_test

import (
	"testing"

	"github.com/consensys/gnark/constraint/solver"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// TestExhaustively tries, for small gadgets, every assignment of the hints'
// outputs around the honest one: only the honest one must be admitted.
func TestExhaustively(t *testing.T) {
	named := map[string]example{}
	for _, e := range examples() {
		named[e.name] = e
	}
	digits, maximum := []solver.Hint{circuits.Digits}, []solver.Hint{circuits.Largest, circuits.Digits}
	stairs := []solver.Hint{circuits.Staircase, circuits.Digits}
	for _, c := range []struct {
		gadget string
		around int64
		inputs int
		hints  []solver.Hint
	}{
		{"saturate, one from below", 2, 3, digits},
		{"saturate, one on both sides", 2, 3, []solver.Hint{circuits.Digits, circuits.Apply}},
		{"saturate, two in a pack", 4, 2, digits},
		{"linear, a small pack read in part", 3, 3, digits},
		{"max, of two, known", 8, 4, []solver.Hint{circuits.Largest}},
		{"max, of two 2-bit values, open", 4, 2, maximum},
		{"argmax of three, known", 3, 3, []solver.Hint{circuits.Winner}},
		{"argmax of three, open", 1, 3, []solver.Hint{circuits.Winner, circuits.Digits}},
		{"divide, small", 12, 4, []solver.Hint{circuits.Divide}},
		{"quotient, small", 8, 6, []solver.Hint{circuits.Divide}},
		{"distances of two", 8, 4, []solver.Hint{circuits.Largest}},
		{"floor", 3, 2, digits},
		{"compare, one", 5, 4, digits},
		{"splits, two of three bits", 3, 4, stairs},
		{"splits, three of three bits", 2, 3, stairs},
		{"splits, secret, three of three bits", 2, 3, stairs},
		{"splits, secret, side by side", 2, 3, stairs},
		{"splits, the highest of three bits missing", 3, 4, stairs},
		{"splits, the lowest of three bits missing", 3, 4, stairs},
		{"top two of three", 1, 4, []solver.Hint{circuits.Order}},
		{"top two of two", 1, 4, []solver.Hint{circuits.Order}},
		{"top one of two, open", 1, 3, []solver.Hint{circuits.Order, circuits.Digits}},
		{"trees of two splits", 1, 4, stairs},
	} {
		t.Run(c.gadget, func(t *testing.T) {
			e, ok := named[c.gadget]
			if !ok {
				e.Gadget = tiny[c.gadget]
			}
			s := circuittest.Compile(t, e.Statement())
			inputs := e.Inputs(nil, 5)
			for k := range c.inputs {
				in := inputs[(k*3+1)%len(inputs)]
				tried, admitted := s.Exhaust(in, e.Eval(in), c.around, c.hints...)
				if admitted != 1 {
					t.Errorf("%v: %d of %d assignments are admitted", in, admitted, tried)
				}
			}
		})
	}
}

var tiny = map[string]circuittest.Gadget{
	"compare, one": {
		In: 1, Bits: 3, Lo: -4, Digit: 3, Eval: evalCompare(1),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return b.Compare(opened(b, in, b.CompareWindow(-4, 3, 1)), 1)
		},
	},
	"quotient, small":                           quotient("", 2, -2, 4, circuits.Division{Num: 1, Den: 1}).Gadget,
	"splits, two of three bits":                 smallSplits(-1, 2),
	"splits, three of three bits":               smallSplits(-3, 0, 1),
	"splits, secret, one of three bits":         smallSecretSplits(3, 5),
	"splits, secret, three of three bits":       smallSecretSplits(2, 0, 3, 3),
	"splits, secret, side by side":              smallSecretSplits(2, 2, 2, 2),
	"splits, the highest of three bits missing": missing([]int64{-1}, -4, 3, 3),
	"splits, the lowest of three bits missing":  missing([]int64{-1}, -4, 3, -4),
	"trees of two splits": {
		In: 1, Bits: 2, Lo: -2, Digit: 3,
		Eval: func(in []int64) []int64 { return smallTrees.eval(evalSplits([]int64{-1, 1})(in)) },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return smallTrees.circuit(b, b.Splits(in[0], []int64{-1, 1}))
		},
	},
	"top two of three": {In: 3, Bits: 1, Digit: 4, Eval: evalTop(2), Circuit: top(2)},
	"top two of two":   {In: 2, Bits: 1, Digit: 4, Eval: evalTop(2), Circuit: top(2)},
	"top one of two, open": {
		In: 2, Bits: 1, Digit: 3, Eval: evalTop(1),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return b.Top(opened(b, in, circuits.Cover(0, 1)), 1)
		},
	},
	"saturate, one from below": {
		In: 1, Bits: 4, Lo: -8, Digit: 3, Eval: evalSaturations(circuits.Saturation{Shift: 1, Bits: 3}),
		Circuit: saturated(circuits.Saturation{Shift: 1, Bits: 3}),
	},
	"saturate, one on both sides": {
		In: 1, Bits: 5, Lo: -16, Digit: 3, Eval: evalSaturations(circuits.Saturation{Shift: 1, Base: -2, Bits: 2}),
		Circuit: saturated(circuits.Saturation{Shift: 1, Base: -2, Bits: 2}),
	},
	"saturate, two in a pack": {
		In: 2, Bits: 2, Lo: -2, Digit: 3, Eval: evalSaturations(circuits.Saturation{Bits: 1}),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			s := circuits.Saturation{Bits: 1}
			return b.Saturate(opened(b, in, b.SaturationWindow(s, -2, 1)), repeat(s, 2))
		},
	},
	"linear, a small pack read in part": {
		In: 2, Bits: 1, Digit: 3,
		Eval: func(in []int64) []int64 { return []int64{in[0] + in[1]} },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return b.Linear(in, intervals(layer{row(0, 1, 1), row(0, 2, 1), row(1, 1, 0)}, 0, 1), false)[:1]
		},
	},
	"max, of two 2-bit values, open": {
		In: 2, Bits: 2, Lo: -1, Digit: 3, Eval: evalMax([][]int32{{0, 1}}),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			all := circuits.Cover(-1, 2)
			return b.Max(opened(b, in, circuits.MaxWindow(-1, 2, all)), [][]int32{{0, 1}}, []circuits.Window{all})
		},
	},
	"dot of two": {
		In: 4, Bits: 1, Digit: 3, Eval: func(in []int64) []int64 { return []int64{in[0]*in[2] + in[1]*in[3]} },
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return []*circuits.Value{b.Dot(in[:2], in[2:])}
		},
	},
	"argmax of three, known": {
		In: 3, Bits: 2, Digit: 3, Eval: evalArgMax(false),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			return []*circuits.Value{b.ArgMax(in, false, circuits.Cover(0, 3))}
		},
	},
	"argmax of three, open": {
		In: 3, Bits: 1, Digit: 3, Eval: evalArgMax(false),
		Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
			all := circuits.Cover(0, 1)
			return []*circuits.Value{b.ArgMax(opened(b, in, circuits.ArgMaxWindow(0, 1, all)), false, all)}
		},
	},
}

// smallSplits are splits of a value of three bits.
func smallSplits(from ...int64) circuittest.Gadget {
	return circuittest.Gadget{In: 1, Bits: 3, Lo: -4, Digit: 3, Eval: evalSplits(from), Circuit: splits(from)}
}

// smallSecretSplits are secret splits of a value of three bits.
func smallSecretSplits(rises ...int64) circuittest.Gadget {
	g := smallSplits(thresholds(-4, rises)...)
	g.Circuit = secretSplits(rises)
	return g
}

// smallTrees are a tree of two bits and a stump.
var smallTrees = ensemble{
	nodes:  []circuits.TreeNode{{Bit: 0, High: ^2, Low: ^0}, {Bit: 1, High: ^1, Low: 0}, {Bit: 1, High: ^0, Low: ^1}},
	roots:  []int32{1, 2},
	leaves: [][]int64{{0}, {1}, {3}},
	bias:   []int64{-1},
}

func saturated(s circuits.Saturation) func(*circuits.Builder, []*circuits.Value) []*circuits.Value {
	return func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
		return b.Saturate(in, repeat(s, len(in)))
	}
}
