package compiler

import (
	"math"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// sketch writes programs over one input of n elements.
type sketch struct {
	*ir.Program
	n int
}

func newSketch(n int) *sketch {
	p := &sketch{Program: &ir.Program{}, n: n}
	p.Inputs = []ir.ID{p.Value("x", []int{n})}
	return p
}

func (p *sketch) emit(kind ir.Kind, in ...ir.ID) ir.ID {
	return p.Emit("step", "v", []int{p.n}, kind, in...)
}

// sum is bias + Σ by·in, the same for each element.
func (p *sketch) sum(bias float64, by []float64, in ...ir.ID) ir.ID {
	rows, biases := make([][]ir.Term, p.n), make([]float64, p.n)
	for i := range rows {
		for k, w := range by {
			rows[i] = append(rows[i], ir.Term{In: int32(k), Index: int32(i), W: w})
		}
		biases[i] = bias
	}
	return p.emit(&ir.Affine{Rows: sparse.Rows(rows), Bias: biases, Group: make([]int, p.n)}, in...)
}

func (p *sketch) times(a, b ir.ID) ir.ID {
	return p.emit(&ir.Product{A: indicesOf(p.n), B: indicesOf(p.n)}, a, b)
}

func (p *sketch) apply(name string, f func(float64) float64, in ir.ID) ir.ID {
	return p.emit(&ir.Func{Name: name, F: f}, in)
}

// written are functions as exporters write them out.
var written = map[string]func(p *sketch, x ir.ID) ir.ID{
	"gelu": func(p *sketch, x ir.ID) ir.ID {
		e := p.apply("erf", math.Erf, p.sum(0, []float64{math.Sqrt2 / 2}, x))
		return p.times(x, p.sum(1, []float64{1}, e))
	},
	"gelu by tanh": func(p *sketch, x ir.ID) ir.ID {
		cube := p.times(p.times(x, x), x)
		t := p.apply("tanh", math.Tanh, p.sum(0, []float64{0.8, 0.0356}, x, cube))
		return p.times(p.sum(0.5, []float64{0.5}, t), x)
	},
	"swish": func(p *sketch, x ir.ID) ir.ID {
		e := p.apply("exp", math.Exp, p.sum(0, []float64{-1}, x))
		return p.emit(&ir.Quotient{A: indicesOf(p.n), B: indicesOf(p.n)}, x, p.sum(1, []float64{1}, e))
	},
	"mish": func(p *sketch, x ir.ID) ir.ID {
		soft := p.apply("log", math.Log, p.sum(1, []float64{1}, p.apply("exp", math.Exp, x)))
		return p.times(x, p.apply("tanh", math.Tanh, soft))
	},
	"limited": func(p *sketch, x ir.ID) ir.ID {
		return p.times(p.apply("tanh", math.Tanh, x), p.emit(&ir.Clamp{Lo: 0, Hi: 6}, x))
	},
	"a function of a function": func(p *sketch, x ir.ID) ir.ID {
		return p.apply("exp", math.Exp, p.sum(0.5, []float64{-2}, p.apply("tanh", math.Tanh, x)))
	},
}

// TestJoinFunctions: what is a function of each element of the value that a layer gives is one step,
// and the same function.
func TestJoinFunctions(t *testing.T) {
	for name, write := range written {
		p := newSketch(3)
		p.Outputs = []ir.ID{write(p, p.apply("start", math.Sin, p.Inputs[0]))}
		p.Steps[0].Kind = &ir.Max{Windows: [][]int32{{0}, {1}, {2}}} // no function
		x := []float64{-1.3, 0.2, 2.5}
		want := p.Run(x)[p.Outputs[0]]
		if err := Optimise(p.Program); err != nil {
			t.Fatal(err)
		}
		if len(p.Steps) != 2 {
			t.Errorf("%s: %d steps are left:\n%s", name, len(p.Steps), p.Text())
		}
		if got := p.Run(x)[p.Outputs[0]]; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// TestJoinLeaves: steps stay apart where somebody else reads what is between them, where elements have
// numbers of their own, where there is no function, and where a secret model's numbers would be in a
// table.
func TestJoinLeaves(t *testing.T) {
	for name, write := range map[string]func(p *sketch, x ir.ID) ir.ID{
		"a square": func(p *sketch, x ir.ID) ir.ID { return p.times(x, x) },
		"another reader": func(p *sketch, x ir.ID) ir.ID {
			e := p.apply("erf", math.Erf, x)
			p.Outputs = append(p.Outputs, e)
			return p.times(x, e)
		},
		"own numbers": func(p *sketch, x ir.ID) ir.ID {
			s := p.sum(0, []float64{2}, x)
			p.Producer(s).Kind.(*ir.Affine).Bias[1] = 3
			return p.times(x, p.apply("erf", math.Erf, s))
		},
		"other places": func(p *sketch, x ir.ID) ir.ID {
			return p.emit(&ir.Product{A: []int32{1, 2, 0}, B: indicesOf(3)}, x, p.apply("erf", math.Erf, x))
		},
		"a secret": func(p *sketch, x ir.ID) ir.ID {
			p.Secret = true
			return written["gelu"](p, x)
		},
	} {
		p := newSketch(3)
		y := write(p, p.emit(&ir.Max{Windows: [][]int32{{0}, {1}, {2}}}, p.Inputs[0]))
		p.Outputs = append(p.Outputs, y)
		before := len(p.Steps)
		if err := Optimise(p.Program); err != nil {
			t.Fatal(err)
		}
		if len(p.Steps) != before {
			t.Errorf("%s: of %d steps %d are left:\n%s", name, before, len(p.Steps), p.Text())
		}
	}
}

// normalised writes out a normalisation of two rows of n elements.
func normalised(secret bool) *ir.Program {
	const n = 3
	p := newSketch(2 * n)
	p.Secret = secret
	x := p.Inputs[0]
	square := p.times(x, x)
	rows := make([][]ir.Term, 2)
	for i := range 2 * n {
		rows[i/n] = append(rows[i/n], ir.Term{Index: int32(i), W: 1.0 / n})
	}
	mean := p.Emit("mean", "m", []int{2}, &ir.Affine{Rows: sparse.Rows(rows), Bias: make([]float64, 2),
		Group: make([]int, 2)}, square)
	eps := p.Emit("eps", "e", []int{2}, &ir.Affine{Rows: sparse.Rows([][]ir.Term{{{W: 1}}, {{Index: 1, W: 1}}}),
		Bias: []float64{1e-5, 1e-5}, Group: make([]int, 2)}, mean)
	root := p.Emit("root", "r", []int{2}, &ir.Func{Name: "sqrt", F: math.Sqrt}, eps)
	p.Outputs = []ir.ID{p.emit(&ir.Quotient{A: indicesOf(2 * n), B: []int32{0, 0, 0, 1, 1, 1}}, x, root)}
	return p.Program
}

// TestDeviations: a normalisation that was written out sums squares as they are and multiplies by a
// reciprocal. Of a secret model the weights of a sum are not looked at.
func TestDeviations(t *testing.T) {
	for _, secret := range []bool{false, true} {
		p := normalised(secret)
		x := []float64{1, -2, 0.5, 300, 2, -1}
		want := p.Run(x)[p.Outputs[0]]
		if err := Optimise(p); err != nil {
			t.Fatal(err)
		}
		for i, got := range p.Run(x)[p.Outputs[0]] {
			if math.Abs(got-want[i]) > 1e-12*math.Abs(want[i]) {
				t.Errorf("secret %v: element %d is %v, want %v", secret, i, got, want[i])
			}
		}
		dots, quotients := 0, 0
		for _, s := range p.Steps {
			switch s.Kind.(type) {
			case *ir.Dot:
				dots++
			case *ir.Quotient:
				quotients++
			}
		}
		if quotients != 0 || (dots == 1) == secret {
			t.Errorf("secret %v: %d quotients, %d sums of products:\n%s", secret, quotients, dots, p.Text())
		}
	}
}
