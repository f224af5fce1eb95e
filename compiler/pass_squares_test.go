package compiler

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// bayes is Gaussian naive Bayes of three classes over features of these spreads, and samples of it.
func bayes(spreads []float64) (*ir.Program, []Sample) {
	const classes = 3
	rng := rand.New(rand.NewSource(11))
	n := len(spreads)
	first, last := make([][]ir.Term, classes*n), make([][]ir.Term, classes)
	means := make([]float64, classes*n)
	for i := range first {
		s := spreads[i%n]
		means[i] = float64(s * (5 + 2*rng.NormFloat64()))
		first[i] = []ir.Term{{Index: int32(i % n), W: 1}}
		last[i/n] = append(last[i/n], ir.Term{Index: int32(i), W: -0.5 / float64(s*s)})
	}
	bias := make([]float64, len(first))
	for i, m := range means {
		bias[i] = -m
	}
	p := &ir.Program{}
	p.Inputs = []ir.ID{p.Value("x", []int{1, n})}
	d := p.Emit("sub", "d", []int{classes, n}, &ir.Affine{Rows: sparse.Rows(first), Bias: bias,
		Group: make([]int, len(first))}, p.Inputs[0])
	all := indicesOf(classes * n)
	square := p.Emit("pow", "s", []int{classes, n}, &ir.Product{A: all, B: slices.Clone(all)}, d, d)
	y := p.Emit("sum", "y", []int{1, classes}, &ir.Affine{Rows: sparse.Rows(last), Bias: make([]float64, classes),
		Group: []int{0, 1, 2}}, square)
	p.Outputs = []ir.ID{y}
	var samples []Sample
	for range 300 {
		x := make([]float64, n)
		for j := range x {
			x[j] = means[rng.Intn(classes)*n+j] + float64(spreads[j]*rng.NormFloat64())
		}
		samples = append(samples, Sample{x})
	}
	return p, samples
}

// agreement is the share of samples whose largest output is that of the float IR, in so many bits.
func agreement(t *testing.T, p *ir.Program, samples []Sample, bits int) float64 {
	t.Helper()
	c := Calibrate(p, samples, func(int) {})
	k := Knobs{Input: bits, Weight: bits, Activation: bits, Table: bits, Apart: map[int]*apart{}}
	if a := newApart(p, 0, samples); a != nil {
		k.Apart[0] = a
	}
	q, err := Choose(p, c, k, PublicWeights)
	if err != nil {
		t.Fatal(err)
	}
	same := 0
	for _, x := range samples {
		got := q.Program.Eval(q.Formats.encode(x)...)[0]
		at := slices.Index(got, slices.Max(got))
		if at == ArgMax(p.Run(x...)[p.Outputs[0]]) {
			same++
		}
	}
	return float64(same) / float64(len(samples))
}

// TestBalanceSquares: likelihoods of features of very different spreads stay what they are to the last
// bit, and are as fine in integers as those of equal spreads.
func TestBalanceSquares(t *testing.T) {
	far := []float64{300, 15, 3, 0.5, 0.1, 1000}
	p, samples := bayes(far)
	var want [][]float64
	for _, x := range samples {
		want = append(want, p.Run(x...)[p.Outputs[0]])
	}
	before := agreement(t, p, samples, 8)
	if err := Optimise(p); err != nil {
		t.Fatal(err)
	}
	for i, x := range samples {
		if got := p.Run(x...)[p.Outputs[0]]; !slices.Equal(got, want[i]) {
			t.Fatalf("row %d: %v, before %v", i, got, want[i])
		}
	}
	after := agreement(t, p, samples, 8)
	even, others := bayes([]float64{1, 1, 1, 1, 1, 1})
	if of := agreement(t, even, others, 8); before > 0.8 || after < of-0.02 {
		t.Errorf("%.3f of the classes agree, before %.3f, with equal spreads %.3f", after, before, of)
	}
	if balanced(t, p) {
		t.Error("what is balanced is balanced again")
	}
}

// balanced tells whether the pass changes a program.
func balanced(t *testing.T, p *ir.Program) bool {
	t.Helper()
	x, err := newRewriter(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := balanceSquares(x, p.Steps[2])
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// TestBalanceSquaresLeaves: it leaves alone weights of about one size, sums of several elements, what a
// private model's architecture says to be no secret, and what others read too.
func TestBalanceSquaresLeaves(t *testing.T) {
	far := []float64{300, 0.1}
	for name, c := range map[string]struct {
		spreads []float64
		change  func(p *ir.Program)
		want    bool
	}{
		"far":     {far, func(*ir.Program) {}, true},
		"private": {far, func(p *ir.Program) { p.Secret = true }, true},
		"near":    {[]float64{1, 7}, func(*ir.Program) {}, false},
		"sums": {far, func(p *ir.Program) {
			a := p.Steps[0].Kind.(*ir.Affine)
			rows := make([][]ir.Term, a.Rows.Len())
			for i := range rows {
				rows[i] = []ir.Term{{Index: 0, W: 1}, {Index: 1, W: 2}}
			}
			a.Rows = sparse.Rows(rows)
		}, false},
		"private, fixed differences": {far, func(p *ir.Program) {
			p.Secret, p.Steps[0].Kind.(*ir.Affine).Fixed = true, true
		}, false},
		"private, fixed sums": {far, func(p *ir.Program) {
			p.Secret, p.Steps[2].Kind.(*ir.Affine).Fixed = true, true
		}, false},
		"differences that are an output": {far, func(p *ir.Program) { p.Outputs = append(p.Outputs, p.Steps[0].Out) },
			false},
		"squares that are an output": {far, func(p *ir.Program) { p.Outputs = append(p.Outputs, p.Steps[1].Out) },
			false},
		"other products": {far, func(p *ir.Program) { p.Steps[1].Kind.(*ir.Product).B[0] = 1 }, false},
		"integers": {far, func(p *ir.Program) { p.SetIntegers(p.Steps[0].Out, ir.AllIntegers) },
			false},
	} {
		p, _ := bayes(c.spreads)
		c.change(p)
		if got := balanced(t, p); got != c.want {
			t.Errorf("%s: balanced is %v", name, got)
		}
	}
}
