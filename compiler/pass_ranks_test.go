package compiler

import (
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// neighbours is a program that finds the two nearest of points, of two features: with a root or
// without one, and with a factor for the point that is asked about.
func neighbours(points [][2]float64, factor float64, root bool) (*ir.Program, ir.ID) {
	p := &ir.Program{}
	x, n := p.Value("x", []int{2}), len(points)
	p.Inputs = []ir.ID{x}
	away, minus := &ir.Affine{}, &ir.Affine{Fixed: true}
	var rows, signs [][]ir.Term
	dot := &ir.Dot{N: 1, K: 2, M: 1}
	group := make([]int32, n)
	for i, c := range points {
		for k := range 2 {
			rows = append(rows, []ir.Term{{Index: int32(k), W: factor}})
			away.Bias, away.Group = append(away.Bias, -c[k]), append(away.Group, 0)
		}
		dot.A, dot.B = append(dot.A, int32(2*i)), append(dot.B, int32(2*i))
		signs = append(signs, []ir.Term{{Index: int32(i), W: -1}})
		minus.Bias, minus.Group = append(minus.Bias, 0), append(minus.Group, 0)
		group[i] = int32(i)
	}
	away.Rows, minus.Rows = sparse.Rows(rows), sparse.Rows(signs)
	d := p.Emit("sub", "away", []int{n, 2}, away, x)
	d = p.Emit("squares", "d", []int{n}, dot, d, d)
	if root {
		d = p.Emit("sqrt", "root", []int{n}, &ir.Func{Name: "sqrt", F: math.Sqrt, Monotone: true, StrictFrom0: true}, d)
	}
	d = p.Emit("neg", "order", []int{n}, minus, d)
	out := p.Emit("topk", "top", []int{2, n}, &ir.Top{Groups: [][]int32{group}, K: 2}, d)
	p.Outputs = []ir.ID{out}
	return p, out
}

func kindsOf(p *ir.Program) string {
	var out []string
	for _, s := range p.Steps {
		name, _, _ := strings.Cut(s.Kind.String(), "[")
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

// TestRanksOfDistances ranks squared distances, or roots of them, by what differs between them.
func TestRanksOfDistances(t *testing.T) {
	points := [][2]float64{{0, 1}, {2, -1}, {-1.5, 0.25}, {0, 1}, {3, 3}}
	for _, c := range []struct {
		name   string
		factor float64
		root   bool
		want   string
	}{
		{"squares", 1, false, "affine top"},
		{"roots", 1, true, "affine top"},
		{"the other way round", -1, true, "affine top"},
		{"a factor", 2, true, "affine dot affine top"}, // its square may be secret, and is left alone
	} {
		t.Run(c.name, func(t *testing.T) {
			p, out := neighbours(points, c.factor, c.root)
			r := rand.New(rand.NewSource(4))
			var inputs, want [][]float64
			for range 50 {
				x := []float64{math.Round(r.NormFloat64()*8) / 8, math.Round(r.NormFloat64()*8) / 8}
				inputs, want = append(inputs, x), append(want, p.Run(x)[out])
			}
			if err := Optimise(p); err != nil {
				t.Fatal(err)
			}
			if got := kindsOf(p); got != c.want {
				t.Errorf("steps %s, want %s", got, c.want)
			}
			for i, x := range inputs {
				if got := p.Run(x)[p.Outputs[0]]; !slices.Equal(got, want[i]) {
					t.Errorf("%v: %v, want %v", x, got, want[i])
				}
			}
		})
	}
}

// TestRanksOfSecretDistances keeps the steps of a private model, whose points may have any factor:
// factors of one must not show.
func TestRanksOfSecretDistances(t *testing.T) {
	p, _ := neighbours([][2]float64{{0, 1}, {2, -1}, {3, 3}}, 1, false)
	p.Secret = true
	if err := Optimise(p); err != nil {
		t.Fatal(err)
	}
	if got, want := kindsOf(p), "affine dot affine top"; got != want {
		t.Errorf("steps %s, want %s", got, want)
	}
}

// TestDeadSquares removes a step that reads a value twice, and what it read once: what that read
// in turn has other readers.
func TestDeadSquares(t *testing.T) {
	p, _ := neighbours([][2]float64{{0, 1}, {2, -1}, {3, 3}}, 1, true)
	x := p.Inputs[0]
	bits := p.Value("bits", []int{2})
	p.Steps = append([]*ir.Step{{Node: "binarise", Kind: &ir.Compare{}, In: []ir.ID{x}, Out: bits}}, p.Steps...)
	p.Steps[1].In = []ir.ID{bits}
	want := p.Run([]float64{1, -1})[p.Outputs[0]]
	if err := Optimise(p); err != nil {
		t.Fatal(err)
	}
	if got := p.Run([]float64{1, -1})[p.Outputs[0]]; kindsOf(p) != "splits affine top" || !slices.Equal(got, want) {
		t.Errorf("steps %s give %v, want %v", kindsOf(p), got, want)
	}
}

// TestFunctionsOfChosen has bits choose the values of functions, and keeps functions of two
// places.
func TestFunctionsOfChosen(t *testing.T) {
	const n = 4
	rows := func(bias float64, lists ...[]ir.Term) *ir.Affine {
		return &ir.Affine{Rows: sparse.Rows(lists), Bias: slices.Repeat([]float64{bias}, len(lists)),
			Group: make([]int, len(lists)), Fixed: true}
	}
	first := []ir.Term{{Index: 1, W: 1}, {Index: 2, W: 2}, {Index: 3, W: 3}}
	second := []ir.Term{{Index: 5, W: 1}, {Index: 6, W: 2}, {Index: 7, W: 3}}
	square := &ir.Func{Name: "square", F: func(x float64) float64 { return x * x }}
	for _, c := range []struct {
		name  string
		last  ir.Kind
		reads *ir.Affine
		want  string
	}{
		{"a comparison", &ir.Compare{OrZero: true}, rows(-2, first, second), "top affine"},
		{"a function", square, rows(-1.5, first, second), "top affine"},
		{"a limit", &ir.Clamp{Lo: 1, Hi: 2}, rows(0, first, second), "top affine"},
		{"a product", &ir.Product{A: []int32{0, 1}, B: []int32{0, 1}}, rows(-1, first, second), "top affine"},
		{"a product of two places", &ir.Product{A: []int32{0, 1}, B: []int32{1, 0}}, rows(-1, first, second),
			"top affine product"},
		{"a sum over two places", square, rows(0, slices.Concat(first, second), first), "top affine square"},
		{"a constant", square, rows(3, nil, first), "top affine square"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &ir.Program{}
			p.Inputs = []ir.ID{p.Value("x", []int{n})}
			v := p.Emit("top", "top", []int{2, n}, &ir.Top{Groups: [][]int32{{0, 1, 2, 3}}, K: 2}, p.Inputs[0])
			v = p.Emit("sum", "sum", []int{2}, c.reads, v)
			in := []ir.ID{v}
			if _, two := c.last.(*ir.Product); two {
				in = append(in, v)
			}
			p.Outputs = []ir.ID{p.Emit("last", "last", []int{2}, c.last, in...)}
			x := []float64{3, -1, 3, 5}
			want := p.Run(x)[p.Outputs[0]]
			if err := Optimise(p); err != nil {
				t.Fatal(err)
			}
			if got := kindsOf(p); got != c.want {
				t.Errorf("steps %s, want %s", got, c.want)
			}
			if got := p.Run(x)[p.Outputs[0]]; !slices.Equal(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
}
