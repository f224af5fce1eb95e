package compiler

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// squareAndSides adds to element 1, 2, ... of an input its first one, times a weight each.
func squareAndSides(weights ...float64) *ir.Affine {
	a := &ir.Affine{}
	var rows [][]ir.Term
	for i, w := range weights {
		side := ir.Term{Index: int32(1 + i%3), W: float64(-2 - i)}
		rows = append(rows, []ir.Term{{Index: 0, W: w}, side})
		a.Bias, a.Group = append(a.Bias, float64(i)), append(a.Group, i)
	}
	a.Rows = sparse.Rows(rows)
	return a
}

// TestAlike says what is dropped before an argmax, and what is not.
func TestAlike(t *testing.T) {
	for _, c := range []struct {
		name    string
		weights []float64
		groups  [][]int32
		terms   int
	}{
		{"alike", []float64{1, 1, 1}, [][]int32{{0, 1, 2}}, 3},
		{"unlike", []float64{1, 1, 2}, [][]int32{{0, 1, 2}}, 6},
		{"alike in each group", []float64{1, 1, 2, 2}, [][]int32{{0, 1}, {3, 2}}, 4},
		{"alike in one group", []float64{1, 1, 2, 3}, [][]int32{{0, 1}, {2, 3}}, 6},
		{"a row in two groups", []float64{1, 1, 2}, [][]int32{{0, 1}, {1, 2}}, 6},
		{"groups of one", []float64{1, 1}, [][]int32{{0}, {1}}, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := len(c.weights)
			kinds := []ir.Kind{squareAndSides(c.weights...), &ir.ArgMax{Groups: c.groups}}
			got := optimised(t, kinds, []int{n, len(c.groups)})
			want := fmt.Sprintf("affine[%d rows, %d terms] argmax[%d groups, last=false]", n, c.terms, len(c.groups))
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestWinnersStay compares the winners of random sums before and after the passes. Weights and
// inputs are small integers, so that sums are exact, and ties many.
func TestWinnersStay(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	fewer := 0
	for range 300 {
		a := randomAffine(r, []int{3}, 6)
		for i := range a.Bias {
			a.Bias[i] = float64(r.Intn(3))
		}
		before := a.Terms()
		p := &ir.Program{Secret: r.Intn(4) == 0}
		p.Inputs = []ir.ID{p.Value("x", []int{3})}
		sums := p.Emit("sums", "sums", []int{6}, a, p.Inputs[0])
		winner := &ir.ArgMax{Groups: [][]int32{{0, 1}, {2, 4, 3}, {5}}, Last: r.Intn(2) == 0}
		p.Outputs = []ir.ID{p.Emit("winner", "winner", []int{3}, winner, sums)}
		var inputs, want [][]float64
		for range 20 {
			x := []float64{float64(r.Intn(7) - 3), float64(r.Intn(7) - 3), float64(r.Intn(7) - 3)}
			inputs, want = append(inputs, x), append(want, outputsOf(p, x))
		}
		if err := Optimise(p); err != nil {
			t.Fatal(err)
		}
		for i, x := range inputs {
			if got := outputsOf(p, x); !slices.Equal(got, want[i]) {
				t.Fatalf("winners of %v are %v, were %v\n%s", x, got, want[i], p.Text())
			}
		}
		after := p.Steps[0].Kind.(*ir.Affine).Terms()
		if p.Secret && after != before {
			t.Errorf("a private model had %d terms, and has %d", before, after)
		}
		if after < before {
			fewer++
		}
	}
	if fewer < 50 {
		t.Errorf("only %d programs have fewer terms", fewer)
	}
}

// TestAnUnreadInputGoes: what was added alike is read no more.
func TestAnUnreadInputGoes(t *testing.T) {
	p := &ir.Program{}
	p.Inputs = []ir.ID{p.Value("square", []int{1}), p.Value("x", []int{2})}
	sums := &ir.Affine{Bias: []float64{1, 2}, Group: []int{0, 1}, Rows: sparse.Rows([][]ir.Term{
		{{In: 0, W: 1}, {In: 1, W: -2}}, {{In: 0, W: 1}, {In: 1, Index: 1, W: -2}},
	})}
	value := p.Emit("sums", "sums", []int{2}, sums, p.Inputs...)
	p.Outputs = []ir.ID{p.Emit("nearest", "nearest", []int{1}, &ir.ArgMax{Groups: [][]int32{{0, 1}}}, value)}
	if err := Optimise(p); err != nil {
		t.Fatal(err)
	}
	if read := p.Steps[0].In; !slices.Equal(read, p.Inputs[1:]) {
		t.Errorf("the sums read %v of %v", read, p.Inputs)
	}
	if got := p.Run([]float64{100}, []float64{3, 4})[p.Outputs[0]][0]; got != 0 {
		t.Errorf("the winner is %g", got)
	}
}
