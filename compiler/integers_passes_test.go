package compiler

import (
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
)

// TestTypesOfExchangedSteps: of two steps that change places, the value between them gets
// the type that it has then.
func TestTypesOfExchangedSteps(t *testing.T) {
	pairs := &ir.Max{Windows: [][]int32{{0, 1}, {2, 3}}}
	turn := &ir.Move{In: make([]int32, 4), Index: []int32{3, 2, 1, 0}}
	for _, c := range []struct {
		name          string
		first, second ir.Kind
		size          int
		marked        []int // of input, between and output
		want          bool  // of the value between, after the exchange
	}{
		{"the largest of truth values", &ir.Compare{}, pairs, 2, []int{1, 2}, false},
		{"the largest of limited integers", &ir.Clamp{Lo: 0, Hi: 9}, pairs, 2, []int{0, 1, 2}, true},
		{"real numbers that are turned and compared", turn, &ir.Compare{}, 4, []int{2}, true},
		{"integers that become real and are turned and limited", turn, &ir.Clamp{Lo: 0, Hi: 0.5}, 4, []int{0}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &ir.Program{}
			x := p.Value("x", []int{4})
			p.Inputs = []ir.ID{x}
			between := p.Emit("first", "between", []int{4}, c.first, x)
			out := p.Emit("second", "out", []int{c.size}, c.second, between)
			p.Outputs = []ir.ID{out}
			for _, k := range c.marked {
				p.SetIntegers([]ir.ID{x, between, out}[k], ir.AllIntegers)
			}
			if err := Optimise(p); err != nil {
				t.Fatal(err)
			}
			if p.Steps[0].Node != "second" {
				t.Fatalf("the steps are not exchanged:\n%s", p.Text())
			}
			if got := p.Whole(between); got != c.want {
				t.Errorf("the value between is of integers: %t", got)
			}
		})
	}
}
