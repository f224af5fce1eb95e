package kernel_test

import (
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/circuits/circuittest"
	"github.com/zkml-go/zkml/compiler/kernel"
	"github.com/zkml-go/zkml/visibility"
)

// mlp makes a random n-h-m network with ReLU and argmax.
func mlp(r *rand.Rand, n, h, m, weightBits, shift, actBits int, secret bool) *kernel.Program {
	layer := func(in, out int, span int64) *kernel.Linear {
		l := &kernel.Linear{Secret: secret, Limit: span}
		for range out {
			row := kernel.LinearRow{Bias: r.Int63n(9) - 4}
			for j := range in {
				w := r.Int63n(1<<weightBits) - 1<<(weightBits-1)
				row.Terms = append(row.Terms, circuits.RowTerm{Index: int32(j), W: w})
			}
			l.Rows = append(l.Rows, row)
		}
		return l
	}
	group := make([]int32, m)
	for i := range group {
		group[i] = int32(i)
	}
	return &kernel.Program{
		Values: []kernel.Value{{Shape: []int{n}}, {Shape: []int{h}}, {Shape: []int{h}}, {Shape: []int{m}}, {Shape: []int{1}}},
		Input:  kernel.Interval{Lo: 0, Hi: 7},
		Output: 4,
		Steps: []kernel.Step{
			{Node: "fc1", Kernel: layer(n, h, 1<<14), In: []int{0}, Out: 1},
			{Node: "relu", Kernel: &kernel.Saturate{By: []circuits.Saturation{{Shift: shift, Bits: actBits}}}, In: []int{1}, Out: 2},
			{Node: "fc2", Kernel: layer(h, m, 1<<20), In: []int{2}, Out: 3},
			{Node: "argmax", Kernel: &kernel.ArgMax{Groups: [][]int32{group}}, In: []int{3}, Out: 4},
		},
	}
}

func statement(p *kernel.Program, private visibility.Private, reveal visibility.Reveal, digit int) *circuits.Statement {
	return &circuits.Statement{
		Layout: visibility.Layout{
			Private: private, Reveal: reveal,
			Input:  visibility.Tensor{Name: "x", Shape: p.Values[0].Shape, Bits: 3, Zero: 0, Scale: 1},
			Output: visibility.Tensor{Name: "y", Shape: p.Values[p.Output].Shape, Bits: 8, Scale: 1},
		},
		Model: p, Digit: digit,
	}
}

func TestMLP(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	p := mlp(r, 12, 6, 4, 3, 3, 4, false)
	for _, private := range visibility.Scenarios {
		t.Run("private "+private.String(), func(t *testing.T) {
			s := circuittest.Compile(t, statement(p, private, visibility.Class, 4))
			for range 3 {
				input := make([]int64, 12)
				for i := range input {
					input[i] = r.Int63n(8)
				}
				s.Accepts(input, p.Eval(input))
				t.Log(s.Liar(r, input, p.Eval(input), 5), "lies")
			}
		})
	}
}

func TestCountOfMLP784(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	p := mlp(r, 784, 64, 10, 2, 5, 8, false)
	for d := 4; d < 10; d++ {
		for _, private := range visibility.Scenarios[:2] {
			c, err := statement(p, private, visibility.Class, d).Count()
			if err != nil {
				t.Fatal(err)
			}
			t.Log(d, private, c.Rows(), c.PaddedRows(), c.Parts)
		}
	}
}
